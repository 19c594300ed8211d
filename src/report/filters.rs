//! How templates write numbers, times and texts. Nothing is computed here that a query could answer.

use jiff::{Timestamp, tz::TimeZone};
use minijinja::{
    Environment, State, Value,
    value::{Serde, ValueKind},
};

use serde::Deserialize;

use super::{
    charts, pages, sample_entry,
    sentence::{Part, Sentence},
};
use crate::{
    config::overrides::Overrides,
    sql::row::Numbers,
    text::{escape, sparkline::spark, terminal, words},
};

pub fn register(environment: &mut Environment<'static>, zone: TimeZone, overrides: &Overrides) {
    pages::register(environment, zone.clone(), overrides);
    let (for_time, for_clock, for_minute) = (zone.clone(), zone.clone(), zone.clone());
    environment.add_filter("time", move |ns: Option<i64>| or_dash(ns, |ns| moment(ns, &for_time)));
    let (for_moment, for_instant) = (zone.clone(), zone.clone());
    environment.add_filter("moment", move |ns: Option<i64>| or_dash(ns, |ns| pages::moment(&moment(ns, &for_moment))));
    // for a text that is escaped as a whole, of which safe text would be taken to be HTML
    environment.add_filter("instant", move |ns: i64| exact_moment(ns, &for_instant));
    environment.add_filter("minute", move |ns: Option<i64>| or_dash(ns, |ns| minute(ns, &for_minute)));
    environment.add_filter("clock", move |ns: Option<i64>| or_dash(ns, |ns| clock(ns, &for_clock)));
    environment.add_filter("duration", |ns: Option<i64>| or_dash(ns, duration));
    environment.add_filter("span", |ns: Option<i64>| or_dash(ns, span));
    environment.add_filter("number", |count: Option<u64>| or_dash(count, words::thousands));
    environment.add_filter("share_of", |part: i64, whole: i64| safe(share(part, whole)));
    environment.add_filter("site", |state: &State<'_, '_>, row: Serde<CallSite>| site(state, &row));
    environment.add_filter("linked", |state: &State<'_, '_>, text: &str, url: Option<String>| {
        safe(linked(state, text, url.as_deref()))
    });
    environment.add_filter("why", |row: Serde<Link>| safe(why(&row)));
    environment.add_filter("why_briefly", |row: Serde<Link>| safe(why_briefly(&row)));
    environment.add_filter("ratio", |row: Serde<Ratio>| safe(ratio(&row)));
    environment.add_filter("digits", |value: Value| safe(f64::try_from(value).map_or_else(|_| "-".into(), digits)));
    environment.add_filter("chance", |state: &State<'_, '_>, value: Value| {
        let text = f64::try_from(value).map_or_else(|_| "-".into(), chance);
        safe(if is_html(state) { charts::escaped(&text) } else { text })
    });
    environment.add_filter("measure", |value: f64, unit: &str| {
        safe(if unit == "ns" { duration(value as i64) } else { format!("{} %", digits(100.0 * value)) })
    });
    environment.add_filter("exposure", |value: f64, unit: &str| safe(exposure(value, unit)));
    let for_said = zone.clone();
    environment.add_filter("said", move |state: &State<'_, '_>, sentence: Serde<Sentence>, times: Option<&str>| {
        let is_to_minutes = times == Some("minute");
        let time = |ns| if is_to_minutes { minute(ns, &for_said) } else { moment(ns, &for_said) };
        let part = |part: &Part| match part {
            Part::Minute(ns) => minute(*ns, &for_said),
            Part::Clock(ns) => clock(*ns, &for_said),
            other => said(state, other, &time),
        };
        safe(sentence.0.0.iter().map(part).collect())
    });
    environment.add_filter("pre", |text: Option<&str>| or_dash(text, |text| pages::pre(&escape::visible_block(text))));
    environment.add_filter("beyond", |list: Value, limit: usize| list.len().unwrap_or(0).saturating_sub(limit));
    environment.add_filter("fit", |text: &str, margin: usize| {
        escape::one_line(text, terminal::text_width().saturating_sub(margin))
    });
    environment
        .add_filter("block", |text: Option<&str>| or_dash(text, |text| escape::visible_block(text).into_owned()));
    environment.add_filter("brief_sample", |sample: Option<&str>| sample.and_then(sample_entry::brief));
    environment.add_filter("spark", |counts: Vec<i64>| safe(spark(&counts)));
    environment.add_filter("heading", heading);
    environment
        .add_filter("short", |text: Option<&str>, limit: usize| escape::one_line(text.unwrap_or(NOTHING), limit));
    environment.add_filter("code", |text: Option<&str>| or_dash(text, escape::markdown_code));
    environment.add_filter("fence", |text: Option<&str>| or_dash(text, escape::markdown_fence));
    environment
        .add_filter("plural", |count: Option<u64>, word: &str| or_dash(count, |count| words::plural(count, word)));
    environment
        .add_filter("tint", |word: Option<&str>| or_dash(word, |word| terminal::tint(&escape::visible_block(word))));
    environment
        .add_filter("bold", |text: Option<&str>| or_dash(text, |text| terminal::bold(&escape::visible_block(text))));
    environment.add_global("width", terminal::text_width());
    environment.add_filter("shell", |text: Option<&str>| words::shell(text.unwrap_or_default()));
    environment.add_filter("shell_text", words::shell_text);
    environment.add_filter("sql_text", |text: &str| text.replace('\'', "''"));
    environment.add_filter("parse_json", parse_json);
    environment.set_formatter(|out, state, value| {
        let text = if is_html(state) && !value.is_safe() && !value.is_undefined() && !value.is_none() {
            charts::escaped(&escape::visible_block(&value.to_string()))
        } else if is_markdown(state) && value.kind() == ValueKind::String && !value.is_safe() {
            escape::markdown_text(&value.to_string()).into_owned()
        } else if value.is_none() {
            NOTHING.to_owned()
        } else if value.is_undefined() {
            return Err(minijinja::Error::new(minijinja::ErrorKind::UndefinedError, "a value is missing"));
        } else if value.kind() == ValueKind::String && !value.is_safe() {
            escape::visible_block(&value.to_string()).into_owned()
        } else {
            value.to_string()
        };
        out.write_str(&text).map_err(minijinja::Error::from)
    });
}

