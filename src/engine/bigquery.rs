//! BigQuery over its REST interface: the tables of a sink and the views of Log Analytics.

use std::{
    process,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Result, anyhow, bail};
use arrow::{
    array::{ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, RecordBatch, StringBuilder},
    datatypes::{DataType, Field, Schema, SchemaRef},
};
use google_cloud_auth::credentials;
use google_cloud_bigquery_v2::{
    Error,
    client::{JobService, TableService},
    model::{
        DataFormatOptions, ErrorProto, GetQueryResultsRequest, JobReference, PostQueryRequest, QueryRequest,
        QueryResponse, TableFieldSchema, TableSchema,
    },
};
use google_cloud_gax::{
    exponential_backoff::{ExponentialBackoff, ExponentialBackoffBuilder},
    options::RequestOptionsBuilder,
    retry_policy::{RetryPolicy, RetryPolicyExt},
    retry_result::RetryResult,
    retry_state::RetryState,
};
use google_cloud_wkt::Struct;
use serde_json::Value;
use tokio::{
    runtime::{self, Runtime},
    time,
};

use super::{Attached, Engine, Options};

/// Rows asked for at a time, and so the rows of a batch; the service ends a page at about 10 MB by itself.
const PAGE_ROWS: u32 = 5_000;
/// How long one request waits on the server for a query to end.
const WAIT_MS: u32 = 20_000;
/// How long one request may take altogether, the transfer of a page included.
const REQUEST_LIMIT: Duration = Duration::from_secs(90);
/// A test server answers only when the query is done.
const TEST_REQUEST_LIMIT: Duration = Duration::from_secs(600);
const LOGIN_LIMIT: Duration = Duration::from_secs(20);
const ATTEMPTS: u32 = 4;
/// The service stops a query after this long, and so do we.
const QUERY_LIMIT: Duration = Duration::from_secs(30 * 60);

const LOG_IN: &str = "log in with `gcloud auth application-default login`, or name a key file in \
                      GOOGLE_APPLICATION_CREDENTIALS";
const ROLES: &str = "the account needs the roles BigQuery Job User (roles/bigquery.jobUser) on the project that runs \
                     the query and BigQuery Data Viewer (roles/bigquery.dataViewer) on the dataset";

/// A connection to BigQuery; it has a runtime of its own, so it must not be used from inside another one.
pub struct BigQuery {
    runtime: Runtime,
    jobs: JobService,
    tables: TableService,
    project: String,
    location: Option<String>,
    max_bytes_billed: u64,
    requests: u64,
}

/// Tries again where a server was not reached or says that it may work later. A request that ran into its time limit
/// is not tried again: that would multiply the limit.
#[derive(Debug)]
struct Patience;

impl RetryPolicy for Patience {
    fn on_error(&self, state: &RetryState, error: Error) -> RetryResult {
        let is_passing = match error.http_status_code() {
            Some(status) => matches!(status, 429 | 500 | 502 | 503 | 504),
            None => error.is_io() || error.is_connect() || error.is_transport(),
        };
        let is_worth_it = error.is_transient_and_before_rpc() || (state.idempotent && is_passing);
        if is_worth_it && !error.is_timeout() { RetryResult::Continue(error) } else { RetryResult::Permanent(error) }
    }
}

impl BigQuery {
    /// `project` is the one that runs the queries and is billed. With an endpoint (a test server) nobody logs in.
    pub fn connect(options: &Options) -> Result<Box<dyn Engine>> {
        let Some(project) = options.project.as_deref() else {
            bail!("whom are the queries billed to?\n\nhint: name a project with `--project`");
        };
        let (endpoint, location) = (options.url.as_deref(), options.location.as_deref());
        let limit = if endpoint.is_some() { TEST_REQUEST_LIMIT } else { REQUEST_LIMIT };
        Ok(Box::new(Self::open(project, endpoint, options.max_bytes_billed, location, limit)?))
    }

