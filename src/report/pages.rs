//! What HTML pages are made of beside their templates: style and script with the policy that lets nothing else run, charts,
//! and filters that only pages need.

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{Timestamp, tz::TimeZone};
use minijinja::{Environment, State, Value, context, value::Serde};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    charts,
    document::{
        self,
        window::{RevisionRow, TimelineRow},
    },
    filters::Ratio,
};
use crate::{config::overrides::Overrides, sql::file::SqlFile};

const STYLE: &str = include_str!("../../reports/assets/page.css");
const SCRIPT: &str = include_str!("../../reports/assets/page.js");

/// What stands for itself in a part of a URL (RFC 3986, unreserved).
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Changes with how pages look and behave.
pub(super) const TEXTS: [&str; 2] = [STYLE, SCRIPT];

pub(super) fn register(environment: &mut Environment<'static>, zone: TimeZone, overrides: &Overrides) {
    environment.add_global("page_style", STYLE);
    environment.add_global("page_script", SCRIPT);
    environment.add_global("page_policy", policy());
    let text_of = |file: &SqlFile| overrides.instead_of(file.path).unwrap_or(file.text()).to_owned();
    let query = |file: SqlFile| context! { name => file.stem(), path => file.path, text => text_of(&file) };
    environment.add_global("query_texts", document::queries().into_iter().map(query).collect::<Vec<_>>());
    let (for_steps, for_short) = (zone.clone(), zone);
    environment.add_function("n", |state: &State<'_, '_>, text: &Value, query: &str| {
        safe(number(state, &text.to_string(), query))
    });
    environment.add_filter("url_part", |text: &str| utf8_percent_encode(text, PART).to_string());
    environment.add_filter("prose", prose);
    environment.add_filter("short_time", move |ns: i64| short_time(ns, &for_short));
    environment.add_filter("heat", charts::heat);
    environment.add_filter("bars_chart", |counts: Vec<i64>, label: &str| safe(charts::bars(&counts, label)));
    environment.add_filter(
        "timeline_chart",
        move |steps: Serde<Vec<TimelineRow>>, revisions: Serde<Vec<RevisionRow>>| {
            safe(charts::timeline(&steps, &revisions, |ns| short_time(ns, &for_steps)))
        },
    );
    environment.add_filter("slots", |row: Serde<Slots>| safe(slots(&row.0)));
    environment.add_filter("interval_chart", |row: Serde<Ratio>| {
        let Ratio { ratio, ratio_lower, ratio_upper } = row.0;
        let bound = |bound: Option<f64>| bound.map_or("unknown".to_owned(), |bound| format!("{bound:.2}"));
        let label = format!("ratio from {} to {} times", bound(ratio_lower), bound(ratio_upper));
        safe(charts::interval(ratio, ratio_lower, ratio_upper, &label))
    });
}

/// Counts by slot, of those that have any.
#[derive(Deserialize)]
struct Slots {
    slots: Vec<u64>,
    counts: Vec<u64>,
}

/// As the page's script reads them: `3:12 4 9:2`, where one is left out.
fn slots(row: &Slots) -> String {
    let shown = row.slots.iter().zip(&row.counts).map(|(slot, count)| match count {
        1 => slot.to_string(),
        count => format!("{slot}:{count}"),
    });
    shown.collect::<Vec<_>>().join(" ")
}

fn safe(text: String) -> Value {
    Value::from_safe_string(text)
}

/// Nothing is fetched, and of style and script only what stands in the page.
fn policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())));
    format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// A number that opens its query: in the page itself, or in the page of queries where the document names one.
pub(super) fn number(state: &State<'_, '_>, text: &str, query: &str) -> String {
    let page = state.lookup("queries_page").map(|page| page.to_string()).unwrap_or_default();
    format!(
        "<a class=\"n\" href=\"{}#q-{}\" title=\"its query\">{}</a>",
        charts::escaped(&page),
        charts::escaped(query),
        charts::escaped(text)
    )
}

/// A text between tags, where quotes stand for themselves.
pub(super) fn pre(text: &str) -> String {
    charts::escaped(text).replace("&#39;", "'").replace("&quot;", "\"")
}

/// A time as it is written, for machines too.
pub(super) fn moment(text: &str) -> String {
    format!("<time datetime=\"{text}\">{text}</time>")
}

/// The text of a rule: Markdown's code and strong text, and nothing else of it.
fn prose(text: &str) -> Value {
    let mut out = String::new();
    for (at, part) in text.split('`').enumerate() {
        let part = charts::escaped(part);
        if at % 2 == 1 {
            out += &format!("<code>{part}</code>");
            continue;
        }
        for (at, part) in part.split("**").enumerate() {
            out += &if at % 2 == 1 { format!("<strong>{part}</strong>") } else { part.to_owned() };
        }
    }
    safe(out.replace('\n', "<br>"))
}

/// Day and second.
fn short_time(ns: i64, zone: &TimeZone) -> String {
    let timestamp = Timestamp::from_nanosecond(i128::from(ns)).unwrap_or(Timestamp::UNIX_EPOCH);
    timestamp.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rules_text_is_no_markup_but_its_own() {
        assert_eq!(
            prose("run `a <b>` **now** <i>").to_string(),
            "run <code>a &lt;b&gt;</code> <strong>now</strong> &lt;i&gt;"
        );
    }

    #[test]
    fn the_policy_names_what_the_page_holds() {
        let policy = policy();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    }
}
