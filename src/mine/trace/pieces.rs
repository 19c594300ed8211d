//! A trace told over several entries: programs that print to standard error line by line, and loggers that cut a chain
//! at its links, leave one exception in many entries. Here messages that came right after one another are put together.

use super::{LANGUAGES, Language, Line, Trace, at_lines, parse};
use crate::{ingest::level::begins_statement, mine::event::PAUSE_NS};

/// What was raised may come this long after the frames that lead to it: standard error is read in two parts.
const LONG_PAUSE_NS: i64 = 2_000_000_000;
/// How far above the first frame the exception may be named.
const REACH: usize = 6;

/// Messages that are one trace, by their places among those given.
#[derive(Debug)]
pub struct Joined {
    pub members: Vec<usize>,
    pub text: String,
    pub trace: Trace,
}

/// Where the reading of a trace stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Among frames, or right before them.
    Reading,
    /// So many lines below a header may still say what happened.
    Headed(usize),
    /// An exception was told to its end; only a link to another goes on.
    Told,
    /// A link was read: the next exception has to follow.
    Linked,
}

struct Open {
    members: Vec<usize>,
    state: State,
    /// Known where its first line is one that only this language has.
    language: Option<&'static Language>,
}

/// Whether a message can be a piece, and no trace by itself: cheap, and mostly not.
pub fn may_be_piece(message: &str) -> bool {
    let line = message.trim_start();
    LANGUAGES.iter().flat_map(|language| language.starts).any(|start| line.starts_with(start))
}

/// Whether a line names an exception, as the first of a trace may.
pub fn names_exception(line: &str) -> bool {
    at_lines::names_exception(line)
}

/// Whether a line is the first of a trace.
pub fn is_header(line: &str) -> bool {
    line_of(line).0 == Line::Header
}

/// What the message is by itself, and in which language.
fn line_of(message: &str) -> (Line, Option<&'static Language>) {
    let told = LANGUAGES.iter().map(|&language| ((language.line)(message), Some(language)));
    told.into_iter().find(|(line, _)| *line != Line::Other).unwrap_or((Line::Other, None))
}

/// The traces among messages of one stream that came close after one another, in their order.
pub fn join(messages: &[&str], times_ns: &[i64]) -> Vec<Joined> {
    let mut found = Vec::new();
    let mut open: Option<Open> = None;
    for (at, message) in messages.iter().enumerate() {
        let pause_ns = at.checked_sub(1).map_or(0, |before| times_ns[at] - times_ns[before]);
        let is_near = |open: &&Open| pause_ns <= PAUSE_NS || pause_ns <= LONG_PAUSE_NS && open.awaits(message);
        if let Some(state) = open.as_ref().filter(is_near).and_then(|open| open.after(message)) {
            if let Some(open) = &mut open {
                open.state = state;
                open.language = open.language.or_else(|| line_of(message).1);
                open.members.push(at);
            }
            continue;
        }
        found.extend(open.take().and_then(|open| open.close(messages)));
        let next = messages.get(at + 1).filter(|_| times_ns[at + 1] - times_ns[at] <= PAUSE_NS);
        open = Open::at(at, message, next);
        if let Some(open) = &mut open {
            let taken = found.last().and_then(|last: &Joined| last.members.last()).map_or(0, |last| last + 1);
            open.begin_above(messages, times_ns, taken);
        }
    }
    found.extend(open.and_then(|open| open.close(messages)));
    found
}

impl Open {
    fn at(at: usize, message: &str, next: Option<&&str>) -> Option<Self> {
        if is_whole(message) {
            return Some(Self { members: vec![at], state: State::Told, language: None });
        }
        let (line, language) = line_of(message);
        let (after, its_language) = next.map_or((Line::Other, None), |next| line_of(next));
        let opens = line == Line::Header || after == Line::Frame;
        let below = language.filter(|_| line == Line::Header).map_or(0, |language| (language.lines_below)(message));
        let state = if below > 0 { State::Headed(below) } else { State::Reading };
        opens.then_some(Self { members: vec![at], state, language: language.or(its_language) })
    }

    /// Details of several lines may stand between the exception and its first frame.
    fn begin_above(&mut self, messages: &[&str], times_ns: &[i64], taken: usize) {
        let at = self.members[0];
        // others name the exception in the line right above, or in the header
        let is_at_line = |next: &&str| next.trim_start_matches(['!', ' ', '\t']).starts_with("at ");
        let is_frame_next = messages.get(at + 1).is_some_and(|next| is_at_line(next) && line_of(next).0 == Line::Frame);
        if self.state != State::Reading || !is_frame_next || at_lines::names_exception(messages[at]) {
            return;
        }
        let lowest = taken.max(at.saturating_sub(REACH));
        for above in (lowest..at).rev() {
            if times_ns[above + 1] - times_ns[above] > PAUSE_NS || begins_statement(messages[above + 1], true) {
                return;
            }
            if at_lines::names_exception(messages[above]) {
                self.members = (above..=at).collect();
                return;
            }
        }
    }

