//! What a file of rules says about patterns themselves, checked: a message that no shape can have would match nothing.

use super::model::FilePattern;
use crate::mine::pattern::pattern_override::{OverrideKind, PatternOverride, masked_if_not};

/// The pattern_override that a table `[[pattern]]` states, or what is wrong with it.
pub(super) fn pattern_override(pattern: FilePattern) -> Result<PatternOverride, String> {
    let FilePattern { id, template, mut messages, apart } = pattern;
    let id = id.into_inner();
    let about = match template {
        Some(_) if !apart.is_empty() => {
            return Err(format!(
                "the pattern `{id}` has both `template` and `apart`\nhint: make two of it, each with an id of its own"
            ));
        }
        Some(template) => {
            if messages.is_empty() {
                messages.push(template.clone());
            }
            OverrideKind::One { template, messages }
        }
        None if !messages.is_empty() => {
            return Err(format!(
                "the pattern `{id}` has no `template`\nhint: say how these messages are to be shown as one"
            ));
        }
        None if apart.is_empty() => {
            return Err(format!(
                "the pattern `{id}` says nothing\nhint: give it a `template` that messages are to be shown by, or messages to \
                 keep `apart`"
            ));
        }
        None => OverrideKind::Apart { messages: apart },
    };
    let (OverrideKind::One { messages, .. } | OverrideKind::Apart { messages }) = &about;
    match messages.iter().find_map(|message| Some((message, masked_if_not(message)?))) {
        Some((message, masked)) => Err(format!(
            "no message is ever compared as `{message}`: its values are masked before\nhint: write `{masked}`"
        )),
        None => Ok(PatternOverride { id, about }),
    }
}
