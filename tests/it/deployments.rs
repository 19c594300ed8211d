//! What audit entries tell of deployments: in the worklog, in comparisons, and as the start of a window.

use std::{ops::Range, path::PathBuf};

use serde_json::{Value, json};

use super::support::{Garden, text};

const PASSWORD: &str = "tea-leaves-4711";

fn act(id: &str, at: &str, service: &str, payload: Value) -> Value {
    let mut payload = payload;
    payload["@type"] = json!("type.googleapis.com/google.cloud.audit.AuditLog");
    payload["serviceName"] = json!("run.googleapis.com");
    payload["authenticationInfo"] = json!({"principalEmail": "ada@example.org"});
    json!({
        "insertId": id, "timestamp": at, "severity": "NOTICE", "protoPayload": payload,
        "logName": "projects/garden-lab/logs/cloudaudit.googleapis.com%2Factivity",
        "resource": {"type": "cloud_run_revision", "labels": {
            "project_id": "garden-lab", "service_name": service, "revision_name": "", "location": "europe-west1"}}
    })
}

/// A request of the v1 API with what the service was before.
fn replaced(template: &Value, nonce: &str, generation: u64, revision_before: &str, command: &str) -> Value {
    let mut template = template.clone();
    template["metadata"]["labels"]["client.knative.dev/nonce"] = json!(nonce);
    json!({
        "methodName": "google.cloud.run.v1.Services.ReplaceService",
        "resourceName": "namespaces/garden-lab/services/tea-house",
        "requestMetadata": {"callerSuppliedUserAgent": format!("google-cloud-sdk gcloud/540.0.0 command/{command} x")},
        "request": {"service": {
            "kind": "Service", "metadata": {"generation": generation, "name": "tea-house"},
            "spec": {"template": template, "traffic": [{"percent": 100, "latestRevision": true}]},
            "status": {"latestCreatedRevisionName": revision_before}
        }}
    })
}

fn template(memory: &str, image: &str, commit: &str, password: &str) -> Value {
    json!({
        "metadata": {"labels": {"commit-sha": commit}, "annotations": {"autoscaling.knative.dev/maxScale": "5"}},
        "spec": {"timeoutSeconds": 300, "containerConcurrency": 80, "containers": [{
            "image": image, "resources": {"limits": {"memory": memory, "cpu": "1"}},
            "env": [
                {"name": "TEA_PASSWORD", "value": password},
                {"name": "DB_HOST", "valueFrom": {"secretKeyRef": {"name": "db-host", "key": "latest"}}}]}]}
    })
}

fn lines(service: &str, revision: &str, minutes: Range<u32>) -> Vec<Value> {
    let line = |minute: u32| {
        json!({
            "insertId": format!("{revision}-{minute}"), "timestamp": format!("2025-06-10T10:{minute:02}:30Z"),
            "severity": "WARNING", "textPayload": "The kettle is slow",
            "logName": "projects/garden-lab/logs/run.googleapis.com%2Fstderr", "labels": {"instanceId": format!("i-{revision}")},
            "resource": {"type": "cloud_run_revision", "labels": {
                "project_id": "garden-lab", "service_name": service, "revision_name": revision, "location": "europe-west1"}}
        })
    };
    minutes.map(line).collect()
}

/// Two deployments and one that is refused, of one service; another service without any.
fn garden() -> (Garden, String) {
    let garden = Garden::new();
    let (first, second, third) = ("tea-house-00001-abc", "tea-house-00002-def", "tea-house-00003-ghi");
    let old = template("2Gi", "eu.gcr.io/garden-lab/tea:1", "9f3ab2100000000000000000000000000000aaaa", "weak");
    let new = template("4Gi", "eu.gcr.io/garden-lab/tea:2", "4c1d0aa00000000000000000000000000000bbbb", PASSWORD);
    let deploy = "gcloud.run.deploy";
    let mut refused = replaced(&template("9QB", "eu.gcr.io/garden-lab/tea:3", "c", PASSWORD), "n3", 3, second, deploy);
    refused["status"] = json!({"code": 3, "message": "memory: could not match suffix QB"});
    let odd = json!({
        "methodName": "google.cloud.run.v1.Services.ReplaceService", "status": "bad", "response": [null, 7],
        "requestMetadata": {"callerSuppliedUserAgent": 5},
        "request": {"service": {
            "kind": 7, "labels": {"": 1, "*": null, "\"": {}}, "metadata": {"generation": "many"},
            "spec": {
                "template": {
                    "metadata": {"labels": [1], "annotations": "x"},
                    "spec": {"timeoutSeconds": 1e300, "containers": [null, 5, {
                        "image": 7, "args": [1, null], "env": [null, {"name": null}, {"name": 5, "value": {"a": 1}}]}]}},
                "traffic": [null, {"percent": -1e308}, {"percent": "NaN"}]}}}
    });
    let odd_report = json!({
        "methodName": "/Services.ReplaceService", "resourceName": "namespaces/p/revisions/", "status": {"code": 1e99},
        "response": {"kind": "Revision", "metadata": {"creationTimestamp": "infinity"}, "spec": {"containers": []}}
    });
    let mut entries = vec![
        act("d1", "2025-06-10T10:00:00Z", "tea-house", replaced(&old, "n1", 1, "", deploy)),
        act("d2", "2025-06-10T10:20:00Z", "tea-house", replaced(&new, "n2", 2, first, deploy)),
        act(
            "d3",
            "2025-06-10T10:21:00Z",
            "tea-house",
            replaced(&new, "n2", 3, second, "gcloud.run.services.update-traffic"),
        ),
        act("d4", "2025-06-10T10:30:00Z", "tea-house", refused),
        act("odd", "2025-06-10T10:31:00Z", "odd-house", odd),
        act("odd report", "2025-06-10T10:32:00Z", "odd-house", odd_report),
    ];
    entries.extend(lines("tea-house", first, 1..21));
    entries.extend(lines("tea-house", second, 21..40));
    entries.extend(lines("coffee-house", third, 1..40));
    let export: String = entries.iter().map(|entry| format!("{entry}\n")).collect();
    let path = garden.write("tea.ndjson", export);
    (garden, path)
}

