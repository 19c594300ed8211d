//! Which service, revision and instance an entry is of: read by the table in `resources.toml`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::json::Cursor;

/// How one type of monitored resource names what runs.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ResourceType {
    #[serde(rename = "type")]
    name: String,
    pub kind: String,
    service: Vec<Field>,
    revision: Vec<Field>,
    instance: Vec<Field>,
    place: Vec<Field>,
}

/// A label and what is done to its value.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "String")]
struct Field {
    is_of_entry: bool,
    key: String,
    way: Way,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Whole,
    NoHashes,
    Hash,
    AfterColon,
}

impl From<String> for Field {
    fn from(text: String) -> Self {
        let (key, way) = text.split_once(" | ").unwrap_or((&text, ""));
        let way = match way {
            "no hashes" => Way::NoHashes,
            "hash" => Way::Hash,
            "after colon" => Way::AfterColon,
            _ => Way::Whole,
        };
        let entry_key = key.strip_prefix("label:");
        Field { is_of_entry: entry_key.is_some(), key: entry_key.unwrap_or(key).to_owned(), way }
    }
}

/// What an entry's resource comes to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Identity {
    pub kind: String,
    pub service: String,
    pub revision: String,
    pub instance: String,
    pub place: String,
    /// A filter of the Logs Explorer that finds the service.
    pub filter: String,
}

#[derive(Deserialize)]
struct Table {
    resource: Vec<ResourceType>,
}

static TYPES: LazyLock<FxHashMap<String, ResourceType>> = LazyLock::new(|| {
    // a test reads the table, so that what cannot be read does not come this far
    let table = toml::from_str::<Table>(include_str!("resources.toml"));
    let rows = table.map(|table| table.resource).unwrap_or_default();
    rows.into_iter().map(|row| (row.name.clone(), row)).collect()
});

pub(super) fn known(resource_type: &str) -> Option<&'static ResourceType> {
    TYPES.get(resource_type)
}

impl ResourceType {
    pub(super) fn reads_labels_of_entries(&self) -> bool {
        [&self.service, &self.revision, &self.instance].into_iter().flatten().any(|field| field.is_of_entry)
    }
}

/// Labels in their order; those without a value are left out.
pub(super) type Labels = Vec<(String, String)>;

/// Reads an object of labels, also one that is JSON inside a string.
pub(super) fn labels_of(value: &mut Cursor<'_>) -> Labels {
    let mut labels = Labels::new();
    if value.peek() == b'"' {
        if let Ok(Some(text)) = value.text() {
            return labels_of(&mut Cursor::new(&text));
        }
        return labels;
    }
    let _ = value.members(|key, value| {
        if let Some(text) = value.scalar()?.filter(|text| !text.is_empty()) {
            labels.push((key.to_owned(), text.into_owned()));
        }
        Ok(())
    });
    labels
}

fn value_of<'a>(labels: &'a Labels, key: &str) -> Option<&'a str> {
    labels.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
}

/// What the labels of a resource, those of the entry and the name of an audited resource come to.
pub(super) fn identify(
    resource_type: &str,
    of_resource: &Labels,
    of_entry: &Labels,
    audited: Option<&str>,
) -> Identity {
    let Some(row) = known(resource_type) else { return unknown(resource_type, of_resource, audited) };
    let labels = |field: &Field| if field.is_of_entry { of_entry } else { of_resource };
    let first = |fields: &'static [Field]| {
        fields.iter().find_map(|field| {
            let value = field.way.of(value_of(labels(field), &field.key)?);
            (!value.is_empty()).then(|| (field, value.to_owned()))
        })
    };
    let text = |fields| first(fields).map(|(_, value)| value).unwrap_or_default();
    let (service, filter) = match first(&row.service) {
        Some((field, value)) => {
            let filter = filter_of(resource_type, Some(field), &value);
            (value, filter)
        }
        None => (audited_name(audited).unwrap_or(resource_type).to_owned(), filter_of(resource_type, None, "")),
    };
    let place = row.place.iter().filter_map(|field| value_of(labels(field), &field.key)).collect::<Vec<_>>().join(" ");
    Identity {
        kind: row.kind.clone(),
        service,
        revision: text(&row.revision),
        instance: text(&row.instance),
        place,
        filter,
    }
}

