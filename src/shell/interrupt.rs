//! Ctrl-C while a query runs: the query ends, the shell goes on. While a line is edited the terminal sends none.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::Result;
use duckdb::Connection;
use signal_hook::{consts::SIGINT, flag};

pub(super) struct Interrupts(Arc<AtomicBool>);

impl Interrupts {
    pub(super) fn watch() -> Result<Self> {
        let flag = Arc::new(AtomicBool::new(false));
        flag::register(SIGINT, Arc::clone(&flag))?;
        Ok(Self(flag))
    }

    /// Does the work; what it asks of the connection is broken off by an interrupt.
    pub(super) fn during<T>(&self, connection: &Connection, work: impl FnOnce() -> T) -> T {
        self.0.store(false, Ordering::Relaxed);
        let handle = connection.interrupt_handle();
        let is_done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    if self.0.swap(false, Ordering::Relaxed) {
                        handle.interrupt();
                    }
                    thread::park_timeout(Duration::from_millis(20));
                }
            });
            let answer = work();
            is_done.store(true, Ordering::Relaxed);
            answer
        })
    }
}
