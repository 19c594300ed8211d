//! Severities as Cloud Logging names them.
//!
//! Names, numbers and order: `LogSeverity` in the Cloud Logging REST reference. Aliases are those that
//! writers use in practice; a number is floored to its hundred, as the API does.

pub const NAMES: [&str; 9] =
    ["DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY"];

/// The severity that a writer's word or number stands for; `None` where it stands for none.
pub fn parse(word: &str) -> Option<&'static str> {
    if let Ok(number) = word.parse::<u32>() {
        return NAMES.get((number / 100) as usize).copied();
    }
    named(word)
}

fn named(word: &str) -> Option<&'static str> {
    if let Some(name) = NAMES.iter().find(|name| name.eq_ignore_ascii_case(word)) {
        return Some(name);
    }
    const ALIASES: [(&str, &str); 11] = [
        ("WARN", "WARNING"),
        ("ERR", "ERROR"),
        ("SEVERE", "ERROR"),
        ("FATAL", "CRITICAL"),
        ("CRIT", "CRITICAL"),
        ("PANIC", "CRITICAL"),
        ("EMERG", "EMERGENCY"),
        ("INFORMATION", "INFO"),
        ("TRACE", "DEBUG"),
        ("FINE", "DEBUG"),
        ("VERBOSE", "DEBUG"),
    ];
    ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(word)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_name_severities() {
        let cases = [
            ("ERROR", Some("ERROR")),
            ("warn", Some("WARNING")),
            ("FATAL", Some("CRITICAL")),
            ("SEVERE", Some("ERROR")),
            ("450", Some("WARNING")),
            ("800", Some("EMERGENCY")),
            ("900", None),
            ("loud", None),
        ];
        for (word, wanted) in cases {
            assert_eq!(parse(word), wanted, "{word}");
        }
    }
}
