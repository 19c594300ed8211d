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

/// What ends an error about a name that is not known: what may have been meant, and what there is.
pub fn hint(word: &str, known: &[String]) -> String {
    let near = nearest(word, known).map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
    format!("\n\nhint: {near}there are {}", known.join(", "))
}

/// The name that is most like the word, if it is like it at all: part of it, or much the same letters.
pub fn nearest<'a>(word: &str, known: &'a [String]) -> Option<&'a String> {
    let word = word.to_lowercase();
    let likeness = |name: &str| {
        let name = name.to_lowercase();
        if name.contains(&word) && !word.is_empty() { 1.0 } else { strsim::jaro_winkler(&word, &name) }
    };
    let best = known.iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)))?;
    (likeness(best) >= 0.85).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_was_meant_is_found_and_none_is_made_up() {
        let known = ["harbor-api".to_owned(), "harbor-auth".to_owned()];
        assert_eq!(nearest("habor-api", &known), Some(&known[0]));
        assert_eq!(nearest("auth", &known), Some(&known[1]));
        assert_eq!(nearest("zebra", &known), None);
    }

    #[test]
    fn counts_read_well() {
        assert_eq!(plural(1, "entry"), "1 entry");
        assert_eq!(plural(1_234_567, "entry"), "1,234,567 entries");
        assert_eq!(plural(0, "file"), "0 files");
        assert_eq!(plural(40, "day"), "40 days");
    }
}
