//! Worklogs in their three formats: of the last day, of an hour in another zone, of a time before.

use super::{
    super::support::{AS_OF, Garden},
    Archive, INCIDENT, SAMPLE, files,
    page::picture_file,
    picture, seen,
};

fn picture_worklogs(archive: &Archive, earlier: &[&str]) {
    let garden = archive.copy();
    let printed = worklog(&garden, "md,html,json", "latest", &[])
        + &worklog(&garden, "md", "hour", &["--last", "1h", "--tz", "Europe/Berlin"])
        + &worklog(&garden, "md", "earlier", earlier)
        // now there is a worklog before it, and it says what changed since
        + &worklog(&garden, "md,html", "again", &[]);
    picture(archive.name, "worklog", &printed);
    for folder in ["latest", "hour", "earlier", "again"] {
        let snapshots = format!("{}/{folder}", archive.name);
        files(&garden.path(folder)).iter().for_each(|path| picture_file(&snapshots, path));
    }
}

fn worklog(garden: &Garden, format: &str, folder: &str, window: &[&str]) -> String {
    seen(garden, &[&["worklog", "--as-of", AS_OF, "--format", format, "--out", folder], window].concat())
}

#[test]
fn worklogs_of_the_sample() {
    picture_worklogs(&SAMPLE, &["--day", "2025-09-13"]);
}

#[test]
fn worklogs_of_the_incident() {
    picture_worklogs(&INCIDENT, &["--to", "2025-10-06T09:40"]);
}