    fn open(
        project: &str,
        endpoint: Option<&str>,
        max_bytes_billed: u64,
        location: Option<&str>,
        limit: Duration,
    ) -> Result<Self> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| anyhow!("cannot start a runtime for BigQuery: {error}"))?;
        // an error means that there is one already, which will do
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (jobs, tables) = runtime.block_on(clients(endpoint, limit))?;
        Ok(Self {
            runtime,
            jobs,
            tables,
            project: project.to_owned(),
            location: location.map(str::to_owned),
            max_bytes_billed,
            requests: 0,
        })
    }

    /// The columns without a query: free, and it works where a table may only be read with a filter.
    fn columns_of_table(&self, source: &Source<'_>) -> Result<TableSchema> {
        let request = self
            .tables
            .get_table()
            .set_project_id(source.project)
            .set_dataset_id(source.dataset)
            .set_table_id(source.table);
        let table = self
            .runtime
            .block_on(request.send())
            .map_err(|error| self.explain(&format!("cannot look at {source}"), &error))?;
        table.schema.ok_or_else(|| anyhow!("cannot look at {source}: it has no columns"))
    }

    /// Several tables under one name have no entry of their own; their columns are those of the latest.
    fn columns_of_many(&mut self, source: &Source<'_>) -> Result<TableSchema> {
        let task = format!("cannot look at {source}");
        let answer = self.post(&task, &format!("select * from {} limit 0", source.quoted()), true)?;
        answer.schema.ok_or_else(|| anyhow!("{task}: it has no columns"))
    }

    fn post(&mut self, task: &str, sql: &str, is_dry_run: bool) -> Result<QueryResponse> {
        let mut request = QueryRequest::new()
            .set_query(sql)
            .set_use_legacy_sql(false)
            .set_use_query_cache(true)
            .set_dry_run(is_dry_run)
            .set_max_results(PAGE_ROWS)
            .set_timeout_ms(WAIT_MS)
            .set_job_timeout_ms(QUERY_LIMIT.as_millis() as i64)
            .set_request_id(self.request_id())
            .set_format_options(DataFormatOptions::new().set_use_int64_timestamp(true));
        if !is_dry_run {
            // a dry run would fail where it should tell how much too much a query reads
            request = request.set_maximum_bytes_billed(i64::try_from(self.max_bytes_billed).unwrap_or(i64::MAX));
        }
        if let Some(location) = &self.location {
            request = request.set_location(location);
        }
        let request = PostQueryRequest::new().set_project_id(&self.project).set_query_request(request);
        // the id of the request makes the service run it once, however often it is sent
        let sent = self.jobs.query().with_request(request).with_idempotency(true).send();
        let answer = self.runtime.block_on(sent).map_err(|error| self.explain(task, &error))?;
        self.check(task, &answer.errors, answer.schema.as_ref())?;
        Ok(answer)
    }

    /// The service names the same query by it for some minutes, so no two may be alike.
    fn request_id(&mut self) -> String {
        self.requests += 1;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        format!("{now:x}-{:x}-{:x}", process::id(), self.requests)
    }

    /// A query that ended well may carry warnings; one that failed has no columns.
    fn check(&self, task: &str, errors: &[ErrorProto], schema: Option<&TableSchema>) -> Result<()> {
        match errors.first() {
            Some(error) if schema.is_none_or(|schema| schema.fields.is_empty()) => Err(failure(
                task,
                &error.message,
                self.hint(None, &format!("{} {}", error.reason, error.message)).as_deref(),
            )),
            _ => Ok(()),
        }
    }

    /// The rows of a query, a page at a time.
    fn read(&self, task: &str, first: QueryResponse, take: &mut dyn FnMut(RecordBatch) -> Result<()>) -> Result<u64> {
        let began = Instant::now();
        let job = first.job_reference.unwrap_or_default();
        let mut is_complete = first.job_complete.unwrap_or(false);
        let (mut schema, mut rows, mut token) = (first.schema, first.rows, first.page_token);
        let mut columns: Option<Columns> = None;
        let mut bytes = 0;
        loop {
            if is_complete {
                let columns = match &mut columns {
                    Some(columns) => columns,
                    None => columns.insert(Columns::new(&schema.take().unwrap_or_default())),
                };
                // the first batch goes out even when it is empty: it names the columns
                if !rows.is_empty() || bytes == 0 {
                    bytes += columns.wire_size(&rows);
                    take(columns.batch(&rows)?)?;
                }
                if token.is_empty() {
                    return Ok(bytes);
                }
            } else if began.elapsed() > QUERY_LIMIT {
                bail!(
                    "{task}: not done after {} minutes\n\nhint: ask for less time with `--from` and `--to`",
                    QUERY_LIMIT.as_secs() / 60
                );
            }
            let page = self.jobs.get_query_results().with_request(self.next_page(&job, &token));
            let page = self.runtime.block_on(page.send()).map_err(|error| self.explain(task, &error))?;
            is_complete = page.job_complete.unwrap_or(false);
            if is_complete {
                self.check(task, &page.errors, page.schema.as_ref())?;
                schema = schema.or(page.schema);
                if page.rows.is_empty() && page.page_token == token {
                    bail!("{task}: the server gives the same page again and again");
                }
            }
            (rows, token) = (page.rows, page.page_token);
        }
    }

    fn next_page(&self, job: &JobReference, token: &str) -> GetQueryResultsRequest {
        let project = if job.project_id.is_empty() { &self.project } else { &job.project_id };
        let request = GetQueryResultsRequest::new()
            .set_project_id(project)
            .set_job_id(&job.job_id)
            .set_page_token(token)
            .set_max_results(PAGE_ROWS)
            .set_timeout_ms(WAIT_MS)
            .set_format_options(DataFormatOptions::new().set_use_int64_timestamp(true));
        match job.location.as_ref().or(self.location.as_ref()) {
            Some(location) => request.set_location(location),
            None => request,
        }
    }

    fn explain(&self, task: &str, error: &Error) -> anyhow::Error {
        if error.is_authentication() {
            return failure(task, &innermost(error), Some(LOG_IN));
        }
        if error.is_timeout() {
            return failure(task, "the server did not answer in time", None);
        }
        let said = match error.status() {
            Some(status) => status.message.clone(),
            None => match error.http_payload() {
                Some(page) => message_in(page).unwrap_or_else(|| error.to_string()),
                None => innermost(error),
            },
        };
        let hint = if error.is_connect() || (error.is_io() && error.http_status_code().is_none()) {
            Some("is the server up, and can it be reached from here?".to_owned())
        } else {
            self.hint(error.http_status_code(), &said)
        };
        failure(task, &said, hint.as_deref())
    }

    fn hint(&self, status: Option<u16>, said: &str) -> Option<String> {
        let low = said.to_ascii_lowercase();
        if low.contains("bytes billed") || low.contains("bytesbilledlimitexceeded") {
            let limit = self.max_bytes_billed;
            return Some(format!(
                "ask for less time with `--from` and `--to`, or raise `--max-bytes-billed` (now {limit})"
            ));
        }
        if status == Some(401) {
            return Some(LOG_IN.to_owned());
        }
        if low.contains("has not been used in project") || low.contains("accessnotconfigured") {
            return Some(format!(
                "turn the BigQuery API on: `gcloud services enable bigquery.googleapis.com --project {}`",
                self.project
            ));
        }
        if low.contains("quota") || low.contains("rate limit") {
            return Some("wait a little, or ask for more quota".to_owned());
        }
        if status == Some(403) || low.contains("access denied") || low.contains("permission") {
            return Some(ROLES.to_owned());
        }
        if status == Some(404) || low.contains("not found: ") {
            return Some(match &self.location {
                Some(location) => format!("check the names, and whether the dataset lies in `{location}`"),
                None => "check the names; a dataset outside US and EU needs `--location`".to_owned(),
            });
        }
        if low.contains("without a filter over column") {
            return Some("the table may only be read for a time: name it with `--from` and `--to`".to_owned());
        }
        None
    }
}

