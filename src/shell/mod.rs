//! The shell of `gardener sql`: lines are read and edited by reedline, what they say is for the session.

mod complete;
pub(crate) mod dot_commands;
mod highlight;
mod history;
mod interrupt;
mod prompt;
mod session;

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, RwLock},
};

use anyhow::Result;
use reedline::{
    ColumnarMenu, EditCommand, Emacs, InputMode, KeyCode, KeyModifiers, Keybindings, MenuBuilder, Reedline,
    ReedlineEvent, ReedlineMenu, Signal, default_emacs_keybindings,
};

use self::{
    complete::Words,
    session::{Session, Turn},
};
use crate::{
    sql::formats::RowFormat,
    text::{errors::print_error, terminal::say},
};

const COMPLETIONS: &str = "completions";

/// What completion and highlighting know; the session changes it when another database is opened.
type Known = Arc<RwLock<Words>>;

/// What a shell opens with.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub db: PathBuf,
    pub memory: Option<String>,
    /// The folder of saved queries.
    pub folder: PathBuf,
    pub format: Option<RowFormat>,
    /// Values of parameters.
    pub given: Vec<(String, String)>,
    pub is_unsafe: bool,
}

pub(crate) fn run(options: Options, quiet: bool) -> Result<ExitCode> {
    let known = Known::default();
    let mut session = Session::open(options, Arc::clone(&known))?;
    say(quiet, &session.greeting());
    let mut editor = editor(&known);
    let prompt = prompt::Lines;
    loop {
        match editor.read_line(&prompt)? {
            Signal::Success(input) => match session.take(&input) {
                Ok(Turn::Next) => {}
                Ok(Turn::Quit) => break,
                Err(error) => print_error(&error),
            },
            Signal::CtrlD => break,
            // the line is dropped
            _ => {}
        }
        if let Err(error) = editor.sync_history() {
            print_error(&anyhow::Error::new(error).context("the history cannot be saved"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Tab opens the list of completions; what ends a word closes it, so that Enter after that runs the query.
fn keys() -> Keybindings {
    let mut keys = default_emacs_keybindings();
    let complete = ReedlineEvent::UntilFound(vec![ReedlineEvent::Menu(COMPLETIONS.into()), ReedlineEvent::MenuNext]);
    keys.add_binding(KeyModifiers::NONE, KeyCode::Tab, complete);
    keys.add_binding(KeyModifiers::SHIFT, KeyCode::BackTab, ReedlineEvent::MenuPrevious);
    keys.add_binding(KeyModifiers::ALT, KeyCode::Enter, ReedlineEvent::Edit(vec![EditCommand::InsertNewline]));
    for c in [' ', ';', ',', '(', ')'] {
        let typed = ReedlineEvent::Edit(vec![EditCommand::InsertChar(c)]);
        let closed = ReedlineEvent::Multiple(vec![ReedlineEvent::Esc, typed.clone()]);
        // a search of the history has no list to close and takes the character alone
        let event = ReedlineEvent::UntilFound(vec![closed, typed]);
        keys.add_binding(KeyModifiers::NONE, KeyCode::Char(c), event.clone());
        keys.add_binding(KeyModifiers::SHIFT, KeyCode::Char(c), event);
    }
    keys
}

fn editor(known: &Known) -> Reedline {
    let menu = ColumnarMenu::default().with_name(COMPLETIONS).with_columns(4).with_column_padding(2).with_marker("> ");
    let menu = menu.with_input_mode(InputMode::FullBuffer);
    let has_colors = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
    let editor = Reedline::create()
        .with_edit_mode(Box::new(Emacs::new(keys())))
        .with_completer(Box::new(complete::Completion(Arc::clone(known))))
        .with_menu(ReedlineMenu::EngineCompleter(Box::new(menu)))
        .with_quick_completions(true)
        .with_partial_completions(true)
        .with_highlighter(Box::new(highlight::Colors(Arc::clone(known))))
        .with_validator(Box::new(prompt::Completeness))
        .with_ansi_colors(has_colors)
        .use_bracketed_paste(true);
    match history::open() {
        Some(history) => editor.with_history(history),
        None => editor,
    }
}
