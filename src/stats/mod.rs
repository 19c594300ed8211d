//! Statistics that SQL has no function for. Where they are used, and what for, is said in `sql/`.

mod beta;
pub mod change_points;
pub mod direction;
pub mod drifts;
pub mod frames;
pub mod order;
pub mod rate_ratio;
pub mod rises;
