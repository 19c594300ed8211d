//! A clone of the source code at hand: commits between two revisions, links, owners, and what is said where one is not known.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::{Value, json};

use super::{
    support::{Garden, text},
    yard::Yard,
};

/// A repository with dates that do not change.
struct Source {
    folder: tempfile::TempDir,
    commits: u32,
}

/// Sources that traces of the archive name.
const FILES: [&str; 17] = [
    "src/shop/main.py",
    "src/shop/store.py",
    "src/shop/cart.py",
    "src/shop/prices.py",
    "src/shop/mailer.py",
    "src/shop/queue.py",
    "src/shop/old_name.py",
    "src/shop/rates.py",
    "src/shop/errors.py",
    "jvm/src/main/java/com/acme/Pipe.java",
    "jvm/src/main/java/com/acme/Seat.java",
    "jvm/src/main/java/org/other/Pipe.java",
    "web/till.js",
    "cmd/till/main.go",
    "-odd.py",
    "settings.toml",
    "README.md",
];

impl Source {
    fn new() -> Self {
        let source = Source { folder: tempfile::tempdir().unwrap(), commits: 0 };
        source.git(&["init", "--quiet", "--initial-branch=main", "."]);
        source
    }

    fn path(&self) -> String {
        self.folder.path().display().to_string()
    }

    fn git(&self, arguments: &[&str]) -> String {
        git_in(self.folder.path(), self.commits, arguments)
    }

    /// Writes a line of a file anew, and commits it; answers the commit.
    fn change(&mut self, file: &str, line: usize, subject: &str) -> String {
        let path = self.folder.path().join(file);
        let content = fs::read_to_string(&path).unwrap();
        let mut lines: Vec<String> = content.lines().map(str::to_owned).collect();
        lines[line - 1] = format!("{} # commit {}", lines[line - 1], self.commits);
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        self.commit(subject)
    }

    fn commit(&mut self, subject: &str) -> String {
        self.commits += 1;
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", subject]);
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }
}

fn git_in(folder: &Path, day: u32, arguments: &[&str]) -> String {
    let date = format!("2025-06-{:02}T12:{:02}:00+00:00", 1 + day / 30, day % 30);
    let output = Command::new("git")
        .args(["-c", "user.name=Ada Garden", "-c", "user.email=ada@garden.example", "-c", "commit.gpgSign=false"])
        .args(["-c", "core.autocrlf=false", "-c", "uploadpack.allowFilter=true", "-c", "protocol.file.allow=always"])
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .env("GIT_AUTHOR_DATE", &date)
        .env("GIT_COMMITTER_DATE", &date)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// What a commit that a program is to name is called, and where.
struct Planted {
    service: &'static str,
    commit: String,
}

/// Sixty commits, of which ten break something, and the two that revisions were built from.
struct Story {
    source: Source,
    planted: Vec<Planted>,
    base: String,
    target: String,
}

const HOSTILE: &str =
    "</script><img src=x onerror=alert(1)> [x](javascript:1) \x1b[31mred @team #12 for ada@example.org | `code`";

fn story() -> Story {
    let mut source = Source::new();
    for file in FILES {
        let path = source.folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let lines: Vec<String> = (1..=60).map(|line| format!("line {line} of {file}")).collect();
        fs::write(path, lines.join("\n") + "\n").unwrap();
    }
    fs::create_dir_all(source.folder.path().join(".github")).unwrap();
    let owners =
        "* @org/everyone\n/src/shop/ @ada-l @org/shop\n/src/shop/mailer.py mail@example.org\n/web/ @-odd @web.dev\n";
    fs::write(source.folder.path().join(".github/CODEOWNERS"), owners).unwrap();
    let mut base = source.commit("all files");
    for (at, file) in FILES.iter().enumerate().take(11) {
        base = source.change(file, 3 + at, "before the first revision");
    }
    let mut planted = Vec::new();
    let mut noise = 0;
    let mut plant = |source: &mut Source, service: &'static str, file: &str, line: usize, subject: &str| {
        // others before it: far from any frame, or in the callers that all traces share
        for (file, line) in [("README.md", 1 + noise % 50), ("src/shop/main.py", 40), ("web/till.js", 50)] {
            source.change(file, line, "tidy up");
            noise += 1;
        }
        planted.push(Planted { service, commit: source.change(file, line, subject) });
    };
    plant(&mut source, "python", "src/shop/store.py", 41, HOSTILE);
    source.change("src/shop/store.py", 5, "a comment elsewhere in the file");
    plant(&mut source, "java", "jvm/src/main/java/com/acme/Pipe.java", 30, "open pipes lazily");
    source.change("jvm/src/main/java/com/acme/Pipe.java", 2, "an import");
    source.change("jvm/src/main/java/com/acme/Seat.java", 9, "a caller");
    plant(&mut source, "node", "web/till.js", 10, "sell in bulk");
    plant(&mut source, "go", "cmd/till/main.go", 12, "a shorter list");
    plant(&mut source, "caller", "src/shop/cart.py", 20, "hand over the raw price");
    source.change("src/shop/prices.py", 55, "a comment far from the frame");
    plant(&mut source, "module", "src/shop/mailer.py", 15, "another relay");
    plant(&mut source, "chained", "src/shop/rates.py", 33, "read rates from the cache");
    source.change("src/shop/errors.py", 8, "another message");
    plant(&mut source, "renamed", "src/shop/old_name.py", 25, "count from zero");
    source.git(&["mv", "src/shop/old_name.py", "src/shop/new_name.py"]);
    source.commit("a better name");
    plant(&mut source, "site", "src/shop/queue.py", 18, "no pause between polls");
    // nothing in a trace leads to it
    plant(&mut source, "settings", "settings.toml", 4, "a smaller pool");
    let target = source.change("-odd.py", 7, "a file with an odd name");
    source.change("src/shop/store.py", 41, "after the second revision");
    source.change("web/till.js", 10, "after the second revision");
    Story { source, planted, base, target }
}

