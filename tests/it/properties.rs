//! What holds of every worklog: its counts are plain counts over the entries, its samples are entries of the export.

use std::collections::BTreeMap;

use super::support::{AS_OF, Garden, data, text};

/// The clusters of a page: number, count as written, and the query that lists the entries.
fn clusters(page: &str) -> Vec<(usize, i64, String)> {
    page.split("<section data-cluster=\"")
        .skip(1)
        .map(|section| {
            let number = section.split('"').next().unwrap().parse().unwrap();
            let frequency = section.split("<strong>Frequency:</strong> ").nth(1).unwrap();
            let count = frequency.split(" entr").next().unwrap().rsplit('>').next().unwrap();
            let query = section.split("<pre tabindex=\"0\">select ").nth(1).unwrap().split("</pre>").next().unwrap();
            let query = query.replace("&#39;", "'").replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&");
            (number, count.replace(',', "").parse().unwrap(), format!("select {query}"))
        })
        .collect()
}

/// What a Markdown worklog says how many entries a cluster has, in its section or its line.
fn written(worklog: &str, number: usize) -> i64 {
    let section = worklog.split(&format!("\n## Issue Cluster {number}: ")).nth(1);
    let count = match section {
        Some(section) => section.split("**Frequency:** ").nth(1).unwrap(),
        None => {
            let line = worklog.split(&format!("\n- **Cluster {number} (")).nth(1).unwrap().lines().next().unwrap();
            line.rsplit("`: ").next().unwrap()
        }
    };
    count.split(' ').next().unwrap().replace(',', "").parse().unwrap()
}

/// Checks one garden's worklogs against its entries and against the text of the exports.
pub(crate) fn assert_true(garden: &Garden, exports: &str) {
    for (name, worklog) in garden.worklogs() {
        let mut ranked = 0;
        for (number, count, query) in clusters(&garden.page(&name)) {
            let counted = garden.number(&format!("select count(*) from ({query})"));
            assert_eq!(counted, count, "{name}: {number}");
            assert_eq!(written(&worklog, number), count, "{name}: {number}");
            ranked += count;
        }
        let total = worklog.split("; ").find_map(|part| part.split_once(" of NOTICE and above are in the clusters"));
        let total: i64 = total.unwrap().0.replace(',', "").parse().unwrap();
        assert_eq!(ranked, total, "{name}: an entry is in one cluster");
        for line in worklog.lines().filter(|line| line.contains("\"insertId\": ")) {
            let id = line.split('"').nth(3).unwrap();
            assert!(exports.contains(&format!("\"{id}\"")), "{name}: no entry has insertId {id}");
        }
        assert!(!worklog.contains("{{") && !worklog.contains("undefined"), "{name}");
    }
}

#[test]
fn every_count_is_a_count_and_every_sample_an_entry() {
    for archive in ["sample.ndjson", "incident.json"] {
        for config in [&[][..], &["--config", &data("gardener.toml")]] {
            let garden = Garden::of(&[archive], config);
            assert_true(&garden, &std::fs::read_to_string(data(archive)).unwrap());
        }
    }
}

/// A cluster of a worklog takes half a screen, and what stands around the clusters no more than two.
#[test]
fn worklogs_stay_short() {
    for archive in ["sample.ndjson", "incident.json"] {
        let garden = Garden::of(&[archive], &["--config", &data("gardener.toml")]);
        for (name, worklog) in garden.worklogs() {
            let count = clusters(&garden.page(&name)).len();
            let words = worklog.split_whitespace().count();
            assert!(words < 1_000 + 350 * count, "{name}: {words} words for {count} clusters");
            for section in worklog.split("\n## Issue Cluster ").skip(1) {
                let section = section.split("\n---\n").next().unwrap();
                let words = section.split_whitespace().count();
                assert!(words < 600, "{name}: {words} words\n{section}");
            }
        }
    }
}

#[test]
fn counts_add_up() {
    let garden = Garden::of(&["sample.ndjson", "incident.json"], &[]);
    let entries = garden.number("select count(*) from entries");
    assert_eq!(entries, 2_099);
    for relation in ["patterns", "pattern_minutes", "revision_minutes"] {
        assert_eq!(garden.number(&format!("select sum(entry_count)::bigint from {relation}")), entries, "{relation}");
    }
}

/// What must not depend on how entries came in.
fn findings(garden: &Garden) -> String {
    let clusters = "select window_service, cluster_number, name, priority, state, entry_count, first_ns, last_ns, \
                    lead_id from clusters order by all";
    let patterns = "select pattern_id, template, kind, entry_count from patterns order by all";
    let links = "select * from pattern_links order by all";
    [clusters, patterns, links].map(|sql| format!("{:#?}", garden.query(sql))).join("\n")
}

