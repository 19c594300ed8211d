//! The HTML pages: whole in themselves, safe against what stands in logs, and, where a browser is at hand, looked at in it.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::json;

use super::support::{AS_OF, Garden, data, project, text};

const HOSTILE: [&str; 4] = [
    "</code></td><script>window.injected = 1</script>",
    "<img src=x onerror=\"window.injected = 2\"> \" onmouseover=\"window.injected = 3",
    "{{ 7 * 7 }} ${alert(1)} <svg/onload=alert(2)> </pre></style>",
    "a\u{202e}b \u{1b}[31m <a href=\"javascript:window.injected=4\">x</a>",
];

/// Exports whose every text tries to be more than text.
fn hostile(garden: &Garden) -> String {
    let lines = HOSTILE.iter().enumerate().flat_map(|(at, message)| {
        (0..3).map(move |again| {
            json!({
                "insertId": format!("\"><script>window.injected=5</script>{at}{again}"),
                "timestamp": format!("2025-09-14T10:{at:02}:{again:02}Z"),
                "severity": "ERROR",
                "jsonPayload": {"message": message, "<b>note</b>": message},
                "httpRequest": {"requestMethod": "GET", "requestUrl": format!("https://x.example/{message}"), "status": 503},
                "resource": {"type": "cloud_run_revision", "labels": {
                    "service_name": "s'\"><script>window.injected=6</script>",
                    "revision_name": format!("r{at}<i>"), "project_id": "p\"><script>",
                }},
            })
            .to_string()
        })
    });
    garden.write("hostile.ndjson", lines.collect::<Vec<_>>().join("\n"))
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "html") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// What stands in each attribute of that name.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    page.split(&format!(" {name}=\"")).skip(1).filter_map(|rest| rest.split_once('"')).map(|(value, _)| value).collect()
}

/// Each link leads to a place of the page, to a file, or to the console.
fn check_links(path: &Path, page: &str) {
    let ids: HashSet<&str> = attributes(page, "id").into_iter().collect();
    for link in attributes(page, "href") {
        let (file, place) = link.split_once('#').unwrap_or((link, ""));
        if file.starts_with("https://console.cloud.google.com/logs/query;query=") {
            assert!(!file.contains("%26"), "the query is escaped as HTML before it is as a part of a URL: {link}");
            continue;
        }
        assert!(!file.contains(':'), "{link}");
        if file.is_empty() {
            assert!(ids.contains(place), "{}: no place `{place}`", path.display());
            continue;
        }
        let target = path.parent().unwrap().join(file);
        let other = std::fs::read_to_string(&target).unwrap_or_else(|_| panic!("{}: {link}", path.display()));
        assert!(place.is_empty() || attributes(&other, "id").contains(&place), "{}: {link}", path.display());
    }
}

fn check(path: &Path) {
    let page = std::fs::read_to_string(path).unwrap();
    assert!(page.contains("Content-Security-Policy\" content=\"default-src &#39;none&#39;"), "{}", path.display());
    assert!(attributes(&page, "src").is_empty(), "{}", path.display());
    assert!(attributes(&page, "style").is_empty(), "{}", path.display());
    assert_eq!(page.matches("<script").count(), 1, "{}", path.display());
    assert!(!page.contains("<link") && !page.contains("@import") && !page.contains("url("), "{}", path.display());
    check_links(path, &page);
}

#[test]
fn a_page_is_one_file_that_opens_anywhere() {
    let garden = Garden::of(&["sample.ndjson"], &["--config", &data("gardener.toml"), "--as-of", AS_OF]);
    let found = pages(&garden.path("worklogs"));
    found.iter().for_each(|path| check(path));
    let is_worklog = |path: &&PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("GCP-");
    // beside the overview
    let found: Vec<_> = found.iter().filter(is_worklog).collect();
    assert_eq!(found.len(), 2);
    let page = std::fs::read_to_string(found[1]).unwrap();
    let headings = ["Coverage", "Executive Summary", "Revision comparison", "Business Impact", "Technical Context"];
    headings.iter().for_each(|heading| assert!(page.contains(&format!(">{heading}")), "{heading}"));
    assert!(page.contains("svg class=\"timeline\"") && page.contains("svg class=\"bars\""));
    // what a cluster's page says it is made of answers as many entries as it says
    let query = page.split("<pre tabindex=\"0\">select * from entries").nth(1).unwrap();
    let query = query.split("</pre>").next().unwrap().replace("&#39;", "'").replace("&gt;", ">").replace("&lt;", "<");
    let counted = garden.number(&format!("select count(*) from entries {query}"));
    let said = page.split("Frequency:</strong>").nth(1).unwrap().split(" entries").next().unwrap();
    let said: i64 = said.rsplit('>').next().unwrap().replace(',', "").parse().unwrap();
    assert_eq!(counted, said);
}

