//! Times of entries: RFC 3339 to nanoseconds since 1970, in UTC.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// A time and whether its text named a zone; without one it is taken as UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryTime {
    pub epoch_ns: i64,
    pub has_zone: bool,
}

/// Reads 0 to 9 digits of a second's fraction, `Z` or an offset, or no zone at all.
pub fn parse(text: &str) -> Option<EntryTime> {
    if let Some(epoch_ns) = parse_utc(text.as_bytes()) {
        return Some(EntryTime { epoch_ns, has_zone: true });
    }
    // BigQuery prints `2025-01-01 00:00:00.5 UTC`
    let zoned = text.strip_suffix(" UTC").map(|text| format!("{text}Z"));
    let text = zoned.as_deref().unwrap_or(text);
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(EntryTime { epoch_ns: to_ns(timestamp)?, has_zone: true });
    }
    let civil = text.parse::<DateTime>().ok()?;
    let timestamp = civil.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp();
    Some(EntryTime { epoch_ns: to_ns(timestamp)?, has_zone: false })
}

/// Whether a time can be an entry's: 1970 to 2199. Within, spans and sums of times fit 64 bits.
pub fn is_plausible(epoch_ns: i64) -> bool {
    const END_OF_2199_NS: i64 = 7_258_118_400 * 1_000_000_000;
    (0..END_OF_2199_NS).contains(&epoch_ns)
}

fn to_ns(timestamp: Timestamp) -> Option<i64> {
    i64::try_from(timestamp.as_nanosecond()).ok()
}

/// The form that nearly every entry has, `2025-09-16T00:42:59.910682Z`, without the general parser.
fn parse_utc(bytes: &[u8]) -> Option<i64> {
    let body = bytes.strip_suffix(b"Z")?;
    let is_plain = body.len() >= 19 && body[4] == b'-' && body[7] == b'-' && body[10] == b'T' && body[13] == b':';
    if !is_plain || body[16] != b':' || (body.len() > 19 && (body[19] != b'.' || body.len() == 20)) {
        return None;
    }
    let (year, month, day) = (digits(&body[..4])?, digits(&body[5..7])?, digits(&body[8..10])?);
    let (hour, minute, second) = (digits(&body[11..13])?, digits(&body[14..16])?, digits(&body[17..19])?);
    let in_range = (1700..2262).contains(&year) && (1..=12).contains(&month) && (1..=28).contains(&day);
    if !in_range || hour > 23 || minute > 59 || second > 59 || body.len() > 29 {
        return None;
    }
    let fraction = match body.get(20..) {
        Some(text) => digits(text)? * 10_i64.pow(9 - text.len() as u32),
        None => 0,
    };
    let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(seconds * 1_000_000_000 + fraction)
}

fn digits(bytes: &[u8]) -> Option<i64> {
    bytes.iter().try_fold(0_i64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

/// Days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// A protobuf duration as JSON writes it, `"3.786648988s"`, in nanoseconds.
pub fn duration_ns(text: &str) -> Option<i64> {
    let body = text.strip_suffix('s')?;
    let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
    if fraction.len() > 9 {
        return None;
    }
    let seconds = digits(whole.as_bytes()).filter(|_| !whole.is_empty() && whole.len() < 10)?;
    let nanos =
        if fraction.is_empty() { 0 } else { digits(fraction.as_bytes())? * 10_i64.pow(9 - fraction.len() as u32) };
    Some(seconds * 1_000_000_000 + nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_time_gives_the_same_instant() {
        let wanted = 1_757_968_988_333_007_000;
        let cases = [
            "2025-09-15T20:43:08.333007Z",
            "2025-09-15T20:43:08.333007000Z",
            "2025-09-15T20:43:08.33300700Z",
            "2025-09-15T20:43:08.333007+00:00",
            "2025-09-15T22:43:08.333007+02:00",
            "2025-09-15T20:43:08.333007",
        ];
        for text in cases {
            assert_eq!(parse(text).map(|time| time.epoch_ns), Some(wanted), "{text}");
        }
        assert!(!parse("2025-09-15T20:43:08").is_some_and(|time| time.has_zone));
        assert_eq!(parse("yesterday"), None);
        assert_eq!(parse("2025-02-30T00:00:00Z"), None);
    }

    #[test]
    fn the_quick_path_agrees_with_the_general_one() {
        for text in ["2024-02-28T23:59:59.5Z", "1999-12-01T00:00:00Z", "2025-03-01T01:02:03.123456789Z"] {
            let general = to_ns(text.parse::<Timestamp>().unwrap()).unwrap();
            assert_eq!(parse_utc(text.as_bytes()), Some(general), "{text}");
        }
    }

    #[test]
    fn plausible_times_are_of_two_centuries() {
        let is = |text| is_plausible(parse(text).unwrap().epoch_ns);
        assert!(is("1970-01-01T00:00:00Z") && is("2199-12-31T23:59:59.999999999Z"));
        assert!(!is("1969-12-31T23:59:59Z") && !is("2200-01-01T00:00:00Z") && !is("1700-01-01T00:00:00Z"));
    }

    #[test]
    fn durations_are_exact() {
        assert_eq!(duration_ns("3.786648988s"), Some(3_786_648_988));
        assert_eq!(duration_ns("0s"), Some(0));
        assert_eq!(duration_ns("0.5s"), Some(500_000_000));
        assert_eq!(duration_ns("5"), None);
    }
}
