//! The head of a line: what loggers write before what was said, and the level in it.
//!
//! One grammar for all of them, since they differ in order and signs only: time stamps, then process, thread, host,
//! request or logger (in brackets, between bars, before a dash or colon), then a level in its place, then a logger again.
//! A level is a word in its place, never one in a sentence: it needs something of a head before it, or a sign behind it.

use super::{
    bracket::{bracket, bracketed},
    heads,
    pairs::keyed,
    scan::{After, Scan, uncoloured},
    stamp, tail,
    words::{self, Case},
};

/// What stands before a statement.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub level: Option<&'static str>,
    pub has_time: bool,
    /// Behind time stamps and brackets, level or not.
    pub prefix: usize,
    /// Where what was said begins.
    pub statement: usize,
}

/// How far into a text a level may stand.
const REACH: usize = 240;
/// How many parts a head has before its level.
const PARTS: usize = 12;
/// How many of these are names of hosts, loggers or threads.
const NAMES: usize = 4;

/// What was read before a place.
#[derive(Debug, Default)]
struct Before {
    has_time: bool,
    has_bracket: bool,
    /// A bar or a dash stands directly before.
    has_sign: bool,
    names: usize,
    /// A word of letters only, directly after the time: it may be a logger or begin a sentence.
    has_plain_word: bool,
    /// npm or pnpm stands directly before, which write a level behind their own name.
    has_manager: bool,
}

impl Before {
    fn is_start(&self) -> bool {
        !self.has_time && !self.has_bracket && self.names == 0
    }
}

pub(super) fn read(text: &str) -> Head {
    relayed(text).unwrap_or_else(|| of_line(text))
}

fn of_line(text: &str) -> Head {
    let mut scan = Scan::new(text);
    scan.blank_lines();
    let first = scan.rest();
    if let Some((level, length)) = heads::headed(first) {
        scan.at += length;
        return found(level, false, &mut scan);
    }
    let step = heads::build_step(scan.rest());
    scan.at += step;
    if step == 0 {
        scan.decoration();
    }
    let (mut before, mut prefix) = (Before::default(), if step > 0 { scan.at } else { 0 });
    for _ in 0..PARTS {
        scan.blank();
        let rest = scan.rest();
        if rest.is_empty() || rest.starts_with('\n') || scan.at > REACH {
            break;
        }
        let stamp = stamp::length(rest);
        if stamp > 0 {
            scan.at += stamp;
            prefix = scan.signs(&mut before.has_sign);
            before.has_time = true;
        } else if let Some((inside, length)) = bracket(rest) {
            scan.at += length;
            if let Some(level) = bracketed(inside) {
                return found(level, before.has_time || stamp::length(inside) > 0, &mut scan);
            }
            before.has_time |= stamp::length(inside) > 0;
            before.has_bracket = true;
            prefix = scan.signs(&mut before.has_sign);
        } else if let Some((level, length)) = level_word(rest, &before) {
            let has_time = before.has_time || rest[1..].starts_with(", [");
            scan.at += length;
            return found(level, has_time, &mut scan);
        } else if let Some(pairs) = keyed(rest) {
            if let Some((level, said)) = pairs.level {
                let statement = said.map_or(0, |said| scan.at + said);
                return Head { level: Some(level), has_time: before.has_time, prefix, statement };
            }
            if !before.has_time {
                break;
            }
            scan.at += pairs.first;
        } else if take_name(&mut scan, &mut before) {
            // `host kernel: text`
            if before.has_time && rest[..rest.len() - scan.rest().len()].contains(": ") {
                prefix = scan.at;
            }
        } else {
            break;
        }
    }
    without_level(text, before.has_time, step > 0, prefix)
}

fn found(level: &'static str, has_time: bool, scan: &mut Scan<'_>) -> Head {
    let after_level = scan.at;
    let statement = tail::statement(scan, has_time);
    Head { level: Some(level), has_time, prefix: after_level, statement }
}

