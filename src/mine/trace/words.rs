//! Whether letters and digits of both cases spell words, as in `userList` and `base64Url`, or nothing at all.

/// What programmers say without a vowel.
const SPOKEN: [&str; 36] = [
    "http", "https", "html", "xml", "css", "sql", "tls", "ssl", "ssh", "tcp", "dns", "md", "jwt", "rpc", "grpc", "pdf",
    "png", "svg", "csv", "sdk", "db", "js", "ts", "xhr", "ws", "cdn", "ctx", "cfg", "str", "src", "tmp", "msg", "btn",
    "svc", "pkg", "nth",
];
const LONGEST_NUMBER: usize = 4;
/// More consonants in a row no word has.
const CONSONANTS: usize = 5;

/// Whether all of it is words, with one number or, beside longer words, two.
pub(super) fn are(text: &str) -> bool {
    let runs = runs(text);
    let (numbers, words): (Vec<&str>, Vec<&str>) =
        runs.into_iter().partition(|run| run.starts_with(|c: char| c.is_ascii_digit()));
    let has_long_words = || words.iter().all(|word| word.len() > 2);
    numbers.iter().all(|number| number.len() <= LONGEST_NUMBER)
        && (numbers.len() < 2 || numbers.len() == 2 && has_long_words())
        && words.iter().all(|word| is_word(word))
}

/// How many numbers stand in it.
pub(super) fn numbers(text: &str) -> usize {
    runs(text).iter().filter(|run| run.starts_with(|c: char| c.is_ascii_digit())).count()
}

/// Length of the longest run of letters.
pub(super) fn longest(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_alphabetic()).map(str::len).max().unwrap_or(0)
}

fn is_word(word: &str) -> bool {
    let is_vowel = |c: char| "aeiouyAEIOUY".contains(c);
    let is_spoken = SPOKEN.iter().any(|spoken| spoken.eq_ignore_ascii_case(word));
    is_spoken
        || word.len() > 1 && word.contains(is_vowel) && word.split(is_vowel).all(|between| between.len() <= CONSONANTS)
}

/// Cut before capitals and around numbers; capitals in a row are one word, save the last before small letters.
fn runs(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let mut start = 0;
    for at in 1..bytes.len() {
        let (before, here) = (bytes[at - 1], bytes[at]);
        let ends_number = before.is_ascii_digit() != here.is_ascii_digit();
        let begins_word = here.is_ascii_uppercase()
            && (!before.is_ascii_uppercase() || bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase));
        if (ends_number || begins_word) && text.is_char_boundary(at) {
            runs.push(&text[start..at]);
            start = at;
        }
    }
    runs.push(&text[start..]);
    runs
}
