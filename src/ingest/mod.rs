//! From exports to entries: open, decompress, recognise the form, cut into pieces, read, mend, keep.
//!
//! One thread reads and cuts, several parse, one appends; blocks of pieces go from one to the next, so
//! memory holds a few blocks whatever the size of the input.

pub mod blocks;
pub mod columns;
pub mod entry;
pub mod forms;
pub mod load;
pub mod mend;
pub mod open;
pub mod parse;
pub mod severity;
pub mod survey;
pub mod time;
