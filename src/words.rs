//! Counts in words, for people.

/// `1 file`, `2 files`, `1,234 entries`.
pub fn plural(count: u64, word: &str) -> String {
    let ending = match (count, word.strip_suffix('y')) {
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

/// Which of the known words was meant by one that is none of them: the nearest, if it is near.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let far = (word.chars().count() / 3).max(1);
    let distances = known.into_iter().map(|other| (strsim::osa_distance(&word, &other.to_lowercase()), other));
    distances.filter(|(distance, _)| (1..=far).contains(distance)).min().map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_well() {
        assert_eq!(plural(1, "entry"), "1 entry");
        assert_eq!(plural(1_234_567, "entry"), "1,234,567 entries");
        assert_eq!(plural(0, "file"), "0 files");
    }

    #[test]
    fn near_words_are_found() {
        let known = ["entries", "patterns", "rejects"];
        assert_eq!(nearest("entires", known), Some("entries"));
        assert_eq!(nearest("PATTERN", known), Some("patterns"));
        assert_eq!(nearest("worklogs", known), None);
    }
}
