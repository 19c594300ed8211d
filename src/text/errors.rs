//! Errors as people read them.

use std::io;

use anyhow::Error;

use super::{escape::visible_block, terminal};

/// Whoever reads standard output has gone: nothing to complain about.
pub fn is_broken_pipe(error: &Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}

/// `error:`, what caused it, and the hint that the innermost message may end with.
pub fn print_error(error: &Error) {
    let mut hint = None;
    for (depth, cause) in error.chain().enumerate() {
        let text = cause.to_string();
        // what DuckDB's error carries below its message is a code without a meaning
        if text.ends_with("Unknown error code") {
            continue;
        }
        let (message, rest) = text.split_once("\n\nhint: ").map_or((text.as_str(), None), |(m, h)| (m, Some(h)));
        // a message may quote what stands in logs, which must not steer the terminal
        let head = terminal::bold(if depth == 0 { "error:" } else { "caused by:" });
        anstream::eprintln!("{head} {}", visible_block(message));
        hint = rest.map(str::to_owned).or(hint);
    }
    if let Some(hint) = hint {
        anstream::eprintln!("\n{} {}", terminal::bold("hint:"), visible_block(&hint));
    }
}