impl Engine for BigQuery {
    fn attach(&mut self, source: &str) -> Result<Attached> {
        let source = Source::parse(source)?;
        let schema =
            if source.table.ends_with('*') { self.columns_of_many(&source) } else { self.columns_of_table(&source) }?;
        let mut columns = Vec::new();
        flatten("", &schema.fields, &mut columns);
        let has = |name: &str| columns.iter().any(|(column, _)| column == name);
        let form = match (has("timestamp"), has("logName"), has("log_name") || has("log_id")) {
            (true, true, _) => "sink",
            (true, _, true) => "analytics",
            _ => bail!(
                "{source} holds no log entries: it has no columns `timestamp` and `logName` (a sink's table) or \
                 `log_id` (a view of Log Analytics)\n\nhint: name a table that a sink writes, or `_AllLogs` of a \
                 linked dataset"
            ),
        };
        Ok(Attached { relation: source.quoted(), form, is_table: true, columns })
    }

    /// The bytes are an estimate: the length of the rows as uncompressed JSON, without the frame of the answers.
    fn query(&mut self, sql: &str, take: &mut dyn FnMut(RecordBatch) -> Result<()>) -> Result<u64> {
        let task = "the query failed in BigQuery";
        let first = self.post(task, sql, false)?;
        self.read(task, first, take)
    }

    fn estimate(&mut self, sql: &str) -> Result<Option<u64>> {
        let answer = self.post("cannot estimate the query in BigQuery", sql, true)?;
        Ok(answer.total_bytes_processed.and_then(|bytes| u64::try_from(bytes).ok()))
    }
}