/// A time without a level; Java's own logger writes the level on the line below.
fn without_level(text: &str, has_time: bool, has_step: bool, prefix: usize) -> Head {
    const JAVA: [&str; 7] = ["SEVERE", "WARNING", "INFO", "CONFIG", "FINE", "FINER", "FINEST"];
    if has_time && let Some((first, second)) = text.split_once('\n') {
        let (word, said) = second.split_once(": ").unwrap_or_default();
        if JAVA.contains(&word) {
            let statement = first.len() + 1 + second.len() - said.len();
            return Head { level: words::any(word), has_time, prefix: statement, statement };
        }
    }
    let is_behind = (has_time || has_step) && !text[prefix..].trim().is_empty();
    let statement = if is_behind { prefix } else { 0 };
    Head { level: None, has_time, prefix, statement }
}

/// PHP-FPM's line about what a child of it said, whose own level counts where it has one.
fn relayed(text: &str) -> Option<Head> {
    let near = &text[..text.floor_char_boundary(REACH)];
    let (before, _) = near.split_once(" said into std")?;
    let quote = before.len() + text[before.len()..].find(": \"")? + 3;
    let mut start = quote;
    for known in ["NOTICE: ", "PHP message: "] {
        start += if text[start..].starts_with(known) { known.len() } else { 0 };
    }
    let said = of_line(&text[start..]);
    let level = said.level?;
    let own = of_line(before);
    own.level?;
    Some(Head {
        level: Some(level),
        has_time: own.has_time,
        prefix: start + said.prefix,
        statement: start + said.statement,
    })
}

/// `shop:error text`: a namespace that ends in a level.
fn namespaced(rest: &str) -> Option<(&'static str, usize)> {
    let end = rest.find([' ', '\n']).filter(|&end| end <= 60)?;
    let (name, word) = rest[..end].rsplit_once(':')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b':'));
    let next = rest[end..].trim_start();
    let is_level = is_name && words::case_of(word) == Some(Case::Lower) && !next.is_empty();
    let is_thing = next.starts_with(['=', '{', '(', '-']) || words::is_about_errors(next) || words::is_no_failure(next);
    words::full(word).filter(|_| is_level && !is_thing).map(|level| (level, end))
}

