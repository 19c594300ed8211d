//! What a terminal or a page said, saved as it was: JSON, YAML documents and the console's lines in any order, with
//! prompts and other output between. Entries are cut out wherever they lie; other text is counted.

use std::io::{self, BufRead, BufReader, Read};

use super::{Form, array, console, first_keys, is_entry_key, objects, yaml};
use crate::{
    ingest::{blocks::Blocks, entry::ENTRY_LIMIT, json::Cursor},
    text::words::plural,
};

pub(super) const FORM: Form = Form {
    name: "transcript",
    about: "a saved terminal or page: entries as JSON, as YAML and as the console's lines, with other text between",
    sample: "me@shell:~$ gcloud logging read 'severity>=ERROR' --limit=1\n---\ninsertId: a1\ntextPayload: down\ntimestamp: '2025-01-01T00:00:00Z'\nme@shell:~$",
    detect,
    cut,
    decode: Some(decode),
};

/// What of the kinds of entries the first bytes of an input hold.
#[derive(Default)]
pub(super) struct Seen {
    pub yaml: bool,
    pub console: bool,
    pub json: bool,
    pub starts_with_yaml: bool,
}

/// So many objects are looked into for the keys of an entry.
const OBJECTS_LOOKED_AT: usize = 50;

pub(super) fn look(head: &[u8]) -> Seen {
    let mut seen = Seen { starts_with_yaml: head.starts_with(b"---") || yaml::starts_entry(head), ..Seen::default() };
    let (mut has_document, mut objects, mut at) = (false, 0, 0);
    // of a long first document the time, which comes last, is not seen
    let is_cut_off = head.len() > super::HEAD_BYTES / 2;
    for line in head.split_inclusive(|&byte| byte == b'\n') {
        has_document |= is_mark(line) || yaml::starts_entry(line);
        seen.yaml |= (has_document && yaml::is_time(line)) || (is_cut_off && yaml::starts_entry(line));
        seen.console |= console::is_summary(line);
        let opens = opens_json(line.trim_ascii());
        if !seen.json && opens && objects < OBJECTS_LOOKED_AT {
            let from = at + memchr::memchr(b'{', line).unwrap_or(0);
            seen.json = first_keys(&head[from..]).iter().any(|key| is_entry_key(key));
            objects += 1;
        }
        at += line.len();
    }
    seen
}

fn detect(head: &[u8]) -> bool {
    let seen = look(head);
    let is_other = || [&array::FORM, &objects::FORM].iter().any(|form| (form.detect)(head));
    seen.yaml || seen.console || (seen.json && !head.starts_with(b"{") && !is_other())
}

/// The JSON of a piece, whatever it was cut from.
pub(super) fn decode(piece: &str) -> Result<String, String> {
    if piece.len() > ENTRY_LIMIT {
        Err(format!("entry above the limit of {ENTRY_LIMIT} bytes"))
    } else if piece.starts_with('{') {
        Ok(piece.to_owned())
    } else if console::is_summary(piece.as_bytes()) {
        console::entry(piece)
    } else {
        yaml::entry(piece)
    }
}

/// Longer lines are taken in parts.
const PART_BYTES: u64 = 1 << 16;

pub(super) fn cut(input: &mut dyn Read, blocks: &mut Blocks<'_>) -> io::Result<()> {
    let mut cutter = Cutter {
        blocks,
        state: State::Outside,
        held: None,
        summary: None,
        list: 0,
        has_text: false,
        text_lines: 0,
        line: 0,
        byte_offset: 0,
    };
    let mut reader = BufReader::with_capacity(1 << 18, input);
    let mut part = Vec::new();
    let mut is_line_start = true;
    loop {
        part.clear();
        (&mut reader).take(PART_BYTES).read_until(b'\n', &mut part)?;
        if part.is_empty() {
            return cutter.finish();
        }
        cutter.take(&part, is_line_start)?;
        is_line_start = part.ends_with(b"\n");
    }
}

/// Where the cutter is, between any two parts of lines.
enum State {
    Outside,
    /// After `---`.
    Marked,
    Yaml {
        /// The document is a list, and each of its items an entry.
        is_list: bool,
        /// The last line at the margin may have a list at the margin below it.
        takes_items: bool,
    },
    Object(Object),
    /// After an object, on its line.
    Between,
    Summary {
        is_indented: bool,
        is_closed: bool,
    },
}

/// A piece being cut.
struct Held {
    line: u64,
    byte_offset: u64,
    bytes: Vec<u8>,
    input_bytes: u64,
}

struct Cutter<'a, 'b> {
    blocks: &'a mut Blocks<'b>,
    state: State,
    held: Option<Held>,
    /// A console's line whose entry may follow as JSON.
    summary: Option<Held>,
    /// What stands between two texts is a list: one that holds no entries at all is other output.
    list: u32,
    has_text: bool,
    text_lines: u64,
    line: u64,
    byte_offset: u64,
}

