//! Patterns of exceptions: the same type raised through the same frames is one, whatever its message says.
//!
//! Without frames there is only the message to go by, and the shape stays on its own; so it is where a file is all that is
//! known of them, as of a Rust panic without a backtrace.

use rustc_hash::FxHashMap;

use super::{
    merge::{Pattern, ShapeStat},
    template, tokens,
};
use crate::mine::{VARIABLE, trace::split_shape};

/// `order` lists the exceptions among `shapes` by text.
pub(super) fn merge(shapes: &[ShapeStat<'_>], order: &[usize]) -> Vec<Pattern> {
    let mut groups: FxHashMap<(&str, &str), Vec<usize>> = FxHashMap::default();
    for &at in order {
        let (type_name, message, frames) = split_shape(shapes[at].text);
        let is_file_alone = frames.ends_with(".rs") && !frames.contains(' ');
        let key = if frames.is_empty() || is_file_alone { (shapes[at].text, message) } else { (type_name, frames) };
        groups.entry(key).or_default().push(at);
    }
    groups.into_values().map(|members| pattern(shapes, members)).collect()
}

pub(super) fn pattern(shapes: &[ShapeStat<'_>], mut members: Vec<usize>) -> Pattern {
    members.sort_by_key(|&at| (shapes[at].first_at, shapes[at].text));
    let first = &shapes[members[0]];
    Pattern { id: first.id, kind: first.kind, template: common_text(shapes, &members), members, pattern_override: None }
}

fn common_text(shapes: &[ShapeStat<'_>], members: &[usize]) -> String {
    let first = shapes[members[0]].text;
    if members.iter().all(|&at| shapes[at].text == first) {
        return first.to_owned();
    }
    let (type_name, _, frames) = split_shape(first);
    let mut symbols = tokens::Symbols::new();
    let mut cut = |text| {
        let mut line = Vec::new();
        symbols.cut(text, &mut line);
        line
    };
    let lines: Vec<Vec<tokens::Token<'_>>> = members.iter().map(|&at| cut(split_shape(shapes[at].text).1)).collect();
    let lines: Vec<&[tokens::Token<'_>]> = lines.iter().map(Vec::as_slice).collect();
    let same_length = lines.iter().all(|line| line.len() == lines[0].len());
    let message = if same_length { template::template(&lines, &[]) } else { VARIABLE.to_owned() };
    format!("{type_name}: {message}{}{frames}", crate::mine::trace::FRAMES_MARK)
}
