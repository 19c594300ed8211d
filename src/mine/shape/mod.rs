//! Stage 1: one message to its shape. A byte scanner cuts the message into pieces and masks what varies.

pub(super) mod clean;
pub(super) mod id;
mod keys;
mod lists;
pub(super) mod masked;
pub(super) mod piece;
pub(super) mod scan;
pub(super) mod shape_set;
mod value_ends;
pub(super) mod words;
