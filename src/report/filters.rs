//! How templates write numbers, times and texts. Nothing is computed here that a query could answer.

use jiff::{Timestamp, tz::TimeZone};
use minijinja::{
    Environment, State, Value,
    value::{Serde, ValueKind},
};

use super::{charts, pages};
use crate::{
    config::overrides::Overrides,
    text::{escape, sparkline::spark, terminal, words},
};

pub fn register(environment: &mut Environment<'static>, zone: TimeZone, overrides: &Overrides) {
    pages::register(environment, zone.clone(), overrides);
    let (for_time, for_clock, for_minute) = (zone.clone(), zone.clone(), zone.clone());
    environment.add_filter("time", move |ns: i64| safe(moment(ns, &for_time)));
    let for_moment = zone.clone();
    environment.add_filter("moment", move |ns: i64| {
        let text = moment(ns, &for_moment);
        safe(format!("<time datetime=\"{text}\">{text}</time>"))
    });
    environment.add_filter("minute", move |ns: i64| safe(minute(ns, &for_minute)));
    environment.add_filter("clock", move |ns: i64| safe(clock(ns, &for_clock)));
    environment.add_filter("duration", |ns: i64| safe(duration(ns)));
    environment.add_filter("span", |ns: i64| safe(span(ns)));
    environment.add_filter("number", |count: u64| safe(words::thousands(count)));
    environment.add_filter("share_of", |part: i64, whole: i64| safe(share(part, whole)));
    environment.add_filter("site", |row: Value| site(&row));
    environment.add_filter("why", |row: Value| safe(why(&row)));
    environment.add_filter("ratio", |row: Value| safe(ratio(&row)));
    environment.add_filter("digits", |value: Value| safe(f64::try_from(value).map_or_else(|_| "-".into(), digits)));
    environment.add_filter("chance", |state: &State<'_, '_>, value: Value| {
        let text = f64::try_from(value).map_or_else(|_| "-".into(), chance);
        safe(if is_html(state) { charts::escaped(&text) } else { text })
    });
    environment.add_filter("measure", |value: f64, unit: &str| {
        safe(if unit == "ns" { duration(value as i64) } else { format!("{} %", digits(100.0 * value)) })
    });
    environment.add_filter("exposure", |value: Value, unit: &str| safe(exposure(&value, unit)));
    environment.add_filter("block", |text: &str| Value::from_safe_string(escape::visible_block(text).into_owned()));
    environment.add_filter("spark", |counts: Vec<i64>| safe(spark(&counts)));
    environment.add_filter("heading", heading);
    environment.add_filter("short", |text: &str, limit: usize| escape::one_line(text, limit));
    environment.add_filter("code", |text: &str| Value::from_safe_string(escape::markdown_code(text)));
    environment.add_filter("fence", |text: &str| Value::from_safe_string(escape::markdown_fence(text)));
    environment.add_filter("plural", |count: u64, word: &str| safe(words::plural(count, word)));
    environment.add_filter("tint", |word: &str| safe(terminal::tint(&escape::visible_block(word))));
    environment.add_filter("bold", |text: &str| safe(terminal::bold(&escape::visible_block(text))));
    environment.add_global("width", terminal::text_width());
    environment.add_filter("shell", words::shell);
    environment.add_filter("shell_text", words::shell_text);
    environment.add_filter("sql_text", |text: &str| text.replace('\'', "''"));
    environment.add_filter("parse_json", parse_json);
    environment.set_formatter(|out, state, value| {
        let text = if is_html(state) && !value.is_safe() && !value.is_undefined() && !value.is_none() {
            charts::escaped(&escape::visible_block(&value.to_string()))
        } else if is_markdown(state) && value.kind() == ValueKind::String && !value.is_safe() {
            escape::markdown_text(&value.to_string()).into_owned()
        } else if value.is_undefined() || value.is_none() {
            return Err(minijinja::Error::new(minijinja::ErrorKind::UndefinedError, "a value is missing"));
        } else if value.kind() == ValueKind::String && !value.is_safe() {
            escape::visible_block(&value.to_string()).into_owned()
        } else {
            value.to_string()
        };
        out.write_str(&text).map_err(minijinja::Error::from)
    });
}

fn is_html(state: &State<'_, '_>) -> bool {
    state.name().ends_with(".html")
}