impl Cutter<'_, '_> {
    fn take(&mut self, part: &[u8], is_line_start: bool) -> io::Result<()> {
        self.line += u64::from(is_line_start);
        if is_line_start {
            self.begin_line(part)?;
        } else {
            match self.state {
                State::Object(_) | State::Between => self.json(part, 0)?,
                State::Yaml { .. } | State::Summary { .. } => self.hold(part),
                State::Outside | State::Marked => self.blocks.separator_bytes += part.len() as u64,
            }
        }
        self.byte_offset += part.len() as u64;
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.emit()?;
        if self.text_lines > 0 {
            let lines = plural(self.text_lines, "line");
            self.blocks.faults.push(format!("text that is no entry, in {lines}, left out"));
        }
        self.blocks.flush()
    }

    fn begin_line(&mut self, line: &[u8]) -> io::Result<()> {
        match &mut self.state {
            State::Object(object) if !object.is_broken_by(line) => self.json(line, 0),
            State::Yaml { is_list, takes_items } => match yaml_line(line, *is_list, takes_items) {
                YamlLine::GoesOn => {
                    self.hold(line);
                    Ok(())
                }
                YamlLine::NextItem => {
                    self.emit()?;
                    self.begin(0);
                    self.hold(line);
                    Ok(())
                }
                YamlLine::Other => self.end_piece(line),
            },
            State::Summary { is_indented, is_closed } => {
                if goes_on_summary(line, is_indented, is_closed) {
                    self.hold(line);
                    return Ok(());
                }
                if opens_json(line.trim_ascii()) {
                    self.summary = self.held.take();
                }
                self.end_piece(line)
            }
            State::Marked if starts_document(line) => {
                self.begin_document(line);
                Ok(())
            }
            State::Object(_) => self.end_piece(line),
            State::Outside | State::Marked | State::Between => self.outside(line),
        }
    }

    fn end_piece(&mut self, line: &[u8]) -> io::Result<()> {
        if self.held.is_some() {
            self.emit()?;
        }
        self.outside(line)
    }

    /// A line that belongs to no piece yet.
    fn outside(&mut self, line: &[u8]) -> io::Result<()> {
        let text = line.trim_ascii();
        self.state = State::Outside;
        if is_mark(line) {
            self.state = State::Marked;
        } else if console::is_summary(line) {
            self.begin(0);
            self.state = State::Summary { is_indented: false, is_closed: false };
            self.hold(line);
            return Ok(());
        } else if yaml::starts_entry(line) {
            self.begin_document(line);
            return Ok(());
        } else if opens_json(text) {
            self.state = State::Between;
            return self.json(line, 0);
        } else if !is_separator(text) {
            self.note_text();
        }
        self.blocks.separator_bytes += line.len() as u64;
        Ok(())
    }

    fn note_text(&mut self) {
        self.text_lines += 1;
        self.has_text = true;
    }

    fn begin_document(&mut self, line: &[u8]) {
        let is_list = line.starts_with(b"- ");
        self.begin(0);
        self.state = State::Yaml { is_list, takes_items: key_takes_items(line) };
        self.hold(line);
    }

    fn json(&mut self, bytes: &[u8], mut at: usize) -> io::Result<()> {
        while at < bytes.len() {
            if let State::Object(object) = &mut self.state {
                let (length, is_done) = object.scan(&bytes[at..]);
                self.hold(&bytes[at..at + length]);
                at += length;
                if is_done {
                    self.end_object()?;
                }
                continue;
            }
            match bytes[at] {
                b'{' => {
                    self.begin(at);
                    self.state = State::Object(Object::default());
                    continue;
                }
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']' => {}
                _ => {
                    self.note_text();
                    self.state = State::Outside;
                    self.blocks.separator_bytes += (bytes.len() - at) as u64;
                    return Ok(());
                }
            }
            self.blocks.separator_bytes += 1;
            at += 1;
        }
        Ok(())
    }

    /// The line above an object is left out where the object is its entry.
    fn end_object(&mut self) -> io::Result<()> {
        self.state = State::Between;
        if let Some(summary) = self.summary.take() {
            let is_same = self.held.as_ref().is_some_and(|object| is_entry_of(&summary.bytes, &object.bytes));
            if is_same {
                self.blocks.separator_bytes += summary.input_bytes;
            } else {
                self.put(summary)?;
            }
        }
        self.emit()
    }

    fn begin(&mut self, at: usize) {
        self.list += u32::from(std::mem::take(&mut self.has_text));
        let byte_offset = self.byte_offset + at as u64;
        self.held = Some(Held { line: self.line, byte_offset, bytes: Vec::new(), input_bytes: 0 });
    }

