//! Histories: the index, a page of a cluster and of a revision, the queries, a worklog among others.

use std::{fs, sync::LazyLock};

use super::{
    super::support::{AS_OF, Garden},
    Archive, INCIDENT, SAMPLE,
    page::picture_as,
    page::picture_file,
    picture, seen,
};

/// What the part of a page begins with that holds the texts of queries.
pub(super) const QUERIES: &str = "<h2 id=\"queries\">";

/// A history by day and one by revision, and what was printed.
struct Site {
    garden: Garden,
    printed: String,
}

static SAMPLE_SITE: LazyLock<Site> = LazyLock::new(|| Site::write(&SAMPLE));
static INCIDENT_SITE: LazyLock<Site> = LazyLock::new(|| Site::write(&INCIDENT));

impl Site {
    fn write(archive: &Archive) -> Self {
        let garden = archive.copy();
        let by = |by: &str| seen(&garden, &["history", "--by", by, "--out", "site", "--as-of", AS_OF]);
        let printed = by("day") + &by("day") + &by("revision");
        Site { garden, printed }
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.garden.path("site").join(name)).unwrap()
    }

    fn picture(&self, archive: &str) {
        picture(archive, "history", &self.printed);
        let site = self.garden.path("site");
        for name in ["index.md", "index.html", "revisions.md", "revisions.html"] {
            picture_file(archive, &site.join(name));
        }
        let index = self.read("index.html");
        picture_as(archive, "cluster.html", &site.join(urgent_cluster(&index)));
        picture_as(archive, "revision.html", &site.join(last_revision(&index)));
        let index = self.read("index.md");
        let worklogs: Vec<&str> = index.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
        let middle = worklogs[worklogs.len() / 2];
        picture_as(archive, "day.md", &site.join(middle));
        picture_as(archive, "day.html", &site.join(middle.replace(".md", ".html")));
    }
}

/// The first page of a cluster of P0 that the index leads to.
fn urgent_cluster(index: &str) -> &str {
    index.split("P0</span> <a href=\"").nth(1).unwrap().split('"').next().unwrap()
}

/// The last page of a revision that the index leads to.
fn last_revision(index: &str) -> String {
    let last = index.rsplit("href=\"revisions/").next().unwrap().split('"').next().unwrap();
    format!("revisions/{last}")
}

/// The texts of all queries, as the page that is about them has them.
pub(super) fn queries() -> String {
    let page = INCIDENT_SITE.read("queries.html");
    let start = page.find(QUERIES).unwrap();
    let end = page.rfind("</ul>").unwrap() + "</ul>".len();
    page[start..end].to_owned()
}

#[test]
fn the_history_of_the_sample() {
    SAMPLE_SITE.picture(SAMPLE.name);
}

#[test]
fn the_history_of_the_incident() {
    INCIDENT_SITE.picture(INCIDENT.name);
}

#[test]
fn the_queries_of_worklogs() {
    picture_file("program", &INCIDENT_SITE.garden.path("site/queries.html"));
    assert_eq!(INCIDENT_SITE.read("queries.html"), SAMPLE_SITE.read("queries.html"));
}