fn is_markdown(state: &State<'_, '_>) -> bool {
    state.name().ends_with(".md")
}

/// RFC 3339 in the zone, with as many digits of the second as the time has.
fn moment(ns: i64, zone: &TimeZone) -> String {
    let timestamp = Timestamp::from_nanosecond(i128::from(ns)).unwrap_or(Timestamp::UNIX_EPOCH);
    if *zone == TimeZone::UTC {
        timestamp.to_string()
    } else {
        timestamp.display_with_offset(zone.to_offset(timestamp)).to_string()
    }
}

/// Made here of digits and units: nothing in it needs escaping.
fn safe(text: String) -> Value {
    Value::from_safe_string(text)
}

/// Day and minute, for headings.
fn minute(ns: i64, zone: &TimeZone) -> String {
    let timestamp = Timestamp::from_nanosecond(i128::from(ns)).unwrap_or(Timestamp::UNIX_EPOCH);
    timestamp.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string()
}

/// The time of day to milliseconds.
fn clock(ns: i64, zone: &TimeZone) -> String {
    let timestamp = Timestamp::from_nanosecond(i128::from(ns)).unwrap_or(Timestamp::UNIX_EPOCH);
    timestamp.to_zoned_datetime(zone.clone()).strftime("%H:%M:%S%.3f").to_string()
}

/// A short time with three digits: `6.2 ms`, `10.2 s`.
fn duration(ns: i64) -> String {
    let sign = if ns < 0 { "-" } else { "" };
    let size = ns.unsigned_abs() as f64;
    let text = match size {
        _ if size < 1e3 => format!("{size} ns"),
        _ if size < 1e6 => format!("{:.1} µs", size / 1e3),
        _ if size < 1e9 => format!("{:.1} ms", size / 1e6),
        _ if size < 100e9 => format!("{:.1} s", size / 1e9),
        _ => span(ns.saturating_abs()),
    };
    format!("{sign}{text}")
}

/// A long time in its two greatest units; up to two minutes in seconds.
fn span(ns: i64) -> String {
    let seconds = ns as f64 / 1e9;
    if seconds < 120.0 {
        return format!("{seconds:.1} s");
    }
    let whole = ns / 1_000_000_000;
    let (days, hours, minutes) = (whole / 86_400, whole / 3_600 % 24, whole / 60 % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes} min {} s", whole % 60),
        (0, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

/// A part of a whole in percent; never `0 %` or `100 %` unless it is.
fn share(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "0 %".into();
    }
    let percent = part as f64 * 100.0 / whole as f64;
    match percent {
        _ if part == 0 || part == whole => format!("{percent:.0} %"),
        _ if percent < 1.0 => "under 1 %".into(),
        _ if percent > 99.0 => "over 99 %".into(),
        _ => format!("{percent:.0} %"),
    }
}

/// A row's count with its thousands apart.
pub fn count(value: &serde_json::Value) -> String {
    value.as_u64().map(words::thousands).unwrap_or_default()
}

/// A row's time as the day and minute, UTC.
pub fn day(ns: &serde_json::Value) -> String {
    ns.as_i64().map(|ns| minute(ns, &TimeZone::UTC).replace(" UTC", "")).unwrap_or_default()
}

/// `auth_failure_stage` to `Auth Failure Stage`.
fn heading(name: &str) -> String {
    let words = name.split(['_', '-', '.']).filter(|word| !word.is_empty()).map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
    });
    words.collect::<Vec<_>>().join(" ")
}

