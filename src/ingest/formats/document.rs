//! Cuts one large JSON document into the objects that stand in its lists, without holding it.
//!
//! Arrays and client dumps are the same to it: every object that is an item of a list is a candidate
//! entry; what stands under keys outside of lists is a fact about the collection.

use std::io::{self, Read};

use crate::ingest::{
    blocks::Blocks,
    open::each_chunk,
    swar::{next_in_string, next_outside},
};

const NOTE_LIMIT: usize = 200;
const TOKEN_LIMIT: usize = 1 << 12;

pub(super) fn cut(input: &mut dyn Read, blocks: &mut Blocks<'_>) -> io::Result<()> {
    let mut cutter = Cutter::new();
    each_chunk(input, |chunk| cutter.take(chunk, blocks))?;
    cutter.finish(blocks)?;
    blocks.flush()
}

enum Container {
    Object { key: String },
    List { number: u32 },
}

/// Where the cutter is, between any two bytes.
struct Cutter {
    stack: Vec<Container>,
    /// Open brackets of the piece being cut; none outside of pieces.
    piece_depth: u32,
    in_string: bool,
    is_escaped: bool,
    /// A key, string or number outside of pieces.
    token: Vec<u8>,
    /// Where the token's first and last bytes are, quotes included.
    token_span: Option<(u64, u64)>,
    is_key: bool,
    lists: u32,
    line: u64,
    byte_offset: u64,
}

impl Cutter {
    fn new() -> Self {
        Self {
            stack: Vec::new(),
            piece_depth: 0,
            in_string: false,
            is_escaped: false,
            token: Vec::new(),
            token_span: None,
            is_key: false,
            lists: 0,
            line: 1,
            byte_offset: 0,
        }
    }

    fn take(&mut self, chunk: &[u8], blocks: &mut Blocks<'_>) -> io::Result<()> {
        let mut at = 0;
        let mut counted = 0;
        while at < chunk.len() {
            if self.piece_depth > 0 {
                let end = self.scan_piece(&chunk[at..]) + at;
                blocks.extend(&chunk[at..end]);
                at = end;
                if self.piece_depth == 0 {
                    blocks.end()?;
                }
            } else {
                self.line += memchr::memchr_iter(b'\n', &chunk[counted..at]).count() as u64;
                counted = at;
                self.step(chunk[at], self.byte_offset + at as u64, blocks)?;
                at += 1;
            }
        }
        self.line += memchr::memchr_iter(b'\n', &chunk[counted..]).count() as u64;
        self.byte_offset += chunk.len() as u64;
        Ok(())
    }

    /// How many bytes belong to the piece: up to its closing bracket or the end of the chunk.
    fn scan_piece(&mut self, bytes: &[u8]) -> usize {
        let mut at = usize::from(std::mem::take(&mut self.is_escaped));
        loop {
            if self.in_string {
                at = next_in_string(bytes, at);
                match bytes.get(at) {
                    Some(b'"') => self.in_string = false,
                    // what follows a backslash stands for itself, in the next chunk if need be
                    Some(_) if at + 1 == bytes.len() => self.is_escaped = true,
                    Some(_) => at += 1,
                    None => return bytes.len(),
                }
            } else {
                at = next_outside(bytes, at);
                match bytes.get(at) {
                    Some(b'"') => self.in_string = true,
                    Some(b'{' | b'[') => self.piece_depth += 1,
                    Some(b'}' | b']') => {
                        self.piece_depth -= 1;
                        if self.piece_depth == 0 {
                            return at + 1;
                        }
                    }
                    Some(_) => {}
                    None => return bytes.len(),
                }
            }
            at += 1;
        }
    }

    /// One byte outside of pieces.
    fn step(&mut self, byte: u8, offset: u64, blocks: &mut Blocks<'_>) -> io::Result<()> {
        blocks.separator_bytes += 1;
        if self.in_string {
            self.step_in_string(byte);
            self.extend_token(offset);
            return Ok(());
        }
        match byte {
            b'"' => {
                self.in_string = true;
                self.extend_token(offset);
            }
            b'{' => match self.stack.last() {
                Some(Container::List { number }) => {
                    blocks.begin(self.line, offset, *number);
                    blocks.extend(b"{");
                    blocks.separator_bytes -= 1;
                    self.piece_depth = 1;
                }
                _ => {
                    self.stack.push(Container::Object { key: String::new() });
                    self.is_key = true;
                }
            },
            b'[' => {
                self.stack.push(Container::List { number: self.lists });
                self.lists += 1;
            }
            b'}' | b']' => {
                self.end_token(blocks)?;
                if self.stack.pop().is_none() {
                    blocks.faults.push(format!("line {}: a bracket closes that was never opened", self.line));
                }
            }
            b',' => {
                self.end_token(blocks)?;
                self.is_key = matches!(self.stack.last(), Some(Container::Object { .. }));
            }
            b':' => self.end_key(),
            _ if byte.is_ascii_whitespace() => {}
            _ => {
                self.push(byte);
                self.extend_token(offset);
            }
        }
        Ok(())
    }

    fn extend_token(&mut self, offset: u64) {
        let start = self.token_span.map_or(offset, |(start, _)| start);
        self.token_span = Some((start, offset));
    }

    fn step_in_string(&mut self, byte: u8) {
        if std::mem::take(&mut self.is_escaped) {
            self.push(byte);
        } else if byte == b'"' {
            self.in_string = false;
        } else if byte == b'\\' {
            self.is_escaped = true;
        } else {
            self.push(byte);
        }
    }

    fn push(&mut self, byte: u8) {
        if self.token.len() < TOKEN_LIMIT {
            self.token.push(byte);
        }
    }

    fn end_key(&mut self) {
        self.token_span = None;
        if let Some(Container::Object { key }) = self.stack.last_mut()
            && self.is_key
        {
            *key = String::from_utf8_lossy(&self.token).into_owned();
            self.token.clear();
            self.is_key = false;
        }
    }

    /// A scalar ends: a fact about the collection, or an item of a list that is no object.
    fn end_token(&mut self, blocks: &mut Blocks<'_>) -> io::Result<()> {
        let token = std::mem::take(&mut self.token);
        let Some((start, last)) = self.token_span.take() else { return Ok(()) };
        if let Some(Container::List { number }) = self.stack.last() {
            let input_bytes = last + 1 - start;
            blocks.separator_bytes -= input_bytes;
            blocks.begin(self.line, start, *number);
            blocks.extend_decoded(&token, input_bytes);
            return blocks.end();
        }
        if blocks.notes.len() < NOTE_LIMIT && !token.is_empty() {
            blocks.notes.push((self.path(), String::from_utf8_lossy(&token).into_owned()));
        }
        Ok(())
    }

    fn path(&self) -> String {
        let keys = self.stack.iter().filter_map(|container| match container {
            Container::Object { key } => Some(key.as_str()),
            Container::List { .. } => None,
        });
        keys.collect::<Vec<_>>().join(".")
    }

    fn finish(&mut self, blocks: &mut Blocks<'_>) -> io::Result<()> {
        if self.piece_depth > 0 {
            blocks.end()?;
        }
        if !self.stack.is_empty() {
            blocks.faults.push("the file ends before its last bracket".into());
        }
        Ok(())
    }
}
