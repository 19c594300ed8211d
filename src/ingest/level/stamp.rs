//! Time stamps at the start of a line, in any of the forms that loggers write.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Makes a stamp by itself: a time of day, a date with its year, seconds since 1970.
    Time,
    /// Belongs to one before or behind: a month, a weekday, a number of few digits.
    Word,
    Number,
    /// `AM`, `UTC`, `+0200`.
    Behind,
}

/// How long the time stamp at the start is; 0 where there is none.
pub(super) fn length(text: &str) -> usize {
    let (mut at, mut end) = (0, 0);
    let (mut has_word, mut numbers) = (false, 0);
    for _ in 0..8 {
        let gap = text[at..].len() - text[at..].trim_start_matches([' ', ',']).len();
        let start = at + gap;
        let Some((part, length)) = part(&text[start..]) else { break };
        let is_first = end == 0;
        match part {
            Part::Time => end = start + length,
            Part::Behind if !is_first => end = start + length,
            Part::Behind => break,
            Part::Word => has_word = true,
            // a day or a year beside a month, a short date before a time
            // `081109 203615`
            Part::Number if is_first && numbers == 1 && length == 6 && matches!(start, 7 | 9) => end = start + length,
            Part::Number if is_first => numbers += 1,
            Part::Number if has_word && length == 4 => end = start + length,
            Part::Number => break,
        }
        if numbers > 2 || (has_word && !is_first && part == Part::Word) {
            break;
        }
        at = start + length;
    }
    end
}

/// What a word is to a time stamp, and its length without what closes it.
fn part(text: &str) -> Option<(Part, usize)> {
    if text.starts_with(crate::mine::VARIABLE) {
        return Some((Part::Time, crate::mine::VARIABLE.len()));
    }
    let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '-' | '/' | '+');
    // a comma before digits is a decimal point, if a digit stands before it
    let mut length = 0;
    let bytes = text.as_bytes();
    for (at, c) in text.char_indices() {
        let is_fraction =
            c == ',' && at > 0 && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        if !is_inside(c) && !is_fraction {
            break;
        }
        length = at + c.len_utf8();
    }
    let word = text[..length].trim_end_matches([':', '-', '.', '/']);
    Some((kind(word)?, word.len()))
}

fn kind(word: &str) -> Option<Part> {
    let first = *word.as_bytes().first()?;
    if first.is_ascii_alphabetic() {
        return worded(word);
    }
    if matches!(first, b'+' | b'-') {
        let is_offset = word[1..].bytes().all(|byte| byte.is_ascii_digit() || byte == b':') && word.len() > 2;
        return is_offset.then_some(Part::Behind);
    }
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(if word.len() >= 10 && word.len() <= 19 { Part::Time } else { Part::Number });
    }
    let is_short_date = word
        .split_once(['-', '/'])
        .is_some_and(|(one, two)| [one, two].iter().all(|part| part.len() <= 2 && is_number(part)));
    if is_short_date {
        return Some(Part::Number);
    }
    let is_time = is_clock(word) || is_date(word) || is_both(word) || is_epoch(word);
    is_time.then_some(Part::Time)
}

fn worded(word: &str) -> Option<Part> {
    const NAMES: [&str; 19] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mon", "tue", "wed", "thu",
        "fri", "sat", "sun",
    ];
    const LONG: [&str; 19] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    const BEHIND: [&str; 18] = [
        "AM", "PM", "am", "pm", "UTC", "GMT", "Z", "CET", "CEST", "EST", "EDT", "PST", "PDT", "MSK", "JST", "IST",
        "BST", "a.m",
    ];
    if BEHIND.contains(&word) {
        return Some(Part::Behind);
    }
    let is_named = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(word));
    (is_named(&NAMES) || is_named(&LONG)).then_some(Part::Word)
}

