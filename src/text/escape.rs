//! Log text in Markdown. Whoever can write a log line must not be able to write the worklog: no fence, table cell, tag,
//! link, mention or issue reference may come out of an entry, least of all a "fixes #123" that closes an issue.
//!
//! What the Markdown parser reads is escaped with backslashes. GitHub resolves `@name`, `#123`, `GH-123`, `:emoji:` and
//! email addresses later, in the rendered text, where backslashes are gone: there, and only there, a zero-width space
//! (U+200B) parts the two characters. Grammar: <https://github.github.com/gfm/>.

use std::borrow::Cow;

const ZERO_WIDTH_SPACE: char = '\u{200B}';
const LINE_BREAK: char = '⏎';

/// Running text, or the text of a table cell: one line, shown by GitHub as the characters it has.
/// Blanks at both ends are dropped: Markdown would read four of them as code, and two as a line break.
pub fn markdown_text(s: &str) -> Cow<'_, str> {
    if s.bytes().all(|b| b.is_ascii_alphabetic() || b == b' ' || b == b',') && s.trim() == s {
        return Cow::Borrowed(s);
    }
    let seen = visible(s.trim(), Lines::Joined);
    let chars: Vec<char> = seen.trim().chars().collect();
    let mut out = String::with_capacity(seen.len() + 16);
    let opener = block_opener(&chars);
    for at in 0..chars.len() {
        if opener == Some(at) || needs_backslash(&chars, at) {
            out.push('\\');
        }
        out.push(chars[at]);
        if is_parted(&chars, at) {
            out.push(ZERO_WIDTH_SPACE);
        }
    }
    if out == s { Cow::Borrowed(s) } else { Cow::Owned(out) }
}

/// An inline code span that `s` cannot close. GitHub resolves nothing in code. A code span has no way to hold a `|` that
/// is right in a table cell and outside, so text with one becomes a `<code>` element.
pub fn markdown_code(s: &str) -> String {
    let seen = visible(s, Lines::Joined);
    if seen.contains('|') {
        return format!("<code>{}</code>", markdown_text(&seen));
    }
    if seen.is_empty() {
        return "` `".to_owned();
    }
    let fence = "`".repeat(longest_run(&seen, '`') + 1);
    let blank = seen.chars().all(|c| c == ' ');
    let is_edge = |c| c == '`' || c == ' ';
    let pad = if !blank && (seen.starts_with(is_edge) || seen.ends_with(is_edge)) { " " } else { "" };
    format!("{fence}{pad}{seen}{pad}{fence}")
}

/// The run of backticks (at least three) to put above and below `s`, which `s` cannot close.
pub fn markdown_fence(s: &str) -> String {
    "`".repeat(longest_run(s, '`').max(2) + 1)
}

/// Follows the fences of a Markdown text line by line.
#[derive(Default)]
pub struct Fences<'a>(Option<&'a str>);

impl<'a> Fences<'a> {
    /// Takes the next line; answers whether it is part of a fenced block, its first and last line too.
    pub fn hold(&mut self, line: &'a str) -> bool {
        let mark = if line.starts_with('~') { '~' } else { '`' };
        let marks = &line[..line.len() - line.trim_start_matches(mark).len()];
        match self.0 {
            None if marks.len() >= 3 => self.0 = Some(marks),
            None => return false,
            Some(open) if marks.starts_with(open) && marks == line.trim_end() => self.0 = None,
            Some(_) => {}
        }
        true
    }

    /// What closes the block that is open.
    pub fn open(&self) -> Option<&'a str> {
        self.0
    }
}

/// `s` on one line, and at the most `max_chars` characters of it, the last one being `…` where it was cut.
/// Not escaped: cut first, escape afterwards.
pub fn one_line(s: &str, max_chars: usize) -> String {
    let seen = visible(s.trim(), Lines::Joined);
    match seen.char_indices().nth(max_chars) {
        None => seen.into_owned(),
        Some(_) if max_chars == 0 => String::new(),
        Some(_) => {
            let end = seen.char_indices().nth(max_chars - 1).map_or(seen.len(), |(at, _)| at);
            format!("{}…", without_begun_stand_in(&seen[..end]).trim_end())
        }
    }
}

