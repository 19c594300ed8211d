//! Comparisons in their four formats, and what changed from one worklog to another.

use super::{super::support::AS_OF, INCIDENT, SAMPLE, gardener, picture, seen, snapshot_name};

const SIDES: [&[&str]; 3] = [
    &["previous", "latest"],
    &["2025-09-13", "2025-09-14", "--tz", "Europe/Berlin"],
    &["00610", "00611", "--all", "--severity", "info"],
];

#[test]
fn comparisons_of_the_sample() {
    for format in ["table", "markdown", "json", "csv"] {
        for sides in SIDES {
            SAMPLE.picture_of(&[&["compare"], sides, &["--format", format]].concat());
        }
    }
    SAMPLE.picture_of(&["compare", "previous", "latest", "--fail-on", "new"]);
    SAMPLE.picture_of(&["compare", "previous", "latest", "--patterns"]);
    SAMPLE.picture_of(&["compare", "-1d", "2025-09-14"]);
}

#[test]
fn comparisons_of_the_incident() {
    for format in ["table", "markdown", "json", "csv"] {
        INCIDENT.picture_of(&["compare", "2025-10-06T09:36..2025-10-06T09:40", "incident", "--format", format]);
    }
}

#[test]
fn what_changed_between_worklogs() {
    let garden = SAMPLE.copy();
    let worklog = |folder: &str, window: &[&str]| {
        let service = ["--service", "orchard-backend-staging", "--as-of", AS_OF, "--format", "json", "--out", folder];
        assert!(gardener(&garden, &[&["worklog"][..], &service, window].concat()).status.success());
        let file = super::files(&garden.path(folder)).into_iter().find(|path| path.extension().unwrap() == "json");
        format!("{folder}/{}", super::name_of(&file.unwrap()))
    };
    let (before, after) = (worklog("before", &["--day", "2025-09-13"]), worklog("after", &[]));
    for format in ["text", "json"] {
        let name = snapshot_name(&["diff", "--format", format]);
        picture(SAMPLE.name, &name, &seen(&garden, &["diff", &before, &after, "--format", format]));
    }
}
