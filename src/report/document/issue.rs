//! What issues contain beyond worklogs, and what was last reported to them.

use serde::{Deserialize, Serialize};

use super::{
    cluster::{Cluster, ClusterRow},
    cluster_view::ClusterView,
    frame::{Frame, ProvenanceFrame, WindowFrame},
};
use crate::sql::row::row;

row! {
    /// What goes beyond a cluster's window.
    IssueFactRow of "issues/issue_facts" per cluster {
        cluster_id: String,
        first_seen_ns: i64,
        archive_count: i64,
        query: String,
        /// Whether the query holds nothing that a shell could take for more than text.
        is_plain: bool,
    }
}

row! {
    /// An id that issues may carry, and the cluster that it means today.
    KnownIdRow of "issues/known_ids" {
        service: String,
        known_id: String,
        cluster_id: String,
        /// Among the cluster's ids: the lower the more it is worth to be remembered.
        place: u64,
    }
}

row! {
    /// Over the archive; the name of the revision is empty where entries name none.
    SeenRevisionRow of "issues/seen_revisions" per window {
        cluster_id: String,
        revision: String,
        first_ns: i64,
        last_ns: i64,
    }
}

row! {
    /// A revision of a window's service, in the order in which they were deployed.
    RevisionPlaceRow of "issues/revision_places" per window {
        revision: String,
        last_ns: i64,
    }
}

row! {
    LaterEntriesRow of "issues/later_entries" {
        later_count: i64,
    }
}

row! {
    /// What was last reported to an issue; empty if the action reported nothing.
    LastReportedRow of "issues/last_reported" {
        service: String,
        cluster_id: String,
        issue_number: u64,
        url: String,
        is_created: bool,
        entry_count: Option<i64>,
        last_ns: Option<i64>,
        priority: Option<String>,
        state: Option<String>,
        revision: Option<String>,
    }
}

/// A cluster as its issue shows it.
#[derive(Debug, Clone)]
pub struct IssueCluster {
    pub cluster: Cluster,
    pub first_seen_ns: i64,
    pub archive_count: i64,
    pub query: String,
    pub is_plain: bool,
    /// What else the window holds of it, where it lacks its lead.
    pub parts: Vec<IssueCluster>,
}

impl IssueCluster {
    pub fn new(cluster: Cluster, fact: &IssueFactRow) -> Self {
        IssueCluster {
            cluster,
            first_seen_ns: fact.first_seen_ns,
            archive_count: fact.archive_count,
            query: fact.query.clone(),
            is_plain: fact.is_plain,
            parts: Vec::new(),
        }
    }
}

/// What issues say of the worklog that they are written from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IssueFrame {
    pub service: String,
    pub window: WindowFrame,
    pub making: ProvenanceFrame,
}

impl From<Frame> for IssueFrame {
    fn from(Frame { service, window, making, .. }: Frame) -> Self {
        IssueFrame { service, window, making }
    }
}

/// What an issue is written from.
#[derive(Debug, Clone)]
pub struct IssueDocument {
    pub cluster: IssueCluster,
    pub frame: IssueFrame,
}

/// The cluster of an issue as templates read it.
#[derive(Debug, Serialize)]
pub struct IssueView<'a> {
    #[serde(flatten)]
    view: ClusterView<'a>,
    first_seen_ns: i64,
    archive_count: i64,
    query: &'a str,
    is_plain: bool,
    parts: Vec<&'a ClusterRow>,
}

impl IssueCluster {
    pub fn view(&self) -> IssueView<'_> {
        IssueView {
            view: ClusterView::new(&self.cluster),
            first_seen_ns: self.first_seen_ns,
            archive_count: self.archive_count,
            query: &self.query,
            is_plain: self.is_plain,
            parts: self.parts.iter().map(|part| &part.cluster.row).collect(),
        }
    }
}
