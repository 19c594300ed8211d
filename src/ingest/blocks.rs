//! Pieces of exports on their way from the one reader to the parsers: packed into blocks, so that
//! handing over costs little, and memory holds a few blocks whatever the size of the file.

use std::io;

use crossbeam_channel::Sender;

use super::{entry::ENTRY_LIMIT, formats::Decode};

const BLOCK_BYTES: usize = 1 << 19;
/// DuckDB takes rows in vectors of this many.
const BLOCK_PIECES: usize = 2_048;

/// One candidate entry inside a block.
#[derive(Debug, Clone, Copy)]
pub struct Piece {
    pub start: usize,
    pub end: usize,
    pub line: u64,
    pub byte_offset: u64,
    /// How much of the input it stands for: more than its own length where it was cut short or decoded.
    pub input_bytes: u64,
    /// The list it stands in: a client dump has several, and not each is a list of entries.
    pub list: u32,
}

#[derive(Debug, Default)]
pub struct Block {
    pub file_id: u32,
    pub bytes: Vec<u8>,
    pub pieces: Vec<Piece>,
    /// Pieces that are no entries, by their place among the pieces, and why.
    pub faults: Vec<(usize, String)>,
    /// What makes entries of the pieces.
    pub decode: Option<Decode>,
}

impl Block {
    /// With the room that a block of usual entries takes.
    fn new(file_id: u32, decode: Option<Decode>) -> Self {
        let bytes = Vec::with_capacity(BLOCK_BYTES + BLOCK_BYTES / 8);
        Self { file_id, bytes, decode, ..Self::default() }
    }
}

/// Facts that a file tells about itself outside its entries, as `key path = value`.
pub type Notes = Vec<(String, String)>;

/// Where a form puts the pieces it cuts.
pub struct Blocks<'a> {
    sender: &'a Sender<Block>,
    current: Block,
    pub notes: Notes,
    pub faults: Vec<String>,
    /// Bytes of the input that belong to no piece: separators, brackets, what stands around lists.
    pub separator_bytes: u64,
    /// How much there is, where it is not counted in bytes.
    pub content: Option<u64>,
}

impl<'a> Blocks<'a> {
    pub fn new(file_id: u32, decode: Option<Decode>, sender: &'a Sender<Block>) -> Self {
        let current = Block::new(file_id, decode);
        Self { sender, current, notes: Notes::new(), faults: Vec::new(), separator_bytes: 0, content: None }
    }

    pub fn begin(&mut self, line: u64, byte_offset: u64, list: u32) {
        let start = self.current.bytes.len();
        self.current.pieces.push(Piece { start, end: start, line, byte_offset, input_bytes: 0, list });
    }

    /// Adds to the piece begun; what goes beyond the limit of an entry is left out, and the parser says so.
    pub fn extend(&mut self, bytes: &[u8]) {
        self.extend_decoded(bytes, bytes.len() as u64);
    }

    /// Adds text that stands for so many bytes of the input.
    pub fn extend_decoded(&mut self, bytes: &[u8], input_bytes: u64) {
        let Some(piece) = self.current.pieces.last_mut() else { return };
        piece.input_bytes += input_bytes;
        let room = (piece.start + ENTRY_LIMIT + 1).saturating_sub(self.current.bytes.len());
        self.current.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// The piece begun is no entry.
    pub fn fail(&mut self, reason: String) {
        self.current.faults.push((self.current.pieces.len().saturating_sub(1), reason));
    }

    pub fn end(&mut self) -> io::Result<()> {
        if let Some(piece) = self.current.pieces.last_mut() {
            piece.end = self.current.bytes.len();
        }
        let is_full = self.current.bytes.len() >= BLOCK_BYTES || self.current.pieces.len() >= BLOCK_PIECES;
        if is_full { self.flush() } else { Ok(()) }
    }

    pub fn flush(&mut self) -> io::Result<()> {
        if self.current.pieces.is_empty() {
            return Ok(());
        }
        let next = Block::new(self.current.file_id, self.current.decode);
        let block = std::mem::replace(&mut self.current, next);
        self.sender.send(block).map_err(|_| io::Error::other("loading was stopped"))
    }
}