fn python(frames: &[(&str, u32, &str)], error: &str) -> String {
    let frames = frames
        .iter()
        .map(|(file, line, function)| format!("  File \"{file}\", line {line}, in {function}\n    call()\n"));
    format!("Traceback (most recent call last):\n{}{error}", frames.collect::<String>())
}

/// What each service says when it fails, and its call site.
fn failure(service: &str) -> (String, Option<Value>) {
    let main = ("/app/src/shop/main.py", 40, "main");
    let site = |file: &str, line: u32, function: &str| {
        Some(json!({"file": file, "line": line.to_string(), "function": function}))
    };
    match service {
        "python" => (python(&[main, ("/app/src/shop/store.py", 41, "load")], "KeyError: 'tea'"), None),
        "java" => (
            "java.io.IOException: the pipe broke\n\tat com.acme.Pipe.open(Pipe.java:33)\n\t\
             at com.acme.Seat.take(Seat.java:9)\n\tat java.base/java.lang.Thread.run(Thread.java:1)\n"
                .into(),
            None,
        ),
        "node" => (
            "TypeError: sell is not a function\n    at sell (/workspace/web/till.js:10:5)\n    \
             at node:internal/process:5:1"
                .into(),
            None,
        ),
        "go" => (
            "panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\nmain.sell(0x1)\n\t\
             /app/cmd/till/main.go:12 +0x1d\nmain.main()\n\t/app/cmd/till/main.go:50 +0x2\n"
                .into(),
            None,
        ),
        "caller" => (
            python(
                &[main, ("/app/src/shop/cart.py", 20, "total"), ("/app/src/shop/prices.py", 12, "price")],
                "TypeError: price of None",
            ),
            None,
        ),
        "module" => ("The relay refused the sender of the mail".into(), site("shop.mailer", 15, "send")),
        "chained" => {
            let cause = python(&[("/app/src/shop/rates.py", 33, "rate")], "ValueError: no rate of today");
            let outer = python(&[main, ("/app/src/shop/errors.py", 20, "wrap")], "shop.errors.RateError: no rates");
            let link = "During handling of the above exception, another exception occurred:";
            (format!("{cause}\n\n{link}\n\n{outer}"), None)
        }
        "renamed" => (python(&[main, ("/app/src/shop/new_name.py", 25, "count")], "IndexError: too far"), None),
        "site" => ("The queue answers nothing any more".into(), site("/app/src/shop/queue.py", 18, "poll")),
        "settings" => (python(&[main, ("/app/src/shop/prices.py", 12, "price")], "PoolError: no connection"), None),
        "odd" => (python(&[("/app/-odd.py", 7, "odd")], "OddError: an odd path"), None),
        "strange" => (python(&[("/elsewhere/unknown.py", 7, "f")], "LostError: no file"), None),
        other => panic!("no failure of {other}"),
    }
}

