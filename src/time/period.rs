//! The window a worklog is about, from what the user said and what the archive holds.

use anyhow::{Result, anyhow, bail};
use clap::Args;
use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};

pub const MINUTE_NS: i64 = 60_000_000_000;
pub const DAY_NS: i64 = 24 * 60 * MINUTE_NS;

/// Arguments that select a service and a time window [default: all services, the last 24 hours of the archive].
#[derive(Debug, Clone, Default, Args)]
pub struct WindowArgs {
    /// Window of this length that ends with the last entry: `90m`, `1h`, `2d`; `deploy`: since the last deployment
    /// [default: `24h`; of `clusters`: the whole archive]
    #[arg(long, value_name = "TIME", conflicts_with_all = ["from", "to", "day"])]
    pub last: Option<String>,
    /// Start of the window, in place of --last or --day: `2025-09-14` or `2025-09-14T10:00:00Z`
    #[arg(long, value_name = "TIME", conflicts_with = "day")]
    pub from: Option<String>,
    /// End of the window, not included; a day means its first moment
    #[arg(long, value_name = "TIME", conflicts_with = "day")]
    pub to: Option<String>,
    /// One day, such as `2025-09-14`
    #[arg(long, value_name = "DATE")]
    pub day: Option<String>,
    /// Include only this service
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,
    /// Time zone of all times, such as `Europe/Berlin` [default: UTC]
    #[arg(long, value_name = "ZONE")]
    pub tz: Option<String>,
    /// Use this time as the current time and ignore later entries
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
}

/// What a window is called that begins with a deployment.
const SINCE_DEPLOYMENT: &str = "last-deploy";

impl WindowArgs {
    /// Whether the window is the newest there is.
    pub fn ends_with_last_entry(&self) -> bool {
        self.from.is_none() && self.to.is_none() && self.day.is_none() && self.as_of.is_none()
    }

    /// Whether each service's window begins with its last deployment.
    pub fn is_since_deployment(&self) -> bool {
        self.last.as_deref() == Some("deploy")
    }

    /// Whether no time is given.
    pub fn is_silent(&self) -> bool {
        self.last.is_none() && self.from.is_none() && self.to.is_none() && self.day.is_none() && self.as_of.is_none()
    }
}

/// A time from, up to but without, and the word for it in the file's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    pub from_ns: i64,
    pub to_ns: i64,
    pub focus: String,
    /// What was asked for, before it was widened to whole minutes.
    pub asked: String,
}

/// The zone that is asked for, else the rules', else UTC.
pub fn zone(asked: Option<&str>, setting: Option<&str>) -> Result<TimeZone> {
    let name = asked.or(setting).unwrap_or("UTC");
    TimeZone::get(name).map_err(|_| {
        anyhow!(
            "no time zone is called `{name}`\n\nhint: names are those of the IANA database, such as `Europe/Berlin`"
        )
    })
}

/// A time as people write it: RFC 3339, or a date or a date and time in the zone.
pub fn parse_time(text: &str, zone: &TimeZone) -> Result<i64> {
    let timestamp = text.parse::<Timestamp>().ok().or_else(|| {
        let civil = text.parse::<civil::DateTime>().ok();
        let civil = civil.or_else(|| text.parse::<civil::Date>().ok().map(|date| date.at(0, 0, 0, 0)));
        civil.and_then(|civil| civil.to_zoned_datetime(zone.clone()).ok()).map(|zoned| zoned.timestamp())
    });
    let timestamp = timestamp.ok_or_else(|| {
        anyhow!(
            "cannot read the time `{text}`\n\nhint: write `2025-09-14`, `2025-09-14T10:00` or `2025-09-14T10:00:00Z`"
        )
    })?;
    i64::try_from(timestamp.as_nanosecond()).map_err(|_| anyhow!("the time `{text}` is out of range"))
}

/// `last_entry_ns` is the archive's last entry, or the last one before `--as-of`.
pub fn resolve(args: &WindowArgs, zone: &TimeZone, first_entry_ns: i64, last_entry_ns: i64) -> Result<Period> {
    let end = last_entry_ns + 1;
    if let Some(day) = &args.day {
        return day_of(day, zone);
    }
    if args.is_since_deployment() {
        return Ok(period(first_entry_ns, end, SINCE_DEPLOYMENT.into(), "the time since the last deployment".into()));
    }
    if let Some(last) = &args.last {
        let (length, words) = parse_length(last)?;
        return Ok(period(end - length, end, format!("last-{words}"), format!("the last {}", words.replace('-', " "))));
    }
    if args.from.is_none() && args.to.is_none() {
        return Ok(period(end - DAY_NS, end, "latest".into(), "the 24 hours that end with the last entry".into()));
    }
    let from = args.from.as_deref().map(|text| parse_time(text, zone)).transpose()?.unwrap_or(first_entry_ns);
    let to = args.to.as_deref().map(|text| parse_time(text, zone)).transpose()?.unwrap_or(end);
    if from >= to {
        bail!("the window ends before it begins: from `{}` to `{}`", stamp(from), stamp(to));
    }
    let focus = format!("{}-to-{}", stamp(from), stamp(to));
    Ok(period(from, to, focus, "the time asked for".into()))
}

/// The time that a word means, if it is one: a day, or two times with `..` between them.
pub fn span_of(word: &str, zone: &TimeZone) -> Result<Option<(i64, i64)>> {
    if let Some((from, to)) = word.split_once("..") {
        let found = period(parse_time(from, zone)?, parse_time(to, zone)?, String::new(), String::new());
        if found.from_ns >= found.to_ns {
            bail!("`{word}` ends before it begins");
        }
        return Ok(Some((found.from_ns, found.to_ns)));
    }
    if word.parse::<civil::Date>().is_err() {
        return Ok(None);
    }
    day_of(word, zone).map(|day| Some((day.from_ns, day.to_ns)))
}

