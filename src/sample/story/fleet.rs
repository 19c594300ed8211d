//! Who plays: two services, four revisions, and the instances that run one after the other.

use crate::sample::{clock::at, rng::Rng};

pub(crate) const PROJECT: &str = "orchard-staging";
pub(crate) const LOCATION: &str = "us-central1";
pub(crate) const BACKEND: &str = "orchard-backend-staging";
pub(crate) const AUTH: &str = "orchard-auth-staging";
pub(crate) const MIGRATION_RUN: &str = "1757350810";

#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub service: &'static str,
    pub revision: &'static str,
    pub id: String,
    /// Why it was started
    pub reason: &'static str,
    pub serves_from: i64,
    pub until: i64,
}

/// Service, revision, first and end of its serving, reason of the start
///
/// The two that serve before the archive begins were started before it, too. The last revision has one instance.
const RUNS: &[(&str, &str, &str, &str, &str)] = &[
    (
        BACKEND,
        "orchard-backend-staging-00609-xk2",
        "2025-09-11T17:20:00Z",
        "2025-09-12T04:20:20Z",
        "DEPLOYMENT_ROLLOUT",
    ),
    (
        BACKEND,
        "orchard-backend-staging-00610-wq7",
        "2025-09-12T04:20:20Z",
        "2025-09-13T12:05:20Z",
        "DEPLOYMENT_ROLLOUT",
    ),
    (BACKEND, "orchard-backend-staging-00610-wq7", "2025-09-12T13:48:40Z", "2025-09-12T16:10:00Z", "AUTOSCALING"),
    (
        BACKEND,
        "orchard-backend-staging-00611-cr5",
        "2025-09-13T12:05:20Z",
        "2025-09-15T00:00:00Z",
        "DEPLOYMENT_ROLLOUT",
    ),
    (AUTH, "orchard-auth-staging-00102-hv8", "2025-09-10T08:00:00Z", "2025-09-13T05:10:30Z", "DEPLOYMENT_ROLLOUT"),
    (AUTH, "orchard-auth-staging-00102-hv8", "2025-09-13T05:10:30Z", "2025-09-15T00:00:00Z", "AUTOSCALING"),
];

pub(crate) fn instances(rng: &mut Rng) -> Vec<Instance> {
    RUNS.iter()
        .map(|(service, revision, serves_from, until, reason)| Instance {
            service,
            revision,
            id: format!("0069c7a9881{}", rng.hex(149)),
            reason,
            serves_from: at(serves_from),
            until: at(until),
        })
        .collect()
}
