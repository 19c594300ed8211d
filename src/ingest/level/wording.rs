//! How sentences tell that the program itself failed, for texts that declare no level.
//!
//! English only, and only the first clause: what it begins with, or its verb. What counts, negates, asks, supposes or
//! reports success is no failure, nor is a thing that has failure in its name.

use std::sync::LazyLock;

use regex::Regex;

use super::words::{is_about_errors, is_no_failure};

/// No sentence's verb is sought beyond this.
const REACH: usize = 300;
/// No subject of a failure has more words.
const SUBJECT_WORDS: usize = 12;

/// Whether a statement reports a failure. A program writes little but failures to `stderr`, so that more is believed there.
pub(super) fn is_failure(said: &str, is_stderr: bool) -> bool {
    let line = said.trim_start().lines().next().unwrap_or_default();
    let line = &line[..line.floor_char_boundary(REACH)];
    // most lines have no word of failure in them
    if !WORDS_OF_FAILURE.is_match(line) {
        return false;
    }
    let line = without_quoted(line);
    let line = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '-' | '=' | '>' | '#' | '!'));
    let said = behind_name(line);
    let is_told = begins_with_failure(said)
        || has_failing_verb(said, is_stderr)
        || has_word(said, SYSTEM)
        || ends_in_inspected(line)
        || is_stderr && ends_in_state(line);
    let is_asked = line.ends_with('?') || line.contains("? ");
    is_told && !is_asked && !tells_success(line) && !is_count_of_none(line) && !supposes(line)
}

static WORDS_OF_FAILURE: LazyLock<Regex> = LazyLock::new(|| {
    let words = "fail|error|exception|cannot|can'?t|can not|could|unable|refused|denied|tim(?:ed|e) ?out|timeout|crash|uncaught\
        |unhandled|went wrong|out of memory|no space|not found|no such|unbound|reachable|not set|died|lost|not start|missing|reset\
        |already in use|exceeded|broken pipe|killed|backoff|\\bE[A-Z_]{4,}";
    Regex::new(&format!("(?i){words}")).unwrap_or_else(|error| unreachable!("{error}"))
});

/// What the operating system answers, in letters that no sentence has.
const SYSTEM: &str = "ECONNREFUSED ECONNRESET ENOTFOUND ETIMEDOUT EADDRINUSE EACCES ENOENT EPIPE EHOSTUNREACH EAI_AGAIN \
    ENOMEM ENOSPC EMFILE CrashLoopBackOff OOMKilled";

/// `dial tcp 10.0.0.1:5432: connect: connection refused`, and an exception's type by itself.
fn ends_in_state(line: &str) -> bool {
    const ENDS: &str = ": connection refused;: exec format error;: unbound variable;: no such file or directory;: permission denied;: address already in use;\
        : i/o timeout;: connection reset by peer;: broken pipe;: no such host;: not found;context deadline exceeded;: killed";
    let lower = line.to_ascii_lowercase();
    let is_type = ["Error", "Exception"].iter().any(|end| line.len() > end.len() && line.ends_with(end));
    let is_alone = line.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    is_type && is_alone || ENDS.split(';').any(|end| lower.ends_with(end))
}

/// `Rack app ("GET /till"): #<RuntimeError: the till is stuck>`, an exception as Ruby shows objects.
fn ends_in_inspected(line: &str) -> bool {
    let told = line.rsplit_once(": #<").and_then(|(_, object)| object.strip_suffix('>'));
    // the sign that closes it may be gone with those around a line
    let told = told.or_else(|| line.rsplit_once(": #<").map(|(_, object)| object));
    told.and_then(|object| object.split_once(": ")).is_some_and(|(name, said)| {
        let is_type = name.ends_with("Error") || name.ends_with("Exception");
        is_type && !said.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b':')
    })
}

/// Without a module's name before the sentence: `till: failed to print`.
fn behind_name(line: &str) -> &str {
    let Some((name, said)) = line.split_once(": ") else { return line };
    let is_module =
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') || name.contains(['.', '/', '_', ':']);
    let is_failure =
        ["error", "failed", "failure", "exception", "Error", "Exception"].iter().any(|end| name.ends_with(end))
            || name.contains(".exceptions.");
    if is_module && !is_failure && !name.contains(' ') { said } else { line }
}

