//! Pretty-printed objects back to back, as the console's "copy as JSON" gives them, with or without a Markdown fence.

use std::io::{self, Read};

use super::{Form, first_keys};
use crate::ingest::{blocks::Blocks, open::each_chunk};

pub(super) const FORM: Form = Form {
    name: "objects",
    about: "pretty-printed entries back to back, as the console copies them, with or without a Markdown fence",
    sample: "```json\n{\n  \"insertId\": \"a1\",\n  \"timestamp\": \"2025-01-01T00:00:00Z\",\n  \"textPayload\": \"up\"\n}\n```",
    detect,
    cut,
    decode: None,
};

/// The first line that opens an object opens an entry.
fn detect(head: &[u8]) -> bool {
    let is_fenced = head.starts_with(b"```") || memchr::memmem::find(head, b"\n```").is_some();
    let opens = |line: &[u8]| line.trim_ascii_start().starts_with(b"{");
    let mut at = 0;
    for line in head.split_inclusive(|&byte| byte == b'\n') {
        if opens(line) {
            return (at == 0 || is_fenced) && first_keys(&head[at..]).iter().any(|key| super::is_entry_key(key));
        }
        at += line.len();
    }
    false
}

pub(super) fn cut(input: &mut dyn Read, blocks: &mut Blocks<'_>) -> io::Result<()> {
    let mut cutter = Objects { line: 1, is_line_start: true, ..Objects::default() };
    each_chunk(input, |chunk| cutter.take(chunk, blocks))?;
    if cutter.depth > 0 {
        blocks.end()?;
    }
    cutter.end_line();
    if cutter.text_lines > 0 {
        let lines = crate::text::words::plural(cutter.text_lines, "line");
        blocks.faults.push(format!("text that is no entry, in {lines}, left out"));
    }
    blocks.flush()
}

#[derive(Default)]
struct Objects {
    line: u64,
    byte_offset: u64,
    depth: u32,
    in_string: bool,
    is_escaped: bool,
    is_line_start: bool,
    /// What a line outside of objects starts with, blanks left out.
    outside: Vec<u8>,
    text_lines: u64,
}

impl Objects {
    fn take(&mut self, chunk: &[u8], blocks: &mut Blocks<'_>) -> io::Result<()> {
        let mut start = 0;
        for (at, &byte) in chunk.iter().enumerate() {
            // inside an object a pretty printer never puts a brace at the start of a line: the one before has no end
            let opens = byte == b'{' && (self.depth == 0 || self.is_line_start);
            if opens {
                if self.depth > 0 {
                    blocks.extend(&chunk[start..at]);
                    blocks.end()?;
                    (self.in_string, self.is_escaped) = (false, false);
                }
                blocks.begin(self.line, self.byte_offset + at as u64, 0);
                (self.depth, start) = (1, at);
            } else if self.depth == 0 {
                blocks.separator_bytes += 1;
                self.step_outside(byte);
            } else if self.step_inside(byte) {
                blocks.extend(&chunk[start..=at]);
                blocks.end()?;
            }
            self.is_line_start = byte == b'\n';
            self.line += u64::from(byte == b'\n');
        }
        if self.depth > 0 {
            blocks.extend(&chunk[start..]);
        }
        self.byte_offset += chunk.len() as u64;
        Ok(())
    }

    /// Whether the object ends with this byte.
    fn step_inside(&mut self, byte: u8) -> bool {
        if self.in_string {
            if !std::mem::take(&mut self.is_escaped) {
                self.is_escaped = byte == b'\\';
                self.in_string = byte != b'"';
            }
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth -= 1,
            _ => {}
        }
        self.depth == 0
    }

    fn step_outside(&mut self, byte: u8) {
        if byte == b'\n' {
            self.end_line();
        } else if !byte.is_ascii_whitespace() && self.outside.len() < 8 {
            self.outside.push(byte);
        }
    }

    /// Fences, and the commas and brackets of a list, are what stands between entries; other text is told of.
    fn end_line(&mut self) {
        let outside = std::mem::take(&mut self.outside);
        let is_mark = outside.starts_with(b"```") || outside.iter().all(|byte| matches!(byte, b',' | b'[' | b']'));
        self.text_lines += u64::from(!is_mark);
    }
}
