//! What the built-in rules match and what they leave alone, and every error a file of rules can have.

use std::path::Path;

use regex::Regex;

use super::*;
use crate::config::{Config, settings::Settings};

/// The facts of a pattern: kind, severity, status, log, exception, template.
#[derive(Clone, Copy, Default)]
struct Facts {
    kind: &'static str,
    severity: u16,
    status: u16,
    log: &'static str,
    exception: &'static str,
    template: &'static str,
}

/// Evaluates a rule as the SQL does.
fn holds(rule: &Match, facts: Facts) -> bool {
    let matches = |pattern: &Option<Pattern>, text| {
        pattern.as_ref().is_none_or(|p| Regex::new(p.as_str()).unwrap().is_match(text))
    };
    matches(&rule.template, facts.template)
        && matches(&rule.exception, facts.exception)
        && matches(&rule.log, facts.log)
        && rule.severity.is_none_or(|s| s.holds(facts.severity))
        && rule.status.is_none_or(|s| (s.low..=s.high).contains(&facts.status))
        && rule.kind.is_none_or(|k| k.as_str() == facts.kind)
}

fn built_in() -> RuleSet {
    RuleSet::built_in().unwrap()
}

fn first_match(rules: &RuleSet, facts: Facts) -> Option<&Rule> {
    rules.rules.iter().find(|rule| holds(&rule.matches, facts))
}

#[test]
fn built_in_rules_match() {
    let rules = built_in();
    for (severity, template, id) in [
        (400, "Back-off restarting failed container till in pod till-<*>_default(<*>)", "pod-back-off"),
        (400, "Failed to pull image \"till:v2\": rpc error: code = NotFound", "pod-image"),
        (400, "<*>/<*> nodes are available: <*> Insufficient memory.", "pod-unschedulable"),
        (400, "MountVolume.SetUp failed for volume \"keys\" : secret \"till-keys\" not found", "pod-volume"),
        (400, "Liveness probe failed: HTTP probe failed with statuscode: <*>", "pod-liveness"),
        (400, "Memory cgroup out of memory: Killed process <*> (till)", "pod-memory"),
        (
            500,
            "HikariPool-<*> - Connection is not available, request timed out after <*>ms",
            "database-too-many-connections",
        ),
        (500, "Deadlock found when trying to get lock; try restarting transaction", "database-deadlock"),
        (500, "relation \"tills\" does not exist at character <*>", "database-schema"),
        (500, "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", "memory-exhausted"),
        (500, "java.lang.OutOfMemoryError: Java heap space", "memory-short"),
        (500, "listen EADDRINUSE: address already in use :::<*>", "port-in-use"),
        (500, "Secret Version [projects/<*>/secrets/key/versions/<*>] is in DESTROYED state.", "secret-version"),
        (500, "PKIX path building failed: unable to find valid certification path", "tls-certificate"),
        (500, "line <*>: DB_URL: unbound variable", "setting-missing"),
        (400, "Container called exit(<*>).", "container-exit"),
        (400, "Container called exit(1).", "container-exit"),
        (500, "Container terminated on signal <*>.", "container-signal"),
        (
            500,
            "Memory limit of <*> MiB exceeded with <*> MiB used. Consider increasing the memory limit",
            "memory-limit",
        ),
        (
            500,
            "Default STARTUP TCP probe failed <*> time consecutively for container \"x\" on port <*>. The instance was not started.",
            "startup-probe-final",
        ),
        (
            400,
            "STARTUP HTTP probe failed 2 times consecutively for container \"x\" on path \"/\"",
            "startup-probe-attempt",
        ),
        (
            500,
            "The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable",
            "container-not-listening",
        ),
        (0, "[<*>] [<*>] [ERROR] Reason: Worker failed to boot.", "worker-failed-to-boot"),
        (500, "Application startup failed. Exiting.", "application-startup-failed"),
        (500, "The request failed because the instance could not start successfully.", "instance-could-not-start"),
        (
            500,
            "The request failed because either the HTTP response was malformed or connection to the instance had an error.",
            "malformed-response",
        ),
        (500, "The request was aborted because there was no available instance.", "no-available-instance"),
        (400, "The request was not authenticated. Either allow unauthenticated invocations", "caller-not-accepted"),
        (
            500,
            "connection to server on socket \"/cloudsql/<*>\" failed: server closed the connection unexpectedly",
            "database-connection",
        ),
        (500, "Database initialization timeout after <*>s", "database-timeout"),
        (500, "FATAL: sorry, too many clients already", "database-too-many-connections"),
        (
            500,
            "Failed to run migrations: (driver.OperationalError) connection to server at \"db\" failed",
            "migration-failed",
        ),
        (400, "Continuing without migrations", "migration-skipped"),
        (500, "Setup failed: No module named 'shop.cart'", "missing-module"),
        (400, "Sentry SDK not available - install it to enable error tracking", "error-tracking-missing"),
        (400, "SHOP_ID contained whitespace - sanitized from <*> to <*>", "setting-whitespace"),
        (400, "OAuth URI mismatch: <*> vs <*>", "redirect-uri-mismatch"),
        (400, "shop/old.py:<*>: DeprecationWarning: use new()", "deprecation"),
        (500, "429 RESOURCE_EXHAUSTED: Quota exceeded for quota metric", "quota-exceeded"),
        (
            500,
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate",
            "tls-certificate",
        ),
        (500, "OSError: [Errno 28] No space left on device", "disk-full"),
        (500, "OSError: [Errno 30] Read-only file system: '/app/x'", "read-only-file-system"),
        (500, "socket.gaierror: [Errno -2] Name or service not known", "dns-failure"),
        (500, "504 Deadline Exceeded", "deadline-exceeded"),
        (500, "Exception in ASGI application", "unhandled-request-exception"),
        (500, "Missing required environment variable: SHOP_ID", "setting-missing"),
    ] {
        let facts = Facts { kind: "message", severity, template, ..Facts::default() };
        assert_eq!(first_match(&rules, facts).map(|rule| rule.id.as_str()), Some(id), "of {template}");
    }
}

