//! A block of pieces to a batch of entries: the work that several parsers share.

use std::borrow::Cow;

use arrow::array::RecordBatch;
use rustc_hash::FxHashMap;

use super::{
    blocks::{Block, Piece},
    columns::{Columns, Dictionaries, Ids, Place, entry_key, hash_parts},
    entry::{self, Entry, Reject},
    formats::Decode,
    source::Sources,
};
use crate::mine::{Kind, Miner, ShapeId};

/// How much of a rejected piece is kept.
const RAW_LIMIT: usize = 2_000;

/// A piece that could not be read.
#[derive(Debug)]
pub struct Rejected {
    pub line: u64,
    pub byte_offset: u64,
    /// How many bytes of the input it is.
    pub bytes: u64,
    /// One, or of how many pieces it is the first.
    pub count: u64,
    pub list: u32,
    pub reason: String,
    pub raw: String,
    /// Whole JSON, but no entry: in a list that holds no entries at all it is not missed.
    pub is_other: bool,
}

/// What one block gave.
pub struct Parsed {
    pub file_id: u32,
    pub entries: Option<RecordBatch>,
    pub entry_count: u64,
    pub entry_bytes: u64,
    pub payload_count: u64,
    /// Entries with neither a payload nor a request.
    pub bare_count: u64,
    pub zoneless_count: u64,
    pub replaced_count: u64,
    pub nul_count: u64,
    pub halved_count: u64,
    pub first_at: i64,
    pub last_at: i64,
    pub entries_by_list: FxHashMap<u32, u64>,
    pub rejects: Vec<Rejected>,
    pub dictionaries: Dictionaries,
    pub shapes: Vec<(ShapeId, Kind, String)>,
}

/// One parser: its memory of what it met already lasts from block to block.
#[derive(Default)]
pub struct Parser {
    miner: Miner,
    sources: Sources,
    columns: Columns,
    dictionaries: Dictionaries,
    seen_shapes: rustc_hash::FxHashSet<u64>,
    /// Each entry stands for many that an engine holds, whose numbers differ; the status of a request is one of them.
    is_of_groups: bool,
}

/// Beyond this many remembered shapes the memory is cleared; the store drops what it gets twice.
const SEEN_SHAPES_LIMIT: usize = 1 << 20;

impl Parser {
    /// Of entries that stand for groups of an engine.
    pub fn of_groups() -> Self {
        Self { is_of_groups: true, ..Self::default() }
    }

    pub fn parse(&mut self, block: &Block) -> Result<Parsed, arrow::error::ArrowError> {
        let mut parsed = Parsed::of(block.file_id);
        let mut faults = block.faults.iter().peekable();
        for (at, piece) in block.pieces.iter().enumerate() {
            let fault = faults.next_if(|(place, _)| *place == at).map(|(_, reason)| reason.as_str());
            self.piece(piece, &block.bytes[piece.start..piece.end], fault, block.decode, &mut parsed);
        }
        if !self.columns.is_empty() {
            parsed.entries = Some(self.columns.finish()?);
        }
        parsed.dictionaries.sources = std::mem::take(&mut self.dictionaries.sources);
        parsed.dictionaries.label_sets = std::mem::take(&mut self.dictionaries.label_sets);
        parsed.dictionaries.call_sites = std::mem::take(&mut self.dictionaries.call_sites);
        Ok(parsed)
    }

    fn piece(&mut self, piece: &Piece, bytes: &[u8], fault: Option<&str>, decode: Option<Decode>, parsed: &mut Parsed) {
        let text = as_text(bytes, parsed);
        let decoded = match (fault, decode) {
            (Some(reason), _) => Err(reason.to_owned()),
            (None, None) => Ok(Cow::Borrowed(text.as_ref())),
            (None, Some(decode)) => decode(&text).map(Cow::Owned),
        };
        // what nothing decodes may be any text that stands between entries
        let is_text = !text.starts_with('{') && (decode.is_none() || decoded.is_err());
        let read = decoded.map_err(Reject::Malformed).and_then(|entry| self.entry(piece, &entry, parsed));
        if let Err(reject) = read {
            parsed.rejects.push(Rejected {
                line: piece.line,
                byte_offset: piece.byte_offset,
                bytes: piece.input_bytes,
                count: 1,
                list: piece.list,
                reason: reject.reason().to_owned(),
                raw: text[..text.floor_char_boundary(RAW_LIMIT)].to_owned(),
                is_other: matches!(reject, Reject::NoEntry(_)) || is_text,
            });
        }
    }

