//! The messages of the stream: `templates.txt` cut into literals and variables, ready to be written.

use super::json_writer::JsonWriter;
use crate::sample::rng::Rng;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Severity {
    Debug,
    Info,
    Warning,
    Error,
}

impl Severity {
    pub(super) fn name(self) -> &'static str {
        match self {
            Severity::Debug => "DEBUG",
            Severity::Info => "INFO",
            Severity::Warning => "WARNING",
            Severity::Error => "ERROR",
        }
    }
}

#[derive(Clone, Copy)]
enum Variable {
    Number,
    Millis,
    Seconds,
    Percent,
    Uuid,
    Hex,
    User,
    Ip,
    Path,
    Date,
}

pub(super) struct Template {
    severity: Severity,
    pieces: Vec<(Vec<u8>, Option<Variable>)>,
    /// The payload after the message
    context: Vec<u8>,
}

impl Template {
    pub(super) fn severity(&self) -> Severity {
        self.severity
    }

    pub(super) fn context(&self) -> &[u8] {
        &self.context
    }

    pub(super) fn write_message(&self, json: &mut JsonWriter, rng: &mut Rng) {
        for (literal, variable) in &self.pieces {
            json.put(literal);
            if let Some(variable) = variable {
                variable.write(json, rng);
            }
        }
    }
}

/// By service, then by severity
pub(super) struct Templates([[Vec<Template>; 4]; 4]);

impl Templates {
    #[expect(clippy::expect_used, reason = "the templates are compiled in, and each test reads all of them")]
    pub(super) fn parse() -> Self {
        let mut templates = Templates(Default::default());
        let (mut service, mut module) = (0, "");
        for line in include_str!("templates.txt").lines() {
            let mut words = line.splitn(4, ' ');
            let mut word = || words.next().unwrap_or_default();
            let severity = match word() {
                "@" => {
                    let name = word();
                    service =
                        ["api", "auth", "jobs", "search"].iter().position(|known| *known == name).expect("a service");
                    module = word();
                    continue;
                }
                "D" => Severity::Debug,
                "I" => Severity::Info,
                "W" => Severity::Warning,
                "E" => Severity::Error,
                _ => continue,
            };
            let (number, function, text) = (word(), word(), word());
            let template = Template { severity, pieces: pieces(text), context: context(module, function, number) };
            templates.0[service][severity as usize].push(template);
        }
        templates
    }

    /// Earlier templates of a service come more often
    pub(super) fn draw(&self, service: usize, severity: Severity, rng: &mut Rng) -> &Template {
        let choice = &self.0[service][severity as usize];
        let count = choice.len() as u64;
        &choice[rng.below(count).min(rng.below(count)) as usize]
    }

    /// The error that a worse revision brings
    pub(super) fn first_error(&self, service: usize) -> &Template {
        &self.0[service][Severity::Error as usize][0]
    }
}

fn context(module: &str, function: &str, line: &str) -> Vec<u8> {
    let labels = format!("\"labels\":{{\"function\":\"{function}\",\"line\":\"{line}\",\"module\":\"{module}\"}}");
    format!("\",\"context\":{{\"name\":\"{module}\",\"service\":\"harbor\"}},{labels}").into_bytes()
}

#[expect(clippy::expect_used, reason = "the templates are compiled in, and each test reads all of them")]
fn pieces(text: &str) -> Vec<(Vec<u8>, Option<Variable>)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((literal, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').expect("a closing brace");
        pieces.push((literal.as_bytes().to_vec(), Some(Variable::named(name))));
        rest = after;
    }
    pieces.push((rest.as_bytes().to_vec(), None));
    pieces
}

impl Variable {
    fn named(name: &str) -> Self {
        match name {
            "n" => Variable::Number,
            "ms" => Variable::Millis,
            "sec" => Variable::Seconds,
            "pct" => Variable::Percent,
            "uuid" => Variable::Uuid,
            "hex" => Variable::Hex,
            "user" => Variable::User,
            "ip" => Variable::Ip,
            "path" => Variable::Path,
            "date" => Variable::Date,
            _ => panic!("no variable is called {name}"),
        }
    }

    fn write(self, json: &mut JsonWriter, rng: &mut Rng) {
        match self {
            Variable::Number => json.decimal(1 + rng.below(480)),
            Variable::Millis => json.decimal(2 + rng.below(2_900)),
            Variable::Percent => json.decimal(rng.below(101)),
            Variable::Uuid => uuid(json, rng),
            Variable::Hex => json.hex(rng.word() | 0xa000_0000_0000, 12),
            Variable::User => numbered(json, b"user-", 1 + rng.below(5_000)),
            Variable::Seconds => {
                json.decimal(rng.below(40));
                numbered(json, b".", 10 + rng.below(90));
            }
            Variable::Ip => {
                numbered(json, b"10.", rng.below(64));
                numbered(json, b".", rng.below(256));
                numbered(json, b".", 1 + rng.below(254));
            }
            Variable::Path => {
                numbered(json, b"/data/quay-", 1 + rng.below(24));
                numbered(json, b"/part-", rng.below(9_000));
                json.put(b".bin");
            }
            Variable::Date => {
                numbered(json, b"2025-1", rng.below(3));
                json.put(b"-");
                json.padded(1 + rng.below(28), 2);
            }
        }
    }
}

fn numbered(json: &mut JsonWriter, before: &[u8], number: u64) {
    json.put(before);
    json.decimal(number);
}

fn uuid(json: &mut JsonWriter, rng: &mut Rng) {
    let (high, low) = (rng.word(), rng.word());
    json.hex(high >> 32, 8);
    json.put(b"-");
    json.hex(high >> 16, 4);
    json.put(b"-4");
    json.hex(high, 3);
    json.put(b"-a");
    json.hex(low >> 48, 3);
    json.put(b"-");
    json.hex(low, 12);
}