/// Credentials start tasks of their own, so this has to run inside the runtime.
async fn clients(endpoint: Option<&str>, limit: Duration) -> Result<(JobService, TableService)> {
    let login = match endpoint {
        Some(_) => credentials::anonymous::Builder::new().build(),
        None => credentials::Builder::default()
            .build()
            .map_err(|error| failure("cannot log in to BigQuery", &innermost(&error), Some(LOG_IN)))?,
    };
    let mut jobs = JobService::builder()
        .with_credentials(login.clone())
        .with_retry_policy(Patience.with_attempt_limit(ATTEMPTS))
        .with_backoff_policy(backoff())
        .with_attempt_timeout(limit);
    let mut tables = TableService::builder()
        .with_credentials(login.clone())
        .with_retry_policy(Patience.with_attempt_limit(ATTEMPTS))
        .with_backoff_policy(backoff())
        .with_attempt_timeout(limit);
    if let Some(endpoint) = endpoint {
        jobs = jobs.with_endpoint(endpoint);
        tables = tables.with_endpoint(endpoint);
    }
    if endpoint.is_none() {
        // without a login the client would look for a metadata server for minutes at the first request
        let said = match time::timeout(LOGIN_LIMIT, login.headers(Default::default())).await {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => Some(innermost(&error)),
            Err(_) => Some("no credentials found in time".to_owned()),
        };
        if let Some(said) = said {
            return Err(failure("cannot log in to BigQuery", &said, Some(LOG_IN)));
        }
    }
    let failed = |error| failure("cannot make a client for BigQuery", &innermost(&error), None);
    Ok((jobs.build().await.map_err(failed)?, tables.build().await.map_err(failed)?))
}

/// `project.dataset.table`.
struct Source<'a> {
    project: &'a str,
    dataset: &'a str,
    table: &'a str,
}

impl std::fmt::Display for Source<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "`{}.{}.{}`", self.project, self.dataset, self.table)
    }
}

impl<'a> Source<'a> {
    fn parse(text: &'a str) -> Result<Self> {
        let bare = text.strip_prefix("bigquery:").unwrap_or(text).trim_matches('`');
        let mut parts = bare.rsplitn(3, '.');
        let (table, dataset, project) = (parts.next(), parts.next(), parts.next());
        let (Some(project), Some(dataset), Some(table)) = (project, dataset, table) else {
            bail!("`{text}` is no table of BigQuery\n\nhint: write it as PROJECT.DATASET.TABLE");
        };
        // a project may belong to a domain, `example.com:project`; else a dot means a bucket's own view
        if project.contains('.') && !project.contains(':') {
            bail!(
                "`{text}` is a view of a log bucket, which BigQuery cannot read as it is\n\nhint: link the bucket to \
                 a dataset (`gcloud logging links create`), then write PROJECT.DATASET._AllLogs"
            );
        }
        let is_name = |name: &str, more: &str| {
            !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || more.contains(letter))
        };
        let stem = table.strip_suffix('*').unwrap_or(table);
        if !is_name(project, "-:._") || !is_name(dataset, "_-") || !is_name(stem, "_- ") {
            bail!(
                "`{text}` is no table of BigQuery: a name has a letter that it cannot have\n\nhint: write it as PROJECT.DATASET.TABLE"
            );
        }
        Ok(Self { project, dataset, table })
    }

    fn quoted(&self) -> String {
        self.to_string()
    }
}

/// Names with dots, types in GoogleSQL's words; REST has the older ones.
fn flatten(prefix: &str, fields: &[TableFieldSchema], columns: &mut Vec<(String, String)>) {
    for field in fields {
        let name = format!("{prefix}{}", field.name);
        let kind = match field.r#type.as_str() {
            "INTEGER" => "INT64",
            "FLOAT" => "FLOAT64",
            "BOOLEAN" => "BOOL",
            "RECORD" => "STRUCT",
            other => other,
        };
        // what is below an array has no name that a query could use
        if field.mode == "REPEATED" {
            columns.push((name, format!("ARRAY<{kind}>")));
            continue;
        }
        let below = format!("{name}.");
        columns.push((name, kind.to_owned()));
        flatten(&below, &field.fields, columns);
    }
}

/// Turns the rows of a result into batches.
struct Columns {
    schema: SchemaRef,
}

