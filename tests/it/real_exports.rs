//! Real exports, where they lie beside the project: skipped, and said so, where they don't.

use std::path::PathBuf;

use super::{
    properties::assert_true,
    support::{Garden, Worklog, project},
};

/// The files of a folder beside the checkout whose names hold a word.
pub(crate) fn exports(word: &str) -> Option<Vec<PathBuf>> {
    let folder = project().join("../shared/exports");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: no real exports in {}", folder.display());
        return None;
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "json") && path.to_string_lossy().contains(word))
        .collect();
    found.sort();
    Some(found)
}

/// Runs over the exports that a word names, checks what has to hold of any worklog, and gives the worklog back.
fn run(word: &str) -> Option<(Garden, Worklog)> {
    let files = exports(word)?;
    let arguments: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    let garden = Garden::of(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
    let text: String = files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert_true(&garden, &text);
    let worklog = garden.worklog("latest");
    Some((garden, worklog))
}

#[test]
fn the_largest_group_of_errors_is_a_cluster_of_its_own() {
    let Some((garden, worklog)) = run("130325") else { return };
    let cluster = worklog.section("## Issue Cluster 2: Requests fail");
    assert!(worklog.label(cluster, "Frequency").starts_with("38 entries"), "{cluster}");
    assert!(cluster.contains("**all ended within 6.1 ms**"));
    assert!(cluster.contains("**Follows cluster 1**"));
    assert_eq!(garden.number("select count(*) from entries where severity = 'ERROR'"), 50);
    let start = worklog.cluster(1);
    assert!(start.contains("2 incidents seen, on 2 instances"), "{start}");
    assert!(start.contains("6 more incidents"), "{start}");
    assert!(worklog.section("## Coverage").contains("as round as a limit, and entries stand newest first"));
}

#[test]
fn a_file_without_payloads_is_a_load_fault() {
    let Some((_, worklog)) = run("143654") else { return };
    assert!(worklog.section("## Coverage").contains("**load fault:** no payload in any of its 162 entries"));
}

#[test]
fn fuller_copies_stand() {
    let Some((garden, worklog)) = run("_1437") else { return };
    assert!(worklog.text.contains("163 entries"));
    let Some((both, _)) = run("_143") else { return };
    assert_eq!(both.number("select sum(duplicates)::bigint from files"), 92);
    assert_eq!(both.number("select sum(fuller_copies)::bigint from files"), 92);
    assert_eq!(both.number("select count(*) from entries"), 162 + 163 - 92);
    let kept = "select count(*) from entries where kind <> 'no payload' and file like '%143747%'";
    assert_eq!(both.number(kept), garden.number(kept));
}

#[test]
fn a_crash_loop_is_fifteen_incidents_and_not_seventy_five_errors() {
    let Some((garden, worklog)) = run("175001") else { return };
    let coverage = worklog.section("## Coverage");
    assert!(
        coverage.contains("exactly 1,000 entries, newest first, so the collection was probably cut there"),
        "{coverage}"
    );
    assert_eq!(garden.number("select count(*) from incidents"), 15);
    let cluster = worklog.cluster(1);
    assert!(cluster.contains("15 incidents seen, on 15 instances"), "{cluster}");
    let place = |text: &str| cluster.find(text).unwrap_or_else(|| panic!("`{text}`"));
    assert!(place("No module named") < place("Reason: Worker failed to boot."));
    assert!(place("Reason: Worker failed to boot.") < place("`Container called exit(3).`"));
    assert_eq!(
        garden.number(
            "select count(*) from entries where severity = 'DEFAULT' and level is not null and event_id is null"
        ),
        120
    );
}

#[test]
fn another_revision_and_all_at_once() {
    run("154858");
}

/// All that the five exports tell fits into half a minute of skimming: ten screens of a terminal, not thirty.
#[test]
fn all_at_once_stays_short() {
    let Some((_, worklog)) = run("gcp_") else { return };
    let words = worklog.text.split_whitespace().count();
    assert!(words < 2_500, "{words} words");
}

/// What a person sees who reads both exports is what the comparison says.
#[test]
fn two_collections_are_compared_by_what_they_cover() {
    let (Some(mut files), Some(later)) = (exports("130325"), exports("154858")) else { return };
    files.extend(later);
    files.extend(exports("175001").unwrap());
    let arguments: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    let garden = Garden::of(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
    let rows = |base: &str, target: &str| -> Vec<serde_json::Value> {
        let output = garden.gardener(&["compare", base, target, "--format", "json"]);
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        document["pairs"][0]["changes"].as_array().unwrap().clone()
    };
    let of = |rows: &[serde_json::Value], words: &str| -> serde_json::Value {
        let row = rows.iter().find(|row| row["template"].as_str().unwrap().starts_with(words));
        row.unwrap_or_else(|| panic!("no pattern `{words}`")).clone()
    };
    let rows_later = rows("154858", "175001");
    // the same failure goes on: 7 of one, 15 of the other, told in 75 pieces
    let module = of(&rows_later, "Middleware setup failure details");
    assert_eq!((&module["base_count"], &module["target_count"]), (&7.into(), &15.into()));
    assert!(module["ratio_lower"].as_f64().unwrap() < 1.0 && module["ratio_upper"].as_f64().unwrap() > 1.0, "{module}");
    // lines of a severity that the first collection did not ask for are not called new
    let worker = of(&rows_later, "[<*>] [<*>] [ERROR] Reason: Worker failed to boot.");
    assert_eq!(worker["verdict"], "not collected");
    assert_eq!(worker["reason"], "entries of DEFAULT were not collected on the base side");
    // a warning of each start is no more; failed requests, 10 within 8 s, may have been a burst
    assert_eq!(of(&rows_later, "SSOT WARNING")["verdict"], "gone");
    let failed = of(&rows_later, "The request failed because the instance could not start");
    assert!(failed["reason"].as_str().unwrap().contains("it may have been a burst"), "{failed}");
    // 55 s of errors against 43 s: another failure, and too little to call it new
    let rows_before = rows("130325", "154858");
    let sure = rows_before.iter().filter(|row| row["verdict"] != "too little traffic").count();
    assert_eq!(sure, 0);
    let module = of(&rows_before, "Middleware setup failure details");
    assert_eq!(
        (&module["base_count"], &module["target_count"], &module["is_reportable"]),
        (&0.into(), &7.into(), &true.into())
    );
}

/// 30 audit entries are 29 changes: 15 revisions, one of traffic, and 13 acts that change nothing.
#[test]
fn deployments_are_told_once_and_with_the_revision_that_they_made() {
    let Some((garden, worklog)) = run("gcp_") else { return };
    let count = |condition: &str| garden.number(&format!("select count(*) from deployments where {condition}"));
    assert_eq!(garden.number("select count(*) from change_entries"), 30);
    assert_eq!(count("true"), 29);
    assert_eq!((count("effect = 'revision'"), count("effect = 'traffic'"), count("effect = 'nothing'")), (15, 1, 13));
    assert_eq!(count("revision_source = 'next change'"), 14);
    let reported = "select count(*) from deployments where revision like '%-00712-kkr' and revision_source = 'report' \
                    and entry_count = 2 and image_is_by = 'tag' and image_digest like '%@sha256:97aa4ae7%'";
    assert_eq!(garden.number(reported), 1);
    let numbers = "select string_agg(number_of_revision(revision), ' ' order by change_at) as numbers from deployments";
    let numbers = garden.query(numbers)[0]["numbers"].as_str().unwrap().to_owned();
    assert_eq!(numbers, "703 704 705 706 707 708 709 710 711 712 715 716 717 718 719");
    // settings never change; traffic does once
    assert_eq!(count("len(settings_changed) > 0"), 1);
    assert_eq!(count("effect = 'revision' and len(settings_changed) = 0"), 14);
    let section = worklog.section("## Deployments");
    assert!(!section.contains("gserviceaccount.com"), "{section}");
    assert!(section.contains("revision `netra-backend-staging-00719-fgq` by `<email:"), "{section}");
    assert!(section.contains("13 more changes of the window") && section.contains("13 more acts"), "{section}");
    let output = garden.gardener(&["compare", "00711", "00712"]);
    let compared = String::from_utf8(output.stdout).unwrap();
    assert!(compared.contains("No setting changed; the image is named by tag only"), "{compared}");
    let output = garden.gardener(&["compare", "00719", "00734"]);
    assert!(!String::from_utf8(output.stdout).unwrap().contains("etting"));
}
