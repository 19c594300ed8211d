//! How long a query may take.

use std::{
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow};
use duckdb::Connection;

/// Interrupts the connection's query once the time is over, unless it is dropped before.
pub struct TimeLimit {
    seconds: u64,
    start: Instant,
    _done: Sender<()>,
}

impl TimeLimit {
    pub fn start(connection: &Connection, seconds: u64) -> Self {
        let handle = connection.interrupt_handle();
        let (done, is_done) = mpsc::channel();
        let limit = Duration::from_secs(seconds);
        thread::spawn(move || {
            let mut wait = limit;
            // again and again, since an interrupt between two queries stops neither
            while is_done.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                handle.interrupt();
                wait = Duration::from_millis(50);
            }
        });
        TimeLimit { seconds, start: Instant::now(), _done: done }
    }

    /// Says so of an error after the time was over.
    pub fn explained<T>(&self, answered: Result<T>) -> Result<T> {
        match answered {
            Err(_) if self.start.elapsed() >= Duration::from_secs(self.seconds) => Err(anyhow!(
                "the query took longer than `--timeout {}` seconds\n\nhint: ask for less, or allow more time",
                self.seconds
            )),
            answered => answered,
        }
    }
}