fn text_of(row: &Value, key: &str) -> Option<String> {
    let value = row.get_attr(key).ok()?;
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn number_of(row: &Value, key: &str) -> Option<i64> {
    row.get_attr(key).ok().and_then(|value| i64::try_from(value).ok())
}

/// `module:line function` of a row with a call site, as code; nothing without one.
fn site(row: &Value) -> Value {
    let Some(module) = text_of(row, "call_module") else { return Value::from("") };
    let line = row.get_attr("call_lines").and_then(|lines| lines.get_item(&Value::from(0))).ok();
    let line = line.and_then(|line| i64::try_from(line).ok()).map(|line| format!(":{line}")).unwrap_or_default();
    let function = text_of(row, "call_function").map(|function| format!(" {function}")).unwrap_or_default();
    Value::from_safe_string(escape::markdown_code(&format!("{module}{line}{function}")))
}

/// Why a pattern belongs to its cluster, with the figure.
fn why(row: &Value) -> String {
    let count = |key: &str| number_of(row, key).unwrap_or(0);
    let (together, all) = (count("together_count"), count("member_count"));
    match text_of(row, "reason").as_deref() {
        Some("text") => "tells the same text again".into(),
        Some("trace") => format!("in {together} of its {all} traces together with the lead, over the archive"),
        Some("call site") => "written by the same function".into(),
        Some("status") => "a request that ends with a status of the same kind".into(),
        Some("once a start") => "once a start, as the lead".into(),
        Some("instance") => {
            let lag = number_of(row, "lag_ns").unwrap_or(0);
            let side = if lag < 0 { "before" } else { "after" };
            let chance = row.get_attr("chance").ok().and_then(|chance| f64::try_from(chance).ok()).unwrap_or(1.0);
            let lag = duration(lag.saturating_abs());
            format!(
                "in {together} of {all} runs on the lead's instance, {lag} {side} it (over the archive; by chance at most {})",
                self::chance(chance).replace("< ", "")
            )
        }
        _ => "for no stated reason".into(),
    }
}

/// A number with two or three digits that count, a large one whole.
fn digits(number: f64) -> String {
    let size = number.abs();
    match size {
        _ if size >= 1000.0 => words::thousands(size.round() as u64),
        _ if size >= 100.0 || number.fract() == 0.0 => format!("{number:.0}"),
        _ if size >= 10.0 => format!("{number:.1}"),
        _ if size >= 1.0 => format!("{number:.2}"),
        _ if size >= 0.01 => format!("{number:.3}"),
        _ => format!("{number:.2e}"),
    }
}

/// A probability, the very small ones by a bound.
fn chance(probability: f64) -> String {
    match probability {
        _ if probability < 0.0001 => "< 0.0001".into(),
        _ if probability > 0.995 => "1".into(),
        _ => format!("{probability:.2}").replace("0.00", "< 0.01"),
    }
}

/// What a side had the chance to show.
fn exposure(value: &Value, unit: &str) -> String {
    match f64::try_from(value.clone()) {
        Ok(count) if count > 0.0 && unit == "seconds" => span((count * 1e9) as i64),
        Ok(count) if count > 0.0 && unit == "requests" => words::plural(count.round() as u64, "request"),
        Ok(count) if count > 0.0 => format!("{} {unit}", digits(count)),
        _ => "nothing collected".into(),
    }
}

/// A ratio with its interval; where one side had none, the bound that is known. Never infinite.
fn ratio(row: &Value) -> String {
    let number = |key: &str| row.get_attr(key).ok().and_then(|value| f64::try_from(value).ok());
    match (number("ratio"), number("ratio_lower"), number("ratio_upper")) {
        (Some(0.0), _, Some(upper)) => format!("at most {}x", digits(upper)),
        (Some(ratio), Some(lower), Some(upper)) => {
            format!("{}x [{}, {}]", digits(ratio), digits(lower), digits(upper))
        }
        (None, Some(lower), _) if lower > 0.0 => format!("at least {}x", digits(lower)),
        _ => "no ratio".into(),
    }
}

fn parse_json(text: &str) -> Value {
    serde_json::from_str::<serde_json::Value>(text).map_or(Value::UNDEFINED, |parsed| Value::from(Serde(parsed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_read_well() {
        assert_eq!(share(1, 3), "33 %");
        assert_eq!(share(1, 1000), "under 1 %");
        assert_eq!(duration(6_200_000), "6.2 ms");
        assert_eq!(duration(-10_200_000_000), "-10.2 s");
        assert_eq!(span(106_886_000_000), "106.9 s");
        assert_eq!(span(2_314_000_000_000), "38 min 34 s");
        assert_eq!(heading("auth_failure_stage"), "Auth Failure Stage");
        assert_eq!(
            (digits(6.728), digits(57_001.0), digits(0.01079)),
            ("6.73".into(), "57,001".into(), "0.011".into())
        );
        assert_eq!((chance(7e-53), chance(0.004), chance(0.031)), ("< 0.0001".into(), "< 0.01".into(), "0.03".into()));
        assert_eq!(spark(&[0, 1, 4, 8]), "·▁▄█");
    }
}