#[test]
fn fifty_clusters_stay_under_a_megabyte() {
    // sentences that share no word
    let word = |at: usize| -> String {
        let letters = |at: usize| ["ba", "de", "fi", "go", "hu", "ka", "le", "mi"][at % 8];
        [at, at / 8, at / 64, at / 512 + at].iter().map(|&at| letters(at)).collect()
    };
    let garden = Garden::new();
    let lines = (0..60).map(|at| {
        let message = (0..4 + at % 3).map(|place| word(at * 7 + place)).collect::<Vec<_>>().join(" ");
        let at = format!("2025-09-14T{:02}:{:02}:00Z", at / 4, at % 4 * 13);
        let labels = json!({"service_name": "s", "revision_name": "s-00001-abc"});
        json!({"insertId": at, "timestamp": at, "severity": "ERROR", "textPayload": message,
            "resource": {"type": "cloud_run_revision", "labels": labels}})
        .to_string()
    });
    let file = garden.write("many.ndjson", lines.collect::<Vec<_>>().join("\n"));
    let output = garden.gardener(&["run", &file]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let found = pages(&garden.path("worklogs"));
    let page = std::fs::read_to_string(&found[0]).unwrap();
    assert!(page.matches("id=\"cluster-").count() >= 50, "{}", page.matches("id=\"cluster-").count());
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
}

#[test]
fn what_stands_in_logs_stays_text_in_pages() {
    let garden = Garden::new();
    let file = hostile(&garden);
    for arguments in [vec!["run", &file], vec!["history", "--out", "site"]] {
        let output = garden.gardener(&arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    let found = [pages(&garden.path("worklogs")), pages(&garden.path("site"))].concat();
    assert!(found.len() > 4);
    for path in found {
        check(&path);
        let page = std::fs::read_to_string(&path).unwrap();
        for tag in ["<img", "<svg/", "<a href=\"javascript", "<i>", "<b>note", "\u{202e}", "\u{1b}"] {
            assert!(!page.contains(tag), "{tag:?} in {}", path.display());
        }
    }
}

#[test]
fn a_history_is_a_site_whose_links_lead_somewhere() {
    let garden = Garden::of(&["sample.ndjson"], &["--config", &data("gardener.toml"), "--as-of", AS_OF]);
    let config = data("gardener.toml");
    for by in ["day", "revision"] {
        let arguments = ["history", "--by", by, "--out", "site", "--config", &config, "--as-of", AS_OF];
        let output = garden.gardener(&arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    let found = pages(&garden.path("site"));
    found.iter().for_each(|path| check(path));
    let index = std::fs::read_to_string(garden.path("site/index.html")).unwrap();
    let heat = attributes(&index, "class").into_iter().filter(|class| class.starts_with("h6")).count();
    assert!(heat > 0, "no cell of the heat map is dark");
    let clusters = garden.number("select count(distinct (service, cluster_id)) from cluster_days");
    let named = |folder: &str| found.iter().filter(|path| path.parent().unwrap().ends_with(folder)).count() as i64;
    assert_eq!(named("clusters"), clusters);
    assert_eq!(named("revisions"), garden.number("select count(distinct (service, revision)) from revisions"));
}

/// Chromium and the folder of the scripts, where it, Node and the packages of `tests/browser` are installed; said where they
/// are not.
fn browser() -> Option<(String, PathBuf)> {
    let folder = project().join("tests/browser");
    let chromium = ["chromium", "chromium-browser", "google-chrome"].iter().find(|name| runs(name));
    let (Some(chromium), true, true) = (chromium, runs("node"), folder.join("node_modules/axe-core").is_dir()) else {
        eprintln!("skipped: Chromium, Node and the packages of tests/browser are not all there");
        return None;
    };
    let path = Command::new("sh").args(["-c", &format!("command -v {chromium}")]).output().unwrap();
    Some((text(&path.stdout).trim().to_owned(), folder))
}

#[test]
fn a_browser_finds_nothing_wrong() {
    let Some((chromium, folder)) = browser() else { return };
    let garden = Garden::of(&["sample.ndjson"], &["--config", &data("gardener.toml")]);
    let hostile = hostile(&garden);
    for arguments in [vec!["history", "--out", "site"], vec!["run", &hostile, "--db", "h.duckdb", "--out", "hostile"]] {
        let output = garden.gardener(&arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    // `latest` pages are copies of others
    let is_first = |path: &PathBuf| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("latest"));
    let of = |folder: &str, count: usize| {
        pages(&garden.path(folder)).into_iter().filter(is_first).take(count).collect::<Vec<_>>()
    };
    let mut looked_at = [of("worklogs", 9), of("hostile", 9), of("site/clusters", 1), of("site/revisions", 1)].concat();
    looked_at.push(garden.path("site/index.html"));
    let output = Command::new("node").arg(folder.join("check.mjs")).arg(chromium).args(&looked_at).output().unwrap();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

/// Three spans of the sample's newest day: a whole hour, a few minutes, one slot.
#[test]
fn a_span_on_the_page_is_counted_as_sql_counts_it() {
    let Some((chromium, folder)) = browser() else { return };
    let config = data("gardener.toml");
    let garden = Garden::of(&["sample.ndjson"], &["--config", &config]);
    let more = ["--day", "2025-09-14", "--service", "orchard-backend-staging", "--format", "html", "--out", "day"];
    let output = garden.gardener(&[&["worklog", "--config", &config], more.as_slice()].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let is_day = |path: &PathBuf| path.to_string_lossy().contains("WORKLOG-2025-09-14");
    let page = pages(&garden.path("day")).into_iter().find(is_day).unwrap();
    let spans = [("09:30", "10:30"), ("14:34", "14:44"), ("14:46", "14:48")].map(|(from, to)| {
        let within = format!(
            "service_key = 'orchard-backend-staging' and entry_at >= '2025-09-14 {from}' and entry_at < '2025-09-14 {to}'"
        );
        let grades = garden.query(&format!(
            "select case when severity_number >= 600 then 'critical' when severity_number >= 500 then 'error' \
             when severity_number >= 400 then 'warning' when severity_number >= 300 then 'notice' else 'info' end as name, \
             count(*) as entry_count from entries where {within} group by all"
        ));
        let clusters = garden.query(&format!(
            "select cluster.cluster_number::varchar as name, count(*) as entry_count from entries \
             inner join pattern_clusters as grouped on service_key = grouped.service \
             and entries.pattern_id = grouped.pattern_id \
             inner join clusters as cluster on grouped.cluster_id = cluster.cluster_id \
             and cluster.window_service = service_key \
             where {within} and severity_number >= 300 and window_from_at = '2025-09-14' \
             and window_to_at = '2025-09-15' group by all"
        ));
        assert!(!clusters.is_empty(), "nothing from {from} to {to}");
        let map = |rows: Vec<serde_json::Value>| {
            let pair = |row: &serde_json::Value| (row["name"].as_str().unwrap().to_owned(), row["entry_count"].clone());
            rows.iter().map(pair).collect::<serde_json::Map<_, _>>()
        };
        json!({"from": format!("2025-09-14T{from}Z"), "to": format!("2025-09-14T{to}Z"),
            "grades": map(grades), "clusters": map(clusters)})
    });
    let expected = garden.write("spans.json", json!(spans).to_string());
    let output =
        Command::new("node").arg(folder.join("span.mjs")).arg(chromium).arg(page).arg(expected).output().unwrap();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

fn runs(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}
