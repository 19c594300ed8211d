//! Sail (Spark SQL) behind Arrow Flight SQL.
//!
//! Every client of a Sail server works in one session, so nothing is created there: sources are named by their path in
//! the query itself (``text.`path` ``), and there are no views to clean up.

mod rows;

use std::{
    error::Error as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, Result, anyhow, bail};
use arrow::{array::RecordBatch, datatypes::SchemaRef};
use arrow_flight::{
    FlightData, Ticket, decode::FlightRecordBatchStream, error::FlightError,
    flight_service_client::FlightServiceClient, sql::client::FlightSqlServiceClient,
};
use futures_util::TryStreamExt as _;
use tokio::runtime::Runtime;
use tonic::{
    Code, Request, Status, Streaming,
    transport::{Channel, ClientTlsConfig, Endpoint},
};

use self::rows::row_as_json;
use super::{Attached, Engine, Options};

const START_HINT: &str = "start a server with `SAIL_MODE=local-cluster sail flight server --ip 127.0.0.1 --port 32010`";
const DEFAULT_PORT: u16 = 32010;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A machine that is gone without a word is noticed after a minute and a half. The kernel answers these, whatever the server
/// does: one that counts on every core it has answers no pings of HTTP/2 for minutes.
const QUIET: Duration = Duration::from_secs(30);
const KNOCK_EVERY: Duration = Duration::from_secs(10);
const KNOCKS: u32 = 6;

const LINES: &str = "{json,ndjson,jsonl}";
/// Sail takes files of one compression at a time, so each is a pattern of its own.
const COMPRESSIONS: [&str; 4] = ["", ".gz", ".zst", ".bz2"];

pub(super) struct Sail {
    runtime: Runtime,
    client: FlightSqlServiceClient<Channel>,
}

impl Sail {
    /// Connects to `grpc://host:port`, `grpc+tls://host:port` or the same with `http://` and `https://`.
    pub(super) fn connect(options: &Options) -> Result<Box<dyn Engine>> {
        let url = options.url.as_deref().unwrap_or("grpc://127.0.0.1:32010");
        let token = options.token.as_deref();
        let login = options.user.as_deref().map(|user| (user, options.password.as_deref().unwrap_or_default()));
        let endpoint = endpoint(url)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let channel = runtime.block_on(async {
            // the endpoint's own limit ends with the TCP connection, this one holds for TLS and HTTP/2 too
            match tokio::time::timeout(CONNECT_TIMEOUT, endpoint.connect()).await {
                Ok(Ok(channel)) => Ok(channel),
                Ok(Err(error)) => {
                    Err(anyhow!("cannot connect to Sail at {url}: {}\n\nhint: {START_HINT}", causes(&error)))
                }
                Err(_) => Err(anyhow!(
                    "cannot connect to Sail at {url}: no answer in {} seconds\n\nhint: {START_HINT}",
                    CONNECT_TIMEOUT.as_secs()
                )),
            }
        })?;
        let client = FlightServiceClient::new(channel)
            .max_decoding_message_size(usize::MAX)
            .max_encoding_message_size(usize::MAX);
        let mut client = FlightSqlServiceClient::new_from_inner(client);
        if let Some(token) = token {
            client.set_token(token.to_owned());
        } else if let Some((user, password)) = login {
            let shaken = runtime
                .block_on(async { tokio::time::timeout(CONNECT_TIMEOUT, client.handshake(user, password)).await });
            let what = || format!("cannot log in to Sail at {url} as {user}");
            match shaken {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => bail!("{}: {}", what(), explain(&error)),
                Err(_) => bail!("{}: no answer in {} seconds", what(), CONNECT_TIMEOUT.as_secs()),
            }
        }
        let mut sail = Self { runtime, client };
        // whatever listens there may be no Flight SQL server
        sail.run("select 1", &mut |_| Ok(()), Some(Duration::from_secs(60)))
            .map_err(|error| anyhow!("{url} does not respond like a Sail server: {error}"))?;
        Ok(Box::new(sail))
    }

    fn run(
        &mut self,
        sql: &str,
        take: &mut dyn FnMut(RecordBatch) -> Result<()>,
        limit: Option<Duration>,
    ) -> Result<u64> {
        let Self { runtime, client } = self;
        runtime.block_on(async {
            let work = stream(client, sql, take);
            match limit {
                Some(limit) => tokio::time::timeout(limit, work)
                    .await
                    .unwrap_or_else(|_| Err(anyhow!("no answer in {} seconds", limit.as_secs()))),
                None => work.await,
            }
        })
    }

    fn has_rows(&mut self, relation: &str) -> Result<bool> {
        let mut rows = 0;
        self.run(
            &format!("select 1 as one from {relation} limit 1"),
            &mut |batch| {
                rows += batch.num_rows();
                Ok(())
            },
            None,
        )?;
        Ok(rows > 0)
    }

