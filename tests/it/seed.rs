//! The worklog of the sample archive, section by section: the facts are those of the hand-written worklog that the
//! project started from, in the names of the sample.

use super::support::{AS_OF, Garden, Worklog, data};

const BACKEND: &str = "orchard-backend-staging";

fn worklog() -> Worklog {
    let config = data("gardener.toml");
    Garden::of(&["sample.ndjson"], &["--config", &config, "--as-of", AS_OF]).worklog(BACKEND)
}

fn assert_all(section: &str, facts: &[&str]) {
    for fact in facts {
        assert!(section.contains(fact), "`{fact}` is not in\n{section}");
    }
}

#[test]
fn the_head_says_when_what_and_how_much() {
    let worklog = worklog();
    let head = worklog.section("# GCP Log Gardener Worklog");
    assert_eq!(worklog.label(head, "Generated"), AS_OF);
    assert_eq!(worklog.label(head, "Issue Clusters Identified"), "4");
    assert!(worklog.label(head, "Scope").starts_with(BACKEND));
    assert!(worklog.label(head, "Log Period").contains("to 2025-09-14T14:47:29Z"));
    assert!(worklog.label(head, "Total Log Entries Analyzed").starts_with("777 (87 CRITICAL; 72 ERROR; 170 WARNING"));
}

#[test]
fn the_sections_are_there_in_their_order() {
    let worklog = worklog();
    let headings = [
        "# GCP Log Gardener Worklog - orchard-backend-staging - 2025-09-14 14:47 UTC",
        "## Executive Summary",
        "## Coverage",
        "## Issue Cluster 1: Critical Service Authentication Failures (P0)",
        "### Key Error Pattern",
        "### Detailed Analysis",
        "### Debug Context from Logs",
        "### Related errors",
        "## Issue Cluster 2: WebSocket Connection State Errors (P2)",
        "## Issue Cluster 3: SSOT Manager Duplication Warnings (P3)",
        "### SSOT Compliance Impact",
        "## Issue Cluster 4: Golden Path Authentication Circuit Breaker (P4)",
        "## Business Impact Assessment",
        "### Critical (P0)",
        "### High (P2)",
        "### Development (P3, P4)",
        "## Technical Context",
        "### Service Environment",
        "### Log Analysis Methodology",
        "## Immediate Actions Required",
        "### P0 - Critical",
        "### P2 - High",
        "### P3 - Medium",
        "## Next Steps",
        "### Process Notes",
    ];
    let mut at = 0;
    for heading in headings {
        let found =
            worklog.text[at..].find(heading).unwrap_or_else(|| panic!("`{heading}` is missing or out of order"));
        at += found;
    }
}

#[test]
fn the_authentication_failures_are_a_regression_with_their_context() {
    let worklog = worklog();
    let cluster = worklog.cluster(1);
    assert_eq!(worklog.label(cluster, "Severity"), "ERROR");
    assert!(
        worklog
            .label(cluster, "Category")
            .starts_with("GCP-regression (state regression: not seen from 2025-09-12T03:32")
    );
    assert_eq!(worklog.label(cluster, "Impact"), "Complete service-to-service communication breakdown");
    assert_eq!(worklog.label(cluster, "Business Impact"), "$500K+ ARR Golden Path functionality at risk");
    assert!(worklog.label(cluster, "Frequency").starts_with("66 entries"));
    let sample = worklog.sample(cluster);
    assert_eq!(sample["severity"], "ERROR");
    assert_eq!(sample["jsonPayload"]["labels"]["function"], "log_failure");
    assert_eq!(sample["jsonPayload"]["labels"]["line"], "403");
    assert_eq!(sample["jsonPayload"]["context"]["name"], "orchard_backend.app.logging.auth_trace_logger");
    assert_eq!(sample["resource"]["labels"]["revision_name"], "orchard-backend-staging-00611-cr5");
    assert_all(
        cluster,
        &[
            "**User Context:** `service:orchard-backend` (never varies, all 14 entries)",
            "**Function Location:** `orchard_backend.app.dependencies.get_request_scoped_db_session`",
            "**Auth Failure Stage:** `session_factory_call`",
            "**Likely Cause:** `authentication_middleware_blocked_service_user`",
            "**Request Id:** 14 values in 14 entries, such as `req_",
            "**Debug Correlation Id:** 7 values in 14 entries",
            "403 'Not authenticated' suggests JWT failed",
            "Check authentication middleware configuration",
            "Verify JWT_SECRET across services",
            "Check if SERVICE_SECRET is properly configured",
            "Validate system user authentication bypass",
            "Review authentication dependency injection",
            "Database session creation failed",
        ],
    );
    // the cascade shows these patterns; why they belong together is on the page
    assert_all(&worklog.page, &["in 20 of its 20 traces together with the cluster's first pattern"]);
}

