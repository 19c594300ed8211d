//! What the user says about patterns has the last word: messages that are one, under a template of the user's own, and
//! messages that never are.
//!
//! Wishes are applied to what stage 2 found, so that they change no other pattern.

use rustc_hash::FxHashMap;

use super::{
    merge::{Pattern, ShapeStat, pattern_of},
    variables::values,
};
use crate::mine::shape_of_line;

/// One pattern_override, under the name that the user gave it. Messages are meant by their templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternOverride {
    pub id: String,
    pub about: OverrideKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OverrideKind {
    /// What fits any of the messages is one pattern, shown by this template.
    One { template: String, messages: Vec<String> },
    /// What fits one of these is never in a pattern with what fits another, or none.
    Apart { messages: Vec<String> },
}

/// How a message would have to be written to fit anything: as it is once its values are masked. `None` if it is so.
pub fn masked_if_not(message: &str) -> Option<String> {
    let written: String = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let masked = shape_of_line(&written);
    (masked != written).then_some(masked)
}

pub fn apply(shapes: &[ShapeStat<'_>], patterns: Vec<Pattern>, overrides: &[PatternOverride]) -> Vec<Pattern> {
    if overrides.is_empty() {
        return patterns;
    }
    let mut granted = Vec::with_capacity(patterns.len());
    let mut claimed: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for pattern in patterns {
        let mut parts: FxHashMap<Vec<Option<usize>>, Vec<usize>> = FxHashMap::default();
        for &member in &pattern.members {
            match claim(shapes[member].text, overrides) {
                Some(pattern_override) => claimed.entry(pattern_override).or_default().push(member),
                None => parts.entry(sides(shapes[member].text, overrides)).or_default().push(member),
            }
        }
        let whole = pattern.members.len();
        for (side, members) in parts {
            let by = side.iter().position(Option::is_some).filter(|_| members.len() < whole);
            granted.push(part(shapes, &pattern, members, by.map(|at| overrides[at].id.clone())));
        }
    }
    for (pattern_override, members) in claimed {
        granted.extend(one(shapes, &overrides[pattern_override], members));
    }
    granted
}

/// The first pattern_override that makes the shape its own.
fn claim(text: &str, overrides: &[PatternOverride]) -> Option<usize> {
    overrides.iter().position(|pattern_override| match &pattern_override.about {
        OverrideKind::One { messages, .. } => messages.iter().any(|message| values(message, text).is_some()),
        OverrideKind::Apart { .. } => false,
    })
}

/// For each pattern_override to keep messages apart, which of them the shape fits.
fn sides(text: &str, overrides: &[PatternOverride]) -> Vec<Option<usize>> {
    let side = |pattern_override: &PatternOverride| match &pattern_override.about {
        OverrideKind::Apart { messages } => messages.iter().position(|message| values(message, text).is_some()),
        OverrideKind::One { .. } => None,
    };
    overrides.iter().map(side).collect()
}

fn part(shapes: &[ShapeStat<'_>], whole: &Pattern, members: Vec<usize>, pattern_override: Option<String>) -> Pattern {
    if members.len() == whole.members.len() {
        return whole.clone();
    }
    Pattern { pattern_override, ..pattern_of(shapes, members, &whole.template) }
}

/// Messages and exceptions never are one pattern, pattern_override or not.
fn one(shapes: &[ShapeStat<'_>], pattern_override: &PatternOverride, members: Vec<usize>) -> Vec<Pattern> {
    let OverrideKind::One { template, .. } = &pattern_override.about else { return Vec::new() };
    let (messages, exceptions): (Vec<usize>, Vec<usize>) =
        members.into_iter().partition(|&member| shapes[member].kind != crate::mine::Kind::Exception);
    let told = |members| Pattern {
        pattern_override: Some(pattern_override.id.clone()),
        template: template.clone(),
        ..pattern_of(shapes, members, template)
    };
    [messages, exceptions].into_iter().filter(|members| !members.is_empty()).map(told).collect()
}
