//! Issues on GitHub: the plan is made from the clusters of a window and the issues that are there; applying it runs `gh`.

pub mod apply;
mod authors;
pub mod calls;
mod clusters;
mod comeback;
mod context;
mod existing;
pub mod gh;
mod ledger;
mod marker;
mod matching;
mod plan;
pub mod plan_view;
mod reported;
pub mod text;

pub use self::context::{IssueContext, Request};
