//! What queries are asked with: windows, spans, pairs of revisions, a cluster.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use duckdb::types::Value;
use log_gardener::{
    model::{
        functions, macros,
        window::{self, Window, Windows},
    },
    sql::connection::Connection,
};

/// How many clusters queries about one of them are asked for.
const ASKED_FOR: usize = 12;

/// What queries are asked with, by name.
pub(super) type Values = Vec<(&'static str, Value)>;

/// Lays windows, marts and spans; answers what queries are asked with, for one cluster after the other.
pub(super) fn lay(connection: &Connection, export: &str) -> Result<Vec<Values>> {
    functions::register(connection)?;
    macros::register(connection)?;
    let windows = rows::<4>(
        connection,
        "with services as ( \
             select service, min(minute_ns) as from_ns, max(minute_ns) + 60_000_000_000 as to_ns \
             from service_minutes group by all \
         ) \
         select service, null, from_ns::varchar, to_ns::varchar from services \
         union all \
         select service, null, greatest(from_ns, to_ns - 86_400_000_000_000)::varchar, to_ns::varchar from services \
         union all \
         select service, null, from_ns::varchar, ((from_ns + to_ns) // 120_000_000_000 * 60_000_000_000)::varchar \
         from services \
         union all \
         select service, revision, from_ns::varchar, to_ns::varchar from services inner join revisions using (service)",
    )?;
    let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok()).unwrap_or_default();
    let window = |[service, revision, from_ns, to_ns]: [Option<String>; 4]| Window {
        service: service.unwrap_or_default(),
        revision,
        from_ns: number(&from_ns),
        to_ns: number(&to_ns),
    };
    let list: Vec<Window> = windows.into_iter().map(window).collect();
    let windows = Windows { list: &list, minimum_severity: "NOTICE" };
    window::build_marts(connection, &windows)?;
    window::keep(connection)?;
    connection.execute_batch(SPANS)?;
    connection.execute_batch(ACTIONS)?;
    let pairs = rows::<1>(connection, PAIRS)?;
    let clusters = rows::<2>(
        connection,
        &format!("select service, cluster_id from pattern_clusters where is_lead order by all limit {ASKED_FOR}"),
    )?;
    let text = |text: Option<String>| Value::Text(text.unwrap_or_default());
    // revisions, a file, patterns by their text
    let words = ["latest", "previous", export, "e"];
    let values = |(place, [service, cluster]): (usize, [Option<String>; 2])| {
        let mut values: Values = windows.parameters().into();
        let texts = [("pairs", pairs[0][0].clone()), ("service", service), ("cluster_id", cluster.clone())];
        values.extend(texts.map(|(name, value)| (name, text(value))));
        values.push(("pattern_id", text(cluster)));
        let fixed = [
            ("word", words[place % words.len()]),
            ("other", "previous"),
            ("minimum_severity", "DEFAULT"),
            ("least_severity", "NOTICE"),
            ("subject", "problem"),
        ];
        values.extend(fixed.map(|(name, value)| (name, Value::Text(value.to_owned()))));
        values
    };
    Ok(clusters.into_iter().enumerate().map(values).collect())
}

/// The ledger of GitHub, which `issues apply` lays, with two actions on one issue.
const ACTIONS: &str = concat!(
    include_str!("../../../src/store/issue_actions.sql"),
    "insert into issue_actions (action_id, done_at, action, service, cluster_id, issue_number, url, entry_count) \
     select number, '2025-12-01'::timestamp, 'comment', service, cluster_id, 1, 'https://github.com/o/r/issues/1', 5 \
     from (from pattern_clusters order by all limit 1), range(2) as action (number)"
);

/// The days of a history.
const SPANS: &str = "create or replace temp table spans as \
    select (day - first_day)::int as span_number, null::varchar as service, null::varchar as revision, \
        strftime(make_timestamp_ns(day * 86_400_000_000_000), '%Y-%m-%d') as focus, \
        day * 86_400_000_000_000 as from_ns, (day + 1) * 86_400_000_000_000 as to_ns \
    from ( \
        select unnest(range(first_day, last_day + 1)) as day, first_day \
        from ( \
            select min(minute_ns) // 86_400_000_000_000 as first_day, max(minute_ns) // 86_400_000_000_000 as last_day \
            from service_minutes \
        ) \
    )";

/// Each revision beside each that began before it.
const PAIRS: &str = "select to_json(list(pair))::varchar from ( \
        select row_number() over () as pair_id, base.service, base.revision as base_revision, \
            epoch_ns(base.first_at) as base_from_ns, epoch_ns(base.last_at) + 1 as base_to_ns, \
            target.revision as target_revision, epoch_ns(target.first_at) as target_from_ns, \
            epoch_ns(target.last_at) + 1 as target_to_ns \
        from revisions as base \
        inner join revisions as target on base.service = target.service and base.first_at < target.first_at \
    ) as pair";

pub(super) fn rows<const N: usize>(connection: &Connection, sql: &str) -> Result<Vec<[Option<String>; N]>> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        let cells = (0..N).map(|at| row.get(at)).collect::<duckdb::Result<Vec<Option<String>>>>()?;
        Ok(std::array::from_fn(|at| cells[at].clone()))
    })?;
    Ok(rows.collect::<duckdb::Result<_>>()?)
}

/// A macro with its arguments; those that may be left out are.
pub(super) fn called(connection: &Connection, name: &str, values: &Values) -> Result<String> {
    let parameters = rows::<1>(
        connection,
        &format!("select unnest(parameters) from duckdb_functions() where function_name = '{name}' and not internal"),
    )?;
    let span = "(select {}(minute) from revision_minutes)::varchar";
    let known: BTreeMap<&str, String> = BTreeMap::from([
        ("base", "'previous'".to_owned()),
        ("target", "'latest'".to_owned()),
        ("base_from", span.replace("{}", "min")),
        ("base_to", span.replace("{}", "median")),
        ("target_from", span.replace("{}", "median")),
        ("target_to", span.replace("{}", "max")),
        ("only_service", "null".to_owned()),
    ]);
    let argument = |[parameter]: &[Option<String>; 1]| {
        let parameter = parameter.as_deref().unwrap_or_default();
        if let Some(argument) = known.get(parameter) {
            return Ok(argument.clone());
        }
        let value = values.iter().find(|(known, _)| *known == parameter);
        let Some((_, Value::Text(value))) = value else { bail!("no argument for the parameter `{parameter}`") };
        let text = format!("'{}'", value.replace('\'', "''"));
        Ok(if parameter == "pairs" { format!("(select pairs_of({text}))") } else { text })
    };
    let arguments = parameters.iter().map(argument).collect::<Result<Vec<String>>>().context("a macro")?;
    Ok(format!("{name}({})", arguments.join(", ")))
}