/// `10:00`, `10:00:00.123`, `10:00:00,123Z`, `10:00AM`, `10:00:00+02:00`.
fn is_clock(word: &str) -> bool {
    let word = word.trim_end_matches("AM").trim_end_matches("PM").trim_end_matches('Z');
    let word = word.split_once(['+', '-']).map_or(word, |(clock, _)| clock);
    let mut parts = word.split(':');
    let is_short = |part: &str| (1..=2).contains(&part.len()) && is_number(part);
    let hour = parts.next().is_some_and(is_short);
    let minute = parts.next().is_some_and(is_short);
    let second = parts.next().is_none_or(|part| part.split(['.', ',']).all(|part| !part.is_empty() && is_number(part)));
    hour && minute && second && parts.next().is_none_or(is_number)
}

/// `2025-09-16`, `2025/09/16`, `16-Sep`, `16-Sep-2025`, `06/10/2025`, `16.09.2025`.
fn is_date(word: &str) -> bool {
    for separator in ['-', '/'] {
        if !word.contains(separator) {
            continue;
        }
        let parts: Vec<&str> = word.splitn(4, separator).collect();
        let is_month = |part: &str| worded(part) == Some(Part::Word);
        match parts[..] {
            [day, month] if is_number(day) && is_month(month) => return true,
            [one, two, three] => {
                let is_short = |part: &str| part.len() <= 4 && is_number(part);
                return is_short(one) && is_short(three) && (is_short(two) || is_month(two));
            }
            _ => {}
        }
    }
    if word.len() != 10 {
        return false;
    }
    let parts: Vec<&str> = word.split('.').collect();
    matches!(parts[..], [one, two, three] if two.len() == 2 && one.len() + three.len() == 6 && one.len() != 3)
        && parts.iter().all(|part| is_number(part))
}

/// `2025-09-16T10:00:00.123Z`, `20250916T100000Z`, `16/Sep/2025:10:00:00`.
fn is_both(word: &str) -> bool {
    if let Some((date, time)) = word.split_once('T') {
        let digits = time.trim_end_matches('Z');
        return is_date(date) && is_clock(time)
            || (is_number(date) && date.len() == 8 && is_number(digits) && digits.len() >= 4);
    }
    let is_compact = |(date, time): (&str, &str)| date.len() == 8 && is_number(date) && is_clock(time);
    word.split_once(':').is_some_and(|(date, time)| is_date(date) && is_clock(time))
        || word.split_once('-').is_some_and(is_compact)
}

/// `1749549600.123`.
fn is_epoch(word: &str) -> bool {
    word.split_once('.').is_some_and(|(whole, part)| whole.len() >= 10 && is_number(whole) && is_number(part))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    #[test]
    fn stamps_end_where_they_end() {
        let cases = [
            ("2025-09-16T10:00:00.123Z ERROR", "2025-09-16T10:00:00.123Z"),
            ("2025-09-16 10:00:00,123 - app", "2025-09-16 10:00:00,123"),
            ("2025/09/16 10:00:00 text", "2025/09/16 10:00:00"),
            ("2025-06-10 14:56:10,123: ERROR", "2025-06-10 14:56:10,123"),
            ("16-Sep 10:00 text", "16-Sep 10:00"),
            ("16-Sep-2025 10:00:00 UTC", "16-Sep-2025 10:00:00 UTC"),
            ("Tue Jun 10 10:00:00.123 2025] x", "Tue Jun 10 10:00:00.123 2025"),
            ("Jun 10, 2025 10:00:00 AM shop", "Jun 10, 2025 10:00:00 AM"),
            ("06/10/2025, 10:00:01 AM   ERROR", "06/10/2025, 10:00:01 AM"),
            ("2025-06-10 10:00:00.000 +0000] x", "2025-06-10 10:00:00.000 +0000"),
            ("1749549600.123 text", "1749549600.123"),
            ("10:00AM ERR text", "10:00AM"),
            ("250610 10:00:00 app:12", "250610 10:00:00"),
            ("0-0-0 0:0:0 x", "0-0-0 0:0:0"),
            ("081109 203615 148 INFO", "081109 203615"),
            ("12 parcels sent", ""),
            ("May the best win", ""),
            ("10.0.0.1:8080 up", ""),
            ("3 of 4", ""),
        ];
        for (text, wanted) in cases {
            assert_eq!(&text[..super::length(text)], wanted, "{text}");
        }
    }
}
