//! JSON Schemas of what gardener writes as JSON, made of the structs themselves: a field that a struct gets is in its schema.
//!
//! `row!` describes the rows of queries; `described!` lists the fields of other structs, which a test holds against the JSON
//! that the sample archives give.

mod kinds;
pub mod times;

use serde_json::{Map, Value, json};

pub use self::kinds::Described;
pub(crate) use self::kinds::described_as;
use self::times::{companion, is_moment};

/// Objects by name, as `$defs` holds them.
pub type Definitions = Map<String, Value>;

/// A key of an object.
pub struct Field {
    pub name: &'static str,
    schema: Value,
    description: Option<String>,
    /// Not there where there is nothing to say.
    is_optional: bool,
    is_hidden: bool,
}

impl Field {
    /// `attributes` as the source writes them: what is said of the field, and how it is serialised.
    pub fn new<T: Described>(name: &'static str, attributes: &[&str], definitions: &mut Definitions) -> Self {
        let serde = |word: &str| attributes.iter().any(|text| text.starts_with("serde") && text.contains(word));
        let lines: Vec<&str> = attributes.iter().filter_map(|text| doc_line(text)).collect();
        Field {
            name,
            schema: T::schema(definitions),
            description: (!lines.is_empty()).then(|| lines.join(" ")),
            is_optional: serde("skip_serializing_if"),
            is_hidden: serde("skip_serializing") && !serde("skip_serializing_if"),
        }
    }
}

/// What stands in `doc = " It is so."` or `doc = r" It is so."`.
fn doc_line(attribute: &str) -> Option<&str> {
    let text = attribute.strip_prefix("doc")?.trim_start().strip_prefix('=')?.trim_start();
    Some(text.trim_start_matches('r').trim_matches('#').trim_matches('"').trim())
}

/// What is written as an object.
pub trait Fields {
    const NAME: &'static str;

    fn fields(definitions: &mut Definitions) -> Vec<Field>;
}

/// Lists the fields of a struct; `of` names what is flattened into it.
macro_rules! described {
    ($name:ident { $($field:ident: $type:ty),* $(,)? } $(of $($flat:ty),+)?) => {
        impl $crate::schema::Fields for $name {
            const NAME: &'static str = stringify!($name);

            fn fields(definitions: &mut $crate::schema::Definitions) -> Vec<$crate::schema::Field> {
                #[allow(unused_mut, reason = "where nothing is flattened into it")]
                let mut fields = vec![$($crate::schema::Field::new::<$type>(stringify!($field), &[], definitions),)*];
                $($(fields.extend(<$flat as $crate::schema::Fields>::fields(definitions));)+)?
                fields
            }
        }
    };
}
pub(crate) use described;

/// The object of the fields, with a time in words beside each in nanoseconds.
fn object(fields: Vec<Field>) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for field in fields.into_iter().filter(|field| !field.is_hidden) {
        let name = field.name.trim_start_matches("r#");
        let mut schema = field.schema;
        if let (Some(text), Some(keys)) = (field.description, schema.as_object_mut()) {
            keys.insert("description".into(), text.into());
        }
        let is_null_too = schema["type"].is_array();
        properties.insert(name.into(), schema);
        if !field.is_optional {
            required.push(name.to_owned());
        }
        if is_moment(name) {
            let kind = if is_null_too { json!(["string", "null"]) } else { json!("string") };
            properties.insert(companion(name), json!({"type": kind, "format": "date-time"}));
            required.push(companion(name));
        }
    }
    json!({"type": "object", "properties": properties, "required": required})
}

/// The schema of a document of this version.
pub fn schema_of<T: Described>(name: &str, about: &str, version: u32) -> Value {
    let mut definitions = Definitions::new();
    let Value::Object(root) = T::schema(&mut definitions) else { return Value::Null };
    let mut schema = Map::new();
    schema.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    schema.insert("$id".into(), format!("urn:log-gardener:{name}:{version}").into());
    schema.insert("title".into(), format!("gardener {name}").into());
    schema.insert("description".into(), about.into());
    schema.extend(root);
    definitions.sort_keys();
    schema.insert("$defs".into(), definitions.into());
    schema.into()
}
