use std::borrow::Cow;

use regex::Regex;

use super::*;

fn redacted(s: &str) -> String {
    let redactor = Redactor::new(7, &[]);
    let once = redactor.text(s).into_owned();
    assert_eq!(redactor.text(&once), once, "redacted twice: {s}");
    // digits replaced, so that the tables below can be read
    let digits = Regex::new("<([a-z-]+):[0-9a-f]{6}>").unwrap();
    digits.replace_all(&once, "<$1>").into_owned()
}

/// Made-up secrets of known makes are put together here, so that no scanner takes this file for a leak.
#[test]
fn known_makes() {
    let (upper, mixed) = ("ABCDEFGH23456789", "a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8");
    for key in [
        format!("{}{upper}", "AKIA"),
        format!("{}{}", "AIza", &mixed[..35]),
        format!("{}{mixed}", "ghp_"),
        format!("{}{mixed}", "github_pat_"),
        format!("{}123456789-{mixed}", "xoxb-"),
        format!("{}{mixed}", "sk_live_"),
        format!("{}proj-{mixed}", "sk-"),
    ] {
        assert_eq!(redacted(&format!("sent {key}, refused")), "sent <key>, refused");
    }
    assert_eq!(
        redacted("task-abcdefghijklmnopqrstuvwxyz sk-all-words-and-no-number-at-all"),
        "task-abcdefghijklmnopqrstuvwxyz sk-all-words-and-no-number-at-all"
    );
}