/// What stands for a hidden value, such as `<ip:3fa4c1>`, stays whole or goes: half of it tells nobody anything.
fn without_begun_stand_in(text: &str) -> &str {
    let is_begun = |part: &str| {
        part.split_once(':').is_some_and(|(kind, digits)| {
            kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
                && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    };
    match text.rfind('<') {
        Some(at) if is_begun(&text[at + 1..]) => &text[..at],
        _ => text,
    }
}

/// Text that is no Markdown but shown by GitHub, such as the title of an issue: one line of at the most `max_units` UTF-16
/// units, with what GitHub would resolve parted.
pub fn parted_line(s: &str, max_units: usize) -> String {
    let mut max_chars = max_units;
    loop {
        let chars: Vec<char> = one_line(&without_marks(s), max_chars).chars().collect();
        let mut out = String::with_capacity(s.len().min(4 * max_units));
        for at in 0..chars.len() {
            out.push(chars[at]);
            if is_parted(&chars, at) {
                out.push(ZERO_WIDTH_SPACE);
            }
        }
        match out.encode_utf16().count().checked_sub(max_units) {
            None | Some(0) => return out,
            Some(excess) => max_chars = max_chars.saturating_sub(excess.div_ceil(2)),
        }
    }
}

/// Text for a place where GitHub or a program looks into code too: it opens no HTML comment, so that it cannot forge a
/// marker, and the address of an issue or pull request does not refer to it.
pub fn without_marks(s: &str) -> Cow<'_, str> {
    let has_address = s.to_ascii_lowercase().contains("github.com/");
    if !has_address && !s.contains("<!--") {
        return Cow::Borrowed(s);
    }
    let mut out = s.replace("<!--", "<!\u{200B}--");
    if has_address {
        for place in ["/issues/", "/pull/", "/discussions/"] {
            out = out.replace(place, &format!("{place}{ZERO_WIDTH_SPACE}"));
        }
    }
    Cow::Owned(out)
}

/// The text of a fenced block: lines are kept, control characters and bidi overrides made visible.
pub fn visible_block(s: &str) -> Cow<'_, str> {
    visible(s, Lines::Kept)
}

#[derive(Clone, Copy, PartialEq)]
enum Lines {
    Kept,
    Joined,
}

