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
                "the pattern `{id}` has both `template` and `apart`\nhint: split it into two patterns, each with its own id"
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
                "the pattern `{id}` has no `template`\nhint: add the template that stands for these messages"
            ));
        }
        None if apart.is_empty() => {
            return Err(format!(
                "the pattern `{id}` sets nothing\nhint: give it a `template` for its messages, or messages to \
                 keep `apart`"
            ));
        }
        None => OverrideKind::Apart { messages: apart },
    };
    let (OverrideKind::One { messages, .. } | OverrideKind::Apart { messages }) = &about;
    match messages.iter().find_map(|message| Some((message, masked_if_not(message)?))) {
        Some((message, masked)) => Err(format!(
            "`{message}` matches no message: values are masked before messages are compared\nhint: write `{masked}`"
        )),
        None => Ok(PatternOverride { id, about }),
    }
}
