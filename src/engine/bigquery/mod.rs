//! BigQuery over its REST interface: the tables of a sink and the views of Log Analytics.

mod rows;
mod source;
#[cfg(test)]
mod tests;

use std::{
    process,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Result, anyhow, bail};
use arrow::array::RecordBatch;
use google_cloud_auth::credentials;
use google_cloud_bigquery_v2::{
    Error,
    client::{JobService, TableService},
    model::{
        DataFormatOptions, ErrorProto, GetQueryResultsRequest, JobReference, PostQueryRequest, QueryRequest,
        QueryResponse, TableSchema,
    },
};
use google_cloud_gax::{
    exponential_backoff::{ExponentialBackoff, ExponentialBackoffBuilder},
    options::RequestOptionsBuilder,
    retry_policy::{RetryPolicy, RetryPolicyExt},
    retry_result::RetryResult,
    retry_state::RetryState,
};
use serde_json::Value;
use tokio::{
    runtime::{self, Runtime},
    time,
};

use self::{
    rows::Columns,
    source::{Source, flatten},
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
pub(super) struct BigQuery {
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
    pub(super) fn connect(options: &Options) -> Result<Box<dyn Engine>> {
        let Some(project) = options.project.as_deref() else {
            bail!("no project to bill the queries to\n\nhint: name one with `--project`");
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
        table.schema.ok_or_else(|| anyhow!("cannot read the columns of {source}: it has none"))
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
                    "{task}: not done after {} minutes\n\nhint: choose a shorter time span with `--from` and `--to`",
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
                    bail!("{task}: the server keeps returning the same page");
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
