//! Sequences of lines that belong together: a crash with the start that follows, and a roll-out.

use std::collections::VecDeque;

use super::super::clock::{MICRO, MILLI, SECOND};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Log {
    Audit,
    Stderr,
    System,
}

/// One line of a sequence
pub(super) struct Scripted {
    /// Since the line before
    pub lag: i64,
    pub service: usize,
    pub instance: usize,
    pub log: Log,
    pub severity: &'static str,
    /// Escaped for JSON
    pub text: &'static str,
    /// From this line on the place belongs to a new instance
    pub is_start: bool,
}

const TRACE: &str = "Traceback (most recent call last):\\n  File \\\"/srv/harbor/main.py\\\", line 52, in serve\\n    \
    loop.run(until=stopped)\\n  File \\\"/srv/harbor/loop.py\\\", line 117, in run\\n    self.turn()\\n  File \
    \\\"/srv/harbor/ledger.py\\\", line 240, in apply\\n    page = self.pages[number]\\nharbor.ledger.PageLost: page 7731 \
    is referenced but absent";

const CRASH: &[(i64, Log, &str, &str)] = &[
    (900 * MICRO, Log::Stderr, "ERROR", "Ledger lost a page, stopping all work"),
    (1_300 * MICRO, Log::Stderr, "ERROR", TRACE),
    (400 * MICRO, Log::Stderr, "CRITICAL", "Process is going down, open requests are dropped"),
    (210 * MILLI, Log::System, "WARNING", "Container called exit(70)."),
];

const START: &[(i64, Log, &str, &str)] = &[
    (
        1_400 * MILLI,
        Log::System,
        "INFO",
        "Starting new instance. Reason: AUTOSCALING - fewer instances run than are needed.",
    ),
    (2_600 * MILLI, Log::Stderr, "INFO", "Settings read, opening the ledger"),
    (
        1_900 * MILLI,
        Log::System,
        "INFO",
        "STARTUP HTTP probe of container \\\"harbor-1\\\" on port 8080 succeeded at attempt 2.",
    ),
];

pub(super) fn crash(script: &mut VecDeque<Scripted>, service: usize, instance: usize) {
    add(script, CRASH, service, instance);
    start(script, service, instance);
}

pub(super) fn roll_out(script: &mut VecDeque<Scripted>, service: usize, instance_count: usize) {
    add(script, &[(2 * SECOND, Log::Audit, "NOTICE", "")], service, 0);
    for instance in 0..instance_count {
        start(script, service, instance);
    }
}

fn start(script: &mut VecDeque<Scripted>, service: usize, instance: usize) {
    let first = script.len();
    add(script, START, service, instance);
    script[first].is_start = true;
}

fn add(
    script: &mut VecDeque<Scripted>,
    lines: &[(i64, Log, &'static str, &'static str)],
    service: usize,
    instance: usize,
) {
    script.extend(lines.iter().map(|(lag, log, severity, text)| Scripted {
        lag: *lag,
        service,
        instance,
        log: *log,
        severity,
        text,
        is_start: false,
    }));
}
