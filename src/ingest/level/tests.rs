//! Lines of all kinds with the level that a careful reader sees, in `tests/cases/levels`.

use proptest::prelude::*;

use super::*;

fn rows(table: &str) -> impl Iterator<Item = Vec<String>> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with("# "));
    lines.map(|line| {
        let unescaped = |cell: &str| cell.replace("\\n", "\n").replace("\\t", "\t").replace("\\e", "\x1b");
        line.split('\t').map(unescaped).collect()
    })
}

#[test]
fn what_tells_of_a_level_is_raised() {
    let table = include_str!("../../../tests/cases/levels/raised.tsv");
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in rows(table) {
        let [level, source, stream, said, text] = &row[..] else { panic!("five cells: {row:?}") };
        count += 1;
        let found = read(text, stream == "stderr").map(|(level, source)| (level, source.as_str()));
        if found != Some((level.as_str(), source.as_str())) {
            wrong.push(format!("{text:?}: {found:?}, not {level} {source}"));
        }
        let mut buffer = String::new();
        let start = statement(crate::mine::clean(text, &mut buffer));
        if said != "-" && !start.starts_with(said.as_str()) {
            wrong.push(format!("{text:?}: {start:?}, not {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 120, "{count}");
}

#[test]
fn what_only_speaks_of_failures_is_not() {
    let table = include_str!("../../../tests/cases/levels/not_raised.tsv");
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in rows(table) {
        let [stream, text] = &row[..] else { panic!("two cells: {row:?}") };
        count += 1;
        let found = read(text, stream == "stderr");
        if found.is_some_and(|(level, _)| !matches!(level, "INFO" | "DEBUG")) {
            wrong.push(format!("{text:?}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 120, "{count}");
}

#[test]
fn a_template_is_named_by_what_is_said() {
    let cases = [
        ("[<*> <*>] ERROR | shop.kettle | Kettle <*> gave no answer", "Kettle <*> gave no answer"),
        ("<*> - shop.till - ERROR - till <*> is stuck", "till <*> is stuck"),
        ("[Nest] <*> - <*> ERROR [LampModule] The lamp has no wick", "The lamp has no wick"),
        ("time=<*> level=ERROR msg=\"till is stuck\" code=<*>", "till is stuck"),
        ("<*> ERROR <*> --- [nio-<*>] c.e.shop.Till : till is stuck", "till is stuck"),
        ("\n\n*****\nTHE KETTLE DID NOT BOIL\n*****", "THE KETTLE DID NOT BOIL\n*****"),
        ("no head at all", "no head at all"),
        ("***", "***"),
    ];
    for (template, wanted) in cases {
        assert_eq!(statement(template), wanted, "{template}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in "(\\PC|[\\[\\]|:\\-<> \t\n\x1b0-9ERO]|ERROR|error|failed|2025-06-10|10:00:00|level=|❌){0,24}") {
        let start = statement_start(&text);
        prop_assert!(text.is_char_boundary(start));
        for is_stderr in [true, false] {
            read(&text, is_stderr);
        }
        declared(&text);
        statement(&text);
    }
}
