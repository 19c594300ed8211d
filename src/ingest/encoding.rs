//! Content as UTF-8: a byte order mark goes, UTF-16 (what PowerShell's `>` writes) is decoded.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE};

use super::open::read_full;

/// The content and the encoding it was decoded from, if it was no UTF-8.
pub(super) fn as_utf8(mut reader: Box<dyn Read + Send>) -> io::Result<(Box<dyn Read + Send>, Option<&'static str>)> {
    let mut head = [0; 4];
    let length = read_full(&mut reader, &mut head)?;
    let (encoding, mark) = recognise(&head[..length]);
    let content = io::Cursor::new(head[mark..length].to_vec()).chain(reader);
    Ok(match encoding {
        None => (Box::new(content), None),
        Some(encoding) => (Box::new(Decoded::new(encoding, Box::new(content))), Some(encoding.name())),
    })
}

/// By its byte order mark, whose length comes along; or by the NUL beside the first bracket.
fn recognise(head: &[u8]) -> (Option<&'static Encoding>, usize) {
    match *head {
        [0xef, 0xbb, 0xbf, ..] => (None, 3),
        [0xff, 0xfe, ..] => (Some(UTF_16LE), 2),
        [0xfe, 0xff, ..] => (Some(UTF_16BE), 2),
        [b'{' | b'[', 0, second, ..] if second != 0 => (Some(UTF_16LE), 0),
        [0, b'{' | b'[', 0, ..] => (Some(UTF_16BE), 0),
        _ => (None, 0),
    }
}

struct Decoded {
    decoder: Decoder,
    inner: Box<dyn Read + Send>,
    encoded: Vec<u8>,
    /// Decoded, and from where on it was not yet read.
    text: Vec<u8>,
    at: usize,
    is_done: bool,
}

impl Decoded {
    fn new(encoding: &'static Encoding, inner: Box<dyn Read + Send>) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Self { decoder, inner, encoded: vec![0; 1 << 16], text: Vec::new(), at: 0, is_done: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        let length = read_full(&mut self.inner, &mut self.encoded)?;
        self.is_done = length < self.encoded.len();
        let room = self.decoder.max_utf8_buffer_length(length).unwrap_or(4 * length + 16);
        self.text.resize(room, 0);
        let (result, _, written, _) =
            self.decoder.decode_to_utf8(&self.encoded[..length], &mut self.text, self.is_done);
        debug_assert_eq!(result, CoderResult::InputEmpty);
        self.text.truncate(written);
        self.at = 0;
        Ok(())
    }
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() && !self.is_done {
            self.refill()?;
        }
        let length = buffer.len().min(self.text.len() - self.at);
        buffer[..length].copy_from_slice(&self.text[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}
