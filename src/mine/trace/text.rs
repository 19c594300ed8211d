//! Small readings that all languages share.

use std::borrow::Cow;

use memchr::memmem::find;

/// Undoes line breaks written as `\n`, as they are in messages that were JSON inside a string.
pub fn with_line_breaks(message: &str) -> Cow<'_, str> {
    let escaped = ["\\n  ", "\\n\\t", "\\n\t", "\\nTraceback", "\\n\\n", "\\n#0 ", "\\n   at "];
    if !escaped.iter().any(|mark| find(message.as_bytes(), mark.as_bytes()).is_some()) {
        return Cow::Borrowed(message);
    }
    Cow::Owned(message.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "").replace("\\\"", "\""))
}

/// Directories and namespaces of code that a service did not write itself.
const LIBRARIES: [&str; 36] = [
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
    "internal/",
    "<string>",
    "<anonymous>",
    "/vendor/",
    "/gems/",
    "/lib/ruby/",
    "<internal:",
    "java.",
    "javax.",
    "jakarta.",
    "jdk.",
    "sun.",
    "com.sun.",
    "kotlin.",
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
];
/// From here on `LIBRARIES` holds namespaces, which a function's name begins with.
const FIRST_NAMESPACE: usize = 17;

pub fn is_application(file: &str, function: &str) -> bool {
    let (directories, namespaces) = LIBRARIES.split_at(FIRST_NAMESPACE);
    let starts_file = |mark: &&str| file.starts_with(*mark);
    let in_library = directories.iter().any(|mark| match *mark {
        "node:" | "internal/" => starts_file(mark),
        mark => file.contains(mark),
    });
    !in_library && !namespaces.iter().any(|space| function.starts_with(space))
}

/// `Type: message` or `Type`, if the first word reads like the name of an exception.
pub fn type_and_message(line: &str) -> Option<(&str, &str)> {
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
