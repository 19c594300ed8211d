//! .NET traces: the exception, what it wraps behind `--->`, then the frames from the innermost wrapped one outwards.

use super::text::{is_application, type_and_message};
use super::{Exception, Frame, Language, Line, Trace};

pub const LANGUAGE: Language = Language {
    marks: &["   at ", "\\tat ", "\tat "],
    parse,
    starts: &["at ", WRAPS],
    line: |line| {
        let is_frame = line.contains(":line ") && frame(line).is_some();
        if is_frame || line.trim_start().starts_with(WRAPS) { Line::Frame } else { Line::Other }
    },
    line_inside: |_| Line::Other,
};

const WRAPS: &str = "---> ";
const END_OF_WRAPPED: &str = "--- End of inner exception stack trace";

#[derive(Default)]
struct Reader {
    /// As printed: the outermost first.
    exceptions: Vec<Exception>,
    /// Those whose frames are still to come, the innermost last.
    open: Vec<usize>,
    root: usize,
    depth: usize,
}

pub fn parse(text: &str) -> Option<Trace> {
    if !is_dotnet(text) {
        return None;
    }
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.line(line);
    }
    let Reader { mut exceptions, root, .. } = reader;
    exceptions.iter_mut().for_each(|exception| exception.frames.reverse());
    // what is built with the service says where it was written; a library from a package does not
    let says_place = exceptions.iter().flat_map(|exception| &exception.frames).any(|frame| !frame.file.is_empty());
    for frame in exceptions.iter_mut().flat_map(|exception| &mut exception.frames) {
        frame.is_application &= !says_place || !frame.file.is_empty();
    }
    let has_frames = exceptions.iter().any(|exception| !exception.frames.is_empty());
    if has_frames { Trace::new(exceptions, root, 0) } else { None }
}

/// Java's frames look alike; .NET's name a `line`, its traces have an end, its exceptions a namespace.
fn is_dotnet(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        let is_frame = line.starts_with("at ") && line.contains(") in ") && line.contains(":line ");
        is_frame || line.starts_with("--- End of ") || exception_start(line).is_some_and(|(_, is_own)| is_own)
    })
}

impl Reader {
    fn line(&mut self, line: &str) {
        let trimmed = line.trim_start();
        if let Some(frame) = frame(line) {
            self.open.last().into_iter().for_each(|&at| self.exceptions[at].frames.push(frame.clone()));
        } else if trimmed.starts_with(END_OF_WRAPPED) {
            self.open.pop();
        } else if let Some(wrapped) = trimmed.strip_prefix(WRAPS) {
            self.exception(wrapped);
        } else if self.exceptions.is_empty() {
            exception_start(trimmed).into_iter().for_each(|(start, _)| self.exception(&trimmed[start..]));
        } else if let Some(exception) = self.open.last().map(|&at| &mut self.exceptions[at])
            && exception.frames.is_empty()
        {
            exception.message.push('\n');
            exception.message.push_str(line);
        }
    }

    /// `Type: message`, with what it wraps behind it on one line in older versions.
    fn exception(&mut self, text: &str) {
        for text in text.split(" ---> ") {
            let text = text
                .strip_prefix("(Inner Exception #")
                .and_then(|rest| rest.split_once(") "))
                .map_or(text, |(_, text)| text);
            let (type_name, message) = type_and_code(text).or_else(|| type_and_message(text)).unwrap_or((text, ""));
            self.open.push(self.exceptions.len());
            if self.open.len() > self.depth {
                (self.depth, self.root) = (self.open.len(), self.exceptions.len());
            }
            let (type_name, message) = (type_name.to_owned(), message.to_owned());
            self.exceptions.push(Exception { type_name, message, frames: Vec::new() });
        }
    }
}

/// `Type (0x80004005): message`, as exceptions with a code of the system are told.
fn type_and_code(text: &str) -> Option<(&str, &str)> {
    let (head, message) = text.split_once("): ")?;
    let (type_name, code) = head.split_once(" (")?;
    code.starts_with("0x").then_some((type_name, message))
}

/// Where the name of an exception starts in a line, and whether it is one of .NET's own.
fn exception_start(line: &str) -> Option<(usize, bool)> {
    let head = line.split(": ").find(|head| head.ends_with("Exception"))?;
    let end = head.as_ptr() as usize - line.as_ptr() as usize + head.len();
    let start = line[..end].rfind([' ', '\t']).map_or(0, |blank| blank + 1);
    let name = &line[start..end];
    let is_name = name.contains('.') && name.starts_with(|c: char| c.is_ascii_uppercase());
    is_name.then(|| (start, name.starts_with("System.") || name.starts_with("Microsoft.")))
}

/// `   at Shop.Till.Sell(Int32 id) in /src/Till.cs:line 12`
fn frame(line: &str) -> Option<Frame> {
    let call = line.trim_start().strip_prefix("at ").filter(|_| line.starts_with([' ', '\t']))?;
    let (call, place) = call.split_once(") in ").unwrap_or((call, ""));
    let function = function_name(call.split('(').next()?.trim());
    let (file, number) = place.rsplit_once(":line ").unwrap_or((place, ""));
    let is_application =
        is_application(file, &function) && !["System.", "Microsoft."].iter().any(|own| function.starts_with(own));
    Some(Frame { file: file.to_owned(), function, line: number.trim().parse().ok(), is_application })
}

/// The name as it was written: compilers turn `SellAsync` into `<SellAsync>d__5.MoveNext` and closures into classes.
fn function_name(name: &str) -> String {
    let parts = name.split('.').filter(|part| !part.starts_with("<>c") && *part != "MoveNext");
    let written = parts.map(|part| match part.strip_prefix('<').and_then(|part| part.split_once('>')) {
        Some((written, _)) if !written.is_empty() => written,
        _ => part.split(['[', '`']).next().unwrap_or(part),
    });
    written.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_wrapped_exception_is_the_cause() {
        let text = "Unhandled exception. Shop.TillException: till 4 is stuck\n ---> System.IO.IOException: pipe 7 broke\n   at Shop.Pipe.Open(String name) in /src/Shop/Pipe.cs:line 3\n   at System.Threading.Tasks.Task.Run()\n   --- End of inner exception stack trace ---\n   at Shop.Till.<SellAsync>d__5.MoveNext() in /src/Shop/Till.cs:line 12\n--- End of stack trace from previous location ---\n   at Shop.Program.<>c__DisplayClass0_0.<Main>b__0() in /src/Shop/Program.cs:line 9";
        let trace = parse(text).unwrap();
        assert_eq!(trace.headline(), "Shop.TillException: till 4 is stuck");
        assert_eq!(trace.shape_text(), "System.IO.IOException: pipe <*> broke in src/Shop/Pipe.cs Shop.Pipe.Open");
        let outer: Vec<_> = trace.outermost().frames.iter().map(|frame| frame.function.as_str()).collect();
        assert_eq!(outer, ["Shop.Program.Main", "Shop.Till.SellAsync"]);
    }

    #[test]
    fn frames_without_a_place_are_told_by_the_exceptions_namespace() {
        let text = "System.InvalidOperationException: Sequence contains no elements\n   at System.Linq.ThrowHelper.ThrowNoElementsException()\n   at Shop.Cart.First(Int32 id)";
        assert_eq!(
            parse(text).unwrap().shape_text(),
            "System.InvalidOperationException: Sequence contains no elements in Shop.Cart.First"
        );
        assert!(parse("java.io.IOException: x\n   at com.acme.Pipe.open(Pipe.java:3)").is_none());
    }
}