/// Replaces what does not show, or changes how its neighbours show: control characters, bidi overrides, tag characters.
fn visible(s: &str, lines: Lines) -> Cow<'_, str> {
    let is_kept = |c| lines == Lines::Kept && matches!(c, '\n' | '\t');
    if !s.chars().any(|c| is_unseen(c) && !is_kept(c)) {
        return Cow::Borrowed(s);
    }
    let mut out = String::with_capacity(s.len() + 16);
    let mut chars = s.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' if lines == Lines::Kept => out.push('\n'),
            '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => push_line_break(&mut out),
            '\t' if lines == Lines::Kept => out.push('\t'),
            '\t' => out.push(' '),
            '\0'..='\x1f' => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('\u{FFFD}')),
            '\x7f' => out.push('\u{2421}'),
            c if is_bidi_control(c) => out.push_str(&format!("‹U+{:04X}›", c as u32)),
            c if is_unseen(c) => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn push_line_break(out: &mut String) {
    if !out.ends_with([' ', LINE_BREAK]) && !out.is_empty() {
        out.push(' ');
    }
    out.push(LINE_BREAK);
    out.push(' ');
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_unseen(c: char) -> bool {
    c.is_control()
        || is_bidi_control(c)
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
}

/// Where the character is that has a meaning only at the start of a block: a list, a quote, the underline of a heading.
fn block_opener(chars: &[char]) -> Option<usize> {
    let digits = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    match chars.get(digits) {
        Some('.' | ')') if (1..=9).contains(&digits) => Some(digits),
        Some('-' | '+' | '=' | '>' | ':') if digits == 0 => Some(0),
        _ => None,
    }
}

fn needs_backslash(chars: &[char], at: usize) -> bool {
    let (before, rest) = (&chars[..at], &chars[at + 1..]);
    let is_word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
    match chars[at] {
        '`' | '*' | '~' | '[' | ']' | '<' | '|' | '$' | '#' => true,
        '\\' => rest.first().is_none_or(|c| c.is_ascii_punctuation()),
        '_' => !(is_word(before.last()) && is_word(rest.first())),
        '&' => rest.first().is_some_and(|c| *c == '#' || c.is_ascii_alphabetic()),
        ':' => rest.starts_with(&['/', '/']),
        '.' => matches!(before, [.., 'w' | 'W', 'w' | 'W', 'w' | 'W']),
        _ => false,
    }
}

/// True where GitHub would read the character and the next one as the start of a reference, mention, address or emoji.
fn is_parted(chars: &[char], at: usize) -> bool {
    let rest = &chars[at + 1..];
    let is_digit_next = rest.first().is_some_and(char::is_ascii_digit);
    match chars[at] {
        '@' => rest.first().is_some_and(|c| c.is_alphanumeric()),
        '#' => is_digit_next,
        '-' => is_digit_next && ends_with_gh(&chars[..at]),
        ':' => opens_emoji(rest),
        _ => false,
    }
}

fn ends_with_gh(chars: &[char]) -> bool {
    match chars {
        [.., word, 'g' | 'G', 'h' | 'H'] => !word.is_alphanumeric(),
        ['g' | 'G', 'h' | 'H'] => true,
        _ => false,
    }
}

/// True for `name:` where `:name:` may be an emoji. Few names without a letter are one, so times stay as they are.
fn opens_emoji(rest: &[char]) -> bool {
    let is_name = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '+' | '-');
    let len = rest.iter().take_while(|c| is_name(c)).count();
    if len == 0 || rest.get(len) != Some(&':') {
        return false;
    }
    let name: String = rest[..len].iter().collect();
    name.bytes().any(|b| b.is_ascii_lowercase()) || ["100", "1234", "+1", "-1"].contains(&name.as_str())
}

