//! .NET traces: the exception, what it wraps behind `--->`, then the frames from the innermost wrapped one outwards.

use super::text::{is_application, type_and_message};
use super::{Exception, Frame, Language, Line, Trace};

pub(super) const LANGUAGE: Language = Language {
    // its frames begin like those of others
    marks: &[],
    parse,
    starts: &["at ", WRAPS],
    line: |line| {
        let is_frame = line.contains(":line ") && frame(line).is_some();
        if is_frame || line.trim_start().starts_with(WRAPS) { Line::Frame } else { Line::Other }
    },
    line_inside: |_| Line::Other,
    lines_below: |_| 0,
};

const WRAPS: &str = "---> ";
/// What only .NET's compilers write into names.
const MADE: [&str; 5] = [".MoveNext()", ".<>c", ">b__", ">g__", "lambda_method"];
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

pub(super) fn parse(text: &str) -> Option<Trace> {
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
        let is_made = line.starts_with("at ") && MADE.iter().any(|mark| line.contains(mark));
        is_frame
            || is_made
            || line.starts_with("--- End of ")
            || exception_start(line).is_some_and(|(_, is_own)| is_own)
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
    let is_application = is_application(file, &function)
        && !["System.", "Microsoft.", "Castle."].iter().any(|own| function.starts_with(own));
    Some(Frame { file: file.to_owned(), function, line: number.trim().parse().ok(), is_application })
}

/// The name as it was written: compilers turn `SellAsync` into `<SellAsync>d__5.MoveNext` and closures into classes.
fn function_name(name: &str) -> String {
    let parts = name.split('.').filter(|part| !part.starts_with("<>c") && *part != "MoveNext");
    let written =
        parts.map(|part| match part.strip_prefix('<').and_then(|part| part.trim_start_matches('<').split_once('>')) {
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
    fn names_are_those_that_were_written() {
        for (name, wanted) in [
            ("Shop.Till.<PayAsync>d__12.MoveNext", "Shop.Till.PayAsync"),
            ("Shop.Program.<>c__DisplayClass4_0.<Run>b__0", "Shop.Program.Run"),
            ("Shop.Program.<>c__DisplayClass4_0.<<Run>b__0>d.MoveNext", "Shop.Program.Run"),
            ("Shop.Program.<>c.<Main>b__0_1", "Shop.Program.Main"),
            ("Shop.Till.<Read>g__ReadLong|234_0", "Shop.Till.Read"),
            ("Program.<<Main>$>d__0.MoveNext", "Program.Main"),
            ("Program.<Main>$", "Program.Main"),
            ("Shop.List`1.Get", "Shop.List.Get"),
        ] {
            assert_eq!(function_name(name), wanted);
        }
        let text = |number: u32| {
            format!(
                "Shop.TillException: stuck\n   at lambda_method{number}(Closure , Object , Object[] )\n   at Shop.Till.<PayAsync>d__{number}.MoveNext()\n   at Shop.Desk.<>c__DisplayClass{number}_0.<Run>b__0()"
            )
        };
        let trace = parse(&text(12)).unwrap();
        assert_eq!(trace.shape_text(), "Shop.TillException: stuck in Shop.Till.PayAsync < Shop.Desk.Run");
        assert_eq!(trace.shape_text(), parse(&text(7)).unwrap().shape_text());
        assert_eq!(trace.frame_to_look_at().map(|frame| frame.function.as_str()), Some("Shop.Till.PayAsync"));
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