#[test]
fn secrets_in_text() {
    for (text, shown) in [
        ("Bearer abc123def456", "Bearer <token>"),
        ("authorization: Basic dXNlcjpwYXNz", "authorization: Basic <token>"),
        ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln ok", "got <token> ok"),
        ("postgresql://app:s3cr/et@db:5432/x", "postgresql://app:<password>@db:5432/x"),
        ("redis://:hunter2@10.0.0.5:6379", "redis://:<password>@<ip>:6379"),
        ("password=hunter2 host=db", "password=<password> host=db"),
        ("DB_PASSWORD: hunter2", "DB_PASSWORD: <password>"),
        ("wrong password: swordfish", "wrong password: <password>"),
        ("{\"client_secret\": \"a b c\", \"n\": 1}", "{\"client_secret\": \"<password>\", \"n\": 1}"),
        ("{'api_key': 'abc', 'n': 1}", "{'api_key': '<key>', 'n': 1}"),
        ("{\\\"token\\\": \\\"abc\\\"}", "{\\\"token\\\": \\\"<token>\\\"}"),
        ("/cb?access_token=a1b2&state=x", "/cb?access_token=<token>&state=x"),
        ("connect(user='a', password='p(1)')", "connect(user='a', password='<password>')"),
        ("Set-Cookie: sid=a1b2; Path=/", "Set-Cookie: <token>"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nx", "<private-key>\nx"),
        ("-----BEGIN PRIVATE KEY-----\\nMIIE cut", "<private-key>"),
        ("mail to Ann.Lee+x@example.co.uk.", "mail to <email>."),
        ("app@my-project.iam.gserviceaccount.com", "<email>"),
        ("u=ann%40example.com", "u=<email>"),
        ("from 203.0.113.9:443", "from <ip>:443"),
        ("refused: /10.1.2.3:8080", "refused: /<ip>:8080"),
        ("http://10.1.2.3/x", "http://<ip>/x"),
        ("[2001:db8::1]:443, addr:2001:db8::1: no", "[<ip>]:443, addr:<ip>: no"),
    ] {
        assert_eq!(redacted(text), shown);
    }
}

#[test]
fn what_only_looks_like_a_secret() {
    for text in [
        "SECRET configured: True",
        "SERVICE_SECRET configured: True, JWT_SECRET_KEY: SET",
        "AUTH=REDACTED Service Secret=REDACTED True JWT=REDACTED 64 characters",
        "password=*** token: None, secret=xxxxxxxx pwd=${DB_PASSWORD}",
        "postgresql+asyncpg://***@/db?host=/cloudsql/p:r:i",
        "postgresql://app:***@db/x",
        "Invalid token: signature has expired",
        "Wrong password: must be longer",
        "max_tokens=4096 token_count: 12 tokens=5 token=17",
        "    user = get(token=self.token, password=settings.password, secret=secret)",
        "token: str = get_token(request)",
        "Basic authentication failed for bearer credentials",
        "PWD=/app OLDPWD=/",
        "Mozilla/5.0 Chrome/120.0.0.0 Safari/537.36",
        "version 1.2.3.4, v1.2.3.4, lib==1.2.3.4, \"Chromium\";v=\"120.0.0.0\", 1.2.3.4.5, 300.1.1.1",
        "listening on 127.0.0.1:8080, 0.0.0.0:80, [::1]:80, 169.254.169.254",
        "2025-09-15T20:03:08.556593+00:00 std::vec a::b abc::def 12:34:56",
        "http://host:80/a@b http://host:8080/logo@2x.png git@github.com:o/r img@sha256:ab",
        "",
    ] {
        assert_eq!(redacted(text), text);
    }
}

#[test]
fn stand_ins_stay() {
    let text = "<token:0a1b2c> <password:0a1b2c> Bearer <token:0a1b2c> password=<password:0a1b2c> \"secret\": \"<password:0a1b2c>\"";
    assert!(matches!(Redactor::new(1, &[]).text(text), Cow::Borrowed(_)));
}

#[test]
fn same_value_same_stand_in() {
    let (one, other) = (Redactor::new(1, &[]), Redactor::new(2, &[]));
    let ann = one.text("ann@example.com").into_owned();
    assert_eq!(one.text("Ann@Example.com"), ann);
    assert_ne!(one.text("bob@example.com"), ann);
    assert_ne!(other.text("ann@example.com"), ann);
}

#[test]
fn classes_can_be_switched_off() {
    let redactor = Redactor::new(1, &[Class::Ip, Class::Password]);
    assert!(matches!(redactor.text("password=hunter2 from 203.0.113.9"), Cow::Borrowed(_)));
    assert!(Class::ALL.iter().all(|&class| Class::parse(class.as_str()) == Some(class)));
}

#[test]
fn documents() {
    let redactor = Redactor::new(7, &[]);
    let mut v = serde_json::json!({
        "Authorization": "Bearer abc123def456", "apiKey": "k", "token": 3, "secret": {"a": [1]}, "password": 1234,
        "secretConfigured": "yes", "client_secret": null, "jwt": "REDACTED", "by": {"ann@example.com": ["10.1.2.3"]},
        "env": [{"name": "DB_PASSWORD", "value": "plain"}, {"name": "PORT", "value": "8080"}],
    });
    redactor.json(&mut v);
    let shown = redacted(&v.to_string());
    assert_eq!(
        shown,
        r#"{"Authorization":"Bearer <token>","apiKey":"<key>","token":3,"secret":"<password>","password":"<password>","secretConfigured":"yes","client_secret":null,"jwt":"REDACTED","by":{"<email>":["<ip>"]},"env":[{"name":"DB_PASSWORD","value":"<password>"},{"name":"PORT","value":"8080"}]}"#
    );
    let once = v.clone();
    redactor.json(&mut v);
    assert_eq!(v, once);
}

/// Pieces of secrets in any order: what comes out must be stable, and must not panic at any boundary.
#[test]
fn idempotent_on_pieces() {
    let pieces = [
        "password",
        "=",
        ": ",
        "\"",
        "'",
        "\\\"",
        "hunter2",
        "token",
        "<token:0a1b2c>",
        "é",
        "@",
        "example.com",
        "://",
        "/",
        "10.1.2.3",
        "2001:db8::1",
        "Bearer ",
        "a1b2c3d4e5",
        " ",
        "\n",
        "<",
        ">",
        ":",
        "eyJhbGciOiJIUzI1NiJ9",
        "sk-",
    ];
    let mut state = 1u64;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % n
    };
    for _ in 0..2_000 {
        let text: String = (0..1 + next(9)).map(|_| pieces[next(pieces.len())]).collect();
        redacted(&text);
    }
}

/// Lines of a table: kind, text, and what the third column names.
fn table(text: &'static str) -> Vec<(&'static str, String, Vec<String>)> {
    let real = |text: &str| text.replace('⏎', "\n").replace('→', "\t").replace('¦', "");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let columns = lines.map(|line| line.splitn(3, '\t').collect::<Vec<_>>());
    columns
        .map(|line| {
            let named = line.get(2).into_iter().flat_map(|named| named.split(" ~ ").map(real));
            (line[0], real(line[1]), named.collect())
        })
        .collect()
}

/// A secret must not show, nor as much of it as could be of use.
fn survives(secret: &str, shown: &str) -> bool {
    let letters: Vec<char> = secret.chars().collect();
    letters.windows(letters.len().min(12)).any(|piece| shown.contains(&piece.iter().collect::<String>()))
}

