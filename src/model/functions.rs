//! What SQL calls in Rust: mining, which belongs to one place only.
//!
//! Registered for each connection of `gardener`; no stored view uses them, since a database that
//! another program opens has none of them.

use std::{
    error::Error,
    sync::{Arc, Mutex},
};

use anyhow::Result;
use arrow::{
    array::{Array, AsArray, BooleanBuilder, RecordBatch, StringArray, StringBuilder},
    datatypes::DataType,
};
use duckdb::{
    Connection,
    vscalar::{ArrowFunctionSignature, VArrowScalar},
};

use regex::Regex;
use rustc_hash::FxHashMap;

use super::statistics;
use crate::{
    ingest::level,
    mine::{
        self, Miner,
        pattern::{requests, variables},
        trace,
    },
    text::within,
};

pub fn register(connection: &Connection) -> Result<()> {
    connection.register_scalar_function::<TemplateValues>("template_values")?;
    connection.register_scalar_function::<ExceptionText>("exception_text")?;
    connection.register_scalar_function::<Statement>("statement")?;
    connection.register_scalar_function::<TellsFailure>("tells_failure")?;
    connection.register_scalar_function::<ExceptionFrames>("exception_frames")?;
    connection.register_scalar_function::<TraceFrames>("trace_frames")?;
    connection.register_scalar_function::<Shape>("shape")?;
    connection.register_scalar_function::<Endpoint>("endpoint")?;
    connection.register_scalar_function::<MatchesRegex>("matches_regex")?;
    connection.register_scalar_function::<PlacesWithin>("places_within")?;
    statistics::register(connection)
}

type Output = Result<Arc<dyn Array>, Box<dyn Error>>;

/// Applies a function of one text to a column; what it answers `None` to is NULL.
fn map_text(input: &RecordBatch, mut answer: impl FnMut(&str) -> Option<String>) -> Output {
    let texts = input.column(0).as_string::<i32>();
    let mut out = StringBuilder::new();
    for text in texts {
        out.append_option(text.and_then(&mut answer));
    }
    Ok(Arc::new(out.finish()))
}

fn one_text() -> Vec<ArrowFunctionSignature> {
    vec![ArrowFunctionSignature::exact(vec![DataType::Utf8], DataType::Utf8)]
}

/// `template_values(template, message)`: the values at the template's variable positions, as a JSON list
/// of `{"position", "name", "kind", "value"}`; NULL where the template does not describe the message.
struct TemplateValues;

impl VArrowScalar for TemplateValues {
    type State = ();

    fn invoke(_: &(), input: RecordBatch) -> Output {
        let (templates, messages) = (input.column(0).as_string::<i32>(), input.column(1).as_string::<i32>());
        let mut out = StringBuilder::new();
        for (template, message) in templates.iter().zip(messages) {
            out.append_option(template.zip(message).and_then(|(template, message)| values_json(template, message)));
        }
        Ok(Arc::new(out.finish()))
    }

    fn signatures() -> Vec<ArrowFunctionSignature> {
        vec![ArrowFunctionSignature::exact(vec![DataType::Utf8, DataType::Utf8], DataType::Utf8)]
    }
}

fn values_json(template: &str, message: &str) -> Option<String> {
    let values = variables::values(template, message)?;
    let list = values.iter().map(|value| {
        serde_json::json!({"position": value.position, "name": value.name, "kind": value.kind, "value": value.text})
    });
    Some(serde_json::Value::from_iter(list).to_string())
}

/// `exception_text(message)`: what the innermost exception of a trace says; with its type where that is less than two words.
struct ExceptionText;

impl VArrowScalar for ExceptionText {
    type State = ();

    fn invoke(_: &(), input: RecordBatch) -> Output {
        map_text(&input, |message| {
            let parsed = trace::parse(message)?;
            let exception = parsed.innermost();
            let said = exception.message.lines().next().unwrap_or_default().trim();
            let is_sentence = said.split_whitespace().nth(1).is_some() || said.is_empty();
            Some(if is_sentence { said.to_owned() } else { format!("{}: {said}", exception.type_name) })
        })
    }

    fn signatures() -> Vec<ArrowFunctionSignature> {
        one_text()
    }
}

/// `statement(message)`: what was said, without time, level and logger before it, in one colour.
struct Statement;

impl VArrowScalar for Statement {
    type State = ();

    fn invoke(_: &(), input: RecordBatch) -> Output {
        let mut buffer = String::new();
        map_text(&input, |message| Some(level::statement(mine::clean(message, &mut buffer)).trim().to_owned()))
    }

    fn signatures() -> Vec<ArrowFunctionSignature> {
        one_text()
    }
}

/// `tells_failure(message)`: whether its wording tells of a failure.
struct TellsFailure;

impl VArrowScalar for TellsFailure {
    type State = ();

    fn invoke(_: &(), input: RecordBatch) -> Output {
        let mut out = BooleanBuilder::new();
        let mut buffer = String::new();
        for text in input.column(0).as_string::<i32>() {
            out.append_option(text.map(|text| level::tells_failure(level::statement(mine::clean(text, &mut buffer)))));
        }
        Ok(Arc::new(out.finish()))
    }

    fn signatures() -> Vec<ArrowFunctionSignature> {
        vec![ArrowFunctionSignature::exact(vec![DataType::Utf8], DataType::Boolean)]
    }
}

/// `exception_frames(message)`: the exceptions of a trace in order, as a JSON list of
/// `{"type", "message", "file", "function", "line"}` with each one's innermost application frame.
struct ExceptionFrames;