    /// The schema that a query would answer with; the query is planned, not run.
    fn schema(&mut self, sql: &str) -> Result<SchemaRef> {
        let Self { runtime, client } = self;
        let info = runtime.block_on(client.execute(sql.to_owned(), None)).map_err(|error| anyhow!(explain(&error)))?;
        let schema = info.try_decode_schema().context("Sail's schema cannot be read")?;
        Ok(Arc::new(schema))
    }

    fn lines(&mut self, patterns: &[String]) -> Result<Option<Attached>> {
        let mut parts = Vec::new();
        for pattern in patterns {
            let relation = format!("text.{}", quoted(pattern));
            if self.has_rows(&relation)? {
                parts.push(format!("select value as entry from {relation} where trim(value) <> ''"));
            }
        }
        if parts.is_empty() {
            return Ok(None);
        }
        Ok(Some(Attached {
            relation: format!("({})", parts.join(" union all ")),
            form: "text",
            is_table: false,
            columns: Vec::new(),
        }))
    }

    fn parquet(&mut self, pattern: &str) -> Result<Option<Attached>> {
        let relation = format!("parquet.{}", quoted(pattern));
        let schema = self.schema(&format!("select * from {relation}"))?;
        if schema.fields().is_empty() {
            return Ok(None);
        }
        let has = |name: &str| schema.fields().iter().any(|field| field.name() == name);
        if !has("timestamp") {
            bail!("{pattern} holds no log entries: it has no column `timestamp`");
        }
        Ok(Some(Attached {
            relation: format!("(select {} as entry from {relation})", row_as_json(&schema)),
            form: "text",
            is_table: true,
            columns: Vec::new(),
        }))
    }

    fn find(&mut self, path: &str) -> Result<Option<Attached>> {
        let body = COMPRESSIONS.iter().find_map(|ending| path.strip_suffix(ending).filter(|_| !ending.is_empty()));
        let body = body.unwrap_or(path).to_ascii_lowercase();
        if [".parquet", ".parq"].iter().any(|ending| path.to_ascii_lowercase().ends_with(ending)) {
            return self.parquet(path);
        }
        if [".json", ".ndjson", ".jsonl", "json}", "jsonl}"].iter().any(|ending| body.ends_with(ending)) {
            return self.lines(&[path.to_owned()]);
        }
        // a folder, or a pattern that leaves the ending open: files below it are told apart by their endings
        let stem = path.trim_end_matches('/');
        let mut stems = vec![format!("{stem}/**/*")];
        if stem.ends_with('*') {
            stems.insert(0, stem.to_owned());
        }
        let mut patterns = Vec::new();
        for stem in &stems {
            patterns.extend(COMPRESSIONS.iter().map(|ending| format!("{stem}.{LINES}{ending}")));
        }
        let lines = self.lines(&patterns)?;
        let mut tables = Vec::new();
        for stem in &stems {
            tables.extend(self.parquet(&format!("{stem}.parquet"))?);
        }
        match (lines, tables.pop()) {
            (Some(_), Some(_)) => bail!(
                "{path} holds both NDJSON and Parquet\n\nhint: name one kind, as in `{stem}/**/*.parquet` or `{stem}/**/*.json`"
            ),
            (Some(lines), None) => Ok(Some(lines)),
            (None, Some(_)) if !tables.is_empty() => {
                bail!(
                    "{path} matches Parquet files both beside and below it\n\nhint: name the files with their extension"
                )
            }
            (None, Some(table)) => Ok(Some(table)),
            // a file without an ending; for a folder this finds nothing new unless its files have none either
            (None, None) => self.lines(&[path.to_owned()]),
        }
    }
}

impl Engine for Sail {
    fn attach(&mut self, source: &str) -> Result<Attached> {
        let path = if source.contains("://") {
            source.to_owned()
        } else {
            // the server has a working folder of its own
            std::path::absolute(source)?.display().to_string()
        };
        let found = self.find(&path).map_err(|error| anyhow!("cannot read {source} through Sail: {error}"))?;
        found.ok_or_else(|| {
            anyhow!(
                "nothing to read at {source}: no such file or folder, or all files there are empty\n\nhint: the path is \
                 looked up where the Sail server and its workers run ({path}); NDJSON ends in .json, .ndjson or .jsonl \
                 (also with .gz, .zst or .bz2), Parquet in .parquet"
            )
        })
    }

    fn query(&mut self, sql: &str, take: &mut dyn FnMut(RecordBatch) -> Result<()>) -> Result<u64> {
        self.run(sql, take, None)
    }

    fn estimate(&mut self, _sql: &str) -> Result<Option<u64>> {
        Ok(None)
    }
}

