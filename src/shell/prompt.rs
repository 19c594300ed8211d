//! What stands before lines, and when a line is whole.

use std::borrow::Cow;

use reedline::{Prompt, PromptEditMode, PromptHistorySearch, PromptHistorySearchStatus, ValidationResult, Validator};

use crate::sql::statements::is_complete;

pub(super) struct Lines;

impl Prompt for Lines {
    fn render_prompt_left(&self) -> Cow<'_, str> {
        "gardener".into()
    }

    fn render_prompt_right(&self) -> Cow<'_, str> {
        "".into()
    }

    fn render_prompt_indicator(&self, _: PromptEditMode) -> Cow<'_, str> {
        "> ".into()
    }

    fn render_prompt_multiline_indicator(&self) -> Cow<'_, str> {
        "      ..> ".into()
    }

    fn render_prompt_history_search_indicator(&self, search: PromptHistorySearch) -> Cow<'_, str> {
        let failing = if matches!(search.status, PromptHistorySearchStatus::Failing) { "nothing with " } else { "" };
        format!(" ({failing}`{}`)> ", search.term).into()
    }
}

/// A statement is whole at its semicolon, a dot command at the end of its line.
pub(super) struct Completeness;

impl Validator for Completeness {
    fn validate(&self, input: &str) -> ValidationResult {
        let is_whole = is_command(input) || is_complete(input);
        if is_whole { ValidationResult::Complete } else { ValidationResult::Incomplete }
    }
}

/// Dot commands, and the words people try first.
pub(super) fn is_command(input: &str) -> bool {
    let input = input.trim().trim_end_matches(';');
    input.starts_with('.') || matches!(input.to_ascii_lowercase().as_str(), "quit" | "exit" | "help")
}
