//! What happens together: incidents, and what follows what.

use serde::Serialize;

use super::{cluster::said, details::percent, view::Viewed};
use crate::{
    report::{
        filters::duration,
        sentence::{Sentence, n, sentence, text, time},
    },
    sql::row::{Numbers, row},
    text::words::{plural, thousands},
};

row! {
    IncidentRow of "report/incident_rows" per cluster {
        whole_count: u64,
        /// Seen in part only, where the collection is cut.
        cut_count: u64,
        instance_count: u64,
        trace_count: u64,
        instances: Option<Vec<String>>,
        cut_instances: Option<Vec<String>>,
        first_ns: Option<i64>,
        last_ns: Option<i64>,
        first_of_all_ns: i64,
        first_cut_ns: Option<i64>,
        last_cut_ns: Option<i64>,
        pause_ns: Option<i64>,
        span_ns: i64,
    }
}

row! {
    /// A step of the course that incidents take.
    CascadeRow of "report/cascade" per cluster {
        pattern_id: String,
        template: String,
        sample_message: Option<String>,
        kind: String,
        exception_message: Option<String>,
        severity: String,
        call_module: Option<String>,
        call_function: Option<String>,
        call_lines: Option<Numbers>,
        incident_count: u64,
        lag_ns: i64,
        least_lag_ns: i64,
        greatest_lag_ns: i64,
    } with {
        /// The address of the call site.
        #[serde(skip_serializing_if = "Option::is_none")]
        link: Option<String>,
    }
}

row! {
    /// A cluster that this one follows.
    FollowRow of "report/follows" per cluster {
        cause_number: u64,
        cause_name: String,
        reason: String,
        together_count: u64,
        member_count: u64,
        lag_ns: Option<i64>,
        chance: Option<f64>,
    } with {
        /// Of the cause, where issues are written.
        #[serde(skip_serializing_if = "Option::is_none")]
        issue_number: Option<u64>,
    }
}

row! {
    /// A cluster that follows this one.
    EffectRow of "report/effects" per cluster {
        effect_number: u64,
        effect_name: String,
        reason: String,
        together_count: u64,
        member_count: u64,
        lag_ns: Option<i64>,
    } with {
        #[serde(skip_serializing_if = "Option::is_none")]
        issue_number: Option<u64>,
    }
}

/// Delays further apart than this are shown as a range.
const SPREAD_NS: i64 = 100_000_000;
/// Instances that a page names.
const NAMED: usize = 6;
/// Where there are more, a Markdown worklog names none.
const FEW: usize = 3;

#[derive(Debug, Clone, Serialize)]
pub struct CascadeParts {
    said: Option<String>,
    is_spread: bool,
}

impl Viewed for CascadeRow {
    type Parts = CascadeParts;

    fn parts(&self) -> CascadeParts {
        CascadeParts {
            said: said(&self.kind, &self.template, &self.sample_message),
            is_spread: self.greatest_lag_ns - self.least_lag_ns > SPREAD_NS,
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct FollowParts {
    pub words: Sentence,
    /// Without the chance that it is by chance.
    pub plain: Sentence,
    /// How many entries or runs were looked at.
    pub counted: String,
}

impl FollowRow {
    fn is_by_ends(&self) -> bool {
        self.reason == "end of requests"
    }

    pub(super) fn counted(&self) -> String {
        plural(self.member_count, if self.is_by_ends() { "entry" } else { "run" })
    }

    /// `in 12 of 14 runs`
    pub fn often(&self) -> String {
        format!("in {} of {}", thousands(self.together_count), self.counted())
    }

    /// How often it follows, and how soon.
    pub(super) fn words(&self, is_same_instance: bool, tells_chance: bool) -> Sentence {
        let counted = self.counted();
        let often = sentence!["in ", n(format!("{} of {counted}", thousands(self.together_count)), "follows")];
        let lag = self.lag_ns.unwrap_or(0);
        if !self.is_by_ends() {
            return often
                .and([sentence![format!(" it comes {} after it on the same instance (median)", duration(lag))]]);
        }
        let when = match self.lag_ns {
            Some(lag) if lag < 0 => format!("{} before the last entry of", duration(lag.saturating_neg())),
            Some(lag) => format!("{} after", duration(lag)),
            None => "with".into(),
        };
        let place = if is_same_instance { " on the instance" } else { "" };
        let chance = self
            .chance
            .filter(|_| tells_chance)
            .map(|chance| sentence![format!(" (by chance: {} of the time lies so near)", percent(chance, 2))]);
        often.and([sentence![format!(" the request ends {when} its failure{place}")]]).and(chance)
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct IncidentParts {
    is_repeated: bool,
    seen: Option<Sentence>,
    /// With the instances only where they are few.
    briefly: Option<Sentence>,
    cut: Option<Sentence>,
}

impl Viewed for IncidentRow {
    type Parts = IncidentParts;

    fn parts(&self) -> IncidentParts {
        let is_few = self.instances.as_ref().is_some_and(|instances| instances.len() <= FEW);
        IncidentParts {
            is_repeated: self.whole_count > 1,
            seen: (self.whole_count > 0).then(|| self.seen(Some(NAMED))),
            briefly: (self.whole_count > 0).then(|| self.seen(is_few.then_some(FEW))),
            cut: (self.cut_count > 0).then(|| self.cut()),
        }
    }
}

/// The ends of ids, and how many more there are.
fn ends(ids: &Option<Vec<String>>, limit: usize) -> Vec<&str> {
    ids.iter().flatten().take(limit).map(String::as_str).collect()
}

impl IncidentRow {
    pub(super) fn summary(&self) -> Sentence {
        let place = if self.instance_count > 0 {
            format!(" on {}", plural(self.instance_count, "instance"))
        } else {
            String::new()
        };
        let cut = if self.cut_count > 0 {
            format!(", and likely {} more times where the collection is cut", self.cut_count)
        } else {
            String::new()
        };
        sentence![" The same incident ", n(self.whole_count, "incident_rows"), format!(" times{place}{cut}.")]
    }

    /// `named`: how many of the instances.
    fn seen(&self, named: Option<usize>) -> Sentence {
        let on = (self.instance_count > 0).then(|| format!("on {}", plural(self.instance_count, "instance")));
        let within = (self.trace_count > 0).then(|| format!("in {}", plural(self.trace_count, "trace")));
        let places: Vec<String> = on.into_iter().chain(within).collect();
        let instances = named.map(|named| {
            let more = self.instances.as_ref().map_or(0, Vec::len).saturating_sub(named);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            sentence![" (…", text(&ends(&self.instances, named).join(", …")), format!("{more})")]
        });
        let pause = self.pause_ns.filter(|pause| *pause != 0);
        let pause = pause.map(|pause| sentence![format!(", {} from one to the next (median)", duration(pause))]);
        sentence![n(plural(self.whole_count, "incident"), "incident_rows"), format!(" seen, {}", places.join(" and "))]
            .and(instances)
            .and(pause)
    }

    fn cut(&self) -> Sentence {
        sentence![
            format!("{} (…", plural(self.cut_count, "more incident")),
            text(&ends(&self.cut_instances, 8).join(", …")),
            ") between ",
            time(self.first_cut_ns),
            " and ",
            time(self.last_cut_ns),
            " show only parts of these steps, because the collection of errors is cut: likely the same failure, and the \
             entries that would prove it are not in the data."
        ]
    }
}
