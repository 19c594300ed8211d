//! What a text is: signs that people put first, and the words of runtimes for a failure that nobody caught.

/// Signs that stand first, with the level they tell.
const SIGNS: [(char, &str); 8] = [
    ('❌', "ERROR"),
    ('🔴', "ERROR"),
    ('🚨', "ERROR"),
    ('💥', "ERROR"),
    ('⛔', "ERROR"),
    ('⨯', "ERROR"),
    ('⚠', "WARNING"),
    ('🟡', "WARNING"),
];

/// How the failures begin that end a program, a thread or a request. ASCII, compared without case.
const UNCAUGHT: [&str; 19] = [
    "panic: ",
    "http: panic serving ",
    "panic serving ",
    "panic recovered:",
    "fatal error: ",
    "parse error: ",
    "exception in thread \"",
    "traceback (most recent call last)",
    "unhandledpromiserejection",
    "unhandled promise rejection",
    "unhandled rejection",
    "unhandled exception",
    "uncaught exception",
    "fatal exception",
    "segmentation fault",
    "terminate called after throwing",
    "out of memory: killed process",
    "fatal python error: ",
    "fatal: ",
];

/// The level that a statement's content tells.
pub(super) fn level(said: &str) -> Option<&'static str> {
    let said = said.trim_start();
    let first = said.chars().next()?;
    if let Some((_, level)) = SIGNS.iter().find(|(sign, _)| *sign == first) {
        return (!super::wording::is_count_of_none(said)).then_some(level);
    }
    let line = said.lines().next().unwrap_or_default();
    is_uncaught(line).then_some("ERROR")
}

fn is_uncaught(line: &str) -> bool {
    let begins = |text: &str, words: &str| text.get(..words.len()).is_some_and(|head| head.eq_ignore_ascii_case(words));
    if let Some(begun) = UNCAUGHT.iter().find(|words| begins(line, words)) {
        let behind = &line[begun.len()..];
        let is_counted = behind.starts_with(['s', ':', '='])
            && behind.trim_start_matches(['s', ' ', ':', '=']).starts_with(|c: char| c.is_ascii_digit());
        let has_value = begun.ends_with(": ") || behind.starts_with([':', '=']);
        let is_none = has_value && super::words::is_no_failure(behind.trim_start_matches([':', '=']));
        let names_a_thing = behind.trim_start().split(' ').next().is_some_and(|word| {
            matches!(word, "handler" | "handlers" | "handling" | "hook" | "hooks" | "tracking" | "filter" | "listener")
        });
        return !is_counted && !names_a_thing && !is_none;
    }
    // `Uncaught TypeError: text`, `thread 'main' panicked at src/main.rs:2:5:`
    let is_thrown =
        begins(line, "uncaught ") && line.contains(": ") || begins(line, "(node:") && line.contains("Unhandled");
    let is_panic = begins(line, "thread '") && line.contains("' panicked at")
        || begins(line, "thread '") && line.contains(") panicked at");
    is_thrown || is_panic
}
