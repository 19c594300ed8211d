//! Requests that a program's access log tells in the fields of a record.

use std::borrow::Cow;

use super::{
    access::{self, METHODS},
    json::{Cursor, Read},
    request_log::RequestLog,
};

/// What a field is to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Method,
    Target,
    Status,
    /// `GET /till HTTP/1.1`.
    Line,
    /// A length of time in this unit; one in words names its own.
    Time(&'static str),
    Agent,
    /// An object that holds others of these.
    Object,
}

/// Compared without case and signs.
const FIELDS: [(&str, Field); 47] = [
    ("method", Field::Method),
    ("requestmethod", Field::Method),
    ("reqmethod", Field::Method),
    ("httpmethod", Field::Method),
    ("httprequestmethod", Field::Method),
    ("verb", Field::Method),
    ("path", Field::Target),
    ("url", Field::Target),
    ("uri", Field::Target),
    ("urlpath", Field::Target),
    ("originalurl", Field::Target),
    ("requesturi", Field::Target),
    ("requesturl", Field::Target),
    ("requestpath", Field::Target),
    ("httppath", Field::Target),
    ("httptarget", Field::Target),
    ("httpurl", Field::Target),
    ("status", Field::Status),
    ("statuscode", Field::Status),
    ("responsecode", Field::Status),
    ("responsestatus", Field::Status),
    ("responsestatuscode", Field::Status),
    ("httpstatus", Field::Status),
    ("httpstatuscode", Field::Status),
    ("httpresponsestatuscode", Field::Status),
    ("downstreamstatus", Field::Status),
    ("requestline", Field::Line),
    ("ms", Field::Time("ms")),
    ("durationms", Field::Time("ms")),
    ("latencyms", Field::Time("ms")),
    ("elapsedms", Field::Time("ms")),
    ("elapsedmilliseconds", Field::Time("ms")),
    ("responsetimems", Field::Time("ms")),
    ("responsetime", Field::Time("ms")),
    ("elapsed", Field::Time("ms")),
    ("requesttime", Field::Time("s")),
    ("latency", Field::Time("")),
    ("duration", Field::Time("")),
    ("latencyhuman", Field::Time("")),
    ("useragent", Field::Agent),
    ("httpuseragent", Field::Agent),
    ("req", Field::Object),
    ("res", Field::Object),
    ("request", Field::Object),
    ("response", Field::Object),
    ("http", Field::Object),
    ("meta", Field::Object),
];

/// Objects inside one another that are looked into.
const DEPTH: usize = 2;

fn field(key: &str) -> Option<Field> {
    let mut letters = [0; 30];
    let mut count = 0;
    for byte in key.bytes().filter(u8::is_ascii_alphanumeric) {
        *letters.get_mut(count)? = byte.to_ascii_lowercase();
        count += 1;
    }
    FIELDS.iter().find(|(known, _)| known.as_bytes() == &letters[..count]).map(|(_, field)| *field)
}

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Record<'a> {
    method: Option<Cow<'a, str>>,
    target: Option<Cow<'a, str>>,
    status: Option<u16>,
    latency_ns: Option<i64>,
    user_agent: Option<Cow<'a, str>>,
    /// What is said beside the fields.
    said: Option<String>,
    /// The status stands among what was answered.
    is_of_answer: bool,
}

impl<'a> Record<'a> {
    /// Takes a member of a payload, whatever it is.
    pub(super) fn take(&mut self, key: &str, value: &mut Cursor<'a>) -> Read<()> {
        self.take_at(key, value, DEPTH)
    }

    fn take_at(&mut self, key: &str, value: &mut Cursor<'a>, depth: usize) -> Read<()> {
        match (field(key), value.peek()) {
            (Some(Field::Object | Field::Target), b'{') if depth > 0 => {
                let had_status = self.status.is_some();
                value.members(|key, value| self.take_at(key, value, depth - 1))?;
                let is_of_answer = matches!(key, "res" | "response");
                self.is_of_answer |= is_of_answer && !had_status && self.status.is_some();
            }
            (Some(Field::Object), b'"') => {
                if let Some(text) = value.text()? {
                    self.set(Field::Line, text);
                }
            }
            (Some(field), b'"' | b'0'..=b'9') => {
                if let Some(text) = value.scalar()? {
                    self.set(field, text);
                }
            }
            _ => value.skip()?,
        }
        Ok(())
    }