/// The label that names a resource without a row of its own: one that a service is known by, else what ends in `_name` or
/// `_id`, behind the type.
fn unknown(resource_type: &str, labels: &Labels, audited: Option<&str>) -> Identity {
    const NAMES: [&str; 5] = ["service_name", "function_name", "job_name", "container_name", "module_id"];
    const ELSEWHERE: [&str; 5] = ["project_id", "location", "region", "zone", "organization_id"];
    let value = |keys: &[&'static str]| keys.iter().find_map(|key| Some((*key, value_of(labels, key)?)));
    let named = value(&NAMES);
    let other = |ending: &str| {
        labels.iter().find(|(key, _)| key.ends_with(ending) && !ELSEWHERE.contains(&key.as_str())).map(|(_, name)| name)
    };
    let service = match named {
        Some((_, name)) => name.to_owned(),
        None => match audited_name(audited) {
            Some(name) => name.to_owned(),
            None => match other("_name").or_else(|| other("_id")).or_else(|| other("name")) {
                Some(name) => format!("{resource_type}/{name}"),
                None => resource_type.to_owned(),
            },
        },
    };
    let filter = match named {
        Some((key, name)) => {
            format!("{} AND resource.labels.{key}={}", filter_of(resource_type, None, ""), quoted(name))
        }
        None => filter_of(resource_type, None, ""),
    };
    let text = |keys: &[&'static str]| value(keys).map(|(_, value)| value.to_owned()).unwrap_or_default();
    Identity {
        kind: resource_type.to_owned(),
        service,
        revision: text(&["revision_name", "version_id"]),
        instance: text(&["instance_id", "node_name", "pod_name"]),
        place: text(&["location", "region", "zone"]),
        filter,
    }
}

fn filter_of(resource_type: &str, field: Option<&Field>, value: &str) -> String {
    let of_type = format!("resource.type={}", quoted(resource_type));
    let Some(field) = field else { return of_type };
    let label = if field.is_of_entry {
        format!("labels.{}", quoted(&field.key))
    } else {
        format!("resource.labels.{}", field.key)
    };
    let sign = match field.way {
        Way::Whole => "=",
        _ => ":",
    };
    format!("{of_type} AND {label}{sign}{}", quoted(value))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The name of what an audited act was about: `tea-house` of `projects/p/locations/l/services/tea-house`.
fn audited_name(path: Option<&str>) -> Option<&str> {
    const NAMED: [&str; 9] =
        ["services", "jobs", "functions", "workerpools", "workerPools", "deployments", "workflows", "queues", "topics"];
    let parts: Vec<&str> = path?.split('/').collect();
    let is_named = |pair: &&[&str]| NAMED.contains(&pair[0]) && !pair[1].is_empty();
    parts.windows(2).rfind(is_named).map(|pair| pair[1])
}

/// The letters that Kubernetes makes names of: no vowels, nothing that looks like another.
fn is_random(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| b"bcdfghjklmnpqrstvwxz2456789".contains(&byte))
}

impl Way {
    fn of(self, value: &str) -> &str {
        match self {
            Way::Whole => value,
            Way::AfterColon => value.rsplit(':').next().unwrap_or(value),
            Way::NoHashes => pod_parts(value).0,
            Way::Hash => pod_parts(value).1,
        }
    }
}

/// `booking` and `6d9f7c5b84` of `booking-6d9f7c5b84-x2k9p`; of a stateful set's pod `web-0` the name alone.
fn pod_parts(pod: &str) -> (&str, &str) {
    let Some((rest, last)) = pod.rsplit_once('-') else { return (pod, "") };
    if last.bytes().all(|byte| byte.is_ascii_digit()) && last.len() <= 4 {
        return (rest, "");
    }
    if last.len() != 5 || !is_random(last) {
        return (pod, "");
    }
    match rest.rsplit_once('-') {
        Some((name, hash)) if (8..=10).contains(&hash.len()) && hash.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            (name, hash)
        }
        _ => (rest, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(json: &str) -> Labels {
        labels_of(&mut Cursor::new(json))
    }

    fn identity(resource_type: &str, of_resource: &str, of_entry: &str) -> (String, String, String) {
        let found = identify(resource_type, &labels(of_resource), &labels(of_entry), None);
        (found.service, found.revision, found.instance)
    }

    #[test]
    fn the_table_is_read() {
        assert!(known("cloud_run_revision").is_some());
        let table: Table = toml::from_str(include_str!("resources.toml")).unwrap();
        assert!(table.resource.len() > 15);
    }

    #[test]
    fn resources_name_service_revision_and_instance() {
        let cases = [
            (
                "cloud_run_revision",
                r#"{"service_name":"api","revision_name":"api-1","location":"eu"}"#,
                "{}",
                ["api", "api-1", ""],
            ),
            ("cloud_run_revision", r#"{"service_name":"api","job_name":null}"#, "{}", ["api", "", ""]),
            (
                "cloud_run_job",
                r#"{"job_name":"j"}"#,
                r#"{"run.googleapis.com/execution_name":"j-x"}"#,
                ["j", "j-x", ""],
            ),
            (
                "k8s_container",
                r#"{"pod_name":"a-b-6d9f7c5b84-x2k9p","container_name":"app"}"#,
                "{}",
                ["a-b", "6d9f7c5b84", "a-b-6d9f7c5b84-x2k9p"],
            ),
            ("k8s_container", r#"{"pod_name":"web-0","container_name":"app"}"#, "{}", ["web", "", "web-0"]),
            (
                "k8s_container",
                r#"{"pod_name":"web-0"}"#,
                r#"{"k8s-pod/app":"shop","k8s-pod/controller-revision-hash":"web-7"}"#,
                ["shop", "web-7", "web-0"],
            ),
            ("gae_app", r#"{"module_id":"m","version_id":"v"}"#, "{}", ["m", "v", ""]),
            (
                "gce_instance",
                r#"{"instance_id":"1234","zone":"z"}"#,
                r#"{"compute.googleapis.com/resource_name":"vm-1"}"#,
                ["vm-1", "", "1234"],
            ),
            ("cloudsql_database", r#"{"database_id":"p:orders"}"#, "{}", ["orders", "", ""]),
            ("http_load_balancer", r#"{"backend_service_name":"","url_map_name":"m"}"#, "{}", ["m", "", ""]),
            ("pubsub_topic", r#"{"project_id":"p","topic_id":"t"}"#, "{}", ["pubsub_topic/t", "", ""]),
            ("global", r#"{"project_id":"p"}"#, "{}", ["global", "", ""]),
        ];
        for (resource_type, of_resource, of_entry, wanted) in cases {
            let (service, revision, instance) = identity(resource_type, of_resource, of_entry);
            assert_eq!([&*service, &*revision, &*instance], wanted, "{resource_type} {of_resource}");
        }
    }

    #[test]
    fn an_audited_resource_names_the_service_where_no_label_does() {
        let found = |path: &str| identify("cloud_run_revision", &Labels::new(), &Labels::new(), Some(path)).service;
        assert_eq!(found("projects/p/locations/l/services/tea-house"), "tea-house");
        assert_eq!(found("namespaces/p/services/tea-house/revisions/x"), "tea-house");
        assert_eq!(found("projects/p"), "cloud_run_revision");
    }

    #[test]
    fn filters_name_the_resource_itself() {
        let run = identify("cloud_run_revision", &labels(r#"{"service_name":"api"}"#), &Labels::new(), None);
        assert_eq!(run.filter, r#"resource.type="cloud_run_revision" AND resource.labels.service_name="api""#);
        let pod = identify("k8s_container", &Labels::new(), &labels(r#"{"k8s-pod/app":"shop"}"#), None);
        assert_eq!(pod.filter, r#"resource.type="k8s_container" AND labels."k8s-pod/app"="shop""#);
    }
}