/// A level as a word of its own, and how long it is, signs behind it not counted.
fn level_word(rest: &str, before: &Before) -> Option<(&'static str, usize)> {
    if let Some(php) = php(rest) {
        return Some(php);
    }
    let length = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (word, behind) = rest.split_at(length);
    let after = After::of(behind);
    if let [letter] = word.as_bytes() {
        // Android's `E/Tag`, Ruby's `E, [`, a column between bars
        let is_ruby = before.is_start() && behind.starts_with(", [");
        let is_column = before.has_sign && after == After::Bar;
        // TensorFlow's `E core/till.cc:12] text`, MongoDB's `E NETWORK  [conn1] text`
        let next = behind.trim_start().split(' ').next().unwrap_or_default();
        let is_component = next.ends_with(']') || next.len() > 2 && next.bytes().all(|byte| byte.is_ascii_uppercase());
        let is_before_component = before.has_time && before.names == 0 && after == After::Blank && is_component;
        // semantic_logger's `E [12:puma 001 till.rb:7] Till -- text`
        let process = behind.trim_start().strip_prefix('[').and_then(|inside| inside.split_once([':', ']']));
        let is_before_process = before.has_time
            && before.names == 0
            && after == After::Bracket
            && process
                .is_some_and(|(number, _)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
        let process_length = if is_before_process { behind.find(']').map_or(0, |close| close + 1) } else { 0 };
        let is_android = behind.starts_with('/') && (before.has_time || behind.contains("): "));
        if is_ruby {
            let close = behind.find(']')? + 1;
            let inner = behind[close..].trim_start();
            let word = inner.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(inner.len());
            return words::full(&inner[..word]).map(|level| (level, length + behind.len() - inner.len() + word));
        }
        return words::letter(*letter)
            .filter(|_| is_column || is_android || is_before_component || is_before_process)
            .map(|level| (level, length + process_length));
    }
    if before.has_time
        && let Some(found) = dotted(rest)
    {
        return Some(found);
    }
    // `DeprecationWarning: text`, as Python and Node name their warnings: the name is part of what is said
    if word.len() > 7
        && word.ends_with("Warning")
        && !word.starts_with("Unhandled")
        && after == After::Colon
        && before.names <= 1
    {
        return Some(("WARNING", 0));
    }
    if before.names == 0
        && !before.has_bracket
        && let Some(found) = namespaced(rest)
    {
        return Some(found);
    }
    let level = words::any(word)?;
    let is_rare = words::full(word).is_none();
    let behind = uncoloured(behind);
    let is_placed = match words::case_of(word)? {
        Case::Upper => upper(word, is_rare, after, behind, before),
        Case::Title => titled(word, is_rare, after, behind, before),
        Case::Lower => lower(word, is_rare, after, behind, before),
    };
    is_placed.then_some((level, length))
}

/// `production.ERROR: text`, a channel's name with the level.
fn dotted(rest: &str) -> Option<(&'static str, usize)> {
    let end = rest.find(": ").filter(|&end| !rest[..end].contains([' ', '\n']))?;
    let (_, word) = rest[..end].rsplit_once('.')?;
    let level = words::full(word).filter(|_| words::case_of(word) == Some(Case::Upper))?;
    Some((level, end))
}

fn upper(word: &str, is_rare: bool, after: After, behind: &str, before: &Before) -> bool {
    let is_apart = matches!(after, After::Bar | After::Dash | After::Bracket | After::Columns);
    let next = behind.trim_start();
    let is_shouted = next.bytes().take_while(u8::is_ascii_alphabetic).count() > 1
        && next.bytes().take(2).all(|byte| byte.is_ascii_uppercase());
    match after {
        After::Inside => false,
        // a test's result
        After::Colon if word == "FAIL" && before.is_start() => false,
        After::Colon if word == "SHOUT" => before.has_time || stamp::length(value(behind).trim_start()) > 0,
        After::Colon => !words::is_no_failure(value(behind)),
        After::Bang => !is_rare && before.names <= 1,
        // logrus: `ERRO[0000] text`
        After::Counter => true,
        _ if is_rare && !before.has_time => word != "LOG" && is_apart && before.has_sign,
        _ if before.has_plain_word => is_apart,
        _ if before.has_time => true,
        After::Slash | After::End => false,
        _ if before.names > 0 => is_apart && before.has_sign,
        _ if is_apart => true,
        After::Blank if stamp::length(next) > 0 => true,
        After::Blank => {
            !is_shouted && !words::is_about_errors(next) && !matches!(word, "ALERT" | "EMERGENCY" | "PANIC" | "NOTICE")
        }
        _ => false,
    }
}

fn titled(word: &str, is_rare: bool, after: After, behind: &str, before: &Before) -> bool {
    let is_apart = matches!(after, After::Bar | After::Dash | After::Bracket | After::Columns);
    match after {
        After::Colon if words::is_no_failure(value(behind)) => false,
        After::Colon if before.has_time && !before.has_plain_word => !is_rare,
        // `Error:` is how people write, too: that is left to the wording
        After::Colon => {
            matches!(word, "Warning" | "Critical" | "Fatal" | "Info" | "Information" | "Debug") && before.names == 0
        }
        _ if before.has_time => is_apart && !before.has_plain_word,
        _ => after == After::Bar && before.has_sign,
    }
}

fn lower(word: &str, is_rare: bool, after: After, behind: &str, before: &Before) -> bool {
    const LEADING: [&str; 4] = ["fail", "dbug", "trce", "silly"];
    match after {
        After::Colon => {
            let is_written = behind.starts_with(": ") || behind.starts_with(":\t") || behind == ":";
            let is_known =
                if is_rare { LEADING.contains(&word) } else { !matches!(word, "alert" | "panic" | "notice") };
            is_written
                && is_known
                && before.names <= 1
                && !before.has_plain_word
                && !words::is_no_failure(value(behind))
        }
        After::Blank if before.has_manager => {
            let next = behind.trim_start();
            let has_code = next.strip_prefix("code ").is_some_and(|code| code.starts_with(['E', 'e', '1']));
            matches!(word, "error" | "warn") && (has_code || !words::is_about_errors(next))
        }
        // swift-log's `error shop.till : text`
        After::Blank if before.has_time && before.names == 0 && !before.has_plain_word => {
            let mut next = behind.trim_start().splitn(3, ' ');
            !is_rare && next.next().is_some_and(|label| label.contains('.')) && next.next() == Some(":")
        }
        After::Bar | After::Bracket | After::Columns if before.has_time => !is_rare && !before.has_plain_word,
        After::Bar => before.has_sign && !is_rare,
        _ => false,
    }
}

/// What stands behind a word's colon.
fn value(behind: &str) -> &str {
    behind.trim_start_matches([' ', '\t']).trim_start_matches(':')
}

/// `PHP Fatal error:  text`, as PHP names its levels.
fn php(rest: &str) -> Option<(&'static str, usize)> {
    const NAMES: [(&str, &str); 8] = [
        ("Fatal error:", "ERROR"),
        ("Parse error:", "ERROR"),
        ("Recoverable fatal error:", "ERROR"),
        ("Core error:", "ERROR"),
        ("Compile error:", "ERROR"),
        ("Warning:", "WARNING"),
        ("Notice:", "NOTICE"),
        ("Deprecated:", "NOTICE"),
    ];
    let behind = rest.strip_prefix("PHP ")?;
    NAMES.iter().find(|(name, _)| behind.starts_with(name)).map(|(name, level)| (*level, 4 + name.len()))
}

fn is_level_before_colon(rest: &str) -> bool {
    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let is_level = words::full(&rest[..end]).is_some() || rest[..end].ends_with("Warning");
    is_level && rest[end..].starts_with(": ")
}

/// A host, process, logger or thread before the level; whether there was one.
fn take_name(scan: &mut Scan<'_>, before: &mut Before) -> bool {
    let rest = scan.rest();
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '|' | '[' | ']' | '(' | ')' | '\u{1b}'));
    let name = &rest[..end.unwrap_or(rest.len())];
    let behind = &rest[name.len()..];
    let bare = name.trim_end_matches(':');
    let is_plain = bare.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_name = !bare.is_empty() && bare.is_ascii() && bare.len() <= 80;
    let process = behind.strip_prefix('[').and_then(|inside| inside.split_once(']')).map(|(inside, _)| inside);
    let is_process = process.is_some_and(|inside| inside.len() <= 40 && !inside.contains(' '));
    let has_digit = name.bytes().any(|byte| byte.is_ascii_digit());
    let inside = behind.trim_start().strip_prefix('[').and_then(|inside| inside.split_once(']'));
    // `nginx: [emerg] text`
    let is_before_level = before.is_start()
        && name.ends_with(':')
        && bare.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
        && inside.is_some_and(|(word, _)| words::full(word).is_some() && words::case_of(word) == Some(Case::Lower));
    // `1:M 10 Jun 2025 10:00:00 # text`, `src/till.rs:12: warning: text`
    let is_apart = is_process
        || is_before_level
        || before.is_start() && has_digit && stamp::length(behind.trim_start()) > 0
        || before.is_start() && name.ends_with(':') && is_level_before_colon(behind.trim_start())
        || matches!(After::of(behind), After::Bar | After::Dash)
        || matches!(After::of(behind), After::Columns) && before.has_sign && before.has_time;
    let is_counted =
        bare.bytes().any(|byte| byte.is_ascii_digit()) || bare.contains(['.', '_', '/', ':', '@', '$', '#']);
    let is_stream = matches!(bare, "stdout" | "stderr" | "F" | "P" | "npm" | "pnpm");
    let is_first_word = before.has_time && before.names == 0 && is_plain && !before.has_sign;
    let is_lower = bare.bytes().all(|byte| byte.is_ascii_lowercase());
    if !is_name || before.names >= NAMES || end.is_none() || words::full(bare).is_some() {
        return false;
    }
    // `host kernel: text`
    let is_tag = before.has_time && before.names <= 1 && name.ends_with(':') && is_lower;
    let is_taken = is_tag || is_apart || is_stream || before.has_time && is_counted || is_first_word && is_lower;
    if is_taken {
        before.has_plain_word = is_tag || is_first_word && !is_apart && !is_stream;
        before.has_manager = matches!(bare, "npm" | "pnpm") && behind.starts_with(' ');
        // a package manager writes its own name before everything
        before.names += usize::from(!matches!(bare, "npm" | "pnpm"));
        scan.at += name.len();
        before.has_sign = false;
        scan.signs(&mut before.has_sign);
    }
    is_taken
}