    /// Adds to the piece; what goes beyond the limit of an entry is left out, and the parser says so.
    fn hold(&mut self, bytes: &[u8]) {
        if let Some(held) = &mut self.held {
            held.input_bytes += bytes.len() as u64;
            let room = (ENTRY_LIMIT + 1).saturating_sub(held.bytes.len());
            held.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
    }

    fn emit(&mut self) -> io::Result<()> {
        if let Some(summary) = self.summary.take() {
            self.put(summary)?;
        }
        match self.held.take() {
            Some(held) => self.put(held),
            None => Ok(()),
        }
    }

    fn put(&mut self, held: Held) -> io::Result<()> {
        self.blocks.begin(held.line, held.byte_offset, self.list);
        self.blocks.extend_decoded(&held.bytes, held.input_bytes);
        self.blocks.end()
    }
}

/// Brackets of an object that is being read.
#[derive(Default)]
struct Object {
    depth: u32,
    in_string: bool,
    is_escaped: bool,
}

impl Object {
    /// How many bytes belong to the object, and whether it ends with them.
    fn scan(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (at, &byte) in bytes.iter().enumerate() {
            if self.in_string {
                if !std::mem::take(&mut self.is_escaped) {
                    self.is_escaped = byte == b'\\';
                    self.in_string = byte != b'"';
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth -= 1,
                _ => {}
            }
            if self.depth == 0 {
                return (at + 1, true);
            }
        }
        (bytes.len(), false)
    }

    /// JSON has no line break inside a string, and at the margin nothing but its own signs.
    fn is_broken_by(&self, line: &[u8]) -> bool {
        let is_word = [&b"true"[..], b"false", b"null"].iter().any(|word| line.starts_with(word));
        let is_sign = |byte: &u8| byte.is_ascii_whitespace() || byte.is_ascii_digit() || b"\"}[],:-".contains(byte);
        self.in_string || line.starts_with(b"---") || !(is_word || line.first().is_none_or(is_sign))
    }
}

enum YamlLine {
    GoesOn,
    NextItem,
    Other,
}

/// What a line is to the document above it: a document has keys at the margin, and all else indented.
fn yaml_line(line: &[u8], is_list: bool, takes_items: &mut bool) -> YamlLine {
    if line.trim_ascii().is_empty() || line.starts_with(b" ") || line.starts_with(b"\t") {
        return YamlLine::GoesOn;
    }
    if line.starts_with(b"- ") {
        return match (is_list, *takes_items) {
            (true, _) => YamlLine::NextItem,
            (false, true) => YamlLine::GoesOn,
            (false, false) => YamlLine::Other,
        };
    }
    if is_list || yaml::key_of(line).is_none() {
        return YamlLine::Other;
    }
    *takes_items = key_takes_items(line);
    YamlLine::GoesOn
}

fn key_takes_items(line: &[u8]) -> bool {
    yaml::key_of(line).is_some_and(|(_, value)| value.is_empty())
}

fn starts_document(line: &[u8]) -> bool {
    yaml::key_of(line).is_some() || line.strip_prefix(b"- ").is_some_and(|item| yaml::key_of(item).is_some())
}

/// The lines of a text below its first: indented, or the one after those, as a trace ends.
fn goes_on_summary(line: &[u8], is_indented: &mut bool, is_closed: &mut bool) -> bool {
    let text = line.trim_ascii();
    if text.is_empty() {
        *is_closed = true;
        return true;
    }
    if *is_closed || is_separator(text) || opens_json(text) || is_mark(line) || console::is_summary(line) {
        return false;
    }
    let was_indented = std::mem::replace(is_indented, line[0].is_ascii_whitespace());
    *is_indented || was_indented
}

/// The object is whole and tells the line's time.
fn is_entry_of(summary: &[u8], object: &[u8]) -> bool {
    let (line, object) = (String::from_utf8_lossy(summary), String::from_utf8_lossy(object));
    let is_whole = Cursor::new(&object).skip().is_ok();
    let time = console::summary(&line).map_or("", |summary| summary.time.trim_end_matches('Z').trim_end_matches('0'));
    is_whole && !time.is_empty() && object.contains(time)
}

/// `---`, alone on its line.
fn is_mark(line: &[u8]) -> bool {
    line.starts_with(b"---") && line[3..].trim_ascii().is_empty()
}

/// `{`, `[{`, `{"key"`, or brackets of a list alone; a text in brackets is none.
fn opens_json(text: &[u8]) -> bool {
    let lists = text.iter().take_while(|byte| b"[], \t".contains(byte)).count();
    match &text[lists..] {
        [] => lists > 0,
        [b'{', rest @ ..] => matches!(rest.trim_ascii_start().first(), None | Some(b'"')),
        _ => false,
    }
}

/// Fences, and the end of a YAML document.
fn is_separator(text: &[u8]) -> bool {
    text.is_empty() || text.starts_with(b"```") || text == b"..."
}