/// What stands where an entry does not say.
const NOTHING: &str = "-";

fn or_dash<T>(value: Option<T>, write: impl FnOnce(T) -> String) -> Value {
    safe(value.map_or_else(|| NOTHING.to_owned(), write))
}

fn is_html(state: &State<'_, '_>) -> bool {
    state.name().ends_with(".html")
}

/// A part of a sentence as the template's format writes it.
fn said(state: &State<'_, '_>, part: &Part, time: &dyn Fn(i64) -> String) -> String {
    let (is_html, is_markdown) = (is_html(state), is_markdown(state));
    match part {
        Part::Words(words) if is_html => pages::pre(words),
        Part::Words(words) => words.clone(),
        Part::Strong(words) if is_html => format!("<strong>{}</strong>", charts::escaped(words)),
        Part::Strong(words) if is_markdown => format!("**{words}**"),
        Part::Strong(words) => words.clone(),
        Part::Text(text) if is_html => charts::escaped(&escape::visible_block(text)),
        Part::Text(text) if is_markdown => escape::markdown_text(text).into_owned(),
        Part::Text(text) => escape::visible_block(text).into_owned(),
        Part::Code(text) if is_html => format!("<code>{}</code>", charts::escaped(&escape::visible_block(text))),
        Part::Code(text) if is_markdown => escape::markdown_code(text),
        Part::Code(text) => escape::visible_block(text).into_owned(),
        Part::Link { text, url } => linked(state, text, Some(url)),
        Part::Number { text, query: Some(query) } if is_html => pages::number(state, text, query),
        Part::Number { text, .. } => text.clone(),
        Part::Time(ns) if is_html => pages::moment(&time(*ns)),
        Part::Time(ns) | Part::Minute(ns) | Part::Clock(ns) => time(*ns),
        Part::Cluster(number) if is_html => format!("<a href=\"#cluster-{number}\">cluster {number}</a>"),
        Part::Cluster(number) => format!("cluster {number}"),
    }
}

/// Code, and where it leads to if that is known. Addresses are made so that none ends early.
fn linked(state: &State<'_, '_>, text: &str, url: Option<&str>) -> String {
    let code = if is_html(state) {
        format!("<code>{}</code>", charts::escaped(&escape::visible_block(text)))
    } else if is_markdown(state) {
        escape::markdown_code(text)
    } else {
        return escape::visible_block(text).into_owned();
    };
    match url {
        Some(url) if is_html(state) => {
            format!("<a href=\"{}\" rel=\"noopener noreferrer\">{code}</a>", charts::escaped(url))
        }
        Some(url) => format!("[{code}]({url})"),
        None => code,
    }
}

fn is_markdown(state: &State<'_, '_>) -> bool {
    state.name().ends_with(".md")
}

/// RFC 3339 in the zone, with as many digits of the second as the time has.
/// To the second, as people read it; JSON and samples have all digits.
fn moment(ns: i64, zone: &TimeZone) -> String {
    exact_moment(ns.div_euclid(1_000_000_000) * 1_000_000_000, zone)
}