#[test]
fn built_in_rules_match_kinds() {
    let rules = built_in();
    let request = Facts { kind: "request", severity: 500, template: "GET /health", ..Facts::default() };
    for (status, id) in [
        (503, Some("request-5xx")),
        (504, Some("request-504")),
        (429, Some("request-429")),
        (403, Some("request-403")),
        (200, None),
    ] {
        assert_eq!(first_match(&rules, Facts { status, ..request }).map(|rule| rule.id.as_str()), id, "{status}");
    }
    let audit = Facts {
        kind: "audit",
        severity: 300,
        template: "google.cloud.run.v1.Services.ReplaceService",
        ..Facts::default()
    };
    assert_eq!(first_match(&rules, audit).unwrap().id, "deployment");
    assert_eq!(first_match(&rules, Facts { template: "/Services.CreateService", ..audit }).unwrap().id, "deployment");
    assert_eq!(first_match(&rules, Facts { severity: 500, ..audit }).unwrap().id, "deployment-failed");
    let import = Facts {
        kind: "exception",
        severity: 500,
        exception: "ModuleNotFoundError",
        template: "Traceback",
        ..Facts::default()
    };
    assert_eq!(first_match(&rules, import).unwrap().id, "missing-module-exception");
}

#[test]
fn built_in_rules_leave_ordinary_lines_alone() {
    let rules = built_in();
    for template in [
        "Starting new instance. Reason: AUTOSCALING - Instance started due to a recent increase of traffic",
        "Default STARTUP TCP probe succeeded after <*> attempt for container \"x\" on port <*>.",
        "Memory usage is below the limit",
        "Database URL: postgresql://***@/db?host=/cloudsql/<*>, timeout 30s",
        "Connected to the database; migrations applied",
        "Running migrations",
        "Sentry SDK initialized",
        "Rate limiter enabled: 100 requests a minute",
        "Circuit breaker initialized: threshold=<*>",
        "certificate loaded, read-only replica, deadline set",
        "SECRET_KEY: SET",
        "Booting worker with pid: <*>",
        "Worker exiting (pid: <*>)",
        "Registered exception handlers for ASGI application",
        "Readiness probe succeeded",
        "Successfully pulled image \"till:v2\"",
        "Successfully assigned default/till to node-<*>",
        "Table tills exists, columns are up to date",
    ] {
        for severity in [0, 200] {
            let facts = Facts {
                kind: "message",
                severity,
                template,
                log: "run.googleapis.com%2Fvarlog%2Fsystem",
                ..Facts::default()
            };
            assert_eq!(first_match(&rules, facts).map(|rule| rule.id.as_str()), None, "{template}");
        }
    }
}