/// The worklog of `tea-house`, or the only one.
fn written(garden: &Garden, folder: &str, ending: &str) -> PathBuf {
    let files = std::fs::read_dir(garden.path(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|known| known == ending)).collect();
    found.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("GCP-")));
    if found.len() > 1 {
        found.retain(|path| path.to_string_lossy().contains("tea-house"));
    }
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn a_worklog_lists_deployments_and_no_value_of_a_variable() {
    let (garden, path) = garden();
    let output = garden.run(&[&path], &["--format", "md,html,json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let worklog = garden.worklog("tea-house");
    let section = worklog.section("## Deployments");
    let has = |words: &str| assert!(section.contains(words), "no `{words}` in\n{section}");
    has("2025-06-10 10:20 UTC, revision `tea-house-00002-def` by `<email:");
    has(" with gcloud run deploy: ");
    has("commit `9f3ab21` to `4c1d0aa`");
    has("environment variable `TEA_PASSWORD` changed");
    has("image `eu.gcr.io/garden-lab/tea:1` to `eu.gcr.io/garden-lab/tea:2`; memory `2Gi` to `4Gi`");
    has("the image is named by tag only");
    has("2025-06-10 10:30 UTC, **refused** by");
    has("`memory: could not match suffix QB`");
    has("1 more act that changed nothing");
    assert!(!section.contains("DB_HOST"), "{section}");
    assert!(!garden.worklog("coffee-house").text.contains("Deployments"));
    for ending in ["md", "html"] {
        let content = std::fs::read_to_string(written(&garden, "worklogs", ending)).unwrap();
        assert!(content.contains("TEA_PASSWORD") && !content.contains(PASSWORD), "{content}");
        assert!(!content.contains("ada@example.org"), "{content}");
    }
    let json = std::fs::read_to_string(written(&garden, "worklogs", "json")).unwrap();
    let document: Value = serde_json::from_str(&json).unwrap();
    let rows = document["deployments"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1]["revision_source"], "next change");
    assert_eq!(rows[2]["revision_source"], "next change");
    assert!(!document["deployments"].to_string().contains(PASSWORD));
    assert_eq!(garden.number("select count(*) from deployments where service = 'odd-house'"), 1);
    let leaks = "select count(*) from deployments as row where row::varchar like '%tea-leaves%'";
    assert_eq!(garden.number(leaks), 0);
}

#[test]
fn a_comparison_begins_with_the_settings_that_changed() {
    let (garden, path) = garden();
    assert!(garden.run(&[&path], &[]).status.success());
    let words = "Settings changed: commit 9f3ab21 to 4c1d0aa; environment variable TEA_PASSWORD changed; memory 2Gi to 4Gi; \
                 image eu.gcr.io/garden-lab/tea:1 to eu.gcr.io/garden-lab/tea:2.";
    let compared = |format: &str| {
        let output = garden.gardener(&["compare", "00001", "00002", "--format", format]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    assert!(compared("table").contains(words), "{}", compared("table"));
    assert!(compared("markdown").replace('`', "").contains(words), "{}", compared("markdown"));
    let document: Value = serde_json::from_str(&compared("json")).unwrap();
    let changed = document["pairs"][0]["settings"]["settings_changed"].as_array().unwrap();
    assert_eq!(changed.len(), 3);
    assert!(!compared("json").contains(PASSWORD));
    let worklog = garden.worklog("tea-house");
    assert!(worklog.section("## Revision comparison").replace('`', "").contains(words));
    // nothing is said of sides of which nothing is known
    let output = garden.gardener(&[
        "compare",
        "2025-06-10T10:00:00Z..2025-06-10T10:10:00Z",
        "2025-06-10T10:20:00Z..2025-06-10T10:30:00Z",
    ]);
    assert!(!text(&output.stdout).contains("ettings"), "{}", text(&output.stdout));
}

#[test]
fn a_window_begins_with_the_last_deployment() {
    let (garden, path) = garden();
    let output = garden.run(&[&path], &["--last", "deploy", "--out", "worklogs"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let worklog = garden.worklog("last-deploy-tea-house");
    assert!(
        worklog.text.contains("since the last deployment, in whole minutes 2025-06-10T10:20:00Z to"),
        "{}",
        worklog.text
    );
    let fails = |arguments: &[&str], words: &str| {
        let output = garden.gardener(arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(words), "{}", text(&output.stderr));
    };
    let of_coffee = ["worklog", "--last", "deploy", "--service", "coffee-house"];
    fails(&of_coffee, "no deployment of the service `coffee-house` is known");
    let before = ["worklog", "--last", "deploy", "--as-of", "2025-06-10T10:10:00Z", "--out", "before"];
    let output = garden.gardener(&before);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let first = written(&garden, "before", "md");
    assert!(std::fs::read_to_string(first).unwrap().contains("in whole minutes 2025-06-10T10:00:00Z to"));
}
