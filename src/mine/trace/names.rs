//! Names of functions that compilers, virtual machines and frameworks make: classes made at run time and the numbers
//! in their names do not tell failures apart, nor does how much of a name a runtime's version writes.

use std::borrow::Cow;

/// Behind one of these a class goes on that nobody wrote: CGLIB, Spring, Guice, Hibernate, Mockito, Byte Buddy, Javassist,
/// Weld. What begins with `$$` and a capital is one, too.
const MADE: [&str; 8] = [
    "$HibernateProxy$",
    "$MockitoMock$",
    "$ByteBuddy$",
    "$auxiliary$",
    "_$$_",
    "$$$view",
    "$HibernateBasicProxy$",
    "_ClientProxy.",
];
const PROXY: &str = "$Proxy";
/// `GeneratedMethodAccessor12`: made when a method was called by its name often enough.
const ACCESSOR: &str = ".Generated";
const DYNAMIC: &str = "lambda_method";
const RUBY: [&str; 7] = [".rb", ".erb", ".rake", ".ru", ".haml", ".slim", ".jbuilder"];

/// Whether the code was made at run time: it stands in no file, and there is nothing to look at.
pub(super) fn is_made(function: &str) -> bool {
    class_end(function).is_some() || function.starts_with(DYNAMIC) || function.starts_with("DynamicClass.")
}

/// The name that is the same in every process and every version.
pub(super) fn stable<'t>(file: &str, function: &'t str) -> Cow<'t, str> {
    if let Some(end) = class_end(function) {
        let method = function[end..].rsplit_once('.').map_or("", |(_, method)| method);
        // packages of proxies are numbered as well
        let class = if function[..end].ends_with(PROXY) && !is_nested_proxy(&function[..end]) {
            PROXY
        } else {
            &function[..end]
        };
        return Cow::Owned(format!("{class}.{method}"));
    }
    if function.starts_with(DYNAMIC) || function.contains(ACCESSOR) {
        return Cow::Owned(function.replace(|c: char| c.is_ascii_digit(), ""));
    }
    if is_ruby(file) {
        let function = without_ruby_class(function, &['#', '.']);
        return without_ruby_clause(function);
    }
    if function.contains('#') { without_ruby_class(function, &['#']) } else { Cow::Borrowed(function) }
}

/// Where the part of a class that somebody wrote ends, if it goes on.
fn class_end(function: &str) -> Option<usize> {
    if !function.contains(['$', '_']) {
        return None;
    }
    let named = MADE.iter().filter_map(|mark| function.find(mark)).min();
    let doubled =
        function.match_indices("$$").find(|(at, _)| function[at + 2..].starts_with(|c: char| c.is_ascii_uppercase()));
    let numbered = function.match_indices(PROXY).map(|(at, _)| at + PROXY.len());
    let numbered = numbered.into_iter().find(|&end| function[end..].starts_with(|c: char| c.is_ascii_digit()));
    [named, doubled.map(|(at, _)| at), numbered].into_iter().flatten().min()
}

/// A class in a package of the service's own, as `com.acme.$Proxy12` is.
fn is_nested_proxy(class: &str) -> bool {
    class.strip_suffix(PROXY).is_some_and(|package| !package.is_empty() && !package.ends_with('.'))
}

/// Scripts such as `bin/rails` and `Rakefile` have no ending.
fn is_ruby(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    let is_script = || name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    RUBY.iter().any(|end| name.ends_with(end)) || !name.is_empty() && is_script()
}

/// Since 3.4 Ruby writes `Till#sell`, `Seat.find` and `block in Till#sell`, where it was the method's name alone.
fn without_ruby_class<'t>(function: &'t str, ties: &[char]) -> Cow<'t, str> {
    let start = function.rfind(' ').map_or(0, |blank| blank + 1);
    let name = &function[start..];
    let class = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':')).count();
    let is_class = class > 0 && name.starts_with(|c: char| c.is_ascii_uppercase());
    match name.get(class..).and_then(|rest| rest.strip_prefix(ties)) {
        Some(method) if is_class && !method.is_empty() => Cow::Owned(format!("{}{method}", &function[..start])),
        _ => Cow::Borrowed(function),
    }
}