    fn set(&mut self, field: Field, value: Cow<'a, str>) {
        let slot = match field {
            Field::Method if METHODS.contains(&value.as_ref()) => &mut self.method,
            Field::Target if value.starts_with('/') => &mut self.target,
            Field::Agent => &mut self.user_agent,
            Field::Status => {
                self.status = self.status.or(access::status(&value));
                return;
            }
            Field::Line => {
                if let Some((method, target)) = access::asked_for(&value) {
                    self.method = Some(Cow::Owned(method.to_owned()));
                    self.target = Some(Cow::Owned(target.to_owned()));
                }
                return;
            }
            Field::Time(unit) => {
                let told = access::in_ns(&value, unit).or_else(|| access::latency(&value));
                self.latency_ns = self.latency_ns.or(told);
                return;
            }
            Field::Method | Field::Target | Field::Object => return,
        };
        slot.get_or_insert(value);
    }

    /// The pairs `key=value` of a line, and the words between them.
    pub(super) fn of_pairs(text: &str) -> Record<'static> {
        let mut record = Record::default();
        let mut said = String::new();
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find([' ', '=', '{', '}', '\n', '\t']).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(end);
            let Some(value) = behind.strip_prefix('=') else {
                // the place in the code is no word
                if !word.contains("::") && word.chars().any(char::is_alphabetic) {
                    said.push_str(word);
                    said.push(' ');
                }
                rest = behind.get(1..).unwrap_or_default();
                continue;
            };
            let (value, behind) = match value.strip_prefix('"') {
                Some(inside) => inside.split_once('"').unwrap_or((inside, "")),
                None => value.split_at(value.find([' ', '}', '\n', '\t']).unwrap_or(value.len())),
            };
            match field(word) {
                Some(Field::Object) => record.set(Field::Line, Cow::Owned(value.to_owned())),
                Some(field) => {
                    record.set(field, Cow::Owned(value.to_owned()));
                    // `latency=12 ms`
                    let unit = behind.trim_start().split([' ', '\n']).next().unwrap_or_default();
                    if matches!(field, Field::Time(_)) && record.latency_ns.is_none() {
                        record.set(field, Cow::Owned(format!("{value} {unit}")));
                    }
                }
                None if matches!(word, "msg" | "message" | "event") => {
                    said.push_str(value);
                    said.push(' ');
                }
                None => {}
            }
            rest = behind;
        }
        // a head before the pairs says who writes, in one word or two
        record.said = Some(said);
        record
    }

    pub(super) fn saying(mut self, said: Option<&str>) -> Self {
        self.said = said.map(str::to_owned);
        self
    }

    /// The request, where the record says no more than that it ended.
    pub(super) fn request(self) -> Option<RequestLog<'a>> {
        self.status?;
        let said = self.said.as_deref().unwrap_or_default();
        let is_whole = self.method.is_some() && self.target.is_some();
        let has_end = self.is_of_answer && said.split(' ').any(|word| word == "completed" || word == "errored");
        if !(is_whole || has_end) || !self.says_no_more(said) {
            return None;
        }
        Some(RequestLog {
            saying: (!is_whole).then(|| said.trim().to_owned()),
            method: self.method,
            resource: self.target.filter(|_| is_whole),
            status: self.status,
            latency_ns: self.latency_ns,
            user_agent: self.user_agent,
            is_of_program: true,
            is_record: true,
            ..RequestLog::default()
        })
    }

    /// What access logs say beside the fields: `request completed`, `GET /till`.
    fn says_no_more(&self, said: &str) -> bool {
        const WORDS: &str = "request requests response http https access log completed complete finished handled handling \
            served processed processing errored done ended incoming inbound received api server call sent responded in took \
            ms with status code to for from the a req res info debug warn warning error";
        let is_known = |word: &str| {
            let is_value = [&self.method, &self.target].into_iter().flatten().any(|value| {
                value.eq_ignore_ascii_case(word) || value.split('?').next().is_some_and(|path| path == word)
            });
            is_value
                || word.starts_with(|c: char| c.is_ascii_digit())
                || word.starts_with("HTTP/")
                || !word.contains(char::is_alphanumeric)
                || word.split('_').all(|word| WORDS.split_whitespace().any(|known| known.eq_ignore_ascii_case(word)))
        };
        let mut words = said.split_whitespace().map(|word| word.trim_matches(|c: char| ":,.\"[]()".contains(c)));
        words.all(is_known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: &str, said: Option<&str>) -> Option<String> {
        let mut record = Record::default();
        Cursor::new(json).members(|key, value| record.take(key, value)).unwrap();
        let read = record.saying(said).request()?;
        let latency = read.latency_ns.map(|ns| format!(" {}us", ns / 1_000)).unwrap_or_default();
        let method = read.method.unwrap_or_default();
        let target = read.resource.unwrap_or_default();
        Some(format!("{method} {target} {}{latency}", read.status.unwrap_or_default()))
    }

    #[test]
    fn fields_tell_requests() {
        let cases = [
            (
                r#"{"request_method":"GET","request_uri":"/till","status":503,"request_time":0.012}"#,
                None,
                "GET /till 503 12000us",
            ),
            (
                r#"{"request":"GET /till HTTP/1.1","status":"503","request_time":"0.012"}"#,
                None,
                "GET /till 503 12000us",
            ),
            (r#"{"method":"GET","path":"/till","status":503,"ms":12}"#, Some("request"), "GET /till 503 12000us"),
            (r#"{"method":"GET","uri":"/till","status":503,"latency":"1.5ms"}"#, None, "GET /till 503 1500us"),
            (r#"{"method":"GET","path":"/till","status":503,"latency":1500}"#, Some("/till"), "GET /till 503"),
            (
                r#"{"req":{"method":"GET","url":"/till"},"res":{"statusCode":503},"responseTime":12}"#,
                Some("request errored"),
                "GET /till 503 12000us",
            ),
            (
                r#"{"request":{"method":"GET","uri":"/till"},"duration":0.1,"status":503}"#,
                Some("handled request"),
                "GET /till 503",
            ),
            (
                r#"{"http":{"request":{"method":"GET"},"response":{"status_code":503}},"url":{"path":"/till"}}"#,
                None,
                "GET /till 503",
            ),
            (
                r#"{"RequestMethod":"GET","RequestPath":"/till","StatusCode":503,"Elapsed":12.5}"#,
                Some("HTTP GET /till responded 503 in 12.5 ms"),
                "GET /till 503 12500us",
            ),
            (r#"{"res":{"statusCode":503},"responseTime":12}"#, Some("request completed"), "  503 12000us"),
            (r#"{"method":"GET","path":"/till","response_code":503,"duration":"12"}"#, None, "GET /till 503"),
        ];
        for (json, said, wanted) in cases {
            assert_eq!(told(json, said).as_deref(), Some(wanted), "{json}");
        }
    }

    #[test]
    fn other_fields_tell_none() {
        let cases = [
            (r#"{"method":"GET","url":"https://api.example/x","status":503}"#, Some("request")),
            (r#"{"method":"GET","path":"/till","status":503}"#, Some("Unhandled exception in handler")),
            (r#"{"method":"GET","path":"/till","status":"failed"}"#, None),
            (r#"{"method":"card","path":"/till","status":200}"#, None),
            (r#"{"method":"GET","path":"/till"}"#, Some("incoming request")),
            (r#"{"status":200}"#, Some("request completed")),
            (r#"{"method":"GET","path":"/till","status":5030}"#, None),
        ];
        for (json, said) in cases {
            assert_eq!(told(json, said), None, "{json}");
        }
    }
}
