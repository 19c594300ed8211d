//! Stage 2: shapes to patterns. Each rule joins shapes that differ in a variable; none ever splits.

mod count_sketch;
mod counted_lists;
mod delimited;
mod exceptions;
pub(super) mod merge;
mod one_variable;
pub mod pattern_override;
pub mod requests;
mod sequence_set;
mod several_variables;
mod template;
mod tokens;
mod value_affixes;
pub mod variables;
