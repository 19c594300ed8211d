//! Entries that are valid and nothing that anybody expects, in every form, through the whole program. Nothing may fail, and
//! no entry may get lost.
//!
//! `STRANGE` says how many archives, `STRANGE_SEED` with which one to begin.

mod entries;
mod forms;
mod random;

use std::{
    collections::BTreeMap,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use random::Random;

use super::support::{Garden, text};

/// No command on a small archive takes so long, even where the machine is busy.
const LONGEST: Duration = Duration::from_secs(100);

struct Trial {
    garden: Garden,
    seed: u64,
}

impl Drop for Trial {
    /// What fails is kept to be looked at.
    fn drop(&mut self) {
        if thread::panicking() {
            let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("strange-{}", self.seed));
            self.garden.copy_to(&kept);
            eprintln!("kept in {}", kept.display());
        }
    }
}

impl Trial {
    /// A command that has to come to its end, or to say one of these; what it says is shown with the seed.
    fn succeed_or_say(&self, arguments: &[&str], allowed: &[&str]) -> String {
        let start = Instant::now();
        let output = self.garden.gardener(arguments);
        let (seed, command, said) = (self.seed, arguments.join(" "), text(&output.stderr));
        let is_fine = output.status.success() || allowed.iter().any(|words| said.contains(words));
        assert!(is_fine, "seed {seed}: gardener {command}\n{said}");
        assert!(!said.contains("panicked"), "seed {seed}: gardener {command}\n{said}");
        assert!(start.elapsed() < LONGEST, "seed {seed}: gardener {command} took {:?}", start.elapsed());
        text(&output.stdout)
    }

    fn succeed(&self, arguments: &[&str]) -> String {
        self.succeed_or_say(arguments, &[])
    }

    /// Loads the archive, and checks that all of it is accounted for. Answers whether any of it is an entry.
    fn load(&self, counts: &BTreeMap<String, usize>) -> bool {
        let loaded = self.garden.gardener(&["load", "exports"]);
        let said = text(&loaded.stderr);
        assert!(loaded.status.code().is_some_and(|code| code <= 2), "seed {}: {said}", self.seed);
        let files = self.garden.query(
            "select parse_filename(path) as name, form, entries + rejects as n, faults, content_bytes = entry_bytes + reject_bytes + separator_bytes as is_whole from files",
        );
        assert_eq!(files.len(), counts.len(), "seed {}: {said}", self.seed);
        for file in &files {
            let form = file["name"].as_str().unwrap().split('.').next().unwrap();
            let count = file["n"].as_u64().unwrap() as usize;
            assert_eq!(count, counts[form], "seed {}: entries and rejects are all that was given: {file}", self.seed);
            assert_eq!(
                (file["form"].as_str(), &file["is_whole"]),
                (Some(form), &true.into()),
                "seed {}: {file}",
                self.seed
            );
        }
        self.garden.number("select count(*) from raw_entries") > 0
    }

    fn read(&self) {
        self.succeed(&["build"]);
        self.succeed(&["worklog", "--format", "md,html,json", "--last", "2000d"]);
        self.succeed(&["worklog", "--format", "json"]);
        self.succeed(&["history", "--from", "2025-09-10", "--to", "2025-09-16", "--out", "days"]);
        self.succeed(&["history", "--by", "revision", "--out", "revisions"]);
        self.garden.write("none.json", "[]");
        for format in ["json", "text"] {
            let plan = ["issues", "plan", "--existing", "none.json", "--last", "2000d", "--format", format];
            self.succeed(&plan);
            self.succeed(&["brief", "--last", "2000d", "--format", format]);
        }
        for format in ["table", "markdown", "json", "csv"] {
            let (base, target) = ("2025-09-10..2025-09-12", "2025-09-13..2025-09-15");
            let no_side = ["no service has both sides", "no entries"];
            self.succeed_or_say(&["compare", base, target, "--all", "--format", format], &no_side);
        }
        for format in ["table", "json", "csv"] {
            self.succeed(&["clusters", "--last", "2000d", "--format", format]);
            self.succeed(&["patterns", "--format", format]);
        }
        self.show();
        self.query();
    }

    fn show(&self) {
        let ids = "(select pattern_id as id from patterns using sample reservoir(2 rows) repeatable (1)) union all \
                   (select cluster_id from pattern_clusters order by all limit 2)";
        for row in self.garden.query(ids) {
            for format in ["text", "json"] {
                self.succeed(&["show", row["id"].as_str().unwrap(), "--format", format]);
            }
        }
    }

    fn query(&self) {
        let relations = "select coalesce(string_agg('select ''' || name || ''' as name, count(*) as n from (select * from \"' || name || '\" order by all)', ' union all '), '') as q from ( \
                         select table_name as name from duckdb_tables() union all select view_name from duckdb_views() where not internal)";
        let all = self.garden.query(relations)[0]["q"].as_str().unwrap().to_owned();
        self.succeed(&["sql", "--format", "json", &all]);
        let listed = self.succeed(&["queries", "--format", "json"]);
        let listed: Vec<Value> = serde_json::from_str(&listed).unwrap();
        let unbound = ["parameter", "needs"];
        for query in &listed {
            self.succeed_or_say(&["queries", query["query"].as_str().unwrap()], &unbound);
        }
    }
}

fn try_archive(seed: u64) -> usize {
    let mut random = Random(seed);
    let count = 60 + random.below(240);
    let entries: Vec<Value> = (0..count).map(|number| entries::entry(&mut random, number)).collect();
    let garden = Garden::new();
    std::fs::create_dir(garden.path("exports")).unwrap();
    let counts = forms::deal(&garden, &entries, &mut random);
    let trial = Trial { garden, seed };
    if trial.load(&counts) {
        trial.read();
    }
    counts.values().sum()
}

#[test]
fn strange_entries_stop_nothing_and_are_all_accounted_for() {
    let number =
        |name: &str, otherwise: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (first, archives) = (number("STRANGE_SEED", 1), number("STRANGE", 1));
    let entries: usize = (first..first + archives).map(try_archive).sum();
    eprintln!("{archives} archives of {entries} entries, from seed {first}");
}
