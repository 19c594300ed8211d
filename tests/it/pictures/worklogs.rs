//! Worklogs in their three formats: of the last day, of a day before it, of an hour in another zone.

use super::{
    super::support::{AS_OF, Garden},
    Archive, INCIDENT, SAMPLE, files,
    page::picture_file,
    picture, seen,
};

fn picture_worklogs(archive: &Archive) {
    let garden = archive.copy();
    // in this order: a worklog says what changed since the one before it
    let printed = worklog(&garden, "md,html,json", "latest", &[])
        + &worklog(&garden, "md", "hour", &["--last", "1h", "--tz", "Europe/Berlin"])
        + &worklog(&garden, "md", "again", &[]);
    picture(archive.name, "worklog", &printed);
    for folder in ["latest", "hour"] {
        files(&garden.path(folder)).iter().for_each(|path| picture_file(archive.name, path));
    }
    files(&garden.path("again")).iter().for_each(|path| picture_file(&format!("{}/again", archive.name), path));
}

fn worklog(garden: &Garden, format: &str, folder: &str, window: &[&str]) -> String {
    seen(garden, &[&["worklog", "--as-of", AS_OF, "--format", format, "--out", folder], window].concat())
}

#[test]
fn worklogs_of_the_sample() {
    picture_worklogs(&SAMPLE);
}

#[test]
fn worklogs_of_the_incident() {
    picture_worklogs(&INCIDENT);
}
