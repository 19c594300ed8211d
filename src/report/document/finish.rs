//! What clusters need beyond their rows: the entry they show as text, secrets hidden, and rules' texts filled in.

use anyhow::Result;
use serde_json::{Value, json};

use super::{
    cluster::Cluster,
    details::{DifferRow, FieldRow, NewValueRow, VariableRow},
    redacted,
    window::EnvironmentRow,
};
use crate::{
    mine::VARIABLE,
    model::window::Window,
    report::sample_entry,
    text::{escape::one_line, redact::Redactor},
    time::period,
};

/// The clusters of a window as they are shown, redacted.
pub fn finished(
    mut clusters: Vec<Cluster>,
    environment: &[EnvironmentRow],
    window: &Window,
    redactor: &Redactor,
) -> Result<Vec<Cluster>> {
    let places = places(environment, window);
    for cluster in &mut clusters {
        finish(cluster, &places, redactor);
    }
    redacted(&clusters, redactor)
}

/// Names that stand for the placeholders of rules' texts.
type Places = Vec<(&'static str, String)>;

fn places(environment: &[EnvironmentRow], window: &Window) -> Places {
    let fact = |name: &str| environment.iter().find(|row| row.fact == name).map(|row| plain(&row.value));
    let known =
        [("project", fact("project")), ("location", fact("location")), ("service", Some(plain(&window.service)))];
    known.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Names of resources hold nothing else; what does comes from a hostile log and would end up in a command.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.:".contains(*c)).collect()
}

fn finish(cluster: &mut Cluster, places: &Places, redactor: &Redactor) {
    if let Some(row) = cluster.sample_rows.first() {
        let sample = sample_entry::trimmed(&row.shown(), redactor);
        cluster.sample = Some(serde_json::to_string_pretty(&sample).unwrap_or_default());
    }
    for FieldRow { field, commonest, examples, .. } in &mut cluster.fields {
        hide_values(examples.iter_mut().chain([commonest]), Some(field.as_str()), None, redactor);
    }
    for VariableRow { name, position, template, commonest, examples, .. } in &mut cluster.variables {
        hide_values(
            examples.iter_mut().chain([commonest]),
            name.as_deref(),
            Some((*position, template.as_str())),
            redactor,
        );
    }
    for NewValueRow { name, position, template, value, .. } in &mut cluster.new_values {
        hide_values([value], name.as_deref(), Some((*position, template.as_str())), redactor);
    }
    for DifferRow { field, value, .. } in &mut cluster.differing_values {
        let name = field.rsplit(['.', ' ']).next().map(str::to_owned);
        hide_values([value], name.as_deref(), None, redactor);
    }
    let computed = computed(cluster, redactor);
    let mut places = places.clone();
    places.extend(cluster.cluster_revisions.last().map(|row| ("revision", plain(&row.revision))));
    let row = &mut cluster.row;
    row.actions.retain(|action| {
        COMPUTED.iter().all(|name| !holds(action, name) || computed.iter().any(|(known, _)| known == name))
    });
    places.extend(computed);
    // some of what came before the first entry too: that is where causes are
    places.push(("from", period::instant(row.first_ns.saturating_sub(600_000_000_000))));
    places.push(("to", period::instant(row.last_ns.saturating_add(60_000_000_000))));
    let texts =
        [&mut row.impact, &mut row.business_impact, &mut row.purpose, &mut row.issue, &mut row.consequences_title];
    let lists = row.actions.iter_mut().chain(row.consequences.iter_mut().flatten());
    for text in texts.into_iter().flatten().chain(lists).chain([&mut row.name]) {
        *text = fill(text, &places);
    }
}

/// What an archive can or cannot answer: an action that names one without a value is left out.
const COMPUTED: [&str; 9] = [
    "introduced",
    "changed_settings",
    "healthy_revision",
    "healthy_revisions",
    "also_failing",
    "last_lines",
    "before_end",
    "earlier_revision",
    "place",
];
/// Revisions, settings and lines that an action names.
const NAMED: usize = 3;

fn computed(cluster: &Cluster, redactor: &Redactor) -> Places {
    let mut places = Places::new();
    places.extend(place(cluster));
    places.extend(last_lines(cluster, redactor));
    let Some(origin) = cluster.origins.first() else {
        places.push(("earlier_revision", "an earlier revision, of which the archive holds nothing,".into()));
        places.extend(before_end(cluster));
        return places;
    };
    if !origin.absent_before.is_empty() {
        places.push(("introduced", plain(&origin.first_revision)));
    }
    places.extend(changed_settings(cluster, redactor));
    places.extend(named(&origin.healthy_revisions, |name| plain(name)).map(|named| ("healthy_revisions", named)));
    places.extend(origin.healthy_revision.as_ref().map(|revision| ("healthy_revision", plain(revision))));
    if let Some(named) = named(&origin.also_failing, |name| plain(name)) {
        places.push(("also_failing", named));
    } else if origin.healthy_revision.is_none() {
        places.push(("earlier_revision", "an earlier revision, of which too little is known,".into()));
    }
    places.extend(before_end(cluster));
    places
}

/// The first of a list in words, and how many more there are.
fn named<T>(list: &[T], word: impl Fn(&T) -> String) -> Option<String> {
    let named = list.iter().take(NAMED).map(word).collect::<Vec<_>>().join(", ");
    let more = list.len().saturating_sub(NAMED);
    (!list.is_empty()).then(|| if more > 0 { format!("{named} and {more} more") } else { named })
}

/// What the revision changed that introduced the cluster, without the values of labels and variables.
fn changed_settings(cluster: &Cluster, redactor: &Redactor) -> Option<(&'static str, String)> {
    let changes = &cluster.origin_settings.first()?.settings_changed;
    Some(("changed_settings", named(changes, |change| calm(&redactor.text(&change.plain_words()), 120))?))
}

/// The last lines of instances whose program logged no failure, the commonest first.
fn last_lines(cluster: &Cluster, redactor: &Redactor) -> Option<(&'static str, String)> {
    let said = cluster.last_lines.iter().filter_map(|line| line.message.as_deref());
    let lines: Vec<String> = said.map(|line| calm(&redactor.text(line), 120)).filter(|line| !line.is_empty()).collect();
    Some(("last_lines", named(&lines, |line| format!("`{line}`"))?))
}

/// Text of a log on one line, without what means something in Markdown, in a shell or as a placeholder.
fn calm(text: &str, length: usize) -> String {
    let is_calm = |c: &char| c.is_alphanumeric() || " -_./:,=@+%()'".contains(*c);
    let calm: String = one_line(text, length).chars().filter(is_calm).collect();
    calm.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The place in the code that wrote the cluster's first pattern, by file and line.
fn place(cluster: &Cluster) -> Option<(&'static str, String)> {
    let lead = cluster.members.first()?;
    let (module, line) = (lead.call_module.as_ref()?, lead.call_lines.as_ref()?.iter().flatten().next()?);
    let path: String = module.chars().filter(|c| c.is_alphanumeric() || "-_./@+ ".contains(*c)).collect();
    Some(("place", format!("`{path}:{line}`")))
}

/// Where neither a failure of the program nor its last lines were collected.
fn before_end(cluster: &Cluster) -> Option<(&'static str, String)> {
    let is_known = cluster.row.is_cause || cluster.last_lines.iter().any(|line| line.is_collected);
    (!is_known).then(|| ("before_end", "what the instance logged before".into()))
}

fn holds(text: &str, name: &str) -> bool {
    text.contains(&format!("{{{name}}}"))
}

/// `{service}` and the like in rules' texts; one whose value is not known stays as it is.
fn fill(text: &str, places: &Places) -> String {
    places.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// A value stands apart from what was before it in the message, which may say that it is a secret: the name of the field
/// or variable, or the words of the template (`Bearer <*>`) before its position.
pub fn hide_values<'a>(
    values: impl IntoIterator<Item = &'a mut String>,
    name: Option<&str>,
    place: Option<(usize, &str)>,
    redactor: &Redactor,
) {
    let before = place.and_then(|(position, template)| template.split(VARIABLE).nth(position));
    values.into_iter().for_each(|value| hide_value(value, name, before, redactor));
}

/// Letters and digits of twelve characters and more without a word's or a path's marks.
fn looks_made_up(value: &str) -> bool {
    let has = |is: fn(char) -> bool| value.chars().any(is);
    value.len() >= 12
        && has(|c| c.is_ascii_digit())
        && has(|c| c.is_ascii_alphabetic())
        && !has(|c| c.is_whitespace() || matches!(c, '/' | '.' | ':'))
}

fn hide_value(value: &mut String, name: Option<&str>, before: Option<&str>, redactor: &Redactor) {
    if let Some(name) = name {
        let mut pair = json!({ name: value });
        redactor.json(&mut pair);
        let hidden = pair.as_object_mut().and_then(|pair| pair.values_mut().next()).map(Value::take);
        if let Some(Value::String(hidden)) = hidden {
            *value = hidden;
        }
    }
    let Some(before) = before else { return };
    // a key that is itself a variable may be the name of a secret
    let is_behind_key = before.trim_matches(['\'', '"', ' ']).starts_with([':', '=']);
    if is_behind_key && before.len() <= 6 && looks_made_up(value) {
        let mut pair = json!({ "secret": value });
        redactor.json(&mut pair);
        if let Some(Value::String(hidden)) = pair.get_mut("secret").map(Value::take) {
            *value = hidden;
        }
        return;
    }
    let whole = format!("{before}{value}");
    let redacted = redactor.text(&whole);
    if redacted != whole {
        *value = redacted.strip_prefix(before).unwrap_or(&redacted).to_owned();
    }
}
