//! Colours of a line: keywords, texts, comments, and names that are known.

use reedline::{DefaultPrompt, Highlighter, Prompt, StyledText};

use super::{Known, prompt::is_command};
use crate::sql::tokens::{Kind, tokens};

pub(super) struct Colors(pub Known);

impl Highlighter for Colors {
    fn highlight(&self, line: &str, _: usize) -> StyledText {
        let mut styled = StyledText::new();
        let known = self.0.read();
        // the type of these styles has a name only in a library that reedline uses
        let mut push = |look: Look, text: &str| {
            styled.push((Default::default(), text.to_owned()));
            let Some((style, _)) = styled.buffer.last_mut() else { return };
            match look {
                Look::Plain => {}
                Look::Bold => style.is_bold = true,
                Look::Dim => style.is_dimmed = true,
                Look::Blue => style.foreground = Some(DefaultPrompt::default().get_prompt_multiline_color()),
                Look::Underlined => style.is_underline = true,
            }
        };
        if is_command(line) {
            push(Look::Bold, line);
            return styled;
        }
        let is_relation = |name: &str| known.as_ref().is_ok_and(|known| known.catalog.relation(name).is_some());
        for token in tokens(line) {
            push(look_of(token.kind, token.text, is_relation), token.text);
        }
        styled
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Plain,
    Bold,
    Dim,
    Blue,
    Underlined,
}

fn look_of(kind: Kind, text: &str, is_relation: impl Fn(&str) -> bool) -> Look {
    match kind {
        Kind::Comment => Look::Dim,
        Kind::Text | Kind::Parameter => Look::Blue,
        Kind::Word if super::complete::is_keyword(text) => Look::Bold,
        Kind::Word if is_relation(text) => Look::Underlined,
        _ => Look::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_words_look_different_and_no_character_is_lost() {
        let line = "select 'x' from entries -- all";
        let styled = Colors(Known::default()).highlight(line, 0);
        assert_eq!(styled.buffer.iter().map(|(_, text)| text.as_str()).collect::<String>(), line);
        assert!(styled.buffer[0].0.is_bold && !styled.buffer[6].0.is_bold);
        assert!(styled.buffer.last().unwrap().0.is_dimmed);
        assert_eq!(look_of(Kind::Word, "entries", |name| name == "entries"), Look::Underlined);
    }
}
