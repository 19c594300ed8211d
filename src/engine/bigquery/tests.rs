//! What the service answers, and what it is when it does not.

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use super::*;

const FIRST: &str = r#"{"jobComplete":true,"jobReference":{"projectId":"p","jobId":"j"},"schema":{"fields":[{"name":"a","type":"INTEGER"}]},"rows":[{"f":[{"v":"7"}]},{"f":[{"v":null}]}],"pageToken":"2"}"#;
const LAST: &str = r#"{"jobComplete":true,"rows":[{"f":[{"v":"9"}]}]}"#;

fn refusal(code: u16, status: &str, reason: &str, message: &str) -> String {
    format!(
        r#"{{"error":{{"code":{code},"message":"{message}","errors":[{{"message":"{message}","domain":"global","reason":"{reason}"}}],"status":"{status}"}}}}"#
    )
}

/// Answers one request a connection; when the answers run out it is gone, or silent.
fn serve(answers: Vec<(u16, String)>, is_silent_then: bool) -> Result<BigQuery> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || -> std::io::Result<()> {
        for (status, body) in answers {
            let (mut stream, _) = listener.accept()?;
            let mut head = [0; 65_536];
            let _ = stream.read(&mut head)?;
            write!(
                stream,
                "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            )?;
        }
        if !is_silent_then {
            return Ok(());
        }
        // kept open, never answered
        let mut silent = Vec::new();
        loop {
            silent.push(listener.accept()?);
        }
    });
    BigQuery::open("p", Some(&endpoint), 1_000, None, Duration::from_secs(2))
}

fn said<T>(result: Result<T>) -> String {
    result.err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn pages_become_batches() -> Result<()> {
    let mut bigquery = serve(vec![(200, FIRST.into()), (200, LAST.into())], false)?;
    let mut sizes = Vec::new();
    let bytes = bigquery.query("select 1", &mut |batch| {
        sizes.push((batch.num_rows(), batch.column(0).null_count()));
        Ok(())
    })?;
    assert_eq!(sizes, [(2, 1), (1, 0)]);
    assert!(bytes > 40 && bytes < 200, "{bytes}");
    Ok(())
}

#[test]
fn a_query_that_is_not_done_is_asked_for_again() -> Result<()> {
    let wait = r#"{"jobComplete":false,"jobReference":{"projectId":"p","jobId":"j","location":"EU"}}"#;
    let mut bigquery =
        serve(vec![(200, wait.into()), (200, wait.into()), (200, FIRST.into()), (200, LAST.into())], false)?;
    let mut rows = 0;
    bigquery.query("select 1", &mut |batch| {
        rows += batch.num_rows();
        Ok(())
    })?;
    assert_eq!(rows, 3);
    Ok(())
}

#[test]
fn a_server_that_goes_away_is_an_error_soon() -> Result<()> {
    for is_silent in [false, true] {
        let began = Instant::now();
        let mut bigquery = serve(vec![(200, FIRST.into())], is_silent)?;
        let said = said(bigquery.query("select 1", &mut |_| Ok(())));
        assert!(said.starts_with("the query failed in BigQuery: "), "{said}");
        assert_eq!(said.contains("did not answer in time"), is_silent, "{said}");
        assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    }
    Ok(())
}

#[test]
fn refusals_say_what_to_do() -> Result<()> {
    let denied = refusal(
        403,
        "PERMISSION_DENIED",
        "accessDenied",
        "Access Denied: Project p: User does not have bigquery.jobs.create permission in project p.",
    );
    let said_denied = said(serve(vec![(403, denied.clone())], false)?.query("select 1", &mut |_| Ok(())));
    assert!(
        said_denied.contains("Access Denied: Project p") && said_denied.contains("roles/bigquery.jobUser"),
        "{said_denied}"
    );
    let said_denied = said(serve(vec![(403, denied)], false)?.attach("p.d.t"));
    assert!(said_denied.contains("roles/bigquery.dataViewer"), "{said_denied}");

    let billed = refusal(
        400,
        "INVALID_ARGUMENT",
        "bytesBilledLimitExceeded",
        "Query exceeded limit for bytes billed: 1000. 20971520 or higher required.",
    );
    let said_billed = said(serve(vec![(400, billed)], false)?.query("select 1", &mut |_| Ok(())));
    assert!(said_billed.contains("20971520 or higher") && said_billed.contains("--max-bytes-billed"), "{said_billed}");

    let missing = refusal(404, "NOT_FOUND", "notFound", "Not found: Dataset p:d was not found in location US");
    let said_missing = said(serve(vec![(404, missing)], false)?.attach("p.d.t"));
    assert!(said_missing.contains("--location"), "{said_missing}");

    let unknown = refusal(401, "UNAUTHENTICATED", "authError", "Request had invalid authentication credentials.");
    let said_unknown = said(serve(vec![(401, unknown)], false)?.estimate("select 1"));
    assert!(said_unknown.contains("gcloud auth application-default login"), "{said_unknown}");
    Ok(())
}

#[test]
fn passing_trouble_is_tried_again() -> Result<()> {
    let busy = refusal(503, "UNAVAILABLE", "backendError", "try again");
    let done = r#"{"jobComplete":true,"schema":{"fields":[{"name":"a","type":"INTEGER"}]},"totalBytesProcessed":"42"}"#;
    assert_eq!(serve(vec![(503, busy), (200, done.into())], false)?.estimate("select 1")?, Some(42));
    Ok(())
}

#[test]
fn sources_are_three_names() {
    for good in ["p-1.d.t", "`p.d._AllLogs`", "example.com:p.d.t_2025*", "bigquery:p.d.t"] {
        assert!(Source::parse(good).is_ok(), "{good}");
    }
    for bad in ["", "d.t", "p.d.", "p.d.t`x", "p.d.t;", "p.global.b._AllLogs", "p..t", "p.d*.t"] {
        assert!(said(Source::parse(bad)).contains("hint: "), "{bad}");
    }
}