fn longest_run(s: &str, wanted: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in s.chars() {
        run = if c == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cut_leaves_half_of_a_stand_in() {
        assert_eq!(one_line("lost to <ip:3fa4c1> again", 15), "lost to…");
        assert_eq!(one_line("lost to <ip:3fa4c1> again", 21), "lost to <ip:3fa4c1>…");
        assert_eq!(one_line("List<String> of names", 12), "List<String…");
    }

    #[test]
    fn text_is_neutral() {
        for (hostile, escaped) in [
            ("plain words, as they are", "plain words, as they are"),
            ("```rust", "\\`\\`\\`rust"),
            ("~~~", "\\~\\~\\~"),
            ("a | b", "a \\| b"),
            ("a \\| b", "a \\\\\\| b"),
            ("<script>alert(1)</script>", "\\<script>alert(1)\\</script>"),
            ("<!-- gone", "\\<!-- gone"),
            ("[x](http://e.com)", "\\[x\\](http\\://e.com)"),
            ("![x](y)", "!\\[x\\](y)"),
            ("see https://e.com/a", "see https\\://e.com/a"),
            ("see www.e.com", "see www\\.e.com"),
            ("mailto:a@e.com", "mailto:a@\u{200B}e.com"),
            ("@team/all", "@\u{200B}team/all"),
            ("fixes #123", "fixes \\#\u{200B}123"),
            ("owner/repo#1", "owner/repo\\#\u{200B}1"),
            ("owner/repo@0a1b2c3", "owner/repo@\u{200B}0a1b2c3"),
            ("closes GH-12, gh-3", "closes GH-\u{200B}12, gh-\u{200B}3"),
            ("high-1", "high-1"),
            ("*bold* _it_ __init__ snake_case", "\\*bold\\* \\_it\\_ \\_\\_init\\_\\_ snake_case"),
            ("# heading", "\\# heading"),
            ("- item", "\\- item"),
            ("+ item", "\\+ item"),
            ("1. item", "1\\. item"),
            ("12) item", "12\\) item"),
            ("> quote", "\\> quote"),
            ("a -> b", "a -> b"),
            ("---", "\\---"),
            ("===", "\\==="),
            (":-:", "\\:-:"),
            ("&lt; & &#60; a&&b", "\\&lt; & \\&\\#\u{200B}60; a&\\&b"),
            ("C:\\Users\\_x\\", "C:\\Users\\\\\\_x\\\\"),
            ("$a$", "\\$a\\$"),
            ("x.py:100:run", "x.py:\u{200B}100:run"),
            (":warning:", "\\:\u{200B}warning:"),
            ("at 12:34:56", "at 12:34:56"),
            ("\x1b[31mred\x07\x7f", "␛\\[31mred␇␡"),
            ("a\r\nb\nc\u{2028}d", "a ⏎ b ⏎ c ⏎ d"),
            ("user\u{202E}txt.exe", "user‹U+202E›txt.exe"),
            ("    code", "code"),
            ("two spaces  ", "two spaces"),
            ("", ""),
        ] {
            assert_eq!(markdown_text(hostile), escaped, "of {hostile:?}");
        }
    }

    #[test]
    fn unchanged_text_is_borrowed() {
        assert!(matches!(markdown_text("module.name:12 run"), Cow::Borrowed(_)));
        assert!(matches!(visible_block("a\n\tb"), Cow::Borrowed(_)));
    }

    #[test]
    fn code_spans_hold() {
        for (code, span) in [
            ("a", "`a`"),
            ("", "` `"),
            ("  ", "`  `"),
            ("a`b", "``a`b``"),
            ("`a`", "`` `a` ``"),
            ("a```b``", "```` a```b`` ````"),
            (" a ", "`  a  `"),
            ("a\nb", "`a ⏎ b`"),
            ("a|b", "<code>a\\|b</code>"),
            ("|@x `#1`", "<code>\\|@\u{200B}x \\`\\#\u{200B}1\\`</code>"),
            ("fixes #1 @x", "`fixes #1 @x`"),
        ] {
            assert_eq!(markdown_code(code), span, "of {code:?}");
        }
    }

    #[test]
    fn fences_are_longer_than_any_run() {
        assert_eq!(markdown_fence("{}"), "```");
        assert_eq!(markdown_fence("a``b"), "```");
        assert_eq!(markdown_fence("```\n````x"), "`````");
    }

    #[test]
    fn lines_are_cut_at_characters() {
        assert_eq!(one_line("  a\nb  ", 10), "a ⏎ b");
        assert_eq!(one_line("äöüß", 4), "äöüß");
        assert_eq!(one_line("äöüßx", 4), "äöü…");
        assert_eq!(one_line("ab cdef", 4), "ab…");
        assert_eq!(one_line("ab", 0), "");
    }

    #[test]
    fn titles_are_neutral_and_short() {
        assert_eq!(
            parted_line("fixes #12 by @bob, GH-3 :+1:", 99),
            "fixes #\u{200B}12 by @\u{200B}bob, GH-\u{200B}3 :\u{200B}+1:"
        );
        assert_eq!(parted_line("a\nb `c` *d*", 99), "a ⏎ b `c` *d*");
        for text in ["x".repeat(300), "🔴".repeat(300), "@a#1".repeat(300)] {
            let line = parted_line(&text, 256);
            assert!((240..=256).contains(&line.encode_utf16().count()) && line.ends_with('…'), "{line}");
        }
    }

    #[test]
    fn nothing_looks_like_a_marker() {
        assert_eq!(without_marks("a <!-- log-gardener -->"), "a <!\u{200B}-- log-gardener -->");
        assert_eq!(
            without_marks("fixes https://GitHub.com/o/r/issues/1"),
            "fixes https://GitHub.com/o/r/issues/\u{200B}1"
        );
        assert!(matches!(
            without_marks("github.com/pkg/errors at /issues/1").as_ref(),
            "github.com/pkg/errors at /issues/\u{200B}1"
        ));
        assert!(matches!(without_marks("/issues/1"), Cow::Borrowed(_)));
    }

    #[test]
    fn blocks_keep_their_lines() {
        assert_eq!(visible_block("a\r\n\tb\x1b\u{202A}"), "a\n\tb␛‹U+202A›");
    }
}
