//! A look at every input before anything is written: what is new, what is known, what is no export.

use std::{
    fs,
    io::{self, Read},
};

use super::{
    formats::{self, Form, HEAD_BYTES, Refusal},
    open::{Input, Origin, Source, hash_file, read_full},
};
use crate::store::ledger::{Ledger, modified_at_ns};

/// An input that is to be loaded.
pub struct Candidate {
    pub path: String,
    pub form: &'static Form,
    pub bytes: u64,
    pub modified_at_ns: i64,
    pub origin: Origin,
    /// What can be opened once only was opened already: what was looked at goes before the rest.
    opened: Option<Box<dyn Read + Send>>,
    pub source: Option<Source>,
}

/// An input that cannot be loaded, and why.
#[derive(Debug)]
pub struct Problem {
    pub path: String,
    pub reason: String,
    /// Found in a folder and simply something else: no error.
    pub is_harmless: bool,
    /// What to do instead, where it is known.
    pub hint: Option<&'static str>,
}

#[derive(Default)]
pub struct Discovery {
    pub candidates: Vec<Candidate>,
    pub problems: Vec<Problem>,
    pub unchanged: Vec<String>,
}

pub fn examine(inputs: Vec<Input>, ledger: &Ledger) -> Discovery {
    let mut examine = Discovery::default();
    for input in inputs {
        let path = input.path.display();
        match look_at(&input, ledger) {
            Ok(Finding::New(candidate)) => examine.candidates.push(candidate),
            Ok(Finding::Unchanged) => examine.unchanged.push(path),
            Ok(Finding::NoExport { reason, hint }) => {
                examine.problems.push(Problem { path, reason: reason.into(), is_harmless: !input.is_named, hint });
            }
            Err(error) => {
                let reason = format!("cannot be read: {error}");
                examine.problems.push(Problem { path, reason, is_harmless: false, hint: None });
            }
        }
    }
    examine
}

enum Finding {
    New(Candidate),
    Unchanged,
    NoExport { reason: &'static str, hint: Option<&'static str> },
}

fn look_at(input: &Input, ledger: &Ledger) -> io::Result<Finding> {
    let path = input.path.display();
    let (mut bytes, mut modified) = (0, 0);
    // standard input, pipes and devices give their bytes once
    let mut is_once = true;
    if let Origin::File(file) = &input.path
        && let metadata = fs::metadata(file)?
        && metadata.is_file()
    {
        is_once = false;
        (bytes, modified) = (metadata.len(), modified_at_ns(&metadata));
        let is_known = ledger.is_unchanged(&path, bytes, modified)
            || (ledger.has_size(bytes) && ledger.has_hash(&hash_file(file)?));
        if is_known {
            return Ok(Finding::Unchanged);
        }
    }
    let mut source = Source::open(&input.path)?;
    let mut head = vec![0; HEAD_BYTES];
    let length = read_full(&mut source, &mut head)?;
    head.truncate(length);
    if head.trim_ascii().is_empty() {
        return Ok(Finding::NoExport { reason: "is empty", hint: None });
    }
    let Some(form) = formats::recognise(&head) else {
        return Ok(no_export(&head));
    };
    let mut candidate = Candidate {
        path,
        form,
        bytes,
        modified_at_ns: modified,
        origin: input.path.clone(),
        opened: None,
        source: None,
    };
    if is_once {
        candidate.opened = Some(Box::new(io::Cursor::new(head)));
        candidate.source = Some(source);
    }
    Ok(Finding::New(candidate))
}

fn no_export(head: &[u8]) -> Finding {
    match formats::refusal(head) {
        Some(Refusal { reason, hint }) => Finding::NoExport { reason, hint: Some(hint) },
        None => Finding::NoExport { reason: "is no export of log entries in a form known here", hint: None },
    }
}

impl Candidate {
    /// Whether the ledger has it by now, as it is.
    pub fn is_known(&self, ledger: &Ledger) -> bool {
        ledger.is_unchanged(&self.path, self.bytes, self.modified_at_ns)
    }

    /// Everything of the input from its start, read through `source`.
    pub fn head(&mut self) -> Box<dyn Read + Send> {
        self.opened.take().unwrap_or_else(|| Box::new(io::empty()))
    }
}
