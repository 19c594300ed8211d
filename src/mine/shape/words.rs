//! What English and the trade tell about a word: which ones name a variable's unit or time, and which ones carry the
//! sense of a message, so that `started` and `stopped` are not mistaken for two values of one variable.

const LEVELS: [&str; 17] = [
    "trace",
    "debug",
    "info",
    "information",
    "notice",
    "warn",
    "warning",
    "error",
    "err",
    "critical",
    "crit",
    "fatal",
    "severe",
    "alert",
    "emergency",
    "emerg",
    "panic",
];

const HTTP_METHODS: [&str; 9] = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "CONNECT", "TRACE"];

/// Words of grammar: where one stands in the place of another, the sentence is another one.
const GRAMMAR: [&str; 50] = [
    "a", "an", "the", "and", "or", "but", "not", "no", "is", "are", "was", "were", "be", "been", "has", "have", "had",
    "will", "can", "cannot", "could", "should", "must", "may", "did", "does", "do", "of", "in", "on", "at", "to",
    "from", "for", "by", "with", "without", "as", "if", "than", "then", "that", "this", "when", "while", "after",
    "before", "into", "via", "under",
];

/// Words that come with an opposite, or name an outcome, and that no suffix gives away.
const TELLING: [&str; 96] = [
    "up",
    "down",
    "off",
    "open",
    "close",
    "start",
    "stop",
    "begin",
    "end",
    "success",
    "failure",
    "fail",
    "ok",
    "okay",
    "add",
    "remove",
    "create",
    "delete",
    "insert",
    "update",
    "drop",
    "read",
    "write",
    "get",
    "set",
    "connect",
    "disconnect",
    "enter",
    "exit",
    "leave",
    "join",
    "online",
    "offline",
    "allow",
    "deny",
    "accept",
    "reject",
    "lock",
    "unlock",
    "mount",
    "unmount",
    "login",
    "logout",
    "enable",
    "disable",
    "load",
    "unload",
    "save",
    "send",
    "receive",
    "sent",
    "lost",
    "found",
    "hit",
    "miss",
    "true",
    "false",
    "yes",
    "push",
    "pop",
    "pull",
    "commit",
    "rollback",
    "abort",
    "retry",
    "pause",
    "resume",
    "run",
    "kill",
    "spawn",
    "grant",
    "revoke",
    "attach",
    "detach",
    "bind",
    "unbind",
    "import",
    "export",
    "upload",
    "download",
    "valid",
    "invalid",
    "known",
    "unknown",
    "healthy",
    "unhealthy",
    "ready",
    "full",
    "empty",
    "high",
    "low",
    "max",
    "min",
    "first",
    "last",
    "done",
];

const TELLING_ENDINGS: [&str; 16] = [
    "ed", "ing", "tion", "sion", "able", "ible", "ment", "ity", "ly", "ive", "ful", "ness", "ance", "ence", "ure",
    "ally",
];

/// Words this short are codes: there are few of them, and each means something.
const LETTER_CODE: usize = 2;

const UNITS: [&str; 38] = [
    "b", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "tib", "byte", "bytes", "k", "m", "g", "ns", "us", "µs", "ms",
    "s", "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes", "h", "hr", "hrs", "hour", "hours",
    "day", "days", "kb/s", "mb/s", "kib/s", "mib/s",
];

const TIME_WORDS: [&str; 55] = [
    "Mon",
    "Tue",
    "Wed",
    "Thu",
    "Fri",
    "Sat",
    "Sun",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Sept",
    "Oct",
    "Nov",
    "Dec",
    "January",
    "February",
    "March",
    "April",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "UTC",
    "GMT",
    "AM",
    "PM",
    "CET",
    "CEST",
    "EST",
    "EDT",
    "CST",
    "CDT",
    "MST",
    "MDT",
    "PST",
    "PDT",
    "BST",
    "IST",
    "JST",
];