/// What stands in quotes is somebody else's: a title, a value.
fn without_quoted(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut closing = None;
    let mut last = ' ';
    for c in line.chars() {
        match closing {
            Some(close) if c == close => closing = None,
            Some(_) => {}
            None => match c {
                '"' | '`' => closing = Some(c),
                // an apostrophe stands inside a word
                '\'' if !last.is_alphanumeric() => closing = Some(c),
                '“' => closing = Some('”'),
                '«' => closing = Some('»'),
                _ => out.push(c),
            },
        }
        if closing.is_some_and(|close| close != c) && !out.ends_with('□') {
            out.push('□');
        }
        last = c;
    }
    out
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | '-' | '/' | '\''))
        .filter(|word| !word.is_empty())
}

/// Whether a list of words, parted by blanks, has this one in any case.
fn is_among(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known.eq_ignore_ascii_case(word))
}

fn has_word(line: &str, list: &str) -> bool {
    words(line).any(|word| is_among(list, word.trim_end_matches('.')))
}

fn tells_success(line: &str) -> bool {
    const SUCCESS: &str = "succeeded succeeds successfully successful success recovered resolved fixed passed passes handled \
        restored cleared healthy ok skipped simulated deliberately expected graceful gracefully registered";
    const DENIED: &str = "not never without hasn't didn't wasn't";
    let mut before = "";
    let mut is_denied = false;
    for word in words(line) {
        let word = word.trim_end_matches('.');
        let is_success = is_among(SUCCESS, word);
        // `Failed to restore: ...` and `could not be resolved` tell none
        is_denied |= is_among(DENIED, before) || matches!(before, "be" | "as" | "to" | "is" | "at");
        if is_success && !is_denied && !matches!(before, "") {
            return true;
        }
        is_denied = false;
        before = word;
    }
    line.starts_with(['✅', '✓', '✔', '🎉', '👍', '🟢'])
}

/// `0 errors`, `failed: 0`, `no failures`, `without error`: nothing failed. `12 sent, 3 failed` counts, and is a report.
pub(super) fn is_count_of_none(line: &str) -> bool {
    const FAILURES: &str = "error errors failed failure failures fail fails exceptions exception rejected refused timeouts \
        crashes panics";
    const NONE: &str = "no zero without none nothing never not any nobody";
    let line = &line[..line.floor_char_boundary(REACH)];
    let list: Vec<&str> = line.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
    let is_failure = |word: &str| is_among(FAILURES, word);
    let is_none = |word: &str| is_among(NONE, word);
    (1..list.len()).any(|at| {
        let (before, word) = (list[at - 1], bare(list[at]));
        let earlier = at.checked_sub(2).map_or("", |at| list[at]);
        let is_number = before.bytes().all(|byte| byte.is_ascii_digit());
        // `Seat 12 failed` names a seat, `sent 3, 12 failed` counts
        let is_counted = !earlier.ends_with(char::is_alphanumeric) || matches!(earlier, "of" | "and" | "with");
        let is_plural = word.ends_with('s') && word != "fails";
        let is_apart =
            matches!(before, "requests" | "jobs" | "tests" | "tasks" | "new" | "more" | "other" | "have" | "has");
        is_failure(&word)
            && (before == "0"
                || is_none(&bare(before))
                || is_number && (is_counted || is_plural)
                || is_apart && (earlier == "0" || is_none(&bare(earlier))))
    }) || line.match_indices([':', '=']).any(|(at, _)| {
        let before = line[..at].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
        is_failure(&before) && before != "refused" && is_no_failure(&line[at + 1..])
    })
}

/// What may happen, is looked for, or belongs to a list.
fn supposes(line: &str) -> bool {
    const BEGINNINGS: &str = "if when whenever once unless should would will may might how why what in test testing tests \
        simulating simulate checking looking handling handled mapped registered registering loaded loading \
        added adding listening ignoring ignored retry retrying retried recovered recovering example todo usage help see created creating sent sending reading searching found \
        fetched received reconnected reconnecting previous previously last yesterday earlier everything \
        guest story chapter until";
    const ANYWHERE: &str = "if;would;might;should;in case;unless;whether;what to do;previously;no longer;used to;until;can be;\
        may be;may time;could be;could time";
    let first = words(line).next().unwrap_or_default().trim_end_matches("'s");
    let lower = line.to_ascii_lowercase();
    let clause = &lower[..lower.find([':', ',', ';', '(']).unwrap_or(lower.len())];
    let holds = |phrase: &str| {
        clause.match_indices(phrase).any(|(at, _)| {
            let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
            is_edge(clause[..at].chars().next_back()) && is_edge(clause[at + phrase.len()..].chars().next())
        })
    };
    is_among(BEGINNINGS, first) || ANYWHERE.split(';').any(holds)
}

