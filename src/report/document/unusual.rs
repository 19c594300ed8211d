//! What goes wrong without an error: requests that slow down, work that is done again and again.

use serde::Serialize;

use super::view::Viewed;
use crate::{
    mine::VARIABLE,
    report::{
        filters::{duration, span},
        sentence::{Part, Sentence, code, n, sentence},
    },
    sql::row::row,
    text::{
        escape::one_line,
        redact::Redactor,
        words::{plural, thousands},
    },
};

/// Characters of a statement that a sentence quotes.
const STATEMENT: usize = 160;

row! {
    /// An endpoint whose requests succeed and take longer than before.
    SlowRow of "report/slow_endpoints" per window {
        endpoint: String,
        revision: Option<String>,
        base_revision: Option<String>,
        since_ns: i64,
        until_ns: Option<i64>,
        slow_count: u64,
        slow_median_ns: i64,
        before_count: u64,
        before_median_ns: i64,
        after_count: u64,
        after_median_ns: Option<i64>,
        p: f64,
        more_count: u64,
    }
}

row! {
    /// A statement about one thing, made again and again.
    RepeatRow of "report/repeated_statements" per window {
        pattern_id: String,
        statement: String,
        identifier: String,
        is_waiting: bool,
        entry_count: u64,
        first_ns: i64,
        last_ns: i64,
        span_ns: i64,
        instance_count: u64,
        other_kinds: u64,
        usual_count: u64,
        unanswered_count: u64,
        p: f64,
    }
}

row! {
    /// A number that goes up or down while a cluster begins.
    DriftRow of "report/drifting_numbers" per window {
        pattern_id: String,
        field: String,
        template: String,
        /// From 1, of a variable of the template.
        position: Option<usize>,
        value_count: u64,
        end_count: u64,
        first_ns: i64,
        last_ns: i64,
        first_median: f64,
        last_median: f64,
        correlation: f64,
        p: f64,
        cluster_number: u64,
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct UnusualParts {
    words: Sentence,
    /// The priority of what no error says.
    priority: &'static str,
}

impl UnusualParts {
    fn new(words: Sentence) -> Self {
        UnusualParts { words, priority: "P2" }
    }
}

impl Viewed for SlowRow {
    type Parts = UnusualParts;

    fn parts(&self) -> UnusualParts {
        UnusualParts::new(self.words())
    }
}

impl SlowRow {
    fn words(&self) -> Sentence {
        let slow = sentence![
            code(&self.endpoint),
            if self.until_ns.is_some() { " answered in " } else { " answers in " },
            n(duration(self.slow_median_ns), "slow_endpoints"),
            format!(" (median of {})", thousands(self.slow_count))
        ];
        let before = format!("{} (median of {})", duration(self.before_median_ns), thousands(self.before_count));
        if let (Some(revision), Some(base)) = (&self.revision, &self.base_revision) {
            let told =
                sentence![" in revision ", code(revision), ", since ", Part::Time(self.since_ns), "; in ", before];
            return slow.and([told, sentence![" in revision ", code(base)]]);
        }
        match self.until_ns {
            None => slow.and([sentence![" since ", Part::Time(self.since_ns), ", in ", before, " before"]]),
            Some(until) => {
                let after = duration(self.after_median_ns.unwrap_or(0));
                slow.and([sentence![
                    " from ",
                    Part::Time(self.since_ns),
                    " to ",
                    Part::Time(until),
                    ", in ",
                    before,
                    format!(" before and in {after} (median of {}) after", thousands(self.after_count))
                ]])
            }
        }
    }
}

impl Viewed for RepeatRow {
    type Parts = UnusualParts;

    fn parts(&self) -> UnusualParts {
        UnusualParts::new(self.words())
    }
}

impl RepeatRow {
    /// Where the words around it say that it is a secret, it is none alone either.
    pub(super) fn hide_identifier(&mut self, redactor: &Redactor) {
        if !redactor.text(&self.statement).contains(&self.identifier) {
            "REDACTED".clone_into(&mut self.identifier);
        }
    }

    fn words(&self) -> Sentence {
        let place = match self.instance_count {
            0 => String::new(),
            count => format!(" on {}", plural(count, "instance")),
        };
        let said = sentence![
            code(&one_line(&self.statement, STATEMENT)),
            " is said ",
            n(thousands(self.entry_count), "repeated_statements"),
            format!(" times within {}{place}, ", span(self.span_ns)),
            Part::Time(self.first_ns),
            " to ",
            Part::Time(self.last_ns)
        ];
        if !self.is_waiting {
            let usual = match (self.other_kinds, self.usual_count) {
                (others, 1) => format!("; the {} others of its pattern mostly once", thousands(others)),
                (others, usual) => {
                    format!("; the {} others of its pattern mostly {} times", thousands(others), thousands(usual))
                }
            };
            return said.and([sentence![usual]]);
        }
        let others = match self.unanswered_count {
            0 | 1 => String::new(),
            count => format!("; so it is with at least {} of its pattern", plural(count - 1, "other statement")),
        };
        said.and([sentence!["; no later message says anything else of ", code(&self.identifier), others]])
    }
}

impl Viewed for DriftRow {
    type Parts = UnusualParts;

    fn parts(&self) -> UnusualParts {
        UnusualParts::new(self.words())
    }
}

impl DriftRow {
    fn words(&self) -> Sentence {
        let template = code(&one_line(&self.template, STATEMENT));
        let several = self.template.matches(VARIABLE).count() > 1;
        let name = match self.position {
            Some(number) if several => sentence![format!("variable {number} of "), template],
            Some(_) => sentence![template],
            None => sentence![code(&one_line(&self.field, 60)), " of ", template],
        };
        let direction = if self.correlation > 0.0 { "rises" } else { "falls" };
        name.and([sentence![
            format!(" {direction} from {} to ", shown(self.first_median)),
            n(shown(self.last_median), "drifting_numbers"),
            format!(
                " (medians of the first and last {} of {} examined, rank correlation {:.2}), ",
                thousands(self.end_count),
                plural(self.value_count, "value"),
                self.correlation
            ),
            Part::Time(self.first_ns),
            " to ",
            Part::Time(self.last_ns),
            "; meanwhile ",
            Part::Cluster(self.cluster_number),
            " begins"
        ]])
    }
}

/// A number with four digits at most behind the point.
fn shown(number: f64) -> String {
    format!("{:?}", (number * 1e4).round() / 1e4).trim_end_matches(".0").to_owned()
}