/// `rescue in sell` of older versions is `sell` since 3.4.
fn without_ruby_clause(function: Cow<'_, str>) -> Cow<'_, str> {
    const CLAUSES: [&str; 2] = ["rescue in ", "ensure in "];
    if !CLAUSES.iter().any(|clause| function.contains(clause)) {
        return function;
    }
    Cow::Owned(CLAUSES.iter().fold(function.into_owned(), |function, clause| function.replace(clause, "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_at_run_time_has_the_name_of_what_was_written() {
        for (function, wanted) in [
            ("com.acme.SeatService$$EnhancerBySpringCGLIB$$8aebfe38.take", "com.acme.SeatService.take"),
            ("com.acme.SeatService$$FastClassBySpringCGLIB$$4ed8b6b.invoke", "com.acme.SeatService.invoke"),
            ("com.acme.SeatService$$SpringCGLIB$$0.take", "com.acme.SeatService.take"),
            ("com.acme.Till$$EnhancerByGuice$$a1b2c3d4.refund", "com.acme.Till.refund"),
            ("com.acme.Seat$HibernateProxy$SzXDkaYB.getRow", "com.acme.Seat.getRow"),
            ("com.acme.Seat$MockitoMock$12.getRow", "com.acme.Seat.getRow"),
            ("com.acme.EntityResource_$$_javassist_seam_42.get", "com.acme.EntityResource.get"),
            ("com.acme.Seat_$$_jvst4f2_0.getRow", "com.acme.Seat.getRow"),
            ("com.acme.Run$$Lambda$123/0x0000000800c8d840.run", "com.acme.Run.run"),
            ("com.acme.Run$$Lambda/0x00007f1.run", "com.acme.Run.run"),
            ("com.sun.proxy.$Proxy12.take", "$Proxy.take"),
            ("jdk.proxy2.$Proxy45.take", "$Proxy.take"),
            ("$Proxy123.take", "$Proxy.take"),
        ] {
            assert_eq!(stable("", function), wanted);
            assert!(is_made(function), "{function}");
        }
        for function in [
            "com.acme.Run.lambda$run$0",
            "com.acme.TillKt$charge$2$1.invokeSuspend",
            "Foo$Proxy.get",
            "a.B$$anonfun$1.c",
        ] {
            assert!(!is_made(function), "{function}");
        }
        assert_eq!(stable("", "lambda_method123"), "lambda_method");
        let accessor = "jdk.internal.reflect.GeneratedMethodAccessor12.invoke";
        assert_eq!(stable("", accessor), "jdk.internal.reflect.GeneratedMethodAccessor.invoke");
    }

    #[test]
    fn rubys_methods_have_their_names_alone() {
        for (function, wanted) in [
            ("Till#sell", "sell"),
            ("Integer#/", "/"),
            ("Shop::Seat.find", "find"),
            ("block (2 levels) in Till#sell", "block (2 levels) in sell"),
            ("rescue in run!", "run!"),
            ("ensure in block in run", "block in run"),
            ("<main>", "<main>"),
            ("block in <main>", "block in <main>"),
            ("sell", "sell"),
            ("<class:Till>", "<class:Till>"),
        ] {
            assert_eq!(stable("app/till.rb", function), wanted);
        }
        assert_eq!(stable("till.py", "Seat.find"), "Seat.find");
        assert_eq!(stable("till.js", "Seat.#find"), "Seat.#find");
        assert_eq!(stable("bin/till", "Till#sell"), "sell");
        assert_eq!(stable("bin/till", "Shop::Seat.find"), "find");
    }
}
