//! What kind of JSON each type is written as.

use serde_json::{Map, Value, json};

use super::{Definitions, Fields, object};

pub trait Described {
    fn schema(definitions: &mut Definitions) -> Value;
}

/// An object stands in the definitions once, and everywhere else by its name.
impl<T: Fields> Described for T {
    fn schema(definitions: &mut Definitions) -> Value {
        if !definitions.contains_key(T::NAME) {
            // so that what holds itself ends
            definitions.insert(T::NAME.into(), Value::Null);
            let schema = object(T::fields(definitions));
            definitions.insert(T::NAME.into(), schema);
        }
        json!({"$ref": format!("#/$defs/{}", T::NAME)})
    }
}

impl<T: Described> Described for Vec<T> {
    fn schema(definitions: &mut Definitions) -> Value {
        json!({"type": "array", "items": T::schema(definitions)})
    }
}

impl<T: Described> Described for Option<T> {
    fn schema(definitions: &mut Definitions) -> Value {
        let mut schema = T::schema(definitions);
        match schema.get("type").cloned() {
            Some(Value::String(kind)) if schema.get("enum").is_none() => {
                schema["type"] = json!([kind, "null"]);
                schema
            }
            _ => json!({"anyOf": [schema, {"type": "null"}]}),
        }
    }
}

/// Writes the schema of types that are no objects.
macro_rules! described_as {
    ($($schema:tt: $($type:ty),+;)+) => {
        $($(impl $crate::schema::Described for $type {
            fn schema(_: &mut $crate::schema::Definitions) -> serde_json::Value {
                serde_json::json!($schema)
            }
        })+)+
    };
}
pub(crate) use described_as;

described_as! {
    {"type": "integer", "minimum": 0}: u64, u32, u16, usize;
    {"type": "integer"}: i64;
    // JSON has no number for what is infinite
    {"type": ["number", "null"]}: f64;
    {"type": "boolean"}: bool;
    {"type": "string"}: String, &'static str;
    {"type": "object"}: Map<String, Value>;
    {}: Value;
}
