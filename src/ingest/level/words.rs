//! The words that loggers use for levels, and how they are written.

/// How a word is written; loggers write levels in few ways, sentences in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    Upper,
    Lower,
    Title,
}

/// What loggers write for a level in full, whatever the case.
const FULL: [(&str, &str); 26] = [
    ("ERROR", "ERROR"),
    ("WARNING", "WARNING"),
    ("WARN", "WARNING"),
    ("INFO", "INFO"),
    ("DEBUG", "DEBUG"),
    ("CRITICAL", "CRITICAL"),
    ("FATAL", "CRITICAL"),
    ("SEVERE", "ERROR"),
    ("NOTICE", "NOTICE"),
    ("TRACE", "DEBUG"),
    ("VERBOSE", "DEBUG"),
    ("INFORMATION", "INFO"),
    ("INFORMATIONAL", "INFO"),
    ("ALERT", "ALERT"),
    ("EMERGENCY", "EMERGENCY"),
    ("EMERG", "EMERGENCY"),
    ("PANIC", "CRITICAL"),
    ("CRIT", "CRITICAL"),
    ("ERR", "ERROR"),
    ("WRN", "WARNING"),
    ("INF", "INFO"),
    ("DBG", "DEBUG"),
    ("TRC", "DEBUG"),
    ("FTL", "CRITICAL"),
    ("VRB", "DEBUG"),
    ("DEFAULT", "DEFAULT"),
];

/// Words that stand for a level only where nothing else can.
const RARE: [(&str, &str); 24] = [
    ("EROR", "ERROR"),
    ("FAIL", "ERROR"),
    ("ERRO", "ERROR"),
    ("FATA", "CRITICAL"),
    ("PANI", "CRITICAL"),
    ("DEBU", "DEBUG"),
    ("DBUG", "DEBUG"),
    ("TRAC", "DEBUG"),
    ("TRCE", "DEBUG"),
    ("DPANIC", "CRITICAL"),
    ("SHOUT", "CRITICAL"),
    ("LOG", "INFO"),
    ("NOTE", "INFO"),
    // what MySQL always writes, whatever it is set to
    ("SYSTEM", "INFO"),
    ("SUCCESS", "INFO"),
    ("CONFIG", "DEBUG"),
    ("FINE", "DEBUG"),
    ("FINER", "DEBUG"),
    ("FINEST", "DEBUG"),
    ("SILLY", "DEBUG"),
    ("HTTP", "DEBUG"),
    ("HINT", "INFO"),
    ("DETAIL", "INFO"),
    ("STATEMENT", "INFO"),
];

fn among(list: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    list.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, level)| *level)
}

/// The level that a word names wherever levels stand.
pub fn full(word: &str) -> Option<&'static str> {
    among(&FULL, word).filter(|level| *level != "DEFAULT")
}

/// The same with the words that few loggers use.
pub fn any(word: &str) -> Option<&'static str> {
    full(word).or_else(|| among(&RARE, word))
}

/// One capital letter: Android, Ruby, Tornado, glog.
pub fn letter(letter: u8) -> Option<&'static str> {
    match letter {
        b'D' | b'T' | b'V' => Some("DEBUG"),
        b'I' => Some("INFO"),
        b'W' => Some("WARNING"),
        b'E' => Some("ERROR"),
        b'F' | b'C' => Some("CRITICAL"),
        _ => None,
    }
}

/// A word in a field that is for levels: `error`, `ERROR+2`, `E`, `Level.SEVERE`, coloured or in brackets.
pub fn in_field(word: &str) -> Option<&'static str> {
    let mut buffer = String::new();
    let word = crate::mine::clean(word, &mut buffer).trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let word = word.rsplit('.').next().unwrap_or(word);
    let end = word.find(['+', '-']).filter(|&at| word[at + 1..].bytes().all(|byte| byte.is_ascii_digit()));
    let word = &word[..end.unwrap_or(word.len())];
    match word.as_bytes() {
        [one] => letter(*one),
        _ => any(word),
    }
}

/// How a word of letters is written; `None` where in no way that loggers use.
pub fn case_of(word: &str) -> Option<Case> {
    let is_upper = |word: &str| word.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_lower = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase());
    let (first, others) = word.split_at_checked(1)?;
    match (is_upper(first), is_upper(others), is_lower(others)) {
        (true, true, _) => Some(Case::Upper),
        (true, _, true) => Some(Case::Title),
        (false, _, true) if is_lower(first) => Some(Case::Lower),
        _ => None,
    }
}

/// What follows `ERROR` or `Error` where it names a thing and reports no failure: `Error handling is on`.
pub fn is_about_errors(next: &str) -> bool {
    const THINGS: [&str; 44] = [
        "handling",
        "handler",
        "handlers",
        "reporting",
        "reporter",
        "reports",
        "tracking",
        "tracker",
        "monitoring",
        "logging",
        "logger",
        "log",
        "logs",
        "rate",
        "rates",
        "count",
        "counts",
        "counter",
        "budget",
        "budgets",
        "page",
        "pages",
        "code",
        "codes",
        "message",
        "messages",
        "boundary",
        "boundaries",
        "threshold",
        "level",
        "levels",
        "testing",
        "tests",
        "recovery",
        "correction",
        "checking",
        "detection",
        "margin",
        "free",
        "is",
        "and",
        "or",
        "events",
        "prevention",
    ];
    let end = next.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(next.len());
    let (word, behind) = next.split_at(end);
    let is_deed = word == "logging" && behind.trim_start().starts_with("in ");
    let is_told = matches!(word, "code" | "message") && behind.starts_with([':', '=']);
    THINGS.iter().any(|thing| thing.eq_ignore_ascii_case(word)) && !is_deed && !is_told
}

/// What stands behind a colon where errors are counted, or where there was none.
pub fn is_no_failure(value: &str) -> bool {
    const NONE: [&str; 13] =
        ["never", "none", "null", "nil", "false", "no", "undefined", "n/a", "nan", "ok", "off", "<nil>", "true"];
    let value = value.trim_start_matches([' ', '"', '\'', '`']);
    let end = value.find([' ', ',', ';', '"', '\'', '}', ')', '\n']).unwrap_or(value.len());
    let word = value[..end].trim_end_matches('.');
    let is_count =
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'%' | b'/'));
    // an answer's status is none
    let is_status = word.len() == 3 && word.starts_with(['4', '5']);
    let is_count = is_count && !is_status;
    let is_last =
        value[end..].trim_start_matches(['"', '\'', ' ']).chars().next().is_none_or(|c| ",;})|\n".contains(c));
    word == "0" || is_last && (is_count || NONE.iter().any(|none| none.eq_ignore_ascii_case(word)))
}
