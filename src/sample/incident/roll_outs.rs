//! Six roll-outs in half an hour; the last two fall into the failure.

use serde_json::json;

use super::super::clock::{MICRO, MILLI, with_offset};
use super::super::rng::Rng;
use super::dump::Dump;
use super::plan::{NEW_REVISION, OLD_REVISION, PROJECT, Plan, SERVICE};

/// Milliseconds from the last failure, and the revision that is rolled out
const CALLS: [(i64, &str); 6] = [
    (-1_861_300, "ferry-api-00030-uvw"),
    (-1_819_700, "ferry-api-00030-uvw"),
    (-951_200, OLD_REVISION),
    (-884_900, OLD_REVISION),
    (-27_400, NEW_REVISION),
    (11_600, NEW_REVISION),
];

pub(super) fn tell(plan: &Plan, dump: &mut Dump, rng: &mut Rng) {
    for (turn, (after, revision)) in (1_u32..).zip(CALLS) {
        let called_at = plan.last_failure_at + after * MILLI + rng.between(0, 999) * MICRO;
        let name = format!("namespaces/{PROJECT}/services/{SERVICE}");
        dump.audit(
            called_at,
            json!({
                "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
                "authenticationInfo": {"principalEmail": format!("release@{PROJECT}.iam.gserviceaccount.com")},
                "requestMetadata": {
                    "callerIp": "203.0.113.61",
                    "callerSuppliedUserAgent": "ferry-release/1.9",
                    "requestAttributes": {"time": with_offset(called_at - 40 * MILLI), "auth": {}},
                },
                "serviceName": "run.googleapis.com",
                "methodName": "google.cloud.run.v1.Services.ReplaceService",
                "authorizationInfo": [
                    {"resource": name, "permission": "run.services.update", "granted": true, "permissionType": "ADMIN_WRITE"},
                ],
                "resourceName": name,
                "response": {
                    "metadata": {"name": SERVICE, "generation": f64::from(turn + 84)},
                    "status": {"latestCreatedRevisionName": revision},
                },
            }),
        );
    }
}
