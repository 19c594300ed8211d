//! Against a Sail server.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use super::{Garden, archives, asked, assert_same_facts, assert_same_worklogs, both, build, data, server, text, told};

#[test]
fn sail_counts_what_is_loaded() {
    let Some(url) = server("GARDENER_TEST_SAIL") else { return };
    for entries in archives(&Garden::new()) {
        let asked = asked(&["--engine", "sail", "--url", &url, "--source", &entries]);
        let garden = both(&entries, &asked);
        assert_same_facts(&garden, &asked);
        assert_same_worklogs(&garden);
    }
}

#[test]
fn a_sail_server_that_goes_away_leaves_the_database_as_it_was() {
    let Some(url) = server("GARDENER_TEST_SAIL") else { return };
    let garden = Garden::new();
    let entries = data("sample.ndjson");
    build(&garden, "asked.duckdb", &asked(&["--engine", "sail", "--url", &url, "--source", &entries]));
    let whole = pass_on(url.trim_start_matches("grpc://"), u64::MAX);
    build(&garden, "asked.duckdb", &asked(&["--engine", "sail", "--url", &whole.url, "--source", &entries]));
    let bytes = whole.moved.load(Ordering::SeqCst);
    for share in [5, 40, 70, 95] {
        let cut = pass_on(url.trim_start_matches("grpc://"), bytes * share / 100);
        let output = garden.gardener(&[
            "build",
            "--db",
            "asked.duckdb",
            "--engine",
            "sail",
            "--url",
            &cut.url,
            "--source",
            &entries,
        ]);
        assert_eq!(output.status.code(), Some(2), "{share} %: {}", text(&output.stderr));
        assert_eq!(told(&garden, "asked.duckdb"), 1_993, "{share} %");
    }
    let output = garden.gardener(&["build", "--engine", "sail", "--url", &url, "--source", "/nowhere/at/all.json"]);
    assert!(text(&output.stderr).contains("/nowhere/at/all.json"), "{}", text(&output.stderr));
}

struct Passage {
    url: String,
    moved: Arc<AtomicU64>,
}

/// Passes on what goes to a server and comes back, and breaks off after so many bytes of answers.
fn pass_on(server: &str, most: u64) -> Passage {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("grpc://{}", listener.local_addr().unwrap());
    let moved = Arc::new(AtomicU64::new(0));
    let (server, counted) = (server.to_owned(), Arc::clone(&moved));
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(other) = TcpStream::connect(&server) else { continue };
            let (mut from, mut to) = (client.try_clone().unwrap(), other.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut from, &mut to));
            let (mut answers, mut back) = (other, client);
            let counted = Arc::clone(&counted);
            thread::spawn(move || {
                let mut buffer = vec![0; 4_096];
                while let Ok(length @ 1..) = answers.read(&mut buffer) {
                    if counted.fetch_add(length as u64, Ordering::SeqCst) + length as u64 > most {
                        break;
                    }
                    if back.write_all(&buffer[..length]).is_err() {
                        break;
                    }
                }
                let _ = (back.shutdown(std::net::Shutdown::Both), answers.shutdown(std::net::Shutdown::Both));
            });
        }
    });
    Passage { url, moved }
}