    fn entry(&mut self, piece: &Piece, text: &str, parsed: &mut Parsed) -> Result<(), Reject> {
        let mut entry = entry::parse(text, &mut self.sources)?;
        if !self.is_of_groups {
            entry.take_access();
        }
        let lines = std::mem::take(&mut entry.lines);
        let key = entry_key(&entry, text);
        self.keep(piece, &entry, key, parsed);
        parsed.entry_bytes += piece.input_bytes;
        for (at, line) in lines.into_iter().enumerate() {
            let line = entry.of_line(line, at + 1);
            let line_key = hash_parts(&[&key.to_string(), &at.to_string()]);
            self.keep(piece, &line, line_key, parsed);
        }
        Ok(())
    }

    fn keep(&mut self, piece: &Piece, entry: &Entry<'_>, entry_key: u64, parsed: &mut Parsed) {
        let (source, label_set, call_site) = self.dictionaries.resolve(entry);
        let shape = self.shape(entry, parsed);
        let ids = Ids { source, label_set, call_site, shape, entry_key };
        self.columns.push(entry, &ids, Place { file_id: parsed.file_id, line: piece.line });
        parsed.entry_count += 1;
        parsed.payload_count += u64::from(entry.has_payload);
        parsed.bare_count += u64::from(!entry.has_payload && entry.http.raw.is_none());
        parsed.halved_count += u64::from(entry.has_halves);
        parsed.zoneless_count += u64::from(!entry.has_zone);
        parsed.first_at = parsed.first_at.min(entry.entry_at);
        parsed.last_at = parsed.last_at.max(entry.entry_at);
        *parsed.entries_by_list.entry(piece.list).or_default() += 1;
    }

    fn shape(&mut self, entry: &Entry<'_>, parsed: &mut Parsed) -> Option<ShapeId> {
        let (id, kind, text) = match &entry.known_template {
            Some((kind, text)) => (ShapeId::of(*kind, text), *kind, text.as_str()),
            None => {
                let mined = self.miner.mine_parsed(entry.message.as_deref()?, entry.stack_trace.as_ref());
                (mined.id, mined.kind, mined.text)
            }
        };
        if self.seen_shapes.len() > SEEN_SHAPES_LIMIT {
            self.seen_shapes.clear();
        }
        if self.seen_shapes.insert(id.as_u64()) {
            parsed.shapes.push((id, kind, text.to_owned()));
        }
        Some(id)
    }
}

/// A piece as text: NUL bytes go, and what is no UTF-8 is replaced.
fn as_text<'a>(bytes: &'a [u8], parsed: &mut Parsed) -> Cow<'a, str> {
    if let Ok(text) = simdutf8::basic::from_utf8(bytes)
        && memchr::memchr(0, bytes).is_none()
    {
        return Cow::Borrowed(text);
    }
    let without_nul: Vec<u8> = bytes.iter().copied().filter(|&byte| byte != 0).collect();
    parsed.nul_count += u64::from(without_nul.len() < bytes.len());
    let text = String::from_utf8(without_nul);
    parsed.replaced_count += u64::from(text.is_err());
    Cow::Owned(text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

impl Parsed {
    fn of(file_id: u32) -> Self {
        Self {
            file_id,
            entries: None,
            entry_count: 0,
            entry_bytes: 0,
            payload_count: 0,
            bare_count: 0,
            zoneless_count: 0,
            replaced_count: 0,
            nul_count: 0,
            halved_count: 0,
            first_at: i64::MAX,
            last_at: i64::MIN,
            entries_by_list: FxHashMap::default(),
            rejects: Vec::new(),
            dictionaries: Dictionaries::default(),
            shapes: Vec::new(),
        }
    }
}
