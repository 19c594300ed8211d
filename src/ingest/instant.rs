//! Times and durations that clients print as protobuf holds them: whole seconds, and nanoseconds beside them.

use std::borrow::Cow;

use jiff::Timestamp;

use super::json::{Cursor, Read};

/// A time's text, or one written from `{"seconds": "1738936802", "nanos": 565396000}`.
pub fn time<'a>(value: &mut Cursor<'a>) -> Read<Option<Cow<'a, str>>> {
    if value.peek() != b'{' {
        return value.text();
    }
    let at = seconds_and_nanos(value)?.and_then(|at| Timestamp::from_nanosecond(at.into()).ok());
    Ok(at.map(|at| at.to_string().into()))
}

/// In nanoseconds.
pub fn seconds_and_nanos(value: &mut Cursor<'_>) -> Read<Option<i64>> {
    let (mut seconds, mut nanos) = (None, 0);
    let number = |value: &mut Cursor<'_>| Ok(value.scalar()?.and_then(|text| text.parse::<i64>().ok()));
    value.members(|key, value| {
        match key {
            "seconds" | "_seconds" => seconds = number(value)?,
            "nanos" | "nanoseconds" | "_nanoseconds" => nanos = number(value)?.unwrap_or(0),
            _ => value.skip()?,
        }
        Ok(())
    })?;
    Ok(seconds.and_then(|seconds: i64| seconds.checked_mul(1_000_000_000)?.checked_add(nanos)))
}