/// Two revisions of a service, a day each, with a line each ten minutes; the second one fails three times an hour.
fn entries(service: &str, commits: [Option<&str>; 2]) -> Vec<Value> {
    let (message, site) = failure(service);
    let mut entries = Vec::new();
    let mut add = |revision: usize, second: u32, severity: &str, said: &str| {
        let name = format!("{service}-{:05}-abc", revision + 1);
        let (day, hour, minute) = (10 + second / 86_400, second / 3_600 % 24, second / 60 % 60);
        let mut entry = json!({
            "insertId": format!("{service}-{second}-{severity}"),
            "timestamp": format!("2025-06-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60),
            "severity": severity,
            "jsonPayload": {"message": said},
            "logName": "projects/p/logs/run.googleapis.com%2Fstderr",
            "labels": {"instanceId": format!("i-{name}")},
            "resource": {"type": "cloud_run_revision", "labels": {
                "project_id": "p", "service_name": service, "revision_name": name, "location": "europe-west1"}},
        });
        if let Some(commit) = commits[revision] {
            entry["labels"]["commit-sha"] = commit.into();
        }
        if let (Some(site), "ERROR") = (&site, severity) {
            entry["sourceLocation"] = site.clone();
        }
        entries.push(entry);
    };
    for step in 0..288_u32 {
        add(usize::from(step >= 144), 600 * step, "INFO", "polled the queue");
    }
    for step in 0..72_u32 {
        add(1, 86_400 + 1_200 * step + 37 * (step % 11), "ERROR", &message);
    }
    entries
}

fn garden_with(services: &[&str], commits: [Option<&str>; 2]) -> Garden {
    let garden = Garden::new();
    let all = services.iter().flat_map(|service| entries(service, commits));
    let lines: Vec<String> = all.map(|entry| entry.to_string()).collect();
    let export = garden.write("export.ndjson", lines.join("\n") + "\n");
    for arguments in [&["load", &export][..], &["build"]] {
        let output = garden.gardener(arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    garden
}

/// The worklogs as JSON, by service.
fn worklogs(garden: &Garden, more: &[&str]) -> Vec<Value> {
    let mut arguments = vec!["worklog", "--format", "md,html,json", "--as-of", "2025-06-12T00:00:00Z"];
    arguments.extend(more);
    let output = garden.gardener(&arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    documents(garden)
}

fn documents(garden: &Garden) -> Vec<Value> {
    let paths = fs::read_dir(garden.path("worklogs")).unwrap().map(|entry| entry.unwrap().path());
    let is_worklog = |path: &std::path::PathBuf| {
        path.extension().is_some_and(|ending| ending == "json") && path.to_string_lossy().contains("WORKLOG")
    };
    paths.filter(is_worklog).map(|path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap()).collect()
}

fn of<'a>(worklogs: &'a [Value], service: &str) -> &'a Value {
    worklogs.iter().find(|worklog| worklog["service"] == service).unwrap_or_else(|| panic!("no worklog of {service}"))
}

/// What the first cluster's commits come to.
fn commits(worklog: &Value) -> &Value {
    let clusters = worklog["clusters"].as_array().unwrap();
    assert_eq!(clusters.len(), 1, "{}", worklog["service"]);
    &clusters[0]["code"]["commits"]
}

#[test]
fn the_commit_that_broke_it_is_first_or_second_in_nine_of_ten() {
    let story = story();
    assert!((55..=75).contains(&story.source.commits), "{} commits", story.source.commits);
    let mut services: Vec<&str> = story.planted.iter().map(|planted| planted.service).collect();
    services.extend(["odd", "strange"]);
    let garden = garden_with(&services, [Some(&story.base), Some(&story.target)]);
    let worklogs = worklogs(&garden, &["--repo", &story.source.path()]);
    let place = |planted: &Planted| {
        let found = commits(of(&worklogs, planted.service));
        assert_eq!(found["relation"], "ahead", "{}: {found}", planted.service);
        let touching = found["touching"].as_array().unwrap();
        assert!(touching.len() <= 5);
        touching.iter().position(|commit| commit["commit"] == *planted.commit).map(|place| (planted.service, place))
    };
    let places: Vec<(&str, usize)> = story.planted.iter().filter_map(place).collect();
    println!("places of the planted commits, from 0: {places:?}");
    let early = places.iter().filter(|(_, place)| *place < 2).count();
    assert!(early >= 9, "{places:?}");
    // the lines of the frame weigh more than how new a commit is
    assert_eq!(places.iter().filter(|(_, place)| *place == 0).count(), 8, "{places:?}");
    // none came after the revision
    assert!(!worklogs.iter().any(|worklog| worklog.to_string().contains("after the second revision")));
    let odd = commits(of(&worklogs, "odd"));
    assert_eq!(odd["touching"][0]["commit"], story.target);
    assert_eq!(odd["paths"], json!(["-odd.py"]));
    let strange = commits(of(&worklogs, "strange"));
    assert_eq!((&strange["touching"], &strange["unmapped"]), (&json!([]), &json!(["/elsewhere/unknown.py"])));
    let text = garden.worklog("-strange-").text;
    assert!(
        text.contains(
            "which of them matter is not known, for no file of the repository matches `/elsewhere/unknown.py`."
        )
    );
}

#[test]
fn a_hostile_subject_and_names_of_authors_go_nowhere() {
    let story = story();
    let garden = garden_with(&["python"], [Some(&story.base), Some(&story.target)]);
    worklogs(&garden, &["--repo", &story.source.path()]);
    let name = garden.worklogs()[0].0.replace(".md", ".html");
    let (page, markdown) =
        (fs::read_to_string(garden.path(&format!("worklogs/{name}"))).unwrap(), garden.worklog("WORKLOG"));
    let section = markdown.section("### Commits");
    assert!(section.contains("\\</script>\\<img") && section.contains("\\[x\\](javascript:1)"), "{section}");
    assert!(page.contains("&lt;/script&gt;&lt;img"), "the page has no commits");
    for text in [&page, &markdown.text] {
        for word in ["</script><img", "\x1b", "ada@example.org", "Ada Garden", "ada@garden.example"] {
            assert!(!text.contains(word), "{word:?}");
        }
    }
    assert!(section.contains("@\u{200B}team") && section.contains("#\u{200B}12"), "{section}");
}

#[test]
fn call_sites_become_links_at_the_commit_of_the_revision() {
    let story = story();
    story.source.git(&["remote", "add", "origin", "https://ada:ghp_secretsecret@github.com/acme/shop.git"]);
    let garden = garden_with(&["python", "strange"], [Some(&story.base), Some(&story.target)]);
    let worklogs = worklogs(&garden, &["--repo", &story.source.path()]);
    let file = format!("https://github.com/acme/shop/blob/{}/src/shop/store.py#L41", story.target);
    let markdown = garden.worklog("-python-").text;
    assert!(markdown.contains(&format!("/store.py:41 load`]({file})")), "{markdown}");
    assert!(markdown.contains(&format!("](https://github.com/acme/shop/commit/{})", story.planted[0].commit)));
    let lead = &of(&worklogs, "python")["clusters"][0]["members"][0];
    assert_eq!(lead["link"], file);
    assert!(!of(&worklogs, "strange").to_string().contains("github.com/acme/shop/blob"), "no file, no link");
    let name = garden.worklogs().iter().find(|(name, _)| name.contains("-python-")).unwrap().0.replace(".md", ".html");
    let page = fs::read_to_string(garden.path(&format!("worklogs/{name}"))).unwrap();
    assert!(page.contains(&format!("<a href=\"{file}\" rel=\"noopener noreferrer\"><code>")), "no link in the page");
    for text in [markdown, page, format!("{worklogs:?}")] {
        assert!(!text.contains("ghp_secret"));
    }
}

#[test]
fn what_is_not_known_is_said() {
    let story = story();
    let path = story.source.path();
    let unknown = "0123456789abcdef0123456789abcdef01234567";
    let shallow = tempfile::tempdir().unwrap();
    let from = format!("file://{path}");
    git_in(shallow.path(), 0, &["clone", "--quiet", "--depth", "4", &from, "."]);
    let empty = tempfile::tempdir().unwrap();
    let (empty_path, shallow_path) = (empty.path().display().to_string(), shallow.path().display().to_string());
    let (base, target) = (Some(story.base.as_str()), Some(story.target.as_str()));
    for (commits, path, said) in [
        ([base, Some(unknown)], &path, "are not known: the clone has no commit `0123456`."),
        ([None, target], &path, "are not known: no entry names the commit of `python-00001-abc`."),
        ([Some("--output=x"), target], &path, "of `python-00001-abc`, `--output=x`, is no hash of one."),
        ([base, target], &shallow_path, "; the clone is shallow."),
        ([base, target], &empty_path, "are not known: not a git repository"),
        ([base, target], &"/no/such/folder".to_owned(), "are not known: cannot change to '/no/such/folder'"),
        ([target, target], &path, "`python-00001-abc` and `python-00002-abc` were built from the same commit, `"),
        ([target, base], &path, "was built from an older commit than"),
        // of a hash its first letters are enough
        ([Some(&story.base[..8]), Some(&story.target[..8])], &path, " touch the files of its frames:"),
    ] {
        let garden = garden_with(&["python"], commits);
        worklogs(&garden, &["--repo", path]);
        let worklog = garden.worklog("WORKLOG");
        let section = worklog.section("### Commits");
        assert!(section.contains(said), "no `{said}` in\n{section}");
    }
}

#[test]
fn without_git_nothing_fails() {
    let story = story();
    let garden = garden_with(&["python"], [Some(&story.base), Some(&story.target)]);
    let gardener = |arguments: &[&str]| -> Output {
        Command::new(assert_cmd::cargo::cargo_bin!("gardener"))
            .args(arguments)
            .current_dir(garden.path(""))
            .env("PATH", garden.path("nothing"))
            .output()
            .unwrap()
    };
    let output = gardener(&["worklog", "--repo", &story.source.path()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let fault = "cannot run `git`: it is not installed";
    assert!(text(&output.stderr).contains(&format!("no commits of `{}`: {fault}", story.source.path())));
    let worklog = garden.worklog("WORKLOG");
    assert!(worklog.section("### Commits").contains("are not known: cannot run \\`git\\`"), "{}", worklog.text);
    let output = gardener(&["compare", "previous", "latest", "--repo", &story.source.path()]);
    assert!(output.status.success() && text(&output.stdout).contains(fault), "{}", text(&output.stdout));
}

#[test]
fn nothing_is_fetched_and_nothing_of_the_repository_runs() {
    let story = story();
    let partial = tempfile::tempdir().unwrap();
    let from = format!("file://{}", story.source.path());
    story.source.git(&["config", "uploadpack.allowFilter", "true"]);
    git_in(partial.path(), 0, &["clone", "--quiet", "--no-checkout", "--filter=blob:none", &from, "."]);
    let ran = partial.path().join("ran");
    let program = format!("touch {}; false", ran.display());
    for key in ["core.fsmonitor", "core.pager", "diff.external", "core.sshCommand", "gpg.program", "core.askPass"] {
        git_in(partial.path(), 0, &["config", key, &program]);
    }
    git_in(partial.path(), 0, &["config", "log.showSignature", "true"]);
    let objects = || git_in(partial.path(), 0, &["count-objects", "--verbose"]);
    let before = objects();
    let garden = garden_with(&["python"], [Some(&story.base), Some(&story.target)]);
    worklogs(&garden, &["--repo", &partial.path().display().to_string()]);
    assert_eq!(objects(), before);
    assert!(!ran.exists());
    // files and commits are known without their contents
    let worklog = garden.worklog("WORKLOG");
    assert!(worklog.section("### Commits").contains("touch the files of its frames"), "{}", worklog.text);
}

#[test]
fn a_comparison_names_commits_and_the_configuration_names_clones() {
    let story = story();
    let garden = garden_with(&["python", "java"], [Some(&story.base), Some(&story.target)]);
    let path = story.source.path();
    let configuration = format!(
        "version = 1\n[[repository]]\npath = {path:?}\nservice = \"python\"\nurl = \"https://git.acme.org/x/{{commit}}/{{path}}#{{line}}\"\n\
         [[repository]]\npath = {path:?}\nroot = \"web\"\n"
    );
    garden.write("gardener.toml", configuration);
    let output = garden.gardener(&["compare", "previous", "latest"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    let short = &story.planted[0].commit[..7];
    assert!(printed.contains(&format!("    {short} 2025-06-01 ")), "{printed}");
    assert!(!printed.contains('\x1b') && !printed.contains("ada@example.org"), "{printed}");
    assert!(printed.contains("no file of the repository matches Pipe.java"), "below `web` is no Java: {printed}");
    let markdown = text(&garden.gardener(&["compare", "previous", "latest", "--format", "markdown"]).stdout);
    assert!(markdown.contains(&format!("  - `{short}` 2025-06-01 ")), "{markdown}");
    // times have no commit
    let output = garden.gardener(&["compare", "2025-06-10", "2025-06-11"]);
    assert!(
        text(&output.stderr).contains("no commits, because `2025-06-10` is no revision"),
        "{}",
        text(&output.stderr)
    );
    let worklogs = worklogs(&garden, &[]);
    let lead = &of(&worklogs, "python")["clusters"][0]["members"][0];
    assert_eq!(lead["link"], format!("https://git.acme.org/x/{}/src/shop/store.py#41", story.target));
}

#[test]
fn actions_of_rules_name_what_the_revision_changed() {
    let commits = ["1111111111111111111111111111111111111111", "2222222222222222222222222222222222222222"];
    let garden = garden_with(&["python"], commits.map(Some));
    garden.write(
        "gardener.toml",
        "version = 1\n[[rule]]\nid = \"lost\"\n[rule.match]\ntemplate = \"KeyError\"\n[rule.set]\nactions = [\n\
         \"Undo {changed_settings} of {introduced}.\", \"Healthy: {healthy_revisions}.\", \"Read {last_lines}.\"]\n",
    );
    worklogs(&garden, &[]);
    let worklog = garden.worklog("WORKLOG");
    let actions = worklog.section("### What to do");
    assert!(actions.contains("1. Undo commit 1111111 to 2222222 of python-00002-abc.\n"), "{actions}");
    assert!(actions.contains("2. Healthy: python-00001-abc.\n"), "{actions}");
    // no instance ended
    assert!(!actions.contains("Read"), "{actions}");
}

#[test]
fn owners_are_assigned_and_teams_are_named() {
    let story = story();
    let (base, target) = (Some(story.base.as_str()), Some(story.target.as_str()));
    let mut all = entries("python", [base, target]);
    all.extend(entries("module", [base, target]));
    all.extend(entries("node", [base, target]));
    let yard = Yard::new(&all);
    let path = story.source.path();
    let arguments = ["plan", "--clone", &path, "--format", "json"];
    let plan: Value = serde_json::from_slice(&yard.run(&arguments).stdout).unwrap();
    let step = |service: &str| {
        let parts = plan["services"].as_array().unwrap();
        parts.iter().find(|part| part["service"] == service).unwrap()["steps"][0].clone()
    };
    assert_eq!(
        (step("python")["assignees"].clone(), step("python")["teams"].clone()),
        (json!(["ada-l"]), json!(["org/shop"]))
    );
    assert_eq!(step("module")["assignees"], json!([]));
    assert_eq!(step("node")["assignees"], json!(["web.dev"]));
    let body = step("python")["texts"]["body"].as_str().unwrap().to_owned();
    let owners = "**Owners:** `@ada-l`, the team `@org/shop` for `src/shop/store.py`, by `.github/CODEOWNERS`";
    assert!(body.contains(owners) && body.contains("touch the files of its frames:"), "{body}");
    let mail = step("module")["texts"]["body"].as_str().unwrap().to_owned();
    assert!(mail.contains("**Owners:** 1 owner known by e-mail for") && !mail.contains("mail@example.org"), "{mail}");
    let shown = text(&yard.run(&["plan", "--clone", &path]).stdout);
    assert!(shown.contains("owners   ada-l; the team org/shop, to which GitHub assigns no issue"), "{shown}");
    // somebody who has left cannot be assigned
    yard.change(|github| github["people"] = json!({"ada-l": "MEMBER"}));
    let output = yard.run(&["apply", "--yes", "--clone", &path]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("continuing without the assignees web.dev"), "{}", text(&output.stderr));
    let issues = yard.issues();
    let assigned: Vec<&Value> = issues.iter().map(|issue| &issue["assignees"]).collect();
    assert_eq!(issues.len(), 3);
    assert_eq!(assigned.iter().filter(|names| ***names == json!(["ada-l"])).count(), 1, "{assigned:?}");
}