/// With all digits that it has.
fn exact_moment(ns: i64, zone: &TimeZone) -> String {
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
pub(super) fn duration(ns: i64) -> String {
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
pub(super) fn span(ns: i64) -> String {
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
pub(super) fn share(part: i64, whole: i64) -> String {
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

/// A time as the day and minute, UTC.
pub fn day(ns: i64) -> String {
    minute(ns, &TimeZone::UTC).replace(" UTC", "")
}

/// `auth_failure_stage` to `Auth Failure Stage`.
pub(super) fn heading(name: &str) -> String {
    let words = name.split(['_', '-', '.']).filter(|word| !word.is_empty()).map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The place in the code that wrote something.
#[derive(Default, Deserialize)]
#[serde(default)]
struct CallSite {
    call_module: Option<String>,
    call_function: Option<String>,
    call_lines: Option<Numbers>,
    link: Option<String>,
}

/// `module:line function` of a row with a call site, as code, linked where its source is known; nothing without one.
fn site(state: &State<'_, '_>, site: &CallSite) -> Value {
    let Some(module) = filled(&site.call_module) else { return Value::from("") };
    let line = site.call_lines.as_ref().and_then(|lines| lines.first().copied().flatten());
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    let function = filled(&site.call_function).map(|function| format!(" {function}")).unwrap_or_default();
    let place = format!("{module}{line}{function}");
    let is_page = is_html(state) || is_markdown(state);
    // in plain text as in Markdown
    safe(if is_page { linked(state, &place, site.link.as_deref()) } else { escape::markdown_code(&place) })
}

fn filled(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.is_empty())
}

/// Why a pattern belongs to its cluster.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Link {
    reason: Option<String>,
    together_count: Option<u64>,
    member_count: Option<u64>,
    lag_ns: Option<i64>,
    chance: Option<f64>,
}

/// Why a pattern belongs to its cluster, with the figure.
fn why(link: &Link) -> String {
    let (together, all) = (link.together_count.unwrap_or(0), link.member_count.unwrap_or(0));
    match filled(&link.reason) {
        Some("text") => "repeats the same text".into(),
        Some("trace") => format!("{}, over the archive", why_briefly(link)),
        Some("end of an instance") => {
            format!("at {together} of the {all} ends of instances that it tells of, with the first pattern")
        }
        Some("call site") => "written by the same function".into(),
        Some("status") => "a request that ends with the same kind of status".into(),
        Some("once a start") => "once per start, like the first pattern".into(),
        Some("instance") => {
            let chance = chance(link.chance.unwrap_or(1.0)).replace("< ", "");
            format!("{} (over the archive; by chance at most {chance})", why_briefly(link))
        }
        _ => "for no stated reason".into(),
    }
}

/// Without the chance, and without what all of them have in common.
fn why_briefly(link: &Link) -> String {
    let (together, all) = (link.together_count.unwrap_or(0), link.member_count.unwrap_or(0));
    match filled(&link.reason) {
        Some("trace") => format!("in {together} of its {all} traces together with the cluster's first pattern"),
        Some("instance") => {
            let lag = link.lag_ns.unwrap_or(0);
            let side = if lag < 0 { "before" } else { "after" };
            let lag = duration(lag.saturating_abs());
            format!("in {together} of {all} of its runs on an instance {lag} {side} the first pattern")
        }
        _ => why(link),
    }
}

/// A number with two or three digits that count, a large one whole.
pub(super) fn digits(number: f64) -> String {
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
pub(super) fn chance(probability: f64) -> String {
    match probability {
        _ if probability < 0.0001 => "< 0.0001".into(),
        _ if probability > 0.995 => "1".into(),
        _ => format!("{probability:.2}").replace("0.00", "< 0.01"),
    }
}

/// What a side had the chance to show.
pub(super) fn exposure(count: f64, unit: &str) -> String {
    match unit {
        _ if count <= 0.0 => "nothing collected".into(),
        "seconds" => span((count * 1e9) as i64),
        "requests" => words::plural(count.round() as u64, "request"),
        "starts" => words::plural(count.round() as u64, "start"),
        _ => format!("{} {unit}", digits(count)),
    }
}

/// How many times as often, with the interval.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ratio {
    pub ratio: Option<f64>,
    pub ratio_lower: Option<f64>,
    pub ratio_upper: Option<f64>,
}

/// A ratio with its interval; where one side had none, the bound that is known. Never infinite.
fn ratio(row: &Ratio) -> String {
    match (row.ratio, row.ratio_lower, row.ratio_upper) {
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
