//! One frame: where a call was made, and of what.

use super::{
    super::{
        Frame,
        text::{file_and_line, is_application},
    },
    without_margin,
};

/// `at com.acme.Seat.take(Seat.java:9)`, `at sell (/srv/till.js:10:5)`, `at async main (...)`, `at /srv/till.js:10:5`.
pub(super) fn frame(line: &str) -> Option<Frame> {
    let body = without_margin(line).trim_start();
    let call = body.strip_prefix("at ")?.trim_end();
    if body.len() == line.len() {
        return None;
    }
    let call = without_tail(call);
    let call = call.strip_prefix("async ").unwrap_or(call);
    let (function, place) = match call.strip_suffix(')').and_then(function_and_place) {
        Some((function, place)) => (function.trim(), place),
        None if call == "<anonymous>" || call.contains(':') && !call.contains(' ') => ("", call),
        None => return None,
    };
    let function = without_module(function);
    let (file, number) = file_and_line(written_in(place));
    let is_application = is_application(file, function) && !file.starts_with("index ");
    Some(Frame { file: file.to_owned(), function: function.to_owned(), line: number, is_application })
}

/// The place stands in brackets behind a blank in JavaScript, without one in Java; brackets may be inside of either.
fn function_and_place(call: &str) -> Option<(&str, &str)> {
    call.split_once(" (").or_else(|| call.rsplit_once('('))
}

/// Without the archive that a class came from, `~[shop.jar:1.4]`, and without what opens and closes the properties of a
/// printed error.
fn without_tail(call: &str) -> &str {
    let end = [") ~[", ") [", ") {"].iter().filter_map(|mark| call.find(mark)).min().map_or(call.len(), |at| at + 1);
    let call = &call[..end];
    let call = call.find(" { [").map_or(call, |at| &call[..at]);
    call.trim_end_matches([' ', '{', '}', ',', ']'])
}

/// Of code made from a text, the place that made it; a file by its path.
fn written_in(place: &str) -> &str {
    let place = match place.strip_prefix("eval at ").and_then(|eval| eval.rsplit_once('(')) {
        Some((_, made)) => made.split(')').next().unwrap_or(made),
        None => place,
    };
    place.strip_prefix("file://").unwrap_or(place)
}

/// Without `java.base/` and `app//`; a lambda's number behind its own stroke stays.
fn without_module(function: &str) -> &str {
    match function.split_once('/') {
        Some((module, rest)) if !module.contains([' ', '$']) => match rest.rsplit_once('/') {
            Some((inner, name)) if !inner.contains([' ', '$']) => name,
            _ => rest,
        },
        _ => function,
    }
}
