//! Lines of CSV (RFC 4180), written by the `csv` crate.

use ::csv::Writer;
use serde_json::Value;

/// One record with its line break.
pub fn line<T: AsRef<[u8]>>(fields: impl IntoIterator<Item = T>) -> String {
    let mut writer = Writer::from_writer(Vec::new());
    // writing to memory does not fail
    let written = writer.write_record(fields).and_then(|()| Ok(writer.flush()?));
    written.ok().and_then(|()| writer.into_inner().ok()).map(as_text).unwrap_or_default()
}

/// The named members of each row, below a line of the names. A member that is null or not there is empty.
pub fn rows<'a>(names: &[&str], rows: impl IntoIterator<Item = &'a Value>) -> String {
    let record = |row: &Value| line(names.iter().map(|name| field(&row[*name])));
    [line(names)].into_iter().chain(rows.into_iter().map(record)).collect()
}

fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn as_text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_quoted_where_they_have_to_be() {
        assert_eq!(line(["a", "b, c", "d \"e\"", "f\ng"]), "a,\"b, c\",\"d \"\"e\"\"\",\"f\ng\"\n");
        assert_eq!(rows(&["n", "text"], &[json!({"n": 1, "text": null, "more": 2})]), "n,text\n1,\n");
    }
}
