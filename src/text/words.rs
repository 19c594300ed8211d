//! Counts in words, for people.

/// `1 file`, `2 files`, `1,234 entries`.
pub fn plural(count: u64, word: &str) -> String {
    // a vowel before it keeps the `y`: days, but entries
    let stem = word.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    let ending = match (count, stem) {
        (1, _) => return format!("1 {word}"),
        (_, Some(stem)) => format!("{stem}ies"),
        (_, None) => format!("{word}s"),
    };
    format!("{} {ending}", thousands(count))
}

/// Digits in groups of three.
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A word for a shell: as it is where that is safe, else in single quotes.
pub fn shell(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,=@".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A text with blanks and quotes for a shell: between double quotes where nothing in it means anything there.
pub fn shell_text(text: &str) -> String {
    if text.contains(['$', '`', '\\', '"', '!']) { shell(text) } else { format!("\"{text}\"") }
}

/// What ends an error about a name that is not known: what may have been meant, and what there is.
pub fn hint(word: &str, known: &[String]) -> String {
    let near = nearest(word, known.iter().map(String::as_str)).map(|name| format!("did you mean `{name}`? "));
    format!("\n\nhint: {}available: {}", near.unwrap_or_default(), known.join(", "))
}

/// Which of the known words was meant by one that is none of them: one it is a part of, or the nearest, if it is near.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let far = (word.chars().count() / 3).max(1);
    let distance = |other: &str| {
        let other = other.to_lowercase();
        let is_part = word.len() >= 3 && other != word && other.contains(&word);
        let alike = if strsim::jaro_winkler(&word, &other) >= 0.9 { far } else { usize::MAX };
        if is_part { 1 } else { strsim::osa_distance(&word, &other).min(alike) }
    };
    let distances = known.into_iter().map(|other| (distance(other), other));
    distances.filter(|(distance, _)| (1..=far).contains(distance)).min().map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_was_meant_is_found_and_none_is_made_up() {
        let known = ["harbor-api".to_owned(), "harbor-auth".to_owned()];
        let found = |word| nearest(word, known.iter().map(String::as_str));
        assert_eq!(found("habor-api"), Some("harbor-api"));
        assert_eq!(found("auth"), Some("harbor-auth"));
        assert_eq!(found("zebra"), None);
    }

    #[test]
    fn what_is_to_be_copied_into_a_shell_stays_one_word() {
        assert_eq!(shell("r-00001-abc"), "r-00001-abc");
        assert_eq!(shell("r2;touch x"), "'r2;touch x'");
        assert_eq!(shell("it's"), "'it'\\''s'");
        assert_eq!(shell_text("select 'a'"), "\"select 'a'\"");
        assert!(shell_text("select '$(x)'").starts_with("'select "));
    }

    #[test]
    fn counts_read_well() {
        assert_eq!(plural(1, "entry"), "1 entry");
        assert_eq!(plural(1_234_567, "entry"), "1,234,567 entries");
        assert_eq!(plural(0, "file"), "0 files");
        assert_eq!(plural(40, "day"), "40 days");
    }

    #[test]
    fn near_words_are_found() {
        let known = ["entries", "patterns", "rejects"];
        assert_eq!(nearest("entires", known), Some("entries"));
        assert_eq!(nearest("PATTERN", known), Some("patterns"));
        assert_eq!(nearest("worklogs", known), None);
    }
}
