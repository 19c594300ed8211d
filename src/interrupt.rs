//! Ctrl-C while loading: what is under way is undone, what was committed stands. A second one ends at once.

use std::{
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::Result;
use signal_hook::{consts::SIGINT, flag};

static STOPPED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// The exit status that shells give a program ended by SIGINT.
pub const INTERRUPTED: u8 = 130;

pub struct Stop(Arc<AtomicBool>);

impl Stop {
    pub fn on_interrupt() -> Result<Self> {
        let flag = Arc::clone(STOPPED.get_or_init(Arc::default));
        flag::register_conditional_shutdown(SIGINT, INTERRUPTED.into(), Arc::clone(&flag))?;
        flag::register(SIGINT, Arc::clone(&flag))?;
        Ok(Self(flag))
    }

    /// From here on an interrupt ends the program at once.
    pub fn settle(self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What was under way was undone because of Ctrl-C.
#[derive(Debug)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("interrupted")
    }
}

pub fn is_stopped() -> bool {
    STOPPED.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}
