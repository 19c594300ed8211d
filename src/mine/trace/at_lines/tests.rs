use super::*;

fn read(text: &str) -> (Vec<String>, String, String) {
    let trace = parse(text).unwrap();
    let types = trace.exceptions.iter().map(|exception| exception.type_name.clone()).collect();
    (types, trace.shape_text(), trace.headline())
}

#[test]
fn a_chain_may_begin_with_the_cause() {
    let last = "java.lang.RuntimeException: could not sync\n\tat com.acme.Sync.run(Sync.java:20)\nCaused by: java.io.IOException: feed 7 is broken\n\tat com.acme.Feed.read(Feed.java:9)\n\t... 1 common frames omitted";
    let first = "java.io.IOException: feed 7 is broken\n\tat com.acme.Feed.read(Feed.java:9)\n\t... 1 common frames omitted\nWrapped by: java.lang.RuntimeException: could not sync\n\tat com.acme.Sync.run(Sync.java:20)";
    let marked = "ERROR [2025-06-10 10:00:00,000] com.acme.Sync: sync failed\n! java.io.IOException: feed 7 is broken\n! at com.acme.Feed.read(Feed.java:9)\n! ... 1 common frames omitted\n! Causing: java.lang.RuntimeException: could not sync\n! at com.acme.Sync.run(Sync.java:20)";
    let shape = "java.io.IOException: feed <*> is broken in Feed.java com.acme.Feed.read";
    let tabbed = marked.replace("! at", "!\tat").replace("\n! Causing", "\n!\n! Causing");
    for text in [last, first, marked, &tabbed] {
        let (_, found, headline) = read(text);
        assert_eq!(
            (found.as_str(), headline.as_str()),
            (shape, "java.lang.RuntimeException: could not sync"),
            "{text}"
        );
    }
}

#[test]
fn what_was_suppressed_is_no_cause() {
    let text = "com.acme.TillException: till 4 is stuck\n\tat com.acme.Till.lambda$sell$0(Till.java:9) ~[classes/:na]\n\tSuppressed: reactor.core.publisher.FluxOnAssembly$OnAssemblyException: \nError has been observed at the following site(s):\n\t*__checkpoint ⇢ HTTP POST \"/sell\" [ExceptionHandlingWebHandler]\nOriginal Stack Trace:\n\t\tat com.acme.Till.lambda$sell$0(Till.java:9) ~[classes/:na]\n\t\tat reactor.core.publisher.FluxMap.onNext(FluxMap.java:1)\n\tCaused by: java.lang.Error: inside\n\t\tat com.acme.Other.close(Other.java:1)\nCaused by: java.io.IOException: pipe broke\n\tat com.acme.Pipe.open(Pipe.java:3) [shop.jar:1.4]";
    let (types, shape, _) = read(text);
    assert_eq!(types, ["com.acme.TillException", "java.io.IOException"]);
    assert_eq!(shape, "java.io.IOException: pipe broke in Pipe.java com.acme.Pipe.open");
}

#[test]
fn what_was_made_at_run_time_is_not_looked_at() {
    let text = |numbers: [&str; 3]| {
        let [one, two, three] = numbers;
        format!(
            "java.lang.IllegalStateException: no seat\n\tat com.acme.Seat$HibernateProxy${one}.getRow(Unknown Source)\n\tat com.acme.Plan$$Lambda${two}/0x0000000800c{three}.run(Unknown Source)\n\tat jdk.proxy2/jdk.proxy2.$Proxy{two}.draw(Unknown Source)\n\tat java.base/jdk.internal.reflect.GeneratedMethodAccessor{two}.invoke(Unknown Source)\n\tat com.acme.Plan.lambda$draw${two}(Plan.java:50)"
        )
    };
    let (one, two) = (text(["SzXDkaYB", "12", "8d840"]), text(["qLm2PzTe", "7", "91a08"]));
    assert_eq!(parse(&one).unwrap().frame_to_look_at().map(|frame| frame.line), Some(Some(50)));
    assert_eq!(read(&one).1, read(&two).1);
    let without_own =
        |text: &str| text.lines().filter(|line| !line.contains("Plan.java")).collect::<Vec<_>>().join("\n");
    assert_eq!(read(&without_own(&one)).1, read(&without_own(&two)).1);
}

const JS: &str = "Error: sync failed\n    at run (/srv/shop/sync.js:10:9)\n    at async main (/srv/shop/main.js:3:3) {\n  code: 'E_SYNC',\n  [cause]: TypeError: x.map is not a function\n      at parse (/srv/shop/parse.js:7:13)\n      at run (/srv/shop/sync.js:8:5)\n}";

#[test]
fn a_cause_inside_of_an_error_is_the_root() {
    let (types, shape, headline) = read(JS);
    assert_eq!(types, ["Error", "TypeError"]);
    assert_eq!(headline, "Error: sync failed");
    assert_eq!(shape, "TypeError: x.map is not a function in srv/shop/parse.js parse < srv/shop/sync.js run");
    assert_eq!(parse(JS).unwrap().exceptions[0].frames.len(), 2);
    let nested = JS.replace(
        "sync.js:8:5)\n}",
        "sync.js:8:5) {\n    [cause]: Error: connect ECONNREFUSED 10.0.0.7:5432\n        at connect (/srv/shop/db.js:4:11) {\n      errno: -111\n    }\n  }\n}",
    );
    assert_eq!(read(&nested).1, "Error: connect ECONNREFUSED <*> in srv/shop/db.js connect");
}