#[test]
fn neither_order_nor_split_changes_what_is_found() {
    let sample = std::fs::read_to_string(data("sample.ndjson")).unwrap();
    let whole = Garden::of(&["sample.ndjson"], &["--as-of", AS_OF]);
    let mut parts: BTreeMap<usize, String> = BTreeMap::new();
    for (at, line) in sample.lines().enumerate() {
        // a third of the entries is in two of the files
        for part in if at % 3 == 0 { vec![at % 4, (at + 1) % 4] } else { vec![at % 4] } {
            let text = parts.entry(part).or_default();
            *text = format!("{line}\n{text}");
        }
    }
    let split = Garden::new();
    for part in [2, 0, 3, 1] {
        let path = split.write(&format!("part-{part}.ndjson"), &parts[&part]);
        let output = split.gardener(&["load", &path]);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    split.gardener(&["build"]);
    split.gardener(&["worklog", "--as-of", AS_OF]);
    let (one, other) = (findings(&whole), findings(&split));
    for (left, right) in one.lines().zip(other.lines()) {
        assert_eq!(left, right);
    }
    assert_eq!(one.len(), other.len());
}

#[test]
fn the_same_database_window_and_time_give_the_same_bytes() {
    let garden = Garden::of(&["sample.ndjson"], &["--as-of", AS_OF]);
    let first = garden.worklogs();
    garden.gardener(&["worklog", "--as-of", AS_OF]);
    assert!(garden.worklogs() == first);
    let again = Garden::of(&["sample.ndjson"], &["--as-of", AS_OF]);
    assert!(again.worklogs_of_any() == garden.worklogs_of_any());
}

#[test]
fn hostile_text_opens_nothing() {
    let garden = Garden::new();
    let lines: Vec<String> = [
        "``` # fence | table </td><script>alert(1)</script> fixes #123 @everyone [x](http://evil.example)",
        "password=hunter2 token=abcdefghijklmnop123456 user a.person@example.com from 203.0.113.9",
    ]
    .iter()
    .enumerate()
    .map(|(at, message)| {
        let entry = serde_json::json!({
            "insertId": format!("h{at}"), "timestamp": format!("2025-01-01T00:00:0{at}Z"), "severity": "ERROR",
            "jsonPayload": {"message": message, "note": message, "api_token": "secret-value-1234567890"},
            "resource": {"type": "cloud_run_revision", "labels": {"service_name": "s"}},
        });
        entry.to_string()
    })
    .collect();
    let path = garden.write("hostile.ndjson", lines.join("\n"));
    assert!(garden.gardener(&["run", &path]).status.success());
    let worklog = &garden.worklogs()[0].1;
    for secret in
        ["hunter2", "abcdefghijklmnop123456", "a.person@example.com", "203.0.113.9", "secret-value-1234567890"]
    {
        assert!(!worklog.contains(secret), "{secret}");
    }
    let mut fence: Option<String> = None;
    for line in worklog.lines() {
        let ticks: String = line.chars().take_while(|&c| c == '`').collect();
        match &fence {
            None if ticks.len() >= 3 => fence = Some(ticks),
            Some(open) if line == open => fence = None,
            Some(_) => continue,
            None => {
                let outside_code: String = line.split('`').step_by(2).collect();
                assert!(!outside_code.contains("<script"), "{line}");
                assert!(!outside_code.contains(" @everyone"), "{line}");
                assert!(!outside_code.contains(" #123"), "{line}");
            }
        }
    }
    assert!(fence.is_none());
}

/// An hour of a service's entries, every half minute one, of which some are failures.
fn hour(service: &str, revision: &str, hour: usize, failures: &[usize]) -> String {
    let entry = |at: usize| {
        let (severity, said) =
            if failures.contains(&at) { ("ERROR", "no tea in the house") } else { ("INFO", "tea is ready") };
        format!(
            "{{\"insertId\":\"{service}-{hour}-{at}\",\"timestamp\":\"2025-06-10T{hour:02}:{:02}:{:02}Z\",\"severity\":\"{severity}\",\
             \"logName\":\"projects/p/logs/run.googleapis.com%2Fstdout\",\"resource\":{{\"type\":\"cloud_run_revision\",\"labels\":\
             {{\"project_id\":\"p\",\"location\":\"eu\",\"service_name\":\"{service}\",\"revision_name\":\"{revision}\"}}}},\
             \"labels\":{{\"instanceId\":\"{service}-{}\"}},\"textPayload\":\"{said}\"}}\n",
            at / 2,
            at % 2 * 30,
            at % 3
        )
    };
    (0..120).map(entry).collect()
}

#[test]
fn files_of_other_services_and_copies_change_no_verdict() {
    let garden = Garden::new();
    let often: Vec<usize> = (0..120).step_by(4).collect();
    let before = garden.write("before.ndjson", hour("api", "api-00001-abc", 10, &[7]));
    let after = garden.write("after.ndjson", hour("api", "api-00002-abc", 11, &often));
    let told = |files: &[&str]| {
        let loaded = garden.gardener(&[&["run"], files].concat());
        assert!(loaded.status.success(), "{}", text(&loaded.stderr));
        let output = garden.gardener(&["compare", "previous", "latest", "--service", "api", "--format", "json"]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let spans = "select severity, from_ns, to_ns from severity_spans where service = 'api' order by all";
        let origins = "select * exclude (last_at) from cluster_origins where service = 'api' order by cluster_id";
        (text(&output.stdout), garden.query(spans), garden.query(origins))
    };
    let alone = told(&[&before, &after]);
    assert!(alone.0.contains("\"verdict\": \"worse\""), "{}", alone.0);
    // cut at 100 failures, newest first, of another time; and the same once more under another name
    let cut: String =
        hour("till", "till-00001-abc", 12, &often).lines().rev().map(|line| format!("{line}\n")).collect();
    let other = garden.write("other.ndjson", cut);
    let copy = garden.write("copy.ndjson", std::fs::read(&before).unwrap());
    assert_eq!(told(&[&other, &copy]), alone);
}