    /// Whether the frames lead to what this message names.
    fn awaits(&self, message: &str) -> bool {
        let is_end = |language: &Language| (language.line_inside)(message) == Line::End;
        self.state == State::Reading && message.contains(": ") && self.language.is_some_and(is_end)
    }

    /// The state that the message leads to, if it goes on with the trace.
    fn after(&self, message: &str) -> Option<State> {
        if message.trim().is_empty() {
            return Some(self.state);
        }
        let (line, _) = line_of(message);
        if self.state == State::Linked {
            let is_header = (line == Line::Header).then_some(State::Reading);
            return if is_whole(message) { Some(State::Told) } else { is_header };
        }
        match (line, self.state) {
            (Line::Link, _) => Some(State::Linked),
            (Line::Frame, _) => Some(State::Reading),
            (Line::Other, State::Headed(left)) if left > 0 => (!is_whole(message) && !begins_statement(message, true))
                .then_some(match left {
                    1 => State::Reading,
                    _ => State::Headed(left - 1),
                }),
            (_, State::Told) => None,
            // what is indented belongs to the frame above it
            _ if message.starts_with(char::is_whitespace) => Some(State::Reading),
            _ => match self.language.map(|language| (language.line_inside)(message)) {
                Some(Line::End) => Some(State::Told),
                Some(Line::Frame) => Some(State::Reading),
                _ => None,
            },
        }
    }

    fn close(mut self, messages: &[&str]) -> Option<Joined> {
        while self.members.pop_if(|at| messages[*at].trim().is_empty()).is_some() {}
        if self.members.len() < 2 {
            return None;
        }
        let text = self.members.iter().map(|&at| messages[at].trim_end()).collect::<Vec<_>>().join("\n");
        let trace = parse(&text)?;
        Some(Joined { members: self.members, text, trace })
    }
}

