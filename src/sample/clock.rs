//! Instants as nanoseconds since 1970 (UTC), and RFC 3339 text from them.
//!
//! Days to dates by Howard Hinnant's `civil_from_days`; no zone and no leap second comes up here.

use crate::time::timestamp;

pub(super) const MICRO: i64 = 1_000;
pub(super) const MILLI: i64 = 1_000_000;
pub(super) const SECOND: i64 = 1_000_000_000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// The instant that an RFC 3339 text names, such as `2025-09-14T14:47:29.848671Z`; the texts are this module's own.
pub(super) fn at(text: &str) -> i64 {
    timestamp::parse(text).map_or(0, |time| time.epoch_ns)
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// `2025-09-14T14:47:29`, the instant cut to its second
pub(super) fn to_second(nanos: i64) -> String {
    let (year, month, day) = civil_from_days(nanos.div_euclid(DAY));
    let second = nanos.rem_euclid(DAY) / SECOND;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
}

/// With `Z` and six to nine digits of fraction, as Cloud Logging writes it
pub(super) fn zulu(nanos: i64) -> String {
    let mut fraction = format!("{:09}", nanos.rem_euclid(SECOND));
    while fraction.len() > 6 && fraction.ends_with('0') {
        fraction.pop();
    }
    format!("{}.{fraction}Z", to_second(nanos))
}

/// With an offset and six digits of fraction, as the Python client's `isoformat` writes it
pub(super) fn with_offset(nanos: i64) -> String {
    format!("{}.{:06}+00:00", to_second(nanos), nanos.rem_euclid(SECOND) / MICRO)
}

/// A span as `httpRequest.latency` holds it: `3.786648988s`
pub(super) fn latency(nanos: i64) -> String {
    format!("{}.{:09}s", nanos / SECOND, nanos % SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_instants_agree() {
        for text in ["2025-09-14T14:47:29.848671Z", "2024-02-29T23:59:59.999999999Z", "1970-01-01T00:00:00.000000Z"] {
            assert_eq!(zulu(at(text)), text);
        }
        assert_eq!(at("2025-09-14T14:35:59.427Z"), 1_757_860_559_427 * MILLI);
        assert_eq!(latency(3_786_648_988), "3.786648988s");
    }
}
