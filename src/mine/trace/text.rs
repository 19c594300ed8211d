//! Small readings that all languages share.

use std::borrow::Cow;

use memchr::memmem::find;

use super::names;

/// Undoes line breaks written as `\n`, as they are in messages that were JSON inside a string.
pub(super) fn with_line_breaks(message: &str) -> Cow<'_, str> {
    let escaped = ["\\n  ", "\\n\\t", "\\n\t", "\\nTraceback", "\\n\\n", "\\n#0 ", "\\n! ", "\\nnote: run with"];
    if !escaped.iter().any(|mark| find(message.as_bytes(), mark.as_bytes()).is_some()) {
        return Cow::Borrowed(message);
    }
    Cow::Owned(message.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "").replace("\\\"", "\""))
}

/// Directories and namespaces of code that a service did not write itself.
const LIBRARIES: [&str; 60] = [
    "site-packages",
    "dist-packages",
    "/usr/lib",
    "/usr/local/lib",
    "/usr/local/go/",
    "node_modules",
    "/go/pkg/mod/",
    "<frozen",
    "frozen importlib",
    "node:",
    "ext:",
    "internal/",
    "<string>",
    "<anonymous>",
    "/vendor/",
    "/gems/",
    "/lib/ruby/",
    "<internal:",
    "dart:",
    "package:flutter",
    "webpack/bootstrap",
    "webpack/runtime",
    "java.",
    "javax.",
    "jakarta.",
    "jdk.",
    "sun.",
    "com.sun.",
    "kotlin.",
    "kotlinx.",
    "_COROUTINE.",
    "android.",
    "androidx.",
    "groovy.",
    "clojure.",
    "scala.",
    "org.springframework.",
    "org.apache.",
    "io.netty.",
    "io.grpc.",
    "reactor.",
    "com.fasterxml.",
    "com.mysql.",
    "com.zaxxer.",
    "org.hibernate.",
    "org.postgresql.",
    "org.eclipse.jetty.",
    "org.jboss.",
    "org.aspectj.",
    "org.mockito.",
    "org.junit.",
    "net.bytebuddy.",
    "com.google.common.",
    "com.google.inject.",
    "io.micrometer.",
    "io.micronaut.",
    "io.quarkus.",
    "io.undertow.",
    "io.vertx.",
    "org.glassfish.",
];
/// From here on `LIBRARIES` holds namespaces, which a function's name begins with.
const FIRST_NAMESPACE: usize = 22;

pub(super) fn is_application(file: &str, function: &str) -> bool {
    let (directories, namespaces) = LIBRARIES.split_at(FIRST_NAMESPACE);
    let starts_file = |mark: &&str| file.starts_with(*mark);
    let in_library = directories.iter().any(|mark| match *mark {
        "node:" | "ext:" | "internal/" | "dart:" => starts_file(mark),
        mark => file.contains(mark),
    });
    !in_library && !names::is_made(function) && !namespaces.iter().any(|space| function.starts_with(space))
}

/// `Type: message` or `Type`, if the first word reads like the name of an exception.
pub(super) fn type_and_message(line: &str) -> Option<(&str, &str)> {
    let (type_name, message) = match line.split_once(':') {
        Some((head, message)) if message.is_empty() || message.starts_with([' ', '\t']) => (head, message.trim()),
        _ => (line, ""),
    };
    is_type_name(type_name.trim()).then_some((type_name.trim(), message))
}

fn is_type_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '<' | '>' | '/'))
}

/// `Seat.java:9` or `/srv/till.js:10:5`: the first of one or two numbers at the end is the line.
pub(super) fn file_and_line(place: &str) -> (&str, Option<u32>) {
    let Some((head, last)) = place.rsplit_once(':') else {
        return (place, None);
    };
    let Ok(last) = last.parse::<u32>() else {
        return (place, None);
    };
    match head.rsplit_once(':').map(|(file, line)| (file, line.parse::<u32>())) {
        Some((file, Ok(line))) => (file, Some(line)),
        _ => (head, Some(last)),
    }
}
