//! The entry that stands for a cluster.

use crate::{report::sample_entry::Shown, sql::row::row};

row! {
    SampleRow of "report/sample_rows" per cluster {
        severity: String,
        level: Option<String>,
        effective_severity: String,
        severity_number: i64,
        service: String,
        revision: Option<String>,
        location: Option<String>,
        project: Option<String>,
        resource_type: Option<String>,
        instance_id: Option<String>,
        log_id: Option<String>,
        insert_id: Option<String>,
        trace: Option<String>,
        span: Option<String>,
        kind: String,
        message: Option<String>,
        shape_id: Option<String>,
        pattern_id: Option<String>,
        event_id: Option<u64>,
        call_module: Option<String>,
        call_function: Option<String>,
        call_line: Option<u64>,
        user: Option<String>,
        http_method: Option<String>,
        http_status: Option<u16>,
        http_url: Option<String>,
        http_latency_ns: Option<i64>,
        http_user_agent: Option<String>,
        labels: Option<String>,
        payload: Option<String>,
        extra: Option<String>,
        file: Option<String>,
        line: u64,
        entry_ns: i64,
        file_name: Option<String>,
        timestamp: String,
    }
}

row! {
    /// The one that the last worklog of a history shows.
    KeptSampleRow of "history/cluster_samples" {
        service: String,
        cluster_id: String,
        lead_id: String,
        severity: String,
        level: Option<String>,
        effective_severity: String,
        severity_number: i64,
        revision: Option<String>,
        location: Option<String>,
        project: Option<String>,
        resource_type: Option<String>,
        instance_id: Option<String>,
        log_id: Option<String>,
        insert_id: Option<String>,
        trace: Option<String>,
        span: Option<String>,
        kind: String,
        message: Option<String>,
        shape_id: Option<String>,
        pattern_id: Option<String>,
        event_id: Option<u64>,
        call_module: Option<String>,
        call_function: Option<String>,
        call_line: Option<u64>,
        user: Option<String>,
        http_method: Option<String>,
        http_status: Option<u16>,
        http_url: Option<String>,
        http_latency_ns: Option<i64>,
        http_user_agent: Option<String>,
        labels: Option<String>,
        payload: Option<String>,
        extra: Option<String>,
        file: Option<String>,
        line: u64,
        file_name: Option<String>,
        timestamp: String,
    }
}

macro_rules! shown {
    ($row:ty) => {
        impl $row {
            /// What is shown of the entry.
            pub fn shown(&self) -> Shown<'_> {
                Shown {
                    severity: &self.severity,
                    timestamp: &self.timestamp,
                    insert_id: self.insert_id.as_deref(),
                    kind: &self.kind,
                    message: self.message.as_deref(),
                    payload: self.payload.as_deref(),
                    service: &self.service,
                    revision: self.revision.as_deref(),
                    location: self.location.as_deref(),
                    instance_id: self.instance_id.as_deref(),
                    trace: self.trace.as_deref(),
                    http_method: self.http_method.as_deref(),
                    http_url: self.http_url.as_deref(),
                    http_status: self.http_status,
                    http_user_agent: self.http_user_agent.as_deref(),
                    http_latency_ns: self.http_latency_ns,
                }
            }
        }
    };
}

shown!(SampleRow);
shown!(KeptSampleRow);
