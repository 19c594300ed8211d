//! What leads to a cluster: the last lines before an end, and what was said rarely before it began. And what tells of a failure
//! below NOTICE.

use serde::Serialize;

use super::view::Viewed;
use crate::{
    report::{
        filters::duration,
        sentence::{Part, Sentence, code, n, sentence},
    },
    sql::row::row,
    text::words::{plural, thousands},
};

row! {
    /// One of the last lines before ends of instances that no failure of the program comes before; without a pattern where
    /// the program logged nothing.
    LastLineRow of "report/last_lines" per cluster {
        place: u64,
        end_count: u64,
        is_collected: bool,
        pattern_id: Option<String>,
        message: Option<String>,
        together_count: Option<u64>,
        lag_ns: Option<i64>,
        entry_count: Option<u64>,
        pause_ns: Option<i64>,
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct LastLineParts {
    /// What stands above the lines, with the first of them.
    heading: Sentence,
    /// How long before the end, and how often.
    words: Sentence,
}

/// How much of a line a summary quotes.
const SHORT: usize = 100;

impl Viewed for LastLineRow {
    type Parts = LastLineParts;

    fn parts(&self) -> LastLineParts {
        LastLineParts { heading: self.heading(), words: self.words() }
    }
}

impl LastLineRow {
    fn heading(&self) -> Sentence {
        let ends = match self.end_count {
            1 => "the end of the instance".into(),
            count => format!("the last {} ends of instances", thousands(count)),
        };
        let wrote = if self.pattern_id.is_some() {
            if self.is_collected {
                "the program logged no failure. Its last lines"
            } else {
                "the program logged no failure. Its last lines, of those collected"
            }
        } else {
            "the program logged nothing"
        };
        sentence![format!("In the five minutes before {ends} "), wrote]
    }

    fn words(&self) -> Sentence {
        let lag = self.lag_ns.unwrap_or(0);
        let side = if lag < 0 { "after it" } else { "before" };
        let together = self.together_count.unwrap_or(0);
        let of_ends = (self.end_count > 1).then(|| {
            sentence![" (at ", n(thousands(together), "last_lines"), format!(" of {})", thousands(self.end_count))]
        });
        let repeated = self.entry_count.filter(|count| *count > 1).map(|count| {
            let pause = self.pause_ns.map_or(String::new(), |pause| format!(", one every {}", duration(pause)));
            sentence![", ", n(format!("{} times", thousands(count)), "last_lines"), pause]
        });
        sentence![format!("{} {side}", duration(lag.saturating_abs()))].and(of_ends).and(repeated)
    }

    /// For the summary: the line itself.
    pub fn summary(&self) -> Option<Sentence> {
        let said = shortened(self.message.as_deref()?);
        let ends = match self.end_count {
            1 => "it".into(),
            count => format!("{} ends without a logged failure", thousands(count)),
        };
        Some(sentence![format!(" Last line before {ends}: "), code(&said), "."])
    }
}

row! {
    /// What was said rarely, and right before a cluster began.
    BeforeRow of "report/before_onsets" per cluster {
        pattern_id: String,
        entry_ns: i64,
        message: String,
        severity: String,
        lag_ns: i64,
        is_same_instance: bool,
        entry_count: u64,
        moment_count: u64,
        rare_moment_count: u64,
        chance: f64,
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct BeforeParts {
    words: Sentence,
}

impl Viewed for BeforeRow {
    type Parts = BeforeParts;

    fn parts(&self) -> BeforeParts {
        let instance = if self.is_same_instance { " on the same instance" } else { "" };
        let others = sentence![
            "; so near after a line as rare are ",
            n(thousands(self.rare_moment_count), "before_onsets"),
            format!(" of {} other moments", thousands(self.moment_count))
        ];
        let words = sentence![
            format!(" ({}), ", self.severity),
            Part::Time(self.entry_ns),
            format!(", {} before it{instance}", duration(self.lag_ns))
        ];
        BeforeParts { words: words.and([others]) }
    }
}

impl BeforeRow {
    /// For the summary: the line, and how long before.
    pub fn summary(&self) -> Sentence {
        let said = shortened(&self.message);
        sentence![format!(" {} before it began: ", duration(self.lag_ns)), code(&said), "."]
    }
}

row! {
    /// A pattern below NOTICE whose text tells of a failure.
    QuietFailureRow of "report/quiet_failures" per window {
        pattern_id: String,
        template: String,
        severity: String,
        event_count: u64,
        first_ns: i64,
        last_ns: i64,
        revision: Option<String>,
        /// Of the window, those that are not listed among them.
        pattern_count: u64,
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct QuietFailureParts {
    words: Sentence,
    /// How many patterns the section leaves out.
    unlisted: Option<String>,
    /// How many it has beside the first.
    others: Option<String>,
}

/// Patterns that the section lists.
const LISTED: u64 = 5;

impl Viewed for QuietFailureRow {
    type Parts = QuietFailureParts;

    fn parts(&self) -> QuietFailureParts {
        let until = (self.last_ns > self.first_ns).then(|| sentence![" to ", Part::Time(self.last_ns)]);
        let words = sentence![
            format!(" ({}), ", self.severity),
            n(plural(self.event_count, "event"), "quiet_failures"),
            ", ",
            Part::Time(self.first_ns)
        ];
        let more = |listed: u64| self.pattern_count.checked_sub(listed).filter(|count| *count > 0);
        QuietFailureParts {
            words: words.and(until),
            unlisted: more(LISTED).map(|count| plural(count, "more pattern")),
            others: more(1).map(|count| plural(count, "more pattern")),
        }
    }
}

fn shortened(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    match line.char_indices().nth(SHORT) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line.to_owned(),
    }
}
