//! Message templates (messagetemplates.org): `Seat {Seat} is taken`, whose values stand beside it in the record.

use super::json::Cursor;
use crate::mine::VARIABLE;

/// The text of a template with the values of its record, and the template as patterns write it.
pub(super) fn render(template: &str, record: &str) -> (String, String) {
    let (mut text, mut pattern) = (String::new(), String::new());
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        pattern.push_str(&rest[..at]);
        rest = &rest[at..];
        let hole = rest.strip_prefix('{').and_then(|inside| inside.split_once('}')).map(|(hole, _)| hole);
        let name = hole.map(|hole| hole.trim_start_matches(['@', '$']).split([':', ',']).next().unwrap_or_default());
        let is_name =
            |name: &&str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if let (Some(hole), Some(name)) = (hole, name.filter(is_name)) {
            match value(record, name) {
                Some(value) => text.push_str(&value),
                None => text.push_str(&rest[..hole.len() + 2]),
            }
            pattern.push_str(VARIABLE);
            rest = &rest[hole.len() + 2..];
        } else {
            // two brackets stand for one
            let is_doubled = rest.starts_with("{{") || rest.starts_with("}}");
            text.push_str(&rest[..1]);
            pattern.push_str(&rest[..1]);
            rest = &rest[1 + usize::from(is_doubled)..];
        }
    }
    text.push_str(rest);
    pattern.push_str(rest);
    (text, pattern)
}

fn value(record: &str, name: &str) -> Option<String> {
    let mut found = None;
    let _ = Cursor::new(record).members(|key, value| {
        if key != name || found.is_some() {
            return value.skip();
        }
        found = match value.peek() {
            b'"' => value.text()?.map(|text| text.into_owned()),
            _ => Some(value.raw()?.text.to_owned()),
        };
        Ok(())
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_their_places() {
        let cases = [
            ("Seat {Seat} is taken", r#"{"Seat":"A1"}"#, "Seat A1 is taken", "Seat <*> is taken"),
            ("{Count,5:0.0} of {@All}", r#"{"Count":3,"All":{"a":1}}"#, r#"3 of {"a":1}"#, "<*> of <*>"),
            ("{Missing} and {{literal}}", "{}", "{Missing} and {literal}", "<*> and {literal}"),
            ("open {", "{}", "open {", "open {"),
        ];
        for (template, record, text, pattern) in cases {
            assert_eq!(render(template, record), (text.to_owned(), pattern.to_owned()), "{template}");
        }
    }
}
