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
    let options = sample::Options { seed: 42, entries: Some(100_000), layout: sample::Layout::Ndjson };
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

/// Sentences of words that are no numbers, so that stage 1 leaves each as it is.
fn sentences(count: usize) -> Vec<String> {
    const WORDS: [&str; 16] = [
        "tenant", "berth", "ledger", "quota", "mail", "shard", "cursor", "lease", "pump", "crane", "gate", "buoy",
        "tide", "dock", "rope", "mast",
    ];
    let word = |at: usize| WORDS[at % WORDS.len()];
    let name = |at: usize| -> String {
        (0..6).map(|place| char::from(b'a' + (at / 7_usize.pow(place) % 7) as u8 * 3)).collect()
    };
    (0..count)
        .map(|at| {
            let statement = at / 50;
            let words: Vec<&str> =
                (0..4 + statement % 5).map(|place| word(statement / 16_usize.pow(place as u32 % 4) + place)).collect();
            format!("{} for {} in {}", words.join(" "), name(at), word(at / 3))
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