fn begins_with_failure(line: &str) -> bool {
    const BEGINNINGS: &str = "failed to ;failure to ;failure: ;failure while ;failure in ;cannot ;can't ;can not ;could not ;\
        couldn't ;unable to ;uncaught ;unhandled error;unhandled exception;unhandled promise;unhandled rejection;an error occurred;\
        error occurred;an error has occurred;an exception occurred;exception occurred;an unexpected error;unexpected error;\
        unexpected exception;encountered an error;encountered error;something went wrong;fatal error;internal error;module not found: ;\
        lost connection to ;timeout while ;timeout waiting ;timed out waiting ;timed out while ;timed out after ;\
        missing required ;missing environment variable";
    // states that also name things, such as a button
    const STATES: &str = "internal server error;out of memory;no space left on device;permission denied;access denied;\
        connection refused;connection timed out;connection reset;no such file or directory";
    const BEHIND: &str = "by while when on for at to in from during after with";
    const DOING: &str = "while in during when at on from with for inside getting trying caught occurred executing running opening \
        reading writing parsing of";
    let lower = line.to_ascii_lowercase();
    if let Some(state) = STATES.split(';').find(|words| lower.starts_with(words)) {
        let behind = &lower[state.len()..];
        return !behind.starts_with(' ')
            || behind.starts_with(" (")
            || words(behind).next().is_some_and(|next| is_among(BEHIND, next));
    }
    if let Some(begun) = BEGINNINGS.split(';').find(|words| lower.starts_with(words)) {
        let rest = &line[begun.len()..];
        let next = words(rest).next().unwrap_or_default().to_ascii_lowercase();
        // `Cannot be undone`, `Unhandled errors: 0`, `Failed to 0`
        return !matches!(next.as_str(), "be" | "wait" | "stress") && !is_about_errors(rest);
    }
    for word in ["error", "failed", "exception"] {
        let Some(rest) = lower.strip_prefix(word) else { continue };
        if let Some(value) = rest.strip_prefix(':').or_else(|| rest.strip_prefix(" - ")) {
            return !value.trim().is_empty() && !is_no_failure(value);
        }
        let Some(rest) = rest.strip_prefix(' ') else { continue };
        let next = rest.split([' ', ':', ',']).next().unwrap_or_default();
        let is_deed = next.len() > 4 && next.ends_with("ing") && !is_about_errors(rest);
        let has_object = rest.len() > next.len();
        return is_deed || is_among(DOING, next) && has_object && word != "failed" || next == "occurred";
    }
    has_type_first(line)
}

/// `TypeError: text`, `java.net.ConnectException: text`.
fn has_type_first(line: &str) -> bool {
    let Some((name, said)) = line.split_once(':') else { return false };
    let last = name.rsplit(['.', ':']).next().unwrap_or(name);
    let is_type = ["Error", "Exception"].iter().any(|end| last.len() > end.len() && last.ends_with(end))
        || name.contains(".exceptions.") && last.starts_with(|c: char| c.is_ascii_uppercase());
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'$'));
    is_type && is_name && said.starts_with(' ') && !is_no_failure(said)
}

/// `... failed: reason`, `... could not be read`, `... refused`.
fn has_failing_verb(line: &str, is_stderr: bool) -> bool {
    let clause = &line[..line.find(". ").unwrap_or(line.len())];
    let lower = clause.to_ascii_lowercase();
    VERBS.iter().any(|verb| {
        let at = find_word(&lower, verb.words);
        at.is_some_and(|at| verb.is_failure(&clause[..at], &clause[at + verb.words.len()..], is_stderr))
    })
}

/// When a verb tells that the program failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Belief {
    /// With a reason behind it, or at the end of what is said of something that programs have.
    Reasoned,
    /// The same, and it is said of machines only.
    Always,
    /// Only of something that programs have.
    OfMachines,
    /// The same, and with a reason only.
    OfMachinesReasoned,
}

struct Verb {
    words: &'static str,
    /// What may follow where a failure is reported, parted by `;`.
    before: &'static str,
    belief: Belief,
}