#[test]
fn the_message_loop_errors_bring_the_lost_acknowledgments_with_them() {
    let worklog = worklog();
    let cluster = worklog.cluster(2);
    assert_eq!(worklog.label(cluster, "Severity"), "ERROR");
    assert!(worklog.label(cluster, "Category").starts_with("GCP-active-dev"));
    assert_eq!(worklog.label(cluster, "Impact"), "Real-time chat functionality disruption");
    assert_eq!(worklog.label(cluster, "Issue"), "WebSocket lifecycle management in message loop");
    assert_all(
        cluster,
        &[
            "**Location:** `orchard_backend.app.routes.websocket_ssot:1490 _main_message_loop`",
            "Error sending unknown message ack to demo-user-001:",
            "`orchard_backend.app.websocket_core.handlers:1516 _send_unknown_message_ack`",
            "10 incidents seen",
        ],
    );
}

#[test]
fn the_validator_warns_from_two_lines_and_always_of_one_user() {
    let worklog = worklog();
    let cluster = worklog.cluster(3);
    assert_eq!(worklog.label(cluster, "Severity"), "WARNING");
    assert!(worklog.label(cluster, "Frequency").contains("stream"));
    assert_all(
        cluster,
        &[
            "**User:** `demo-user-001` (consistently: all 156 entries)",
            "`orchard_backend.app.websocket_core.ssot_validation_enhancer:137 validate_manager_creation`",
            "`orchard_backend.app.websocket_core.ssot_validation_enhancer:118 validate_manager_creation`; written by the same function",
            "Potential race conditions in WebSocket manager creation",
            "User session isolation may be compromised",
        ],
    );
}

#[test]
fn the_circuit_breaker_is_expected_and_goes_with_connection_attempts() {
    let worklog = worklog();
    let cluster = worklog.cluster(4);
    assert_eq!(worklog.label(cluster, "Severity"), "CRITICAL (Informational)");
    assert!(worklog.label(cluster, "Purpose").starts_with("Golden Path user flow protection"));
    assert_all(
        cluster,
        &[
            "[🔑] GOLDEN PATH AUTH=",
            "**Connection:** 87 values (id), such as `main_",
            "**State:** `user_id: pending`, `connection_state: connected`",
            "`orchard_backend.app.routes.websocket_ssot:741 _handle_main_mode`",
            "**Correlation:** `WebSocket connection attempt",
            "for 87 of 87 entries examined",
        ],
    );
    assert!(!worklog.section("## Immediate Actions Required").contains("Golden Path"));
}

#[test]
fn business_context_and_actions_are_the_rules_and_the_entries() {
    let worklog = worklog();
    assert_all(
        worklog.section("## Business Impact Assessment"),
        &[
            "**Authentication Failures** - Complete breakdown of service-to-service communication",
            "- Database session creation failures",
            "**Revenue Risk:** $500K+ ARR Golden Path functionality compromised",
            "**User Experience:** Core chat reliability affected",
        ],
    );
    assert_all(
        worklog.section("### Service Environment"),
        &[
            "**Project:** `orchard-staging`",
            "**Service:** `orchard-backend-staging`",
            "| `orchard-backend-staging-00611-cr5` | 2025-09-1",
            "**Location:** `us-central1`",
            "**Migration Run:** `1757350810`",
            "**Instance:** `0069c7a9881",
        ],
    );
    // all of them where the cluster is, and the first of each at the end
    let actions = [
        "1. **Service Authentication Crisis:** Investigate JWT_SECRET and SERVICE_SECRET configuration",
        "3. **Connection Management:** Improve WebSocket accept() call timing",
        "2. **Validation Enhancement:** Consider making SSOT validation blocking vs warning-only",
    ];
    actions.into_iter().zip(1..).for_each(|(action, number)| assert_all(worklog.cluster(number), &[action]));
    assert_all(
        worklog.section("## Executive Summary"),
        &["**First:** **Service Authentication Crisis:** Investigate JWT_SECRET and SERVICE_SECRET configuration"],
    );
    assert_all(
        worklog.section("## Immediate Actions Required"),
        &["Cluster 1, Critical Service Authentication Failures: as **First** above", "**WebSocket Lifecycle:**"],
    );
    assert_all(
        worklog.section("## Next Steps"),
        &[
            "systematic GitHub issue creation",
            "All clusters require GitHub issue processing following GITHUB_STYLE_GUIDE.md",
        ],
    );
}