#[test]
fn built_in_rules_are_complete() {
    let rules = built_in();
    let placeholder = Regex::new(r"\{([^}]*)\}").unwrap();
    for Rule { id, set, .. } in &rules.rules {
        let actions = set.actions.clone().unwrap_or_default();
        // a failed deployment is named by the reason in its status
        assert!(set.name.is_some() || id == "deployment-failed", "{id}");
        // some of them exclude others, by what the archive answers
        assert!(set.impact.is_some() && (1..=4).contains(&actions.len()), "{id}");
        assert!(set.impact.as_ref().is_some_and(|text| text.ends_with('.')), "{id}");
        assert!(set.business_impact.is_none(), "{id}: not for a built-in rule to know");
        let is_fatal = set.ends_instance == Some(true) || set.is_startup_failure == Some(true);
        assert_eq!(set.priority == Some(Priority::P0), is_fatal, "{id}");
        for text in actions.iter().chain(&set.impact).chain(&set.name) {
            for name in placeholder.captures_iter(text) {
                assert!(PLACEHOLDERS.contains(&&name[1]), "{id}: {text}");
            }
        }
    }
    assert_eq!(rules.version_hash.len(), 8);
    assert_eq!(rules.worklog.tiers.len(), 4);
}

fn user(text: &str) -> Result<RuleSet> {
    RuleSet::with_built_in("conf/gardener.toml", "gardener.toml", text)
}

const USER: &str = r#"
version = 1
[settings]
minimum_severity = "WARNING"
redact_off = ["ip"]
timezone = "Europe/Berlin"
[[rule]]
id = "cart"
[rule.match]
service = '^shop$'
call_site = 'cart:\d+ add'
status = 403
severity = ">=ERROR"
[rule.set]
name = "Cart"
category = "active-dev"
priority = "P2"
expected = false
[worklog]
executive = "Ours."
[[worklog.tier]]
priorities = ["P0", "P1"]
title = "All hands"
"#;

#[test]
fn the_user_comes_first() {
    let rules = user(USER).unwrap();
    let own = &rules.rules[0];
    assert_eq!((own.id.as_str(), own.source.as_str()), ("cart", "gardener.toml"));
    assert_eq!((own.set.priority, own.set.category), (Some(Priority::P2), Some(Category::ActiveDev)));
    assert_eq!(own.matches.severity, Some(SeverityCondition { op: Op::AtLeast, number: 500 }));
    assert_eq!(rules.rules[1].source, "built-in");
    assert_eq!(rules.worklog.executive.as_deref(), Some("Ours."));
    assert_eq!(rules.worklog.tiers.len(), 1);
    assert!(rules.worklog.next_steps.is_some());
    let settings = Settings::read("conf/gardener.toml", USER).unwrap();
    assert_eq!(settings.minimum_severity, Some(Severity(400)));
    assert_eq!(settings.redact_off, [crate::text::redact::Class::Ip]);
    assert_ne!(rules.version_hash, built_in().version_hash);
    assert_eq!(rules.version_hash, user(&USER.replace('\n', "\r\n")).unwrap().version_hash);
}

#[test]
fn rules_can_be_stored_as_json() {
    let rules = user(USER).unwrap().rules;
    let json = serde_json::to_string(&rules).unwrap();
    assert!(
        json.contains(
            r#""match":{"service":"^shop$","call_site":"cart:\\d+ add","severity":">=ERROR","status":"403"}"#
        ),
        "{json}"
    );
    assert_eq!(serde_json::from_str::<Vec<Rule>>(&json).unwrap(), rules);
}