impl VArrowScalar for ExceptionFrames {
    type State = ();

    fn invoke(_: &(), input: RecordBatch) -> Output {
        map_text(&input, |message| {
            let parsed = trace::parse(message)?;
            let list = parsed.exceptions.iter().map(|exception| {
                let frame = exception.frames.iter().rev().find(|frame| frame.is_application);
                serde_json::json!({
                    "type": exception.type_name,
                    "message": exception.message.lines().next(),
                    "file": frame.map(|frame| frame.file.as_str()),
                    "function": frame.map(|frame| frame.function.as_str()),
                    "line": frame.and_then(|frame| frame.line),
                })
            });
            Some(serde_json::Value::from_iter(list).to_string())
        })
    }

    fn signatures() -> Vec<ArrowFunctionSignature> {
        one_text()
    }
}

/// `trace_frames(message)`: the frames of a trace that are the service's own, from the innermost of the root cause outwards,
/// as a JSON list of `{"file", "function", "line"}`.
struct TraceFrames;

impl VArrowScalar for TraceFrames {
    type State = ();

    fn invoke(_: &(), input: RecordBatch) -> Output {
        map_text(&input, |message| {
            let parsed = trace::parse(message)?;
            let list = parsed
                .own_frames()
                .map(|frame| serde_json::json!({"file": frame.file, "function": frame.function, "line": frame.line}));
            Some(serde_json::Value::from_iter(list).to_string())
        })
    }

    fn signatures() -> Vec<ArrowFunctionSignature> {
        one_text()
    }
}

/// `shape(message)`: the message with its variable parts replaced, as mining sees it.
struct Shape;

impl VArrowScalar for Shape {
    type State = ();

    fn invoke(_: &(), input: RecordBatch) -> Output {
        let mut miner = Miner::new();
        map_text(&input, |message| Some(miner.mine(message).text.to_owned()))
    }

    fn signatures() -> Vec<ArrowFunctionSignature> {
        one_text()
    }
}

/// `endpoint(method, url)`: the method and the path without what a program gave, such as `GET /vessels/<*>`.
struct Endpoint;

impl VArrowScalar for Endpoint {
    type State = ();

    fn invoke(_: &(), input: RecordBatch) -> Output {
        let (methods, urls) = (input.column(0).as_string::<i32>(), input.column(1).as_string::<i32>());
        let lines =
            methods.iter().zip(urls).map(|(method, url)| Some(requests::shape(method.unwrap_or(""), url?, None)));
        Ok(Arc::new(StringArray::from_iter(lines)))
    }

    fn signatures() -> Vec<ArrowFunctionSignature> {
        vec![ArrowFunctionSignature::exact(vec![DataType::Utf8, DataType::Utf8], DataType::Utf8)]
    }
}

/// `matches_regex(text, regex)`: whether the regex is found in the text. DuckDB's own function compiles a regex
/// that comes from a column anew for each row; rules meet patterns thousands of times.
struct MatchesRegex;

impl VArrowScalar for MatchesRegex {
    type State = Mutex<FxHashMap<String, Regex>>;

    fn invoke(known: &Self::State, input: RecordBatch) -> Output {
        let (texts, regexes) = (input.column(0).as_string::<i32>(), input.column(1).as_string::<i32>());
        let mut known = known.lock().map_err(|_| "an earlier call broke off")?;
        let mut out = BooleanBuilder::new();
        for (text, regex) in texts.iter().zip(regexes) {
            let (Some(text), Some(regex)) = (text, regex) else {
                out.append_null();
                continue;
            };
            if !known.contains_key(regex) {
                known.insert(regex.to_owned(), Regex::new(regex)?);
            }
            out.append_value(known.get(regex).is_some_and(|regex| regex.is_match(text)));
        }
        Ok(Arc::new(out.finish()))
    }

    fn signatures() -> Vec<ArrowFunctionSignature> {
        vec![ArrowFunctionSignature::exact(vec![DataType::Utf8, DataType::Utf8], DataType::Boolean)]
    }
}

/// `places_within(parts, wholes)`, two JSON lists of texts: which of the second hold which of the first, as a JSON list of
/// `{"part", "whole"}`, places from 0. An empty text is no part.
struct PlacesWithin;

impl VArrowScalar for PlacesWithin {
    type State = ();

    fn invoke(_: &(), input: RecordBatch) -> Output {
        let (parts, wholes) = (input.column(0).as_string::<i32>(), input.column(1).as_string::<i32>());
        let mut out = StringBuilder::new();
        for (parts, wholes) in parts.iter().zip(wholes) {
            let answer = parts.zip(wholes).map(|(parts, wholes)| places_json(parts, wholes)).transpose()?;
            out.append_option(answer);
        }
        Ok(Arc::new(out.finish()))
    }

    fn signatures() -> Vec<ArrowFunctionSignature> {
        vec![ArrowFunctionSignature::exact(vec![DataType::Utf8, DataType::Utf8], DataType::Utf8)]
    }
}

fn places_json(parts: &str, wholes: &str) -> Result<String> {
    let pairs =
        within::pairs(&serde_json::from_str::<Vec<String>>(parts)?, &serde_json::from_str::<Vec<String>>(wholes)?)?;
    let list = pairs.iter().map(|(part, whole)| serde_json::json!({"part": part, "whole": whole}));
    Ok(serde_json::Value::from_iter(list).to_string())
}
