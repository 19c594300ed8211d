//! The terminal: how wide it is, and which words are coloured. Whether colours are shown at all is for the stream to say,
//! which drops them where it is no terminal or `NO_COLOR` is set.

use std::{
    fmt::Display,
    io::{self, IsTerminal, Write},
    path::Path,
};

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::escape::visible_block;

/// How wide what is not for a terminal may be where it has to have a width.
const WIDTH_OF_A_FILE: usize = 100;
const WIDEST: usize = 200;

/// The columns of the terminal that standard output goes to, if it is one.
pub fn width() -> Option<usize> {
    let columns = io::stdout().is_terminal().then(terminal_size::terminal_size)??.0.0;
    Some(usize::from(columns).clamp(40, WIDEST))
}

/// As wide as text may be that is not cut into columns.
pub fn text_width() -> usize {
    width().unwrap_or(WIDTH_OF_A_FILE)
}

/// Writes to standard output, with colours where they are wanted.
pub fn print(text: &str) -> io::Result<()> {
    anstream::stdout().lock().write_all(text.as_bytes())
}

/// Prints the path of what was written: as it is for programs, and without what steers a terminal for people.
pub fn print_path(path: &Path) -> io::Result<()> {
    print_plain(&format!("{}\n", path.display()))
}

/// The same for any text without colours.
pub fn print_plain(text: &str) -> io::Result<()> {
    let shown = if io::stdout().is_terminal() { visible_block(text) } else { text.into() };
    io::stdout().lock().write_all(shown.as_bytes())
}

/// The same for running text, whose lines break between words where a terminal is too narrow for them.
pub fn print_text(text: &str) -> io::Result<()> {
    match width() {
        Some(width) => print(&text.lines().map(|line| wrapped(line, width) + "\n").collect::<String>()),
        None => print(text),
    }
}

/// A line in lines of that width, the further ones two blanks further in.
fn wrapped(line: &str, width: usize) -> String {
    if seen_width(line) <= width {
        return line.to_owned();
    }
    let indent = line.len() - line.trim_start_matches(' ').len();
    let lines = broken(&line[indent..], width.saturating_sub(indent), width.saturating_sub(indent + 2));
    format!("{}{}", " ".repeat(indent), lines.join(&format!("\n{}", " ".repeat(indent + 2))))
}

/// The text broken between words, the first line so wide and the further ones so; a longer word stays whole.
pub fn broken(text: &str, first: usize, further: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for (at, word) in text.split(' ').enumerate() {
        let room = if lines.is_empty() { first } else { further };
        if at > 0 && seen_width(&line) + 1 + seen_width(word) > room {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        } else if at > 0 {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// In columns, without colours.
fn seen_width(text: &str) -> usize {
    anstream::adapter::strip_str(text).to_string().width()
}

/// The text in so many columns of the terminal, the last one being `…` where it was cut.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let (mut kept, mut room) = (String::new(), width.saturating_sub(1));
    for c in text.chars() {
        let Some(left) = room.checked_sub(c.width().unwrap_or(0)) else { break };
        room = left;
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// A line for the person at the terminal, on standard error; names in it may come from logs and must not steer it.
pub fn say(quiet: bool, text: &str) {
    if !quiet {
        eprintln!("{}", visible_block(text));
    }
}

/// The word in the colour of what it means; words that mean nothing in particular stay as they are.
pub fn tint(word: &str) -> String {
    match style_of(word.trim()) {
        Some(style) => painted(style, word),
        None => word.to_owned(),
    }
}

/// For headings.
pub fn bold(text: &str) -> String {
    painted(Style::new().bold(), text)
}

/// For what matters less.
pub fn dim(text: &str) -> String {
    painted(Style::new().dimmed(), text)
}

fn painted(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

fn style_of(word: &str) -> Option<Style> {
    let color = |color: AnsiColor| Some(Style::new().fg_color(Some(color.into())));
    match word.to_ascii_lowercase().as_str() {
        "critical" | "alert" | "emergency" | "p0" => color(AnsiColor::Red).map(Style::bold),
        "error" | "p1" | "new" | "worse" | "regression" => color(AnsiColor::Red),
        "warning" | "p2" | "escalating" | "burst" => color(AnsiColor::Yellow),
        "better" | "gone" | "resolved" | "ended" => color(AnsiColor::Green),
        "debug" | "default" | "p4" | "quiet" | "same" | "too little traffic" | "not collected" | "reworded" => {
            Some(Style::new().dimmed())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_are_cut_by_their_width() {
        assert_eq!(cut("漢字漢字", 5), "漢字…");
        assert_eq!(cut("漢字漢字", 4), "漢…");
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "ab…");
    }

    #[test]
    fn long_lines_break_between_words() {
        assert_eq!(wrapped("  one two three", 40), "  one two three");
        assert_eq!(wrapped("  one two three", 10), "  one two\n    three");
        assert_eq!(wrapped(&format!("  {} two", tint("ERROR")), 9), format!("  {}\n    two", tint("ERROR")));
    }

    #[test]
    fn words_that_mean_something_are_coloured_and_keep_their_text() {
        assert_eq!(tint("INFO"), "INFO");
        let error = tint("ERROR");
        assert!(error.starts_with('\u{1b}') && error.contains("ERROR"), "{error:?}");
        assert_eq!(anstream::adapter::strip_str(&error).to_string(), "ERROR");
    }
}
