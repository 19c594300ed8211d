//! The comment on top of a query: what it answers, and which values it takes.
//!
//! ```sql
//! -- The clusters of a day with the most entries.
//! -- param service: only this service
//! -- param day = (select max(minute)::date from pattern_minutes): the day; else the last one
//! ```
//!
//! What stands behind `=` is an SQL expression and is what a value that is not given becomes; without one the value has
//! to be given.

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    pub description: String,
    pub params: Vec<Declared>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    pub name: String,
    pub default: Option<String>,
    pub meaning: String,
}

impl Header {
    pub fn of(sql: &str) -> Self {
        let mut header = Self::default();
        for line in sql.trim_start().lines().map_while(|line| line.trim_start().strip_prefix("--")) {
            let line = line.trim();
            if let Some(param) = line.strip_prefix("param ").and_then(Declared::of) {
                header.params.push(param);
            } else if header.params.is_empty() && !line.is_empty() {
                let blank = if header.description.is_empty() { "" } else { " " };
                header.description += &format!("{blank}{line}");
            }
        }
        header
    }

    pub fn param(&self, name: &str) -> Option<&Declared> {
        self.params.iter().find(|param| param.name.eq_ignore_ascii_case(name))
    }

    /// The description without what it says about its rows.
    pub fn summary(&self) -> &str {
        self.description.split(" Grain: ").next().unwrap_or_default()
    }
}

impl Declared {
    /// `name: meaning` or `name = default: meaning`.
    fn of(line: &str) -> Option<Self> {
        let (declared, meaning) = line.split_once(": ").unwrap_or((line.trim_end_matches(':'), ""));
        let (name, default) = match declared.split_once('=') {
            Some((name, default)) => (name, Some(default.trim().to_owned())),
            None => (declared, None),
        };
        let name = name.trim().trim_start_matches('$');
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        is_name.then(|| Self { name: name.to_owned(), default, meaning: meaning.trim().to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_what_a_query_takes() {
        let header = Header::of(
            "-- What came in.\n-- Grain: day.\n-- param day = (select max(d)::date from t): the day\n-- param text: words\n\
             -- param limit=20: how many\nselect 1 -- param no: this is none\n",
        );
        assert_eq!(header.summary(), "What came in.");
        assert_eq!(header.description, "What came in. Grain: day.");
        let param = |name: &str, default: Option<&str>, meaning: &str| Declared {
            name: name.into(),
            default: default.map(Into::into),
            meaning: meaning.into(),
        };
        assert_eq!(
            header.params,
            [
                param("day", Some("(select max(d)::date from t)"), "the day"),
                param("text", None, "words"),
                param("limit", Some("20"), "how many"),
            ]
        );
        assert_eq!(header.param("DAY").map(|param| param.name.as_str()), Some("day"));
        assert_eq!(Header::of("select 1"), Header::default());
        assert!(Header::of("-- param of the engine are many\nselect 1").params.is_empty());
    }
}