/// A text by itself, among other words, as a document, and as a string in one.
fn renderings(text: &str) -> Vec<String> {
    let redactor = Redactor::new(7, &[]);
    let around =
        [("", ""), ("at 10:00 worker 3: ", ""), ("", " and then it gave up"), ("ERROR [db] ", "\n    at main")];
    let mut texts: Vec<String> =
        around.iter().map(|(before, after)| redacted(&format!("{before}{text}{after}"))).collect();
    let mut document = serde_json::json!({"message": text, "list": [text]});
    redactor.json(&mut document);
    texts.extend([document["message"].as_str().unwrap().to_owned(), document["list"][0].as_str().unwrap().to_owned()]);
    texts.push(redacted(&serde_json::json!({"message": text}).to_string()));
    if let Ok(mut document) = serde_json::from_str(text) {
        redactor.json(&mut document);
        texts.push(document.to_string());
    }
    texts
}

#[test]
fn no_planted_secret_is_shown() {
    let planted = table(include_str!("../../../tests/cases/secrets/planted.tsv"));
    let mut shown = Vec::new();
    for (kind, text, secrets) in &planted {
        assert!(!secrets.is_empty() && secrets.iter().all(|secret| text.contains(secret.as_str())), "{kind}: {text}");
        for rendering in renderings(text) {
            if secrets.iter().any(|secret| survives(secret, &rendering)) {
                shown.push(format!("{kind}: {text}\n     {rendering}"));
            }
        }
    }
    println!("{} planted secrets, {} shown", planted.len(), shown.len());
    assert!(planted.len() >= 150 && shown.is_empty(), "{}", shown.join("\n"));
}

#[test]
fn harmless_look_alikes_stay() {
    let harmless = table(include_str!("../../../tests/cases/secrets/harmless.tsv"));
    let is_changed = |text: &str| {
        let document: Option<Value> = serde_json::from_str(text).ok();
        let mut shown = document.clone();
        shown.iter_mut().for_each(|shown| Redactor::new(7, &[]).json(shown));
        redacted(text) != text || shown != document
    };
    let hidden: Vec<String> = harmless
        .iter()
        .filter(|(_, text, _)| is_changed(text))
        .map(|(kind, text, _)| format!("{kind}: {text}\n     {}", redacted(text)))
        .collect();
    println!("{} harmless texts, {} changed\n{}", harmless.len(), hidden.len(), hidden.join("\n"));
    assert!(harmless.len() >= 150 && hidden.len() * 50 <= harmless.len(), "{}", hidden.join("\n"));
}

/// Any words around a planted secret, of the kind that could be taken for a part of what introduces it.
#[test]
fn words_around_a_secret_do_not_show_it() {
    let planted = table(include_str!("../../../tests/cases/secrets/planted.tsv"));
    let before =
        ["token ", "user=bob ", "{\"a\": 1} ", "https://a.example/x?y=1 ", "é ", "<b> ", "- ", "key: 'x' ", "p@x.y "];
    let after = [" token", " user=bob", "\n", " https://a.example/x?y=1", " é", " <b>", " -", " key: 'x'", "\r\n\r\n"];
    let mut shown = Vec::new();
    for (at, (kind, text, secrets)) in planted.iter().enumerate() {
        for turn in 0..4 {
            let (first, last) = (before[(at + turn) % before.len()], after[(at * 7 + turn) % after.len()]);
            let rendering = redacted(&format!("{first}{text}{last}"));
            if secrets.iter().any(|secret| survives(secret, &rendering)) {
                shown.push(format!("{kind}: {first}{text}{last}\n     {rendering}"));
            }
        }
    }
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}

/// Texts made to be looked at again and again: four times the text must not take much more than four times as long.
#[test]
fn hostile_texts_take_linear_time() {
    let pieces = [
        "-----BEGIN PRIVATE KEY-----",
        "a-----END PRIVATE KEY-----",
        "http://x:80/",
        "eyJaaaaaaaaaaaa",
        "token=\"",
        "password='a(",
        "cookie: ",
        "<password>",
        "<password x",
        "authorization: digest ",
        "password: |\n",
        "name=password",
        "password",
        "code=",
        "token=***",
        "token=a.token(",
        "password => string(1",
        "4111 ",
        "a@",
        "a:1:",
        "mysql -",
    ];
    let redactor = Redactor::new(7, &[]);
    let taken = |text: &str| {
        let start = std::time::Instant::now();
        redactor.text(text);
        start.elapsed().as_secs_f64()
    };
    taken("warm");
    for piece in pieces {
        let text = |length: usize| piece.repeat(length / piece.len());
        let (short, long) = (taken(&text(10_000)), taken(&text(80_000)));
        assert!(long < 0.5 || long < short * 24.0, "{piece}: {short:.3} s, {long:.3} s");
    }
}
