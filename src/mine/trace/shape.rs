//! The text that an exception is known by, and how it is taken apart again.

use super::{Exception, Frame, names, release};
use crate::mine::{
    VARIABLE,
    shape::piece::{DIGIT, HEX, HEX_RUN, LETTER, is},
    shape_of_line,
};

/// Stands between the message and the frames.
pub const FRAMES_MARK: &str = " in ";
const NO_FRAMES: &str = " (no frames)";
const FRAME_SEPARATOR: &str = " < ";
const FRAMES_KEPT: usize = 5;
const MESSAGE_BYTES: usize = 300;

pub(super) fn shape_text(exception: &Exception, frames: &[Frame]) -> String {
    let mut text = mask_name(&exception.type_name);
    let message = mask_message(&exception.message);
    if !message.is_empty() {
        text.push_str(": ");
        text.push_str(&message);
    }
    let frames = telling_frames(frames);
    if frames.is_empty() {
        text.push_str(NO_FRAMES);
    } else {
        text.push_str(FRAMES_MARK);
        text.push_str(&frames.join(FRAME_SEPARATOR));
    }
    text
}

/// Type, message and frames of a shape's text; the frames are empty if it has none.
pub fn split_shape(text: &str) -> (&str, &str, &str) {
    let (head, frames) = match text.strip_suffix(NO_FRAMES) {
        Some(head) => (head, ""),
        None => text.rsplit_once(FRAMES_MARK).unwrap_or((text, "")),
    };
    let (type_name, message) = head.split_once(": ").unwrap_or((head, ""));
    (type_name, message, frames)
}

/// The innermost frames of the application, or of whatever there is, each once.
fn telling_frames(frames: &[Frame]) -> Vec<String> {
    let any_own = frames.iter().any(|frame| frame.is_application);
    let mut kept: Vec<String> = Vec::new();
    for frame in frames.iter().rev().filter(|frame| frame.is_application || !any_own) {
        let text = frame_text(frame);
        if !kept.contains(&text) {
            kept.push(text);
        }
        if kept.len() == FRAMES_KEPT {
            break;
        }
    }
    kept
}

fn frame_text(frame: &Frame) -> String {
    let file = if names::is_made(&frame.function) { String::new() } else { release::path(&frame.file) };
    let text = format!("{file} {}", names::stable(&frame.file, &frame.function));
    mask_name(text.trim())
}

/// Masks numbers in names as the coarse rule has it: long hexadecimal runs, and digits that follow no letter.
fn mask_name(name: &str) -> String {
    let bytes = name.as_bytes();
    let (mut masked, mut at) = (String::with_capacity(name.len()), 0);
    while at < bytes.len() {
        let hex = bytes[at..].iter().take_while(|&&byte| is(byte, HEX)).count();
        let digits = bytes[at..].iter().take_while(|&&byte| is(byte, DIGIT)).count();
        let is_run = hex >= HEX_RUN && !masked.ends_with(|c: char| c.is_ascii_hexdigit());
        if is_run || digits > 0 && !masked.ends_with(char::is_alphanumeric) {
            if !masked.ends_with(VARIABLE) {
                masked.push_str(VARIABLE);
            }
            at += if is_run { hex } else { digits };
            continue;
        }
        let next = (at + 1..bytes.len()).find(|&next| name.is_char_boundary(next) && !is_same_run(bytes, at, next));
        let next = next.unwrap_or(bytes.len());
        masked.push_str(&name[at..next]);
        at = next;
    }
    masked
}

/// Letters and digits that follow a letter are copied together.
fn is_same_run(bytes: &[u8], start: usize, at: usize) -> bool {
    is(bytes[start], LETTER) && is(bytes[at], DIGIT) && bytes[start + 1..at].iter().all(|&byte| is(byte, DIGIT))
}

/// The first line, masked like any message; what stands in quotes is always a value here.
fn mask_message(message: &str) -> String {
    let first_line = message.lines().next().unwrap_or_default();
    let mut masked = without_quoted(&shape_of_line(first_line));
    if masked.len() > MESSAGE_BYTES {
        let cut = (0..=MESSAGE_BYTES).rev().find(|&at| masked.is_char_boundary(at)).unwrap_or(0);
        masked.truncate(cut);
        masked.push_str(VARIABLE);
    }
    masked
}

fn without_quoted(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(['\'', '"', '`']) {
        let (before, quoted) = rest.split_at(open);
        masked.push_str(before);
        let opens = masked.is_empty() || masked.ends_with([' ', '(', '[', '{', '=', ':', ',']);
        let quote = &quoted[..1];
        // Ruby wrote `name' up to 3.3
        let close = if quote == "`" { quoted[1..].find(['`', '\'']) } else { quoted[1..].find(quote) };
        match close.filter(|_| opens) {
            Some(close) => {
                masked.push_str(VARIABLE);
                rest = &quoted[close + 2..];
            }
            None => {
                masked.push_str(quote);
                rest = &quoted[1..];
            }
        }
    }
    masked.push_str(rest);
    masked
}
