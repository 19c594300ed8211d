//! Names of services.

/// Whether a service is meant by a name: its own, or the short one that it has in common with others, as `api` for
/// `api (job)`.
pub fn is_called(service: &str, name: &str) -> bool {
    service.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(" (") && rest.ends_with(')'))
}

#[cfg(test)]
mod tests {
    use super::is_called;

    #[test]
    fn a_short_name_means_all_that_have_it() {
        assert!(is_called("api", "api") && is_called("api (job)", "api") && is_called("api (job)", "api (job)"));
        assert!(!is_called("api", "api (job)") && !is_called("api-2", "api") && !is_called("apis (job)", "api"));
    }
}