fn is_whole(message: &str) -> bool {
    parse(message).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes(messages: &[&str]) -> Vec<(Vec<usize>, String)> {
        join(messages, &vec![0; messages.len()])
            .into_iter()
            .map(|joined| (joined.members, joined.trace.shape_text()))
            .collect()
    }

    #[test]
    fn a_chain_cut_at_its_links_is_one_trace() {
        let inner = "Traceback (most recent call last):\n  File \"/srv/app/store.py\", line 4, in load\n    rows[key]\nKeyError: 'tea'";
        let outer = "Traceback (most recent call last):\n  File \"/srv/app/main.py\", line 9, in main\n    load()\nRuntimeError: no tea";
        let link = "During handling of the above exception, another exception occurred:";
        let messages = ["worker boots", inner, link, outer, "worker exits", inner];
        assert_eq!(shapes(&messages), [(vec![1, 2, 3], "KeyError: <*> in srv/app/store.py load".to_owned())]);
    }

    #[test]
    fn lines_of_one_trace_are_put_together() {
        let python = [
            "up",
            "Traceback (most recent call last):",
            "  File \"/srv/app/store.py\", line 4, in load",
            "    rows[key]",
            "KeyError: 'tea'",
            "",
            "During handling of the above exception, another exception occurred:",
            "",
            "Traceback (most recent call last):",
            "  File \"/srv/app/main.py\", line 9, in main",
            "RuntimeError: no tea",
            "next request",
        ];
        assert_eq!(shapes(&python), [((1..=10).collect(), "KeyError: <*> in srv/app/store.py load".to_owned())]);
        let java = [
            "java.lang.IllegalStateException: no seat 4",
            "\tat com.acme.Seat.take(Seat.java:9)",
            "\t... 2 more",
            "Caused by: java.io.IOException: pipe 7 broke",
            "\tat com.acme.Pipe.open(Pipe.java:3)",
            "at ease",
        ];
        assert_eq!(
            shapes(&java),
            [((0..=4).collect(), "java.io.IOException: pipe <*> broke in Pipe.java com.acme.Pipe.open".to_owned())]
        );
        let dotnet = [
            "Unhandled exception. Shop.TillException: till 4 is stuck",
            " ---> System.IO.IOException: pipe 7 broke",
            "   at Shop.Pipe.Open() in /src/Pipe.cs:line 3",
            "   --- End of inner exception stack trace ---",
            "   at Shop.Till.Sell() in /src/Till.cs:line 12",
            "bye",
        ];
        assert_eq!(
            shapes(&dotnet),
            [((0..=4).collect(), "System.IO.IOException: pipe <*> broke in src/Pipe.cs Shop.Pipe.Open".to_owned())]
        );
        let php = [
            "PHP Fatal error:  Uncaught PDOException: no tea in /srv/src/Db.php:12",
            "Stack trace:",
            "#0 /srv/public/index.php(5): Shop\\Db->connect()",
            "#1 {main}",
            "",
            "Next Shop\\TillError: till is stuck in /srv/src/Till.php:3",
            "Stack trace:",
            "#0 {main}",
            "  thrown in /srv/src/Till.php on line 3",
            "bye",
        ];
        assert_eq!(
            shapes(&php),
            [(
                (0..=8).collect(),
                "PDOException: no tea in srv/src/Db.php Shop\\Db->connect < srv/public/index.php {main}".to_owned()
            )]
        );
        let ruby = ["app/till.rb:12:in `sell': till is stuck (Till::Error)", "\tfrom app/main.rb:3:in `<main>'", "bye"];
        assert_eq!(shapes(&ruby)[0].0, [0, 1]);
        let go = [
            "panic: no tea",
            "",
            "goroutine 1 [running]:",
            "main.sell(0x1)",
            "\t/srv/till.go:12 +0x1d",
            "exit status 2",
        ];
        assert_eq!(shapes(&go), [((0..=4).collect(), "panic: no tea in srv/till.go main.sell".to_owned())]);
    }

    #[test]
    fn lines_of_panics_that_were_recovered() {
        let frames = "goroutine 7 [running]:\npanic({0x7c1e20?, 0xc0001a4030?})\n\t/usr/local/go/src/runtime/panic.go:785 +0x132\nmain.sell(0x1)\n\t/srv/till.go:12 +0x1d\ncreated by main.run in goroutine 1";
        let shape = "panic: no tea in srv/till.go main.sell";
        for head in [
            "2025/06/10 10:00:00 http: panic serving [::1]:4711: no tea",
            "http: panic serving 192.0.2.1:4711: no tea",
            "panic: no tea\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4a2b3c]\n",
            "2025/06/10 10:00:00 no tea",
        ] {
            assert_one(&format!("{head}\n{frames}"), shape);
        }
        let gin = "2025/06/10 10:00:00 [Recovery] 2025/06/10 - 10:00:00 panic recovered:\nGET / HTTP/1.1\nHost: till.example\n\nno tea\n/usr/local/go/src/runtime/panic.go:785 (0x43a1f1)\n\tgopanic: done()\n/srv/till.go:12 (0x7c1e20)\n\tsell: panic(1)";
        assert_one(gin, "panic: no tea in srv/till.go sell");
        assert!(shapes(&["no tea", "goroutine 7 [running]:", "main.sell(0x1)", "\t/srv/till.go:12 +0x1d"]).is_empty());
    }

    /// Whether all lines but the first and the last two are one trace, and nothing else is.
    fn assert_one(lines: &str, shape: &str) {
        let lines: Vec<&str> = ["up"].into_iter().chain(lines.lines()).chain(["ready", "next: line"]).collect();
        assert_eq!(shapes(&lines), [((1..lines.len() - 2).collect(), shape.to_owned())], "{lines:#?}");
    }

    #[test]
    fn lines_of_chains_in_either_order() {
        assert_one(
            "! java.io.IOException: feed 7 is broken\n! at com.acme.Feed.read(Feed.java:9)\n! ... 1 common frames omitted\n! Causing: java.lang.RuntimeException: no sync\n! at com.acme.Sync.run(Sync.java:20)",
            "java.io.IOException: feed <*> is broken in Feed.java com.acme.Feed.read",
        );
        assert_one(
            "java.io.IOException: feed 7 is broken\n\tat com.acme.Feed.read(Feed.java:9)\n\t... 1 common frames omitted\nWrapped by: java.lang.RuntimeException: no sync\n\tat com.acme.Sync.run(Sync.java:20)",
            "java.io.IOException: feed <*> is broken in Feed.java com.acme.Feed.read",
        );
        assert_one(
            "com.acme.TillException: stuck\n\tat com.acme.Till.sell(Till.java:9)\n\tSuppressed: reactor.core.publisher.FluxOnAssembly$OnAssemblyException: \nError has been observed at the following site(s):\n\t*__checkpoint ⇢ HTTP POST\nOriginal Stack Trace:\n\t\tat com.acme.Till.sell(Till.java:9)",
            "com.acme.TillException: stuck in Till.java com.acme.Till.sell",
        );
    }

    #[test]
    fn lines_of_an_error_with_its_cause() {
        let cause = "TypeError: x.map is not a function in shop/parse.js parse";
        assert_one(
            "Error: sync failed\n    at run (/shop/sync.js:10:9) {\n  code: 'E',\n  [cause]: TypeError: x.map is not a function\n      at parse (/shop/parse.js:7:13) {\n    data: [\n      1\n    ]\n  }\n}",
            cause,
        );
        assert_one(
            "Error: sync failed\n    at run (/shop/sync.js:10:9) {\n  [cause]: [TypeError: x.map is not a function]\n}",
            "TypeError: x.map is not a function in shop/sync.js run",
        );
        assert_one(
            "AggregateError: none\n    at all (/shop/all.js:1:1) {\n  [errors]: [\n    TypeError: x.map is not a function\n        at parse (/shop/parse.js:7:13),\n    Error: b\n        at b (/shop/b.js:7:13)\n  ]\n}",
            cause,
        );
        let whole = "Error: sync failed\n    at run (/shop/sync.js:10:9) {";
        let messages =
            [whole, "  [cause]: TypeError: x.map is not a function", "      at parse (/shop/parse.js:7:13)", "}"];
        assert_eq!(shapes(&messages), [((0..=3).collect(), cause.to_owned())]);
    }

    #[test]
    fn lines_of_what_is_said_below_a_header() {
        let dart = "in package:shop/till.dart Till.charge";
        let frames = "#0      Till.charge (package:shop/till.dart:16:3)\n<asynchronous suspension>\n#1      _run (dart:async/zone.dart:1:1)";
        assert_one(
            &format!("Unhandled exception:\nBad state: till 5 is stuck\n{frames}"),
            &format!("Bad state: till <*> is stuck {dart}"),
        );
        assert_one(
            &format!("Unhandled exception:\nNoSuchMethodError: no x\nReceiver: null\nTried calling: x()\n{frames}"),
            &format!("NoSuchMethodError: no x {dart}"),
        );
        assert_one(&format!("FormatException: no tea\n{frames}"), &format!("FormatException: no tea {dart}"));
        let rust = "panic: till <*> is stuck in src/till.rs";
        let note = "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace";
        assert_one(&format!("thread 'main' panicked at src/till.rs:12:5:\ntill 4 is stuck\n{note}"), rust);
        assert_one("thread 'main' (17) panicked at src/till.rs:12:5:\ntill 4 is stuck", rust);
        assert_one(&format!("thread 'main' panicked at 'till 4 is stuck', src/till.rs:12:5\n{note}"), rust);
        assert_one(
            "thread 'main' panicked at 'till 4 is stuck', src/till.rs:12:5\nstack backtrace:\n   0: rust_begin_unwind\n             at /rustc/9fc6/std/src/panicking.rs:665:5\n   1: shop::till::sell\n             at ./src/till.rs:12:5\nnote: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.",
            &format!("{rust} shop::till::sell"),
        );
        assert!(shapes(&["Unhandled exception:", "a", "b", "c", "d", "e", "f", "g"]).is_empty());
    }

    #[test]
    fn what_was_raised_may_come_a_second_later() {
        let messages = [
            "Traceback (most recent call last):\n  File \"/srv/bake/oven.py\", line 97, in bake\n    loaf = lift()",
            "  File \"/srv/bake/trays.py\", line 23, in lift",
            "trays.errors.DoughError: a tray takes only loaves",
        ];
        let found = |pause_ns: i64| join(&messages, &[0, 10_000, pause_ns]).pop().map(|joined| joined.members.len());
        assert_eq!(found(1_100_000_000), Some(3));
        assert_eq!(found(3_000_000_000), None);
    }

    #[test]
    fn details_may_stand_between_the_exception_and_its_frames() {
        let messages = [
            "up",
            "java.sql.SQLSyntaxErrorException: (conn=12) Table 'shop.seats' doesn't exist",
            "Query is: select * from seats where id=?, parameters [12]",
            "java thread: pool-3-thread-1",
            "\tat org.mariadb.jdbc.ExceptionMapper.get(ExceptionMapper.java:232)",
            "\tat com.acme.shop.SeatDao.find(SeatDao.java:44)",
        ];
        assert_eq!(shapes(&messages)[0].0, (1..=5).collect::<Vec<_>>());
    }

    #[test]
    fn a_log_line_above_is_no_detail() {
        let ruby = [
            "INFO com.acme.Sync: next",
            "app/till.rb:12:in 'sell': till is stuck (Till::Error)",
            "\tfrom app/main.rb:3:in '<main>'",
        ];
        assert_eq!(shapes(&ruby)[0].0, [1, 2]);
    }

    #[test]
    fn what_only_looks_like_pieces_stays_alone() {
        assert!(shapes(&["look", "  at this", "from here", "Caused by: rain", "x"]).is_empty());
        let whole = "java.io.IOException: x\n\tat com.acme.Pipe.open(Pipe.java:3)";
        assert!(shapes(&[whole, "  indented", whole]).is_empty());
    }
}
