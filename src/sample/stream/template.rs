//! The messages of the stream: `templates.txt` cut into literals and variables, ready to be written.

use super::super::rng::Rng;
use super::pen::Pen;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Debug,
    Info,
    Warning,
    Error,
}

impl Severity {
    pub fn name(self) -> &'static str {
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

pub struct Template {
    severity: Severity,
    pieces: Vec<(Vec<u8>, Option<Variable>)>,
    /// The payload after the message
    context: Vec<u8>,
}

impl Template {
    pub fn severity(&self) -> Severity {
        self.severity
    }

    pub fn context(&self) -> &[u8] {
        &self.context
    }

    pub fn write_message(&self, pen: &mut Pen, rng: &mut Rng) {
        for (literal, variable) in &self.pieces {
            pen.put(literal);
            if let Some(variable) = variable {
                variable.write(pen, rng);
            }
        }
    }
}

/// By service, then by severity
pub struct Templates([[Vec<Template>; 4]; 4]);

impl Templates {
    #[expect(clippy::expect_used, reason = "the templates are compiled in, and each test reads all of them")]
    pub fn parse() -> Self {
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
    pub fn draw(&self, service: usize, severity: Severity, rng: &mut Rng) -> &Template {
        let choice = &self.0[service][severity as usize];
        let count = choice.len() as u64;
        &choice[rng.below(count).min(rng.below(count)) as usize]
    }

    /// The error that a worse revision brings
    pub fn first_error(&self, service: usize) -> &Template {
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

    fn write(self, pen: &mut Pen, rng: &mut Rng) {
        match self {
            Variable::Number => pen.decimal(1 + rng.below(480)),
            Variable::Millis => pen.decimal(2 + rng.below(2_900)),
            Variable::Percent => pen.decimal(rng.below(101)),
            Variable::Uuid => uuid(pen, rng),
            Variable::Hex => pen.hex(rng.word() | 0xa000_0000_0000, 12),
            Variable::User => numbered(pen, b"user-", 1 + rng.below(5_000)),
            Variable::Seconds => {
                pen.decimal(rng.below(40));
                numbered(pen, b".", 10 + rng.below(90));
            }
            Variable::Ip => {
                numbered(pen, b"10.", rng.below(64));
                numbered(pen, b".", rng.below(256));
                numbered(pen, b".", 1 + rng.below(254));
            }
            Variable::Path => {
                numbered(pen, b"/data/quay-", 1 + rng.below(24));
                numbered(pen, b"/part-", rng.below(9_000));
                pen.put(b".bin");
            }
            Variable::Date => {
                numbered(pen, b"2025-1", rng.below(3));
                pen.put(b"-");
                pen.padded(1 + rng.below(28), 2);
            }
        }
    }
}

fn numbered(pen: &mut Pen, before: &[u8], number: u64) {
    pen.put(before);
    pen.decimal(number);
}

fn uuid(pen: &mut Pen, rng: &mut Rng) {
    let (high, low) = (rng.word(), rng.word());
    pen.hex(high >> 32, 8);
    pen.put(b"-");
    pen.hex(high >> 16, 4);
    pen.put(b"-4");
    pen.hex(high, 3);
    pen.put(b"-a");
    pen.hex(low >> 48, 3);
    pen.put(b"-");
    pen.hex(low, 12);
}
