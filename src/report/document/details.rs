//! What the entries of a cluster hold, and what stands beside them.

use serde::Serialize;

use super::view::Viewed;
use crate::{
    report::{
        filters::{digits, duration},
        sentence::{Part, Sentence, code, n, sentence, text},
    },
    sql::row::{Nothing, row},
    text::{
        escape::one_line,
        words::{plural, thousands},
    },
};

row! {
    /// A field of the payloads.
    FieldRow of "report/fields" per cluster {
        path: String,
        field: String,
        entry_count: u64,
        value_kinds: u64,
        commonest: String,
        commonest_count: u64,
        examples: Vec<String>,
        lead_count: u64,
        is_constant: bool,
    } with {
        value: Nothing,
    }
}

row! {
    HintRow of "report/hints" per cluster {
        list_name: String,
        hint: String,
        entry_count: u64,
        place: Option<i64>,
    }
}

row! {
    /// A variable position of a template.
    VariableRow of "report/variables" per cluster {
        pattern_id: String,
        position: usize,
        name: Option<String>,
        kind: String,
        value_kinds: u64,
        entry_count: u64,
        commonest: String,
        commonest_count: u64,
        examples: Vec<String>,
        is_constant: bool,
        template: String,
    } with {
        value: Nothing,
    }
}

row! {
    /// A value that no earlier revision had at its position.
    NewValueRow of "report/new_values" per cluster {
        pattern_id: String,
        position: usize,
        value: String,
        name: Option<String>,
        revision: String,
        first_ns: i64,
        entry_count: u64,
        revision_count: u64,
        earlier_count: u64,
        earlier_revisions: u64,
        template: String,
    } with {
        commonest: Nothing,
        examples: Nothing,
    }
}

row! {
    /// A pattern that stands close to the lead.
    NeighbourRow of "report/neighbours" per cluster {
        pattern_id: String,
        template: String,
        together_count: u64,
        looked_count: u64,
        lag_ns: i64,
        chance: f64,
    }
}

row! {
    UserRow of "report/cluster_users" per cluster {
        name: String,
        entry_count: u64,
        /// Entries that name anybody.
        named_count: u64,
        user_kinds: u64,
    }
}

row! {
    /// A cluster that is seen in the same minutes.
    CorrelationRow of "report/correlations" per cluster {
        other_id: String,
        both_count: u64,
        own_count: u64,
        other_count: u64,
        all_count: u64,
        lift: f64,
        lift_lower: f64,
        lift_upper: f64,
        other_number: u64,
        other_name: String,
    }
}

row! {
    /// A value that stands out against other events of the same time.
    DifferRow of "report/differing_values" per cluster {
        field: String,
        value: String,
        own_count: u64,
        own_total: u64,
        own_lower: f64,
        own_upper: f64,
        other_count: u64,
        other_total: u64,
        other_upper: f64,
        p: f64,
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct HintParts {
    /// Not with all entries of the lead.
    pub is_partial: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct UserParts {
    pub is_everybody: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct FieldParts {
    is_in_all: bool,
    is_repeated: bool,
}

impl Viewed for FieldRow {
    type Parts = FieldParts;

    fn parts(&self) -> FieldParts {
        FieldParts { is_in_all: self.entry_count == self.lead_count, is_repeated: self.commonest_count > 1 }
    }
}

/// What a position is called: by its name, else by its number, from 1.
#[derive(Debug, Clone, Serialize)]
pub struct PositionParts {
    pub label: String,
}

impl PositionParts {
    pub fn new(name: &Option<String>, position: usize) -> Self {
        let name = name.clone().filter(|name| !name.is_empty());
        PositionParts { label: name.unwrap_or_else(|| format!("variable {}", position + 1)) }
    }
}

impl Viewed for VariableRow {
    type Parts = PositionParts;

    fn parts(&self) -> PositionParts {
        PositionParts::new(&self.name, self.position)
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct NewValueParts {
    label: String,
    words: Sentence,
}

impl Viewed for NewValueRow {
    type Parts = NewValueParts;

    fn parts(&self) -> NewValueParts {
        let words = sentence![
            "first ",
            Part::Time(self.first_ns),
            " in revision ",
            text(&self.revision),
            " (",
            n(thousands(self.entry_count), "new_values"),
            format!(
                " of its {}); {} of {} never held it",
                plural(self.revision_count, "entry"),
                plural(self.earlier_count, "entry"),
                plural(self.earlier_revisions, "earlier revision")
            )
        ];
        NewValueParts { label: PositionParts::new(&self.name, self.position).label, words }
    }
}

/// Percent with so many digits, as short as it goes.
pub(super) fn percent(probability: f64, digits: usize) -> String {
    let rounded = format!("{:.digits$}", probability * 100.0);
    format!("{:?} %", rounded.parse::<f64>().unwrap_or(0.0))
}

fn whole_percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

#[derive(Debug, Clone, Serialize)]
pub struct Words {
    words: Sentence,
    /// Without intervals and chances.
    plain: Sentence,
}

impl Viewed for NeighbourRow {
    type Parts = Words;

    fn parts(&self) -> Words {
        let plain = sentence![
            " occurs within 1 s on the same instance for ",
            n(thousands(self.together_count), "neighbours"),
            format!(
                " of {} examined, {} {}",
                plural(self.looked_count, "entry"),
                duration(self.lag_ns.saturating_abs()),
                if self.lag_ns > 0 { "later" } else { "earlier" }
            )
        ];
        let words = plain.clone().and([sentence![format!(" (median); by chance: {}", percent(self.chance, 1))]]);
        Words { words, plain }
    }
}

impl Viewed for DifferRow {
    type Parts = Words;

    fn parts(&self) -> Words {
        let tell = |own: String, other: String| {
            sentence![
                code(&one_line(&self.field, 60)),
                " is ",
                code(&one_line(&self.value, 80)),
                " in ",
                n(thousands(self.own_count), "differing_values"),
                format!(
                    " of {} examined{own}, in {} of {} others of the same time{other}",
                    plural(self.own_total, "event"),
                    thousands(self.other_count),
                    thousands(self.other_total)
                )
            ]
        };
        let own = format!(" ({} to {})", whole_percent(self.own_lower), whole_percent(self.own_upper));
        let other = format!(" (at most {})", whole_percent(self.other_upper));
        Words { words: tell(own, other), plain: tell(String::new(), String::new()) }
    }
}

impl Viewed for CorrelationRow {
    type Parts = Words;

    fn parts(&self) -> Words {
        let plain = sentence![
            "in ",
            n(thousands(self.both_count), "correlations"),
            format!(" of the {} with this cluster there is ", plural(self.own_count, "minute")),
            Part::Cluster(self.other_number),
            ", ",
            text(&self.other_name),
            ", too"
        ];
        let words = plain.clone().and([sentence![format!(
            ": {} times [{}, {}] its share of all {}",
            digits(self.lift),
            digits(self.lift_lower),
            digits(self.lift_upper),
            plural(self.all_count, "minute")
        )]]);
        Words { words, plain }
    }
}