#[test]
fn a_cause_may_have_no_frames() {
    let frames = " in srv/shop/sync.js run";
    for text in [
        "Error: sync failed\n    at run (/srv/shop/sync.js:10:9) {\n  [cause]: [TypeError: no map]\n}",
        "Error: sync failed\n    at run (/srv/shop/sync.js:10:9) { [cause]: [TypeError: no map] }",
        "Error: sync failed\n    at run (/srv/shop/sync.js:10:9) { [cause]: TypeError: no map }",
        "Error: sync failed\n    at /srv/shop/sync.js:10:9 {\n  [cause]: [TypeError: no map] {\n    code: 'X'\n  }\n}",
    ] {
        let (types, shape, headline) = read(text);
        assert_eq!(types, ["Error", "TypeError"], "{text}");
        assert!(format!("TypeError: no map{frames}").starts_with(&shape), "{shape}");
        assert_eq!(headline, "Error: sync failed", "{text}");
    }
    let outer = "[Error: sync failed] {\n  [cause]: TypeError: no map\n      at run (/srv/shop/sync.js:10:9)\n}";
    let (types, shape, headline) = read(outer);
    assert_eq!((types.len(), headline.as_str()), (2, "Error: sync failed"));
    assert_eq!(shape, format!("TypeError: no map{frames}"));
}

#[test]
fn what_stands_before_a_name_may_have_colons() {
    let frames = "\n    at run (/srv/a.js:1:1)";
    assert_eq!(read(&format!("error: sync failed: Error: no tea{frames}")).2, "Error: no tea");
    assert_eq!(read(&format!("TypeError: no tea: RangeError: of it{frames}")).0, ["TypeError"]);
    let pino = format!("Error: outer{frames}\ncaused by: TypeError: inner\n    at b (/srv/b.js:1:1)");
    assert_eq!(read(&pino).1, "TypeError: inner in srv/b.js b");
    let old = format!("{{ Error: outer{frames}\n  [cause]:\n   TypeError: inner\n       at b (/srv/b.js:1:1) }}");
    assert_eq!(read(&old).1, "TypeError: inner in srv/b.js b");
}

#[test]
fn of_several_errors_the_first_is_the_root() {
    let text = "AggregateError: All promises were rejected\n    at all (/srv/all.js:1:1) {\n  [errors]: [\n    Error: tea is out\n        at tea (/srv/tea.js:1:2),\n    TypeError: no milk\n        at milk (/srv/milk.js:1:2) {\n      [cause]: Error: cow is ill\n          at cow (/srv/cow.js:2:2)\n    }\n  ]\n}";
    let (types, shape, _) = read(text);
    assert_eq!(types, ["AggregateError", "Error", "TypeError", "Error"]);
    assert_eq!(shape, "Error: tea is out in srv/tea.js tea");
    let bare = "AggregateError: none\n    at all (/srv/all.js:1:1) {\n  [errors]: [\n    [RangeError: tea is out],\n    [TypeError: no milk]\n  ]\n}";
    assert_eq!(read(bare).1, "RangeError: tea is out in srv/all.js all");
    let caused = text.replace(
        "at tea (/srv/tea.js:1:2),",
        "at tea (/srv/tea.js:1:2) {\n      [cause]: Error: pot is cold\n          at pot (/srv/pot.js:1:2)\n    },",
    );
    assert_eq!(read(&caused).1, "Error: pot is cold in srv/pot.js pot");
}

#[test]
fn frames_of_bundles_and_of_the_runtime() {
    let text = "TypeError [ERR_INVALID_ARG_TYPE]: The \"path\" argument must be a string\n    at new NodeError (node:internal/errors:399:5)\n    at eval (webpack-internal:///(rsc)/./src/till.tsx:12:5)\n    at eval (eval at <anonymous> (https://x.org/js/run.3f9a1c2b.js:1:1), <anonymous>:1:1)\n    at async Promise.all (index 0)\n    at <anonymous>\n    at async file:///srv/main.mjs:3:1";
    let (types, shape, _) = read(text);
    assert_eq!(types, ["TypeError"]);
    assert_eq!(
        shape,
        "TypeError: The <*> argument must be a string in src/till.tsx eval < js/run.js eval < srv/main.mjs"
    );
    let release = |hash: &str, column: u32| {
        format!(
            "RangeError: no\n    at u (https://x.org/{hash}/js/pay.{hash}.js?v={hash}:1:{column})\n    at https://x.org/js/app-{hash}.mjs:1:7"
        )
    };
    assert_eq!(read(&release("ca549d9", 4)).1, read(&release("0b7e2c4", 9)).1);
    assert_eq!(read(&release("ca549d9", 4)).1, "RangeError: no in js/pay.js u < js/app.mjs");
}