#[test]
fn errors_say_where_and_what() {
    let rule = |id: &str, condition: &str, set: &str| {
        format!("version = 1\n[[rule]]\nid = \"{id}\"\n[rule.match]\n{condition}\n[rule.set]\n{set}\n")
    };
    let (ok, set) = ("template = 'x'", "name = \"x\"");
    for (text, line, part) in [
        (
            rule("a", "templat = 'x'", set),
            5,
            "unknown key `templat`\n    5 | templat = 'x'\n      | ^^^^^^^\n\nhint: did you mean `template`? allowed here: `service`, `template`",
        ),
        (
            rule("a", "template = '('", set),
            5,
            "the regex cannot be used: unclosed group\n    5 | template = '('\n      |            ^^^",
        ),
        (rule("a", "template = '(?!x)'", set), 5, "hint: Rust's syntax"),
        (
            rule("a", ok, "priority = \"P9\""),
            7,
            "unknown value `P9`\n    7 | priority = \"P9\"\n      |            ^^^^\n\nhint: did you mean `P0`? allowed here: `P0`, `P1`",
        ),
        (rule("a", ok, "category = \"old\""), 7, "unknown value `old`"),
        (rule("a", ok, "expected = \"yes\""), 7, "invalid type: string \"yes\", expected a boolean"),
        (rule("a", "severity = \">=WARN\"", set), 5, "unknown severity `WARN`"),
        (rule("a", "status = 42", set), 5, "`42` is no HTTP status"),
        (rule("a", "kind = \"log\"", set), 5, "unknown value `log`"),
        (rule("a", "", set), 3, "has no condition"),
        (rule("a", ok, ""), 3, "sets nothing"),
        (rule("A_b", ok, set), 3, "not in kebab-case"),
        (rule("a", ok, set) + &rule("a", ok, set)["version = 1\n".len()..], 9, "a second rule has the id `a`"),
        ("version = 2\n[new]\n".to_owned(), 1, "version 2 of rules is not supported"),
        ("[settings]\n".to_owned(), 1, "the key `version` is missing"),
        ("version = 1\n[settings]\nredact_off = [\"ips\"]".to_owned(), 3, "unknown value `ips`"),
        ("version = 1\nname = \n".to_owned(), 2, ""),
        ("version = 1\n[[rule]]\nid = \"a\"\n[rule.set]\nname = \"x\"\n".to_owned(), 2, "a rule without conditions"),
        ("version = 1\n[[worklog.tier]]\ntitle = \"x\"\n".to_owned(), 2, "the key `priorities` is missing"),
    ] {
        let fault = user(&text).err().or_else(|| Settings::read("conf/gardener.toml", &text).err());
        let error = fault.unwrap().to_string();
        assert!(error.starts_with(&format!("conf/gardener.toml:{line}: ")) && error.contains(part), "{error}");
    }
}

#[test]
fn a_file_that_is_not_there() {
    let error = format!("{:#}", Config::load(Some(Path::new("no/such.toml"))).unwrap_err());
    assert!(error.starts_with("cannot read the rules in `no/such.toml`"), "{error}");
}

#[test]
fn patterns_can_be_pinned_joined_and_kept_apart() {
    let text = r#"
version = 1
[[pattern]]
id = "worker-left"
template = "worker <*> left"
[[pattern]]
id = "vm-state"
template = "VM <*>"
messages = ["VM Started", "VM Paused"]
[[pattern]]
id = "root-shell"
apart = ["shell of root opened"]
"#;
    let rules = parse("g.toml", "g.toml", text).unwrap();
    assert_eq!(rules.pattern_overrides.len(), 3);
    let error =
        |table: &str| parse("g.toml", "g.toml", &format!("version = 1\n[[pattern]]\n{table}")).unwrap_err().to_string();
    let wrong = error("id = \"exit\"\ntemplate = \"exit code 3\"");
    assert!(wrong.contains("g.toml:3: `exit code 3` matches no message: values are masked"), "{wrong}");
    assert!(wrong.ends_with("hint: write `exit code <*>`"), "{wrong}");
    assert!(error("id = \"a\"").contains("sets nothing"));
    assert!(error("id = \"a\"\nmessages = [\"x\"]").contains("has no `template`"));
    assert!(error("id = \"a\"\ntemplate = \"x\"\napart = [\"y\"]").contains("has both"));
    assert!(error("id = \"A\"\ntemplate = \"x\"").contains("kebab-case"));
}