impl Columns {
    fn new(schema: &TableSchema) -> Self {
        let fields: Vec<Field> = schema
            .fields
            .iter()
            .map(|field| {
                let kind = match field.r#type.as_str() {
                    _ if field.mode == "REPEATED" => DataType::Utf8,
                    "INTEGER" | "INT64" => DataType::Int64,
                    "FLOAT" | "FLOAT64" => DataType::Float64,
                    "BOOLEAN" | "BOOL" => DataType::Boolean,
                    _ => DataType::Utf8,
                };
                Field::new(&field.name, kind, true)
            })
            .collect();
        Self { schema: Arc::new(Schema::new(fields)) }
    }

    /// A row is `{"f":[{"v":"1"},{"v":null}]}`.
    fn wire_size(&self, rows: &[Struct]) -> u64 {
        let size = |row: &Struct| -> usize {
            9 + cells(row).iter().map(|cell| 8 + cell.get("v").map_or(0, value_size)).sum::<usize>()
        };
        2 + rows.iter().map(|row| size(row) as u64).sum::<u64>()
    }

    fn batch(&self, rows: &[Struct]) -> Result<RecordBatch> {
        let width = self.schema.fields().len();
        if let Some(row) = rows.iter().find(|row| cells(row).len() != width) {
            bail!("BigQuery gave a row of {} columns where there are {width}", cells(row).len());
        }
        let arrays = self.schema.fields().iter().enumerate().map(|(at, field)| column(rows, at, field));
        Ok(RecordBatch::try_new(Arc::clone(&self.schema), arrays.collect::<Result<_>>()?)?)
    }
}

fn column(rows: &[Struct], at: usize, field: &Field) -> Result<ArrayRef> {
    let texts = rows.iter().map(|row| cells(row).get(at).and_then(|cell| cell.get("v")).unwrap_or(&Value::Null));
    let odd = |value: &Value| {
        anyhow!("BigQuery gave `{value}` in the column `{}`, which is {}", field.name(), field.data_type())
    };
    Ok(match field.data_type() {
        DataType::Int64 => {
            let mut built = Int64Builder::with_capacity(rows.len());
            for value in texts {
                built.append_option(parsed(value).map_err(|()| odd(value))?);
            }
            Arc::new(built.finish())
        }
        DataType::Float64 => {
            let mut built = Float64Builder::with_capacity(rows.len());
            for value in texts {
                built.append_option(parsed(value).map_err(|()| odd(value))?);
            }
            Arc::new(built.finish())
        }
        DataType::Boolean => {
            let mut built = BooleanBuilder::with_capacity(rows.len());
            for value in texts {
                built.append_option(parsed(value).map_err(|()| odd(value))?);
            }
            Arc::new(built.finish())
        }
        _ => {
            let mut built = StringBuilder::new();
            for value in texts {
                match value {
                    Value::Null => built.append_null(),
                    Value::String(text) => built.append_value(text),
                    other => built.append_value(other.to_string()),
                }
            }
            Arc::new(built.finish())
        }
    })
}

/// Every value comes as text.
fn parsed<T: std::str::FromStr>(value: &Value) -> Result<Option<T>, ()> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => text.parse().map(Some).map_err(|_| ()),
        other => other.to_string().parse().map(Some).map_err(|_| ()),
    }
}

fn cells(row: &Struct) -> &[Value] {
    row.get("f").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn value_size(value: &Value) -> usize {
    match value {
        Value::Null => 4,
        Value::String(text) => text.len() + 2,
        other => other.to_string().len(),
    }
}

fn backoff() -> ExponentialBackoff {
    ExponentialBackoffBuilder::new()
        .with_initial_delay(Duration::from_millis(500))
        .with_maximum_delay(Duration::from_secs(8))
        .clamp()
}

/// What the innermost error says; those around it only repeat it.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut inner = error;
    while let Some(next) = inner.source() {
        inner = next;
    }
    inner.to_string()
}

fn message_in(page: &[u8]) -> Option<String> {
    let page: Value = serde_json::from_slice(page).ok()?;
    page.pointer("/error/message").and_then(Value::as_str).map(str::to_owned)
}

/// One line, then what to do.
fn failure(task: &str, said: &str, hint: Option<&str>) -> anyhow::Error {
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    match hint {
        Some(hint) => anyhow!("{task}: {line}\n\nhint: {hint}"),
        None => anyhow!("{task}: {line}"),
    }
}

#[cfg(test)]
mod tests {
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
            while is_silent_then {
                let (stream, _) = listener.accept()?;
                thread::spawn(move || {
                    thread::sleep(Duration::from_secs(60));
                    drop(stream);
                });
            }
            Ok(())
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
        assert!(
            said_billed.contains("20971520 or higher") && said_billed.contains("--max-bytes-billed"),
            "{said_billed}"
        );

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
        let done =
            r#"{"jobComplete":true,"schema":{"fields":[{"name":"a","type":"INTEGER"}]},"totalBytesProcessed":"42"}"#;
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
}
