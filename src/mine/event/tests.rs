use super::*;

/// The members and heads of what is joined, each line a microsecond after the one before.
fn events_of(messages: &[&str]) -> Vec<(usize, usize, String)> {
    let times: Vec<i64> = (0..messages.len() as i64).map(|at| at * 1_000).collect();
    join(messages, &times, |_| false).into_iter().map(|found| (found.first, found.last, found.head)).collect()
}

#[test]
fn a_printed_object_says_its_message() {
    let dump = [
        "❌ The lamp service does not start: WickError: [",
        "  {",
        "    \"code\": \"missing\",",
        "    \"path\": [",
        "      \"LAMP_OIL_URL\"",
        "    ],",
        "    \"message\": \"Needed\"",
        "  }",
        "]",
        "    at check (/srv/check.js:45:31)",
        "    at main (/srv/lamp.js:15:46) {",
        "  issues: [ [Object] ],",
        "  addIssue: [Function (anonymous)]",
        "}",
        "next",
    ];
    let head = "❌ The lamp service does not start: WickError: LAMP_OIL_URL Needed";
    assert_eq!(events_of(&dump), [(0, 13, head.to_owned())]);
    let object = ["{", "  status: 502,", "  error: 'no tea',", "}", "{", "  status: 200", "}"];
    assert_eq!(events_of(&object), [(0, 3, "no tea".to_owned()), (4, 6, "{ status: 200 }".to_owned())]);
    let call = ["Request failed {", "message: 'no tea'", "}", "ready"];
    assert_eq!(events_of(&call), [(0, 2, "Request failed: no tea".to_owned())]);
}

#[test]
fn what_nobody_closes_joins_nothing() {
    assert!(events_of(&["a {", "b {", "c", "d (", "e"]).is_empty());
    assert!(events_of(&["order (", "2025-06-10 10:00:00 ERROR no tea", ")"]).is_empty());
    assert!(events_of(&["tea:  (", "é:  milk", "\u{e9}DETAIL:  milk"]).is_empty());
    assert!(events_of(&["ready :)", "it's done", "a \"b\" c", "screen of 5\" width", "six\" more"]).is_empty());
    let slow = join(&["a {", "  b", "}"], &[0, 200_000_000, 200_001_000], |_| false);
    assert!(slow.is_empty(), "{slow:?}");
    let many: Vec<String> =
        (0..2_000).map(|at| if at == 0 { "a {".into() } else { format!("row {at}") }).chain(["}".into()]).collect();
    assert!(events_of(&many.iter().map(String::as_str).collect::<Vec<_>>()).is_empty());
}

#[test]
fn indented_lines_belong_to_their_head() {
    assert_eq!(
        events_of(&["plan is wrong", "  - tea is missing", "", "  - milk", "", "bye"]),
        [(0, 3, "plan is wrong".to_owned())]
    );
    assert_eq!(
        events_of(&["fail: Shop.Till[0]", "      no tea", "info: Shop.Till[0]", "      tea"]),
        [(0, 1, "fail: Shop.Till[0] no tea".to_owned()), (2, 3, "info: Shop.Till[0] tea".to_owned())]
    );
    assert!(events_of(&["up", "  2025-06-10 10:00:00 INFO tea"]).is_empty());
}

#[test]
fn what_another_call_wrote_begins_anew() {
    let lines = ["migrations are skipped", "   WARNING: no tea", "plan is wrong", "  - tea is missing"];
    let joined = join(&lines, &[0, 1_000, 2_000, 3_000], |at| at < 3);
    assert_eq!(joined.iter().map(|it| (it.first, it.last)).collect::<Vec<_>>(), [(2, 3)]);
}

#[test]
fn quotes_queries_and_tables() {
    assert_eq!(events_of(&["reply=\"first", "second", "third\"", "x"]), [(0, 2, "reply=\"first".to_owned())]);
    assert_eq!(
        events_of(&["Query failed:", "SELECT a", "FROM b", "WHERE c = 1;", "up"]),
        [(0, 3, "Query failed: SELECT a".to_owned())]
    );
    let table = ["+----+----+", "| a  | b  |", "+----+----+", "| 1  | 2  |", "+----+----+", "up"];
    assert_eq!(events_of(&table), [(0, 4, "| a  | b  |".to_owned())]);
    assert_eq!(events_of(&["======", "Tea house", "======", "up", "======"]), [(0, 2, "Tea house".to_owned())]);
}

#[test]
fn postgres_goes_on_in_its_process() {
    let line =
        |process: u32, said: &str| format!("2025-06-10 10:01:50.100 UTC [{process}]: [5-1] db=tea,user=till {said}");
    let lines = [
        line(410, "ERROR:  deadlock detected"),
        line(410, "DETAIL:  Process 410 waits."),
        line(410, "STATEMENT:  update seats"),
        "\tset taken = true".to_owned(),
        line(411, "DETAIL:  of another"),
        line(410, "LOG:  connection authorized"),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(events_of(&lines), [(0, 3, lines[0].to_owned())]);
}

#[test]
fn a_head_that_says_nothing_takes_the_lines_below() {
    let tag = "[51769a2e-c325]";
    let rails = format!("F, [2025-06-10T10:00:00.339664 #1] FATAL -- : {tag}");
    let lines = [
        format!("{rails}   "),
        format!("{tag} TillError (no tea"),
        "in the cellar):".to_owned(),
        format!("{rails} app/till.rb:4:in `sell'"),
        format!("I, [2025-06-10T10:00:00.400000 #1]  INFO -- : {tag} Completed"),
        "plain".to_owned(),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(events_of(&lines), [(0, 3, format!("{rails} TillError (no tea"))]);
    for head in [
        "2025-06-10 10:00:00 ERROR shop.till: ",
        "ERROR:root:",
        "2025-06-10 10:00:00,123 ERROR [main] com.acme.Till - ",
        "2025-06-10T10:00:00.123Z ERROR 1 --- [shop] [exec-3] c.acme.shop.Till   : ",
        "[2025-06-10 10:00:00 +0000] [7] [ERROR]",
    ] {
        let next = "2025-06-10 10:00:00 INFO shop.till: tea";
        assert_eq!(events_of(&[head, "no tea", "", "nor milk", next]), [(0, 3, format!("{} no tea", head.trim()))]);
    }
}

#[test]
fn a_head_that_says_something_takes_nothing() {
    for head in [
        "2025-06-10 10:00:00 ERROR no tea",
        "2025-06-10 10:00:00 ERROR timeout [42]",
        "2025-06-10 10:00:00 ERROR Failed",
        "the last word is ERROR",
        "2025-06-10 10:00:00 shop.till: ",
        "GET /till [42]",
    ] {
        assert!(events_of(&[head, "a plain line"]).is_empty(), "{head}");
    }
    let info = "2025-06-10 10:00:00 INFO shop.till: ";
    assert_eq!(events_of(&[info, "tea", "Error: no milk"]), [(0, 1, format!("{} tea", info.trim()))]);
}
