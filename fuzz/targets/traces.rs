//! Stack traces, whole or in pieces: nothing panics, and a message has one shape of bounded length.

#![no_main]

use libfuzzer_sys::fuzz_target;
use log_gardener::mine::{
    Miner,
    trace::{self, pieces, split_shape},
};

/// A bound far above that of the miner, so that only growth without end is a fault.
const LONGEST_SHAPE: usize = 16_384;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    if let Some(trace) = trace::parse(&text) {
        let (headline, shape) = (trace.headline(), trace.shape_text());
        assert!(!trace.exceptions.is_empty(), "a trace without an exception");
        assert!(!headline.contains('\n'), "a headline of two lines: {headline:?}");
        assert!(trace.frame_to_look_at().is_none_or(|frame| frame.is_application), "a library's frame to look at");
        assert!(shape.starts_with(split_shape(&shape).0), "a shape that begins with another type");
        assert_eq!(trace::parse(&text).as_ref(), Some(&trace), "a trace reads differently the second time");
    }
    let mut miner = Miner::new();
    let first = miner.mine(&text);
    let (id, shape) = (first.id, first.text.to_owned());
    assert!(shape.len() <= LONGEST_SHAPE, "a shape of {} bytes", shape.len());
    assert_eq!(miner.mine(&text).id, id, "a message has two shapes");
    join(&text);
});

/// Each line as a message of its own.
fn join(text: &str) {
    let lines: Vec<&str> = text.lines().collect();
    let mut last = None;
    let times_ns: Vec<i64> = (0..lines.len() as i64).map(|at| at * 1_000).collect();
    for joined in pieces::join(&lines, &times_ns) {
        for &member in &joined.members {
            assert!(member < lines.len() && last < Some(member), "pieces out of order or in two traces");
            last = Some(member);
        }
    }
}
