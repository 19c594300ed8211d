//! Bytes that nobody meant to be an export: no panic, no hang, and every byte accounted for.
//!
//! What exports look like is taken apart and put together wrongly; `PROPTEST_CASES` says how often.

use std::time::{Duration, Instant};

use crossbeam_channel::unbounded;
use log_gardener::{
    ingest::{
        blocks::Blocks,
        formats::{FORMS, Form, recognise},
        parse::Parser,
        repair::repair,
    },
    mine::{Miner, trace},
};
use proptest::{prelude::*, sample::Index};

use super::support::project;

/// The forms' samples and the cases of `tests/cases/entries`.
fn seeds() -> Vec<Vec<u8>> {
    let samples = FORMS.iter().map(|form| form.sample.as_bytes().to_vec());
    let cases = std::fs::read_dir(project().join("tests/cases/entries")).unwrap();
    samples.chain(cases.map(|entry| std::fs::read(entry.unwrap().path()).unwrap())).collect()
}

#[derive(Debug, Clone)]
enum Edit {
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Cut(Index, Index),
    Repeat(Index, Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let token = prop_oneof![
        prop::collection::vec(any::<u8>(), 1..4),
        prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\",
            ",",
            ":",
            "\n",
            "```",
            "\u{feff}",
            "\\u",
            "\\ud83d",
            "ðŸ”´"
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Set(at, byte)),
        (any::<Index>(), token).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Edit::Cut(from, to)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Edit::Repeat(from, to)),
    ]
}

fn edited(mut bytes: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    let range = |from: &Index, to: &Index, length: usize| {
        let (from, to) = (from.index(length + 1), to.index(length + 1));
        from.min(to)..from.max(to)
    };
    for edit in edits {
        let length = bytes.len();
        match edit {
            Edit::Set(at, byte) if length > 0 => bytes[at.index(length)] = *byte,
            Edit::Set(..) => {}
            Edit::Insert(at, more) => {
                drop(bytes.splice(at.index(length + 1)..at.index(length + 1), more.iter().copied()))
            }
            Edit::Cut(from, to) => drop(bytes.drain(range(from, to, length))),
            Edit::Repeat(from, to) => {
                let again = bytes[range(from, to, length)].to_vec();
                bytes.extend(again);
            }
        }
    }
    bytes
}

/// Cuts and reads as one form; whatever form it is, pieces and separators add up to the input.
fn read_as(form: &Form, bytes: &[u8]) {
    let start = Instant::now();
    let (sender, receiver) = unbounded();
    let mut blocks = Blocks::new(1, form.decode, &sender);
    let result = (form.cut)(&mut &bytes[..], &mut blocks);
    blocks.flush().unwrap();
    let separators = blocks.separator_bytes;
    let blocks_are_rows = blocks.content.is_some();
    let content = blocks.content.unwrap_or(bytes.len() as u64);
    drop(sender);
    let mut parser = Parser::default();
    let mut pieces = 0;
    for block in receiver {
        let of_block: u64 = block.pieces.iter().map(|piece| piece.input_bytes).sum();
        let parsed = parser.parse(&block).unwrap();
        let rejected: u64 = parsed.rejects.iter().map(|rejected| rejected.bytes).sum();
        assert_eq!(parsed.entry_bytes + rejected, of_block, "{}", form.name);
        pieces += of_block;
    }
    if result.is_ok() || blocks_are_rows {
        assert_eq!(pieces + separators, content, "{}", form.name);
    }
    assert!(start.elapsed() < Duration::from_secs(5), "{} took {:?}", form.name, start.elapsed());
}

proptest! {
    #[test]
    fn exports_taken_apart_are_read(seed in any::<Index>(), edits in prop::collection::vec(edit(), 0..12)) {
        let seeds = seeds();
        let bytes = edited(seed.get(&seeds).clone(), &edits);
        let recognised = recognise(&bytes);
        for form in FORMS.iter().filter(|form| form.name != "parquet" || recognised.is_some_and(|found| found.name == form.name)) {
            read_as(form, &bytes);
        }
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..4_000)) {
        recognise(&bytes);
        for form in FORMS.iter().filter(|form| form.name != "parquet") {
            read_as(form, &bytes);
        }
    }

    #[test]
    fn any_message_is_repaired_and_mined(seed in any::<Index>(), edits in prop::collection::vec(edit(), 0..12), text in ".{0,200}") {
        let seeds = seeds();
        let edited = edited(seed.get(&seeds).clone(), &edits);
        for message in [String::from_utf8_lossy(&edited).as_ref(), text.as_str()] {
            let start = Instant::now();
            let repaired = repair(message);
            Miner::new().mine(&repaired);
            trace::parse(&repaired);
            prop_assert!(start.elapsed() < Duration::from_secs(5));
        }
    }
}
