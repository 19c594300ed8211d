//! Times: what entries carry, and the windows that people ask for.

pub mod period;
pub mod timestamp;