fn endpoint(url: &str) -> Result<Endpoint> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("grpc", url));
    let is_secure = match scheme {
        "grpc" | "grpc+tcp" | "http" => false,
        "grpc+tls" | "grpcs" | "https" => true,
        _ => bail!(
            "unknown scheme `{scheme}` in {url}\n\nhint: write grpc://host:{DEFAULT_PORT} or grpc+tls://host:port"
        ),
    };
    let address = rest.trim_end_matches('/');
    let has_port = address.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let port = match (has_port, scheme) {
        (true, _) | (false, "http" | "https") => String::new(),
        (false, _) => format!(":{DEFAULT_PORT}"),
    };
    let endpoint = Endpoint::from_shared(format!("{}://{address}{port}", if is_secure { "https" } else { "http" }))
        .map_err(|error| anyhow!("{url} is not a server address: {}", causes(&error)))?
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_nodelay(true)
        .tcp_keepalive(Some(QUIET))
        .tcp_keepalive_interval(Some(KNOCK_EVERY))
        .tcp_keepalive_retries(Some(KNOCKS))
        .initial_stream_window_size(8 << 20)
        .initial_connection_window_size(16 << 20);
    if is_secure {
        return endpoint
            .tls_config(ClientTlsConfig::new().with_native_roots())
            .map_err(|error| anyhow!("TLS cannot be set up for {url}: {}", causes(&error)));
    }
    Ok(endpoint)
}

async fn stream(
    client: &mut FlightSqlServiceClient<Channel>,
    sql: &str,
    take: &mut dyn FnMut(RecordBatch) -> Result<()>,
) -> Result<u64> {
    let failed = |error: FlightError| anyhow!("the query failed in Sail: {}", explain(&error));
    let info = client.execute(sql.to_owned(), None).await.map_err(failed)?;
    let moved = Arc::new(AtomicU64::new(0));
    for endpoint in info.endpoint {
        let ticket = endpoint.ticket.context("Sail gave no ticket for the answer")?;
        let counter = Arc::clone(&moved);
        let messages = open(client, ticket).await.map_err(failed)?.map_err(FlightError::from);
        let counted = messages.inspect_ok(move |message| {
            let size = message.data_header.len() + message.data_body.len() + message.app_metadata.len();
            counter.fetch_add(size as u64, Ordering::Relaxed);
        });
        let mut batches = FlightRecordBatchStream::new_from_flight_data(counted);
        while let Some(batch) = batches.try_next().await.map_err(failed)? {
            take(batch)?;
        }
    }
    Ok(moved.load(Ordering::Relaxed))
}

/// As `FlightSqlServiceClient::do_get`, with the messages still whole so that they can be counted.
async fn open(
    client: &mut FlightSqlServiceClient<Channel>,
    ticket: Ticket,
) -> Result<Streaming<FlightData>, FlightError> {
    let mut request = Request::new(ticket);
    if let Some(token) = client.token() {
        let value = format!("Bearer {token}").parse().map_err(|_| FlightError::protocol("the token is no header"))?;
        request.metadata_mut().insert("authorization", value);
    }
    Ok(client.inner_mut().do_get(request).await?.into_inner())
}

/// The engine's own message in one line, and what to do where that is known.
fn explain(error: &FlightError) -> String {
    let (message, is_gone) = match error {
        FlightError::Tonic(status) => (said(status), is_gone(status)),
        other => (other.to_string(), false),
    };
    let message = one_line(&message);
    let hint = if is_gone {
        format!("the server is gone or cannot be reached; {START_HINT}")
    } else if message.contains("h2 protocol error") {
        "Sail lost a connection of its own, as was seen where a query took all of its cores for minutes: \
         lay smaller files, or give it more cores"
            .into()
    } else if message.contains("invalid UTF-8") {
        "a file holds bytes that are no UTF-8, and Sail gives up on the whole file: read it locally, or clean it".into()
    } else if message.contains("Corrupt footer") {
        "a file there is no Parquet: name the Parquet files alone, as in `folder/**/*.parquet`".into()
    } else if message.contains("mixed compression types") {
        "Sail reads files of one compression at a time: name them by their ending, as in `folder/*.json.gz`".into()
    } else if message.contains("merge schema") {
        "the Parquet files there do not have the same columns: name those that go together".into()
    } else {
        return message;
    };
    format!("{message}\n\nhint: {hint}")
}

fn said(status: &Status) -> String {
    let mut text = status.message().to_owned();
    let mut source = status.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !text.contains(&more) {
            text = if text.is_empty() { more } else { format!("{text}: {more}") };
        }
        source = error.source();
    }
    if text.is_empty() { status.code().to_string() } else { text }
}

/// Whether the connection broke, rather than the server saying no.
fn is_gone(status: &Status) -> bool {
    status.code() == Code::Unavailable || status.source().is_some()
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        source = error.source();
    }
    one_line(&text)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
