//! What level an entry claims, read from what anybody's logger writes, and how that is known.
//!
//! The payload's own fields come first (`payload.rs` reads them), then the head of the text, then what the text is, and
//! last its wording, which is believed only where neither the writer nor the logger named a level.

mod bracket;
mod content;
pub mod field;
mod heads;
mod pairs;
mod scan;
mod stamp;
mod tail;
mod text;
mod wording;
pub mod words;

/// How a level is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LevelSource {
    Payload,
    Text,
    Content,
    Wording,
}

impl LevelSource {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Payload => "payload",
            Self::Text => "text",
            Self::Content => "content",
            Self::Wording => "wording",
        }
    }
}

/// A level with how it is known.
pub type Found = (&'static str, LevelSource);

/// syslog's numbers, 0 the gravest (RFC 5424).
pub fn syslog(number: u8) -> Option<&'static str> {
    const LEVELS: [&str; 8] = ["EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG"];
    LEVELS.get(usize::from(number)).copied()
}

/// The level that a text's head declares.
pub fn declared(text: &str) -> Option<Found> {
    text::read(crate::mine::clean(text, &mut String::new())).level.map(|level| (level, LevelSource::Text))
}

/// What Cloud Functions writes when an execution has ended, in front of how long it took and how it ended.
const EXECUTION: (&str, &str) = ("Function execution took ", "finished with status");

/// The level of how an execution ended, which the platform logs at DEBUG whatever the end. What an `error` was, the function
/// logs itself.
pub fn of_platform(text: &str) -> Option<&'static str> {
    let (_, status) = text.strip_prefix(EXECUTION.0)?.split_once(EXECUTION.1)?;
    let status = status.trim_start_matches([':', ' ', '\'']).trim_start_matches("code:").trim_start();
    let is_told = status.starts_with("ok") || status.starts_with("error") || status.starts_with(['1', '2', '3', '4']);
    (!is_told && !status.is_empty()).then_some("ERROR")
}

/// Its template: ends of different kinds are different patterns.
pub fn platform_template(text: &str) -> Option<String> {
    let (_, status) = text.strip_prefix(EXECUTION.0)?.split_once(EXECUTION.1)?;
    Some(format!("{}<*> ms, {}{}", EXECUTION.0, EXECUTION.1, status.lines().next().unwrap_or_default()))
}

/// The level that a text's head declares, else what it tells by its content or its words.
pub fn read(text: &str, is_stderr: bool) -> Option<Found> {
    let mut buffer = String::new();
    let text = crate::mine::clean(text, &mut buffer);
    let head = text::read(text);
    if let Some(level) = head.level {
        return Some((level, LevelSource::Text));
    }
    let said = text[head.prefix..].trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if let Some(level) = content::level(said) {
        return Some((level, LevelSource::Content));
    }
    let level = if is_stderr { "ERROR" } else { "WARNING" };
    wording::is_failure(said, is_stderr).then_some((level, LevelSource::Wording))
}

/// Whether the wording of a statement tells of a failure.
pub fn tells_failure(said: &str) -> bool {
    wording::is_failure(said, false)
}

/// Whether a line begins what its program says next: it has a time stamp, or, where it is not indented, a level.
pub fn begins_statement(text: &str, is_indented: bool) -> bool {
    let mut buffer = String::new();
    let text = crate::mine::clean(text, &mut buffer);
    let head = text::read(text);
    let has_time = head.has_time && text[head.prefix..].contains(char::is_alphanumeric);
    has_time || !is_indented && (head.level.is_some() || content::level(text).is_some())
}

/// Where what was said begins, behind time, level and logger; 0 where there is no such head.
pub fn statement_start(text: &str) -> usize {
    text::read(text).statement
}

/// What was said, without its head and without the rulers and empty lines before it.
pub fn statement(text: &str) -> &str {
    let start = statement_start(text);
    let said = &text[start..];
    if start > 0
        && let Some(quote) = text[..start].chars().next_back().filter(|c| matches!(c, '"' | '\''))
        && let Some(end) = said.find(quote)
        && end > 0
    {
        return &said[..end];
    }
    without_rulers(said)
}

/// From the first line that has a letter or a digit.
fn without_rulers(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some((line, below)) = rest.split_once('\n') {
        if line.chars().any(char::is_alphanumeric) {
            break;
        }
        rest = below;
    }
    if rest.chars().any(char::is_alphanumeric) { rest } else { text }
}

#[cfg(test)]
mod tests;