/// Things that have names of their own in every trade, said right before the name.
const NAMED_THINGS: [&str; 38] = [
    "user",
    "username",
    "account",
    "role",
    "group",
    "owner",
    "tenant",
    "customer",
    "database",
    "table",
    "schema",
    "index",
    "column",
    "host",
    "hostname",
    "server",
    "client",
    "peer",
    "node",
    "cluster",
    "device",
    "interface",
    "volume",
    "disk",
    "file",
    "directory",
    "service",
    "unit",
    "package",
    "process",
    "thread",
    "queue",
    "topic",
    "channel",
    "session",
    "key",
    "named",
    "called",
];

/// Top-level domains that end a host name; enough to tell hosts from dotted names in code.
const DOMAINS: [&str; 30] = [
    "com", "net", "org", "edu", "gov", "mil", "io", "dev", "app", "cn", "hk", "tw", "jp", "kr", "in", "uk", "de", "fr",
    "nl", "it", "es", "pl", "ch", "at", "ru", "br", "au", "ca", "local", "internal",
];

/// Keys whose values are sentences, in JSON and `key=value` lines.
const TEXT_KEYS: [&str; 10] =
    ["msg", "message", "event", "text", "error", "err", "reason", "exception", "detail", "description"];

/// What follows such a key and a colon is text in another language, to the end of the message.
pub(crate) fn is_statement_key(word: &str) -> bool {
    ["statement", "query", "sql"].iter().any(|key| key.eq_ignore_ascii_case(word))
}

pub(crate) fn is_text_key(word: &str) -> bool {
    TEXT_KEYS.iter().any(|key| key.eq_ignore_ascii_case(word))
}

/// What stands in quotes where there is no value.
pub(crate) fn is_nothing(text: &str) -> bool {
    matches!(text, "" | "-" | "null" | "nil" | "none" | "undefined" | "NULL" | "None" | "<nil>" | "(null)")
}

/// Levels and methods stay readable even as values of keys.
pub(crate) fn is_telling_value(word: &str) -> bool {
    HTTP_METHODS.contains(&word) || is_level(word)
}

pub(crate) fn is_level(word: &str) -> bool {
    LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word))
}

pub(crate) fn is_unit(word: &str) -> bool {
    word.len() <= 7 && UNITS.iter().any(|unit| unit.eq_ignore_ascii_case(word))
}

pub(crate) fn is_time_word(word: &str) -> bool {
    (2..=9).contains(&word.len()) && word.as_bytes()[0].is_ascii_uppercase() && TIME_WORDS.contains(&word)
}

#[inline]
pub(crate) fn is_bool(word: &str) -> bool {
    matches!(word.as_bytes().first(), Some(b't' | b'f' | b'T' | b'F'))
        && matches!(word, "true" | "false" | "True" | "False" | "TRUE" | "FALSE")
}

pub(crate) fn ends_in_domain(word: &str) -> bool {
    word.rsplit_once('.').is_some_and(|(_, last)| DOMAINS.contains(&last))
}

/// Words that never become values of a variable, however many stand in one place.
pub(crate) fn is_never_a_value(word: &str) -> bool {
    HTTP_METHODS.contains(&word) || is_level(word) || GRAMMAR.iter().any(|other| other.eq_ignore_ascii_case(word))
}

/// Whether a word reads like a verb, an outcome, one of two opposites or a letter code (`A`, `x+`).
pub(crate) fn is_telling(word: &str) -> bool {
    if word.len() <= LETTER_CODE {
        return true;
    }
    if !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    let word = word.to_ascii_lowercase();
    TELLING.contains(&word.as_str()) || TELLING_ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// Whether what follows this word is probably a name.
pub(crate) fn announces_a_name(word: &str) -> bool {
    NAMED_THINGS.iter().any(|thing| thing.eq_ignore_ascii_case(word))
}

/// Whether a word looks like one of a set of states: capitals only.
pub(crate) fn is_state(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opposites_tell_and_names_do_not() {
        for word in ["Started", "paused", "offline", "Creation", "UNLOCK"] {
            assert!(is_telling(word), "{word}");
        }
        for word in ["alice", "orders", "db-main"] {
            assert!(!is_telling(word), "{word}");
        }
        assert!(is_never_a_value("PATCH") && is_never_a_value("warning") && !is_never_a_value("patch"));
        assert!(is_unit("KB") && is_time_word("Sep") && ends_in_domain("api.shop.example.com"));
    }
}