/// How long before the other side's hours a word means: `-1d`, `-7d`, `-1w`.
pub fn days_before(word: &str) -> Result<Option<i64>> {
    let Some(length) = word.strip_prefix('-').filter(|length| length.starts_with(|c: char| c.is_ascii_digit())) else {
        return Ok(None);
    };
    let (length_ns, _) = parse_length(length)?;
    if length_ns % DAY_NS != 0 {
        bail!("`{word}` is no whole number of days\n\nhint: `-1d` means the same hours one day before, `-1w` one week");
    }
    Ok(Some(length_ns))
}

/// The day of the zone that holds a time.
pub fn day_at(at_ns: i64, zone: &TimeZone) -> Result<Period> {
    let timestamp = Timestamp::from_nanosecond(i128::from(at_ns))?;
    day_of(&timestamp.to_zoned_datetime(zone.clone()).date().to_string(), zone)
}

/// The start of the minute that holds a time.
pub fn whole_minute_before(at_ns: i64) -> i64 {
    at_ns.div_euclid(MINUTE_NS) * MINUTE_NS
}

/// The end of the minute that holds a time.
pub fn whole_minute_after(at_ns: i64) -> i64 {
    (at_ns + MINUTE_NS - 1).div_euclid(MINUTE_NS) * MINUTE_NS
}

fn day_of(day: &str, zone: &TimeZone) -> Result<Period> {
    let date: civil::Date =
        day.parse().map_err(|_| anyhow!("cannot read the day `{day}`\n\nhint: write it as `2025-09-14`"))?;
    let start = |date: civil::Date| -> Result<i64> {
        let zoned = date.at(0, 0, 0, 0).to_zoned_datetime(zone.clone())?;
        Ok(i64::try_from(zoned.timestamp().as_nanosecond())?)
    };
    Ok(period(start(date)?, start(date.checked_add(1.day())?)?, date.to_string(), format!("the day {date}")))
}

/// Widened to whole minutes.
fn period(from: i64, to: i64, focus: String, asked: String) -> Period {
    Period { from_ns: whole_minute_before(from), to_ns: whole_minute_after(to), focus, asked }
}

/// `90m` to nanoseconds and `90-minutes`.
fn parse_length(text: &str) -> Result<(i64, String)> {
    let fault = || {
        anyhow!(
            "cannot read the time `{text}`\n\nhint: write a number and a unit, `90m`, `1h`, `2d`, `1w`, or `deploy`"
        )
    };
    let split = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(fault)?;
    let count: i64 = text[..split].parse().map_err(|_| fault())?;
    let (unit_ns, unit) = match &text[split..] {
        "m" | "min" => (MINUTE_NS, "minute"),
        "h" => (60 * MINUTE_NS, "hour"),
        "d" => (DAY_NS, "day"),
        "w" => (7 * DAY_NS, "week"),
        _ => return Err(fault()),
    };
    let length = count.checked_mul(unit_ns).filter(|length| *length > 0).ok_or_else(fault)?;
    Ok((length, format!("{count}-{unit}{}", if count == 1 { "" } else { "s" })))
}

/// `2025-09-14-1447`, in UTC, for names of files.
/// RFC 3339 to the second, UTC, as commands take it.
pub fn instant(epoch_ns: i64) -> String {
    let second = epoch_ns.div_euclid(1_000_000_000);
    Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

pub fn stamp(epoch_ns: i64) -> String {
    let timestamp = Timestamp::from_nanosecond(i128::from(epoch_ns)).unwrap_or(Timestamp::UNIX_EPOCH);
    timestamp.to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m-%d-%H%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ns(text: &str) -> i64 {
        parse_time(text, &TimeZone::UTC).unwrap()
    }

    fn resolved(args: &WindowArgs) -> Period {
        resolve(args, &TimeZone::UTC, ns("2025-09-12"), ns("2025-09-14T14:47:29.848671Z")).unwrap()
    }

    #[test]
    fn without_a_word_it_is_the_last_day_in_whole_minutes() {
        let period = resolved(&WindowArgs::default());
        assert_eq!((period.from_ns, period.to_ns), (ns("2025-09-13T14:47:00Z"), ns("2025-09-14T14:48:00Z")));
        assert_eq!(period.focus, "latest");
    }

    #[test]
    fn windows_are_said_in_many_ways() {
        let last = resolved(&WindowArgs { last: Some("1h".into()), ..Default::default() });
        assert_eq!((last.from_ns, last.focus.as_str()), (ns("2025-09-14T13:47:00Z"), "last-1-hour"));
        let day = resolved(&WindowArgs { day: Some("2025-09-13".into()), ..Default::default() });
        assert_eq!((day.from_ns, day.to_ns), (ns("2025-09-13"), ns("2025-09-14")));
        let from = resolved(&WindowArgs { from: Some("2025-09-13T10:00:30Z".into()), ..Default::default() });
        assert_eq!(from.from_ns, ns("2025-09-13T10:00:00Z"));
    }

    #[test]
    fn nonsense_is_refused() {
        let args = |last: &str| WindowArgs { last: Some(last.into()), ..Default::default() };
        for text in ["", "h", "1", "0h", "1y", "99999999999999999999d"] {
            assert!(resolve(&args(text), &TimeZone::UTC, 0, 1).is_err(), "{text}");
        }
    }
}