impl Verb {
    fn is_failure(&self, subject: &str, behind: &str, is_stderr: bool) -> bool {
        if !self.may_be_said_of(subject) {
            return false;
        }
        let is_reasoned = behind.starts_with(": ") && (self.words == "refused" || !is_no_failure(&behind[1..]))
            || self.before.split(';').any(|next| !next.is_empty() && behind.starts_with(next));
        let is_end = behind.trim_end_matches(['.', '!', '…']).is_empty()
            || [", ", "; ", " (", " - ", " — "].iter().any(|sign| behind.starts_with(sign));
        match self.belief {
            Belief::Always => is_reasoned || is_end,
            Belief::Reasoned => is_reasoned || is_end && (is_stderr || is_technical(subject)),
            Belief::OfMachines => (is_reasoned || is_end) && is_technical(subject),
            Belief::OfMachinesReasoned => {
                let has_reason =
                    is_reasoned || behind.starts_with(' ') && behind.contains(": ") && self.words != "error";
                has_reason && is_technical(subject)
            }
        }
    }

    /// Games, documents and people fail, too.
    fn may_be_said_of(&self, subject: &str) -> bool {
        const OTHERS: &str = "level quest mission exam player team boss game lobby round story tale novel user guest customer \
            student session who that which he she they you nobody idle many few list page queue filter status previous \
            earlier last";
        let is_name = subject.trim_end().ends_with(['/', '_', '-', '#', '.', '=']);
        let is_cut = subject.contains(": ") || subject.contains(" | ");
        (1..=SUBJECT_WORDS).contains(&words(subject).count())
            && !is_name
            && !has_word(subject, OTHERS)
            && (self.belief == Belief::Always || !is_cut)
    }
}

/// Whether it is something that programs have: a connection, a job, a setting.
fn is_technical(subject: &str) -> bool {
    const THINGS: &str = "connection connect connecting request requests query upload download job task build deploy \
        deployment migration backup import export sync start startup start-up initialization authentication \
        authorization login validation check healthcheck probe handshake transaction server worker process service api \
        call fetch write read database db redis socket webhook delivery command script step stage payment access mysql \
        mongodb mongo postgres postgresql rpc network auth http ssl tls dns parse runtime syntax client internal system";
    subject.trim_end().rsplit(' ').next().is_some_and(is_setting) || has_word(subject, THINGS)
}

const fn verb(words: &'static str, before: &'static str, belief: Belief) -> Verb {
    Verb { words, before, belief }
}

const VERBS: [Verb; 20] = [
    verb("failed for", " user ", Belief::OfMachinesReasoned),
    verb("error", "", Belief::OfMachinesReasoned),
    verb("is not set", "", Belief::OfMachines),
    verb("died", " with ", Belief::OfMachines),
    verb("lost", "", Belief::OfMachines),
    verb("did not start", " ", Belief::Reasoned),
    verb("failed", " to ; with ; after ; because ; due to ; while ; during ; on attempt;! ", Belief::Reasoned),
    verb("has failed", " to ; with", Belief::Reasoned),
    verb("refused", " the connection; to connect", Belief::Reasoned),
    verb("timed out", " after ; waiting ; while", Belief::Always),
    verb("crashed", " with ; after ; while", Belief::Reasoned),
    verb("could not be", " ", Belief::Always),
    verb("cannot be", " reached; opened; read; resolved; loaded; found; connected; parsed; started", Belief::Reasoned),
    verb("can't be", " reached; opened; read; resolved; loaded; found; parsed", Belief::Reasoned),
    verb("denied", " for ; by ", Belief::Reasoned),
    verb("unreachable", "", Belief::Reasoned),
    verb("threw an exception", " ", Belief::Always),
    verb("ran out of memory", " ", Belief::Always),
    verb("command not found", "", Belief::Always),
    verb("is not reachable", " ", Belief::Always),
];

/// `DATABASE_URL`.
fn is_setting(word: &str) -> bool {
    word.contains('_') && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Where a phrase stands as words of its own.
fn find_word(lower: &str, phrase: &str) -> Option<usize> {
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '-');
    lower
        .match_indices(phrase)
        .map(|(at, _)| at)
        .find(|&at| is_edge(lower[..at].chars().next_back()) && is_edge(lower[at + phrase.len()..].chars().next()))
}
