//! The requests of a cluster, and how they end.

use serde::Serialize;

use super::{environment::end_of, view::Viewed};
use crate::{
    report::{
        filters::duration,
        sentence::{Part, Sentence, n, sentence, text},
    },
    sql::row::row,
};

row! {
    RequestRow of "report/requests" per cluster {
        method: Option<String>,
        url: Option<String>,
        status: Option<u64>,
        entry_count: u64,
        instance_count: u64,
        instance_id: Option<String>,
        agent_count: u64,
        user_agent: Option<String>,
        median_latency_ns: Option<i64>,
        least_latency_ns: Option<i64>,
        greatest_latency_ns: Option<i64>,
        first_started_ns: i64,
        last_started_ns: i64,
        first_ended_ns: Option<i64>,
        last_ended_ns: Option<i64>,
        ends_within_ns: Option<i64>,
        starts_within_ns: i64,
    }
}

row! {
    /// Requests that end with a run of failures.
    RequestEndRow of "report/request_ends" per cluster {
        instance_id: String,
        entry_count: u64,
        first_started_ns: i64,
        last_started_ns: i64,
        first_ended_ns: i64,
        last_ended_ns: i64,
        ends_within_ns: i64,
        run_ended_ns: i64,
        lag_ns: i64,
        is_same_instance: bool,
    }
}

/// Requests that ended closer together than this part of the time over which they began.
const TOGETHER: i64 = 20;
/// Names of browsers are longer, and tell little.
const SHORT_AGENT: usize = 40;

#[derive(Debug, Clone, Serialize)]
pub struct RequestParts {
    /// Whose: one agent by its name, several by their number.
    agent: Option<Sentence>,
    /// The name of one agent, where it is short.
    short_agent: Option<Sentence>,
    latency: Option<Sentence>,
    place: Option<Sentence>,
    /// That they ended together, where they did.
    ends: Option<Sentence>,
    is_repeated: bool,
}

impl Viewed for RequestRow {
    type Parts = RequestParts;

    fn parts(&self) -> RequestParts {
        let agent = match self.agent_count {
            0 => None,
            1 => Some(sentence![text(self.user_agent.as_deref().unwrap_or_default())]),
            several => Some(sentence![format!("{several} user agents")]),
        };
        let is_short = |agent: &&str| agent.len() <= SHORT_AGENT;
        let short_agent = self.user_agent.as_deref().filter(|_| self.agent_count == 1).filter(is_short);
        let short_agent = short_agent.map(|agent| sentence![text(agent)]);
        let place = match (self.instance_count, &self.instance_id) {
            (0, _) => Some(sentence![", naming no instance"]),
            (1, Some(id)) => Some(sentence![", all on instance …", text(end_of(id))]),
            _ => None,
        };
        RequestParts {
            agent,
            short_agent,
            latency: self.latency(),
            place,
            ends: self.ends(),
            is_repeated: self.entry_count > 1,
        }
    }
}

impl RequestRow {
    fn has_latency(&self) -> bool {
        self.greatest_latency_ns.is_some_and(|latency| latency != 0)
    }

    fn latency(&self) -> Option<Sentence> {
        let (median, least, greatest) =
            (self.median_latency_ns?, self.least_latency_ns?, self.greatest_latency_ns.filter(|_| self.has_latency())?);
        let range =
            (self.entry_count > 1).then(|| sentence![format!(" ({} to {})", duration(least), duration(greatest))]);
        Some(sentence![duration(median)].and(range))
    }

    fn ends(&self) -> Option<Sentence> {
        let (within, first, last) = (self.ends_within_ns?, self.first_ended_ns?, self.last_ended_ns?);
        let is_together = self.entry_count > 2 && self.has_latency() && within * TOGETHER < self.starts_within_ns;
        is_together.then(|| {
            sentence![
                format!(". Started over {}, ", duration(self.starts_within_ns)),
                Part::Strong(format!("all ended within {}", duration(within))),
                " (",
                Part::Clock(first),
                " to ",
                Part::Clock(last),
                ")"
            ]
        })
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct RequestEndParts {
    is_repeated: bool,
    words: Sentence,
}

impl Viewed for RequestEndRow {
    type Parts = RequestEndParts;

    fn parts(&self) -> RequestEndParts {
        let side = if self.lag_ns < 0 { "before" } else { "after" };
        let lag = duration(self.lag_ns.saturating_abs());
        let place = if self.is_same_instance { "" } else { ", by time and revision: these requests name no instance" };
        let words = sentence![
            n(self.entry_count, "request_ends"),
            format!(" ended {lag} {side} the last failing entry of instance …"),
            text(end_of(&self.instance_id)),
            " (",
            Part::Clock(self.run_ended_ns),
            format!("){place}")
        ];
        RequestEndParts { is_repeated: self.entry_count > 1, words }
    }
}

impl RequestEndRow {
    pub(super) fn summary(&self) -> Sentence {
        let side = if self.lag_ns < 0 { "before" } else { "after" };
        sentence![
            " ",
            n(self.entry_count, "request_ends"),
            format!(
                " of the requests ended within {} of one another, {} {side} the failure of instance …",
                duration(self.ends_within_ns),
                duration(self.lag_ns.saturating_abs())
            ),
            text(end_of(&self.instance_id)),
            "."
        ]
    }
}
