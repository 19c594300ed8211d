//! That the structs of rows name the columns of their queries, all of them and no other.

use std::{collections::BTreeSet, fs, path::Path};

use clap::Parser;
use duckdb::types::Value;

use crate::{
    archive,
    cli::Cli,
    config::Config,
    model::{
        functions, macros,
        sides::{FileWordRow, KnownRevisionRow, KnownServiceRow, RevisionWordRow, ServicePlaceRow},
        window::{Window, Windows, build_marts, keep, show_kept},
    },
    report::document::{
        ASKED,
        comparison::{PairChangeRow, PairExposureRow, PairRequestRow, PairValueRow},
        deployments::{LastDeploymentRow, PairSettingsRow},
        index::{
            CellsRow, DayRow, FingerprintRow, IndexClusterRow, IndexRevisionRow, LifeRow, PartRow, PlaceRow,
            RateChangeRow, RevisionSpanRow, SpanRow, VerdictRow,
        },
        issue::{IssueFactRow, KnownIdRow, LastReportedRow, LaterEntriesRow, RevisionPlaceRow, SeenRevisionRow},
        lists::{ListedClusterRow, ListedPatternRow, ListedRuleRow},
        pair_code::{PairCommitsRow, PairPlaceRow},
        pattern::{
            ClusterMemberRow, HoursRow, LeadChangeRow, PatternClusterRow, PatternNameRow, PatternRow, PatternSampleRow,
            PositionRow, SeenRow, ShapeRow, SiteRow,
        },
        sample::KeptSampleRow,
    },
    sql::{connection::Connection, query::batches, row::Asked},
};

/// The queries beside those of worklogs.
fn others() -> Vec<Asked> {
    vec![
        Asked::of::<RevisionSpanRow>(),
        Asked::of::<SpanRow>(),
        Asked::of::<FingerprintRow>(),
        Asked::of::<DayRow>(),
        Asked::of::<IndexClusterRow>(),
        Asked::of::<CellsRow>(),
        Asked::of::<IndexRevisionRow>(),
        Asked::of::<RateChangeRow>(),
        Asked::of::<LifeRow>(),
        Asked::of::<PlaceRow>(),
        Asked::of::<PartRow>(),
        Asked::of::<VerdictRow>(),
        Asked::of::<KeptSampleRow>(),
        Asked::of::<RevisionWordRow>(),
        Asked::of::<FileWordRow>(),
        Asked::of::<KnownRevisionRow>(),
        Asked::of::<KnownServiceRow>(),
        Asked::of::<ServicePlaceRow>(),
        Asked::of::<PairExposureRow>(),
        Asked::of::<PairChangeRow>(),
        Asked::of::<PairRequestRow>(),
        Asked::of::<PairValueRow>(),
        Asked::of::<PairSettingsRow>(),
        Asked::of::<PairCommitsRow>(),
        Asked::of::<PairPlaceRow>(),
        Asked::of::<LastDeploymentRow>(),
        Asked::of::<PatternNameRow>(),
        Asked::of::<PatternRow>(),
        Asked::of::<SeenRow>(),
        Asked::of::<SiteRow>(),
        Asked::of::<ShapeRow>(),
        Asked::of::<PositionRow>(),
        Asked::of::<PatternSampleRow>(),
        Asked::of::<PatternClusterRow>(),
        Asked::of::<ClusterMemberRow>(),
        Asked::of::<HoursRow>(),
        Asked::of::<LeadChangeRow>(),
        Asked::of::<ListedPatternRow>(),
        Asked::of::<ListedClusterRow>(),
        Asked::of::<ListedRuleRow>(),
        Asked::of::<IssueFactRow>(),
        Asked::of::<KnownIdRow>(),
        Asked::of::<SeenRevisionRow>(),
        Asked::of::<RevisionPlaceRow>(),
        Asked::of::<LaterEntriesRow>(),
        Asked::of::<LastReportedRow>(),
    ]
}

/// Queries of these folders whose rows Rust does not read as structs: tables, and frames for statistics.
const NO_ROWS: [&str; 2] = ["sql/history/cluster_days.sql", "sql/history/daily_series.sql"];

fn gardener(arguments: &[&str]) {
    let cli = Cli::try_parse_from([&["gardener", "--quiet"], arguments].concat()).unwrap();
    super::run(cli).unwrap();
}

/// A database of both sample archives with the marts of all its services, and a history.
fn garden(folder: &Path) -> (Connection, String) {
    let data = |name: &str| format!("{}/data/{name}", env!("CARGO_MANIFEST_DIR"));
    let (db, out) = (folder.join("garden.duckdb").display().to_string(), folder.display().to_string());
    gardener(&["load", &data("sample.ndjson"), &data("incident.json"), "--db", &db]);
    gardener(&["history", "--db", &db, "--out", &out]);
    let connection = archive::open(Path::new(&db), None, &Config::built_in().unwrap()).unwrap();
    functions::register(&connection).unwrap();
    macros::register(&connection).unwrap();
    let service: String =
        connection.query_row("select service from pattern_traits order by service", [], |row| row.get(0)).unwrap();
    let window = Window { service: service.clone(), revision: None, from_ns: 0, to_ns: i64::MAX / 4 };
    build_marts(&connection, &Windows { list: &[window], minimum_severity: "NOTICE" }).unwrap();
    keep(&connection).unwrap();
    show_kept(&connection).unwrap();
    connection.execute_batch(include_str!("../store/issue_actions.sql")).unwrap();
    connection
        .execute_batch(
            "create temp table spans as select 0 as span_number, null::varchar as service, null::varchar as revision, \
             'all' as focus, 0::bigint as from_ns, 9e18::bigint as to_ns",
        )
        .unwrap();
    (connection, service)
}

#[test]
fn structs_name_all_columns_of_their_queries() {
    let folder = tempfile::tempdir().unwrap();
    let (connection, service) = garden(folder.path());
    let text = |text: &str| Value::Text(text.to_owned());
    let parameters = [
        ("from_ns", Value::BigInt(0)),
        ("to_ns", Value::BigInt(i64::MAX / 4)),
        ("service", text(&service)),
        ("pattern_id", text("a")),
        ("cluster_id", text("a")),
        ("word", text("a")),
        ("other", text("a")),
        ("minimum_severity", text("NOTICE")),
        ("least_severity", text("NOTICE")),
        ("subject", text("pattern")),
        ("pairs", text("[]")),
    ];
    let asked = [ASKED.to_vec(), others()].concat();
    for Asked { file, columns } in &asked {
        let (schema, _) = batches(&connection, file, &parameters).unwrap();
        let found: BTreeSet<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let named: BTreeSet<&str> = columns.iter().copied().collect();
        assert_eq!(found, named, "{}", file.path);
    }
    for folder in ["report", "history", "compare", "show", "issues"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql").join(folder);
        for entry in fs::read_dir(path).unwrap() {
            let path = format!("sql/{folder}/{}", entry.unwrap().file_name().to_string_lossy());
            let is_known = NO_ROWS.contains(&path.as_str());
            assert!(is_known || asked.iter().any(|asked| asked.file.path == path), "no struct for {path}");
        }
    }
}
