//! PHP's traces: what was thrown, with the place behind it, then numbered calls that each say where they were made
//! from. What was thrown first comes first (`Next ...` follows); Monolog writes it last, behind `[previous exception]`.

use super::text::is_application;
use super::{Exception, Frame, Language, Line, Trace};

pub(super) const LANGUAGE: Language = Language {
    marks: &["\n#0 ", "\\n#0 "],
    parse,
    starts: &["#0 ", HEADERS[0]],
    line,
    line_inside: |line| if line.starts_with("Next ") { Line::Frame } else { Line::Other },
    lines_below: |_| 0,
};

const OBJECT: &str = "[object] (";
const HEADERS: [&str; 2] = ["Stack trace:", "[stacktrace]"];

/// One numbered line: where the call was made, and of what.
struct Call<'t> {
    file: &'t str,
    line: Option<u32>,
    function: &'t str,
}

pub(super) fn parse(text: &str) -> Option<Trace> {
    let lines: Vec<&str> = text.lines().collect();
    let mut exceptions = Vec::new();
    let mut at = 0;
    while let Some(start) = (at..lines.len()).find(|&line| lines[line].trim_start().starts_with("#0 ")) {
        let calls: Vec<Call<'_>> = lines[start..].iter().map_while(|line| call(line)).collect();
        exceptions.extend(exception(&lines[at..start], &calls));
        at = start + calls.len().max(1);
    }
    let last = exceptions.len().checked_sub(1)?;
    if text.contains(OBJECT) { Trace::new(exceptions, last, 0) } else { Trace::new(exceptions, 0, last) }
}

/// What was thrown, from the lines above its calls.
fn exception(above: &[&str], calls: &[Call<'_>]) -> Option<Exception> {
    let above = above.strip_suffix(&[*above.last().filter(|line| HEADERS.contains(&line.trim()))?])?;
    let text = above.join("\n");
    let (type_name, message, place) = object(&text).or_else(|| uncaught(&text))?;
    let (file, line) = place.rsplit_once(':')?;
    let thrown = Call { file, line: line.parse().ok(), function: "" };
    let mut frames = Vec::new();
    for (at, from) in std::iter::once(&thrown).chain(calls).enumerate() {
        let function = calls.get(at).map_or("", |call| call.function);
        let is_said_next =
            calls.get(at).is_some_and(|next| at == 0 && next.file == from.file && next.line == from.line);
        if from.line.is_some() && !is_said_next {
            frames.push(frame(from, function));
        }
    }
    frames.reverse();
    Some(Exception { type_name: type_name.replace("\\\\", "\\"), message: message.to_owned(), frames })
}

/// `Uncaught Shop\TillError: till is stuck in /srv/till.php:12`, `Next ...`, or without such a word.
fn uncaught(text: &str) -> Option<(&str, &str, &str)> {
    let start = ["Uncaught ", "Next "].iter().filter_map(|word| text.rfind(word).map(|at| at + word.len())).max();
    let (head, place) = text[start.unwrap_or(0)..].trim().rsplit_once(" in ")?;
    let (before, message) = head.split_once(": ").unwrap_or((head, ""));
    let type_name = before.rsplit([' ', '\n']).next()?;
    is_class(type_name).then_some((type_name, message, place))
}

/// `[object] (Shop\\TillError(code: 0): till is stuck at /srv/till.php:12)`
fn object(text: &str) -> Option<(&str, &str, &str)> {
    let body = text[text.rfind(OBJECT)? + OBJECT.len()..].trim_end().strip_suffix(')')?;
    let (head, place) = body.rsplit_once(" at ")?;
    let (type_name, rest) = head.split_once("(code: ")?;
    let (_, message) = rest.split_once("): ")?;
    is_class(type_name).then_some((type_name, message, place))
}

fn is_class(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '\\')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'\\' | b'@'))
}

fn line(line: &str) -> Line {
    let is_call = call(line).is_some_and(|call| call.line.is_some() || call.function == "{main}");
    if is_call || HEADERS.contains(&line.trim()) { Line::Frame } else { Line::Other }
}

/// `#0 /srv/till.php(12): Shop\Till->sell('tea')`, `#1 [internal function]: f()` or `#2 {main}`.
fn call(line: &str) -> Option<Call<'_>> {
    let (number, rest) = line.trim_start().strip_prefix('#')?.split_once(' ')?;
    number.parse::<u32>().ok()?;
    let (place, call) = rest.split_once(": ").unwrap_or(("", rest));
    let function = call.split('(').next().unwrap_or(call).trim();
    let (file, line) = match place.strip_suffix(')').and_then(|place| place.rsplit_once('(')) {
        Some((file, line)) => (file, line.parse().ok()),
        None => (place, None),
    };
    Some(Call { file, line, function })
}

fn frame(call: &Call<'_>, function: &str) -> Frame {
    let function = function.replace("\\\\", "\\");
    let is_application = is_application(call.file, &function);
    Frame { file: call.file.to_owned(), function, line: call.line, is_application }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_thrown_first_is_the_cause() {
        let text = "PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /srv/src/Db.php:12\nStack trace:\n#0 /srv/src/Db.php(12): PDO->__construct('mysql:host=1...')\n#1 /srv/public/index.php(5): Shop\\Db->connect()\n#2 {main}\n\nNext RuntimeException: no database in /srv/src/Repo.php:30\nStack trace:\n#0 /srv/public/index.php(5): Shop\\Repo->find(7)\n#1 {main}\n  thrown in /srv/src/Repo.php on line 30";
        let trace = parse(text).unwrap();
        assert_eq!(trace.headline(), "RuntimeException: no database");
        assert_eq!(
            trace.shape_text(),
            "PDOException: SQLSTATE[<*>] [<*>] Connection refused in srv/src/Db.php Shop\\Db->connect < srv/public/index.php {main}"
        );
        assert_eq!(trace.frame_to_look_at().and_then(|frame| frame.line), Some(12));
    }

    #[test]
    fn monolog_puts_the_cause_last() {
        let text = "production.ERROR: no till {\"exception\":\"[object] (Shop\\\\TillError(code: 0): no till at /srv/app/Till.php:7)\n[stacktrace]\n#0 /srv/vendor/laravel/router.php(1): Shop\\\\Till->sell()\n#1 {main}\n\n[previous exception] [object] (KeyError(code: 3): no key 'tea' at /srv/app/Drawer.php:3)\n[stacktrace]\n#0 /srv/app/Till.php(6): Shop\\\\Drawer->open()\n#1 {main}\n\"}";
        let trace = parse(text).unwrap();
        assert_eq!(trace.outermost().type_name, "Shop\\TillError");
        assert_eq!(
            trace.shape_text(),
            "KeyError: no key <*> in srv/app/Drawer.php Shop\\Drawer->open < srv/app/Till.php {main}"
        );
    }

    #[test]
    fn plain_numbered_lines_are_no_trace() {
        assert!(parse("steps:\n#0 wash\n#1 dry").is_none());
    }
}
