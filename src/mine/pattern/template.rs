//! The text of a pattern: what its shapes have in common, with the words and separators of the first of them.

use super::{
    tokens::{STAR, Symbol, Token},
    variables::values,
};
use crate::mine::{VARIABLE, shape::masked::joins_values};

/// Shapes of one length are compared place by place. Of several lengths, what the longest or else the shortest have in
/// common serves if it describes the others too; if not, `common`, the sequence they were all derived to, is lined up
/// with the first.
pub(super) fn template(members: &[&[Token<'_>]], common: &[Symbol]) -> String {
    let Some(first) = members.first() else {
        return String::new();
    };
    if let Some(template) = of_one_length(members) {
        return template;
    }
    let lengths = members.iter().map(|member| member.len());
    let (shortest, longest) =
        lengths.fold((first.len(), first.len()), |(low, high), length| (low.min(length), high.max(length)));
    let texts: Vec<String> = members.iter().map(|member| member.iter().map(|token| token.text).collect()).collect();
    let describes_all = |template: &String| texts.iter().all(|text| values(template, text).is_some());
    [longest, shortest]
        .iter()
        .map(|&length| members.iter().copied().filter(|member| member.len() == length).collect::<Vec<_>>())
        .map(|alike| common_of_one_length(&alike))
        .find(describes_all)
        .unwrap_or_else(|| write(first, &outside_common(first, common)))
}

/// What shapes of one length have in common; `None` if they have several.
pub(super) fn of_one_length(members: &[&[Token<'_>]]) -> Option<String> {
    let is_one = members.windows(2).all(|pair| pair[0].len() == pair[1].len());
    is_one.then(|| common_of_one_length(members))
}

fn common_of_one_length(members: &[&[Token<'_>]]) -> String {
    let Some((first, others)) = members.split_first() else {
        return String::new();
    };
    let differs = |at: usize| {
        others.iter().any(|other| other[at].symbol != first[at].symbol || !same_unit(&other[at], &first[at]))
    };
    write(first, &(0..first.len()).map(differs).collect::<Vec<_>>())
}

fn write(tokens: &[Token<'_>], varies: &[bool]) -> String {
    let mut text = String::new();
    for (token, varies) in tokens.iter().zip(varies) {
        if *varies {
            text.push_str(blanks_before(token.text));
            text.push_str(VARIABLE);
        } else {
            text.push_str(token.text);
        }
    }
    fold(text.trim())
}

/// `<*>s` and `<*>ms` have one symbol but are not one text.
fn same_unit(one: &Token<'_>, other: &Token<'_>) -> bool {
    one.symbol != STAR || one.text.trim_start() == other.text.trim_start()
}

fn blanks_before(text: &str) -> &str {
    &text[..text.len() - text.trim_start().len()]
}

/// Marks the tokens that are not, in order, part of `common`.
fn outside_common(tokens: &[Token<'_>], common: &[Symbol]) -> Vec<bool> {
    let mut literals = common.iter().copied().filter(|&symbol| symbol != STAR).peekable();
    tokens.iter().map(|token| literals.next_if_eq(&token.symbol).is_none()).collect()
}

/// Joins variables with nothing but light separators between them.
fn fold(text: &str) -> String {
    let mut pieces = text.split(VARIABLE);
    let mut folded = pieces.next().unwrap_or_default().to_owned();
    let rest: Vec<&str> = pieces.collect();
    let mut joined = false;
    for (at, piece) in rest.iter().enumerate() {
        if !joined {
            folded.push_str(VARIABLE);
        }
        joined = at + 1 < rest.len() && joins_values(piece);
        if !joined {
            folded.push_str(piece);
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mine::pattern::tokens::Symbols;

    #[test]
    fn keeps_the_words_of_the_first() {
        let texts = ["user ann left (<*> s)", "user bob left (<*> s)"];
        let mut symbols = Symbols::new();
        let members: Vec<Vec<Token<'_>>> = texts
            .iter()
            .map(|text| {
                let mut tokens = Vec::new();
                symbols.cut(text, &mut tokens);
                tokens
            })
            .collect();
        let members: Vec<&[Token<'_>]> = members.iter().map(Vec::as_slice).collect();
        assert_eq!(template(&members, &[]), "user <*> left (<*> s)");
        assert_eq!(fold("a <*>, <*>:<*> b <*>, c"), "a <*> b <*>, c");
    }
}
