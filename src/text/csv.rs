//! Lines of CSV (RFC 4180), written by the `csv` crate.
//!
//! Spreadsheets run a cell as a formula by its first character, quoted or not. The apostrophe before it is OWASP's advice
//! against CSV injection; it changes the cell for every other reader, so it has to be asked for.

use std::borrow::Cow;

use ::csv::Writer;
use serde_json::Value;

/// How cells are written that a spreadsheet would run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formulas {
    Kept,
    /// With an apostrophe before them.
    Guarded,
}

impl Formulas {
    pub fn guarded(is_guarded: bool) -> Self {
        if is_guarded { Self::Guarded } else { Self::Kept }
    }

    fn cell(self, text: &str) -> Cow<'_, str> {
        if self == Self::Guarded && is_formula(text) { format!("'{text}").into() } else { text.into() }
    }
}

/// In some languages the wide forms begin a formula too. A number with a sign is only a number.
fn is_formula(text: &str) -> bool {
    let begins = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    begins && !text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// One record with its line break.
pub fn line<T: AsRef<str>>(fields: impl IntoIterator<Item = T>, formulas: Formulas) -> String {
    let mut writer = Writer::from_writer(Vec::new());
    let fields = fields.into_iter().map(|field| formulas.cell(field.as_ref()).into_owned());
    // writing to memory does not fail
    let written = writer.write_record(fields).and_then(|()| Ok(writer.flush()?));
    written.ok().and_then(|()| writer.into_inner().ok()).map(as_text).unwrap_or_default()
}

/// The named members of each row, below a line of the names. A member that is null or not there is empty.
pub fn rows<'a>(names: &[&str], rows: impl IntoIterator<Item = &'a Value>, formulas: Formulas) -> String {
    let record = |row: &Value| line(names.iter().map(|name| field(&row[*name])), formulas);
    [line(names, formulas)].into_iter().chain(rows.into_iter().map(record)).collect()
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
        let line = |fields: [&str; 4]| line(fields, Formulas::Kept);
        assert_eq!(line(["a", "b, c", "d \"e\"", "f\ng"]), "a,\"b, c\",\"d \"\"e\"\"\",\"f\ng\"\n");
        let row = [json!({"n": 1, "text": null, "more": 2})];
        assert_eq!(rows(&["n", "text"], &row, Formulas::Kept), "n,text\n1,\n");
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_guarded_where_asked_for() {
        for formula in
            ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "-", "－1", "-inf", "- a list"]
        {
            assert_eq!(Formulas::Guarded.cell(formula), format!("'{formula}"));
            assert_eq!(Formulas::Kept.cell(formula), formula);
        }
        for plain in ["", "-1", "+2.50", "-1e-9", "a=b", "'=1", " =1", "12"] {
            assert_eq!(Formulas::Guarded.cell(plain), plain);
        }
        let row = [json!({"n": -1, "=text": "=1,2"})];
        assert_eq!(rows(&["n", "=text"], &row, Formulas::Guarded), "n,'=text\n-1,\"'=1,2\"\n");
    }
}
