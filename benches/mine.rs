//! Mining on data made here: `cargo bench --bench mine`.
//!
//! `shapes` is stage 1 on plain messages; `patterns` is stage 2 on a hundred thousand distinct shapes, far more than any
//! service has; `unique` is what memory costs when no two messages are alike.

use divan::{Bencher, black_box, counter::BytesCount, counter::ItemsCount};
use log_gardener::{
    mine::{Miner, ShapeSet, merge},
    sample,
};

fn main() {
    divan::main();
}

/// The messages of a made-up archive of four services.
fn messages() -> Vec<String> {
    let options = sample::Options { seed: 42, entries: Some(100_000), days: 7, layout: sample::Layout::Ndjson };
    let mut bytes = Vec::new();
    sample::write(&mut bytes, &options).unwrap_or_default();
    let message = |line: &[u8]| -> Option<String> {
        let entry: serde_json::Value = serde_json::from_slice(line).ok()?;
        let text = entry["jsonPayload"]["message"].as_str().or(entry["textPayload"].as_str())?;
        (!text.contains('\n')).then(|| text.to_owned())
    };
    bytes.split(|&byte| byte == b'\n').filter_map(message).collect()
}

#[divan::bench]
fn shapes(bencher: Bencher) {
    let messages = messages();
    let bytes: usize = messages.iter().map(String::len).sum();
    bencher.counter(ItemsCount::new(messages.len())).counter(BytesCount::new(bytes)).bench_local(|| {
        let mut miner = Miner::new();
        messages.iter().fold(0_u64, |sum, message| sum ^ miner.mine(black_box(message)).id.as_u64())
    });
}

/// Sentences of words that are no numbers, so that stage 1 leaves each as it is: two thousand statements, each with a
/// name and a kind that vary.
fn sentences(count: usize) -> Vec<String> {
    const SYLLABLES: [&str; 16] =
        ["ba", "ko", "ri", "ten", "mu", "lo", "sar", "vi", "den", "pa", "gor", "ni", "tu", "mel", "so", "kar"];
    let mut state = 7_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut word = move |syllables: usize| (0..syllables).map(|_| SYLLABLES[random(16)]).collect::<String>();
    let statements: Vec<Vec<String>> = (0..2_000).map(|at| (0..4 + at % 5).map(|_| word(2)).collect()).collect();
    (0..count)
        .map(|at| {
            let statement = statements[at % statements.len()].join(" ");
            format!("{statement} for {} in {}", word(4), word(1))
        })
        .collect()
}

fn set_of(sentences: &[String]) -> ShapeSet {
    let mut set = ShapeSet::default();
    let mut miner = Miner::new();
    sentences.iter().zip(0..).for_each(|(sentence, at)| set.add(miner.mine(sentence), at));
    set
}

#[divan::bench(sample_count = 10)]
fn patterns(bencher: Bencher) {
    let set = set_of(&sentences(100_000));
    let shapes = set.stats();
    bencher.counter(ItemsCount::new(shapes.len())).bench_local(|| merge(black_box(&shapes), &[]).len());
}

#[divan::bench(sample_count = 5)]
fn unique(bencher: Bencher) {
    let sentences = sentences(1_000_000);
    bencher.counter(ItemsCount::new(sentences.len())).bench_local(|| set_of(black_box(&sentences)).other_count());
}
