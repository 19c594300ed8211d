//! Comparisons over made-up counts: how often chance alone is called worse, and how often a true change is found. The
//! counts go through the same SQL as those of an archive.

use duckdb::{Connection, params};
use log_gardener::model::{functions, macros};

/// A generator of its own, so that the figures stay the same.
struct Random(u64);

impl Random {
    fn word(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn poisson(&mut self, mean: f64) -> u64 {
        let end = (-mean).exp();
        let (mut count, mut product) = (0, self.unit());
        while product > end {
            count += 1;
            product *= self.unit();
        }
        count
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }
}

/// How a pattern's events come.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// Each by itself.
    Poisson,
    /// Several at a time in one minute, so that the variance is about so many times the mean.
    Clumps(f64),
    /// Episodes of so many minutes on average in which nearly all of them fall, one an hour on average.
    Episodes(f64),
}

const MINUTES: usize = 720;

/// Counts of each minute with so many events on average in all.
fn series(random: &mut Random, way: Way, mean: f64) -> Vec<u64> {
    let per_minute = mean / MINUTES as f64;
    match way {
        Way::Poisson => (0..MINUTES).map(|_| random.poisson(per_minute)).collect(),
        Way::Clumps(dispersion) => (0..MINUTES)
            .map(|_| {
                // clumps of a geometric size: variance by mean is (2 - q) / q for a mean size of 1 / q
                let q = 2.0 / (dispersion + 1.0);
                let clumps = random.poisson(per_minute * q);
                (0..clumps).map(|_| 1 + ((1.0 - random.unit()).ln() / (1.0 - q).ln()) as u64).sum()
            })
            .collect(),
        Way::Episodes(length) => {
            let mut rates = vec![0.0; MINUTES];
            let mut at = 0.0;
            loop {
                at += random.exponential(60.0);
                let end = at + random.exponential(length);
                if at >= MINUTES as f64 {
                    break;
                }
                let strength = mean * 60.0 / MINUTES as f64 / length;
                let episode = at as usize..(end as usize + 1).min(MINUTES);
                rates[episode].iter_mut().for_each(|rate| *rate += strength);
            }
            rates.into_iter().map(|rate| random.poisson(rate)).collect()
        }
    }
}

/// A database with no more than what a comparison reads: one service a run, with two revisions.
fn lay() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    functions::register(&connection).unwrap();
    connection
        .execute_batch(
            "create type severity_name as enum ('DEFAULT', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL');
             create table pattern_minutes (service varchar, revision varchar, pattern_id varchar,
                severity severity_name, level severity_name, effective_severity severity_name, minute timestamp_ns,
                entry_count bigint, event_count bigint, first_at timestamp_ns, last_at timestamp_ns,
                smallest_instance_id varchar, greatest_instance_id varchar);
             create table patterns as select 'p' || i as pattern_id, 'p' || i as template, 'message' as kind from range(100) as t(i);
             create table pattern_clusters (service varchar, pattern_id varchar, cluster_id varchar, is_lead boolean,
                reason varchar);
             create table pattern_traits (service varchar, pattern_id varchar, kind varchar, is_request boolean,
                trace_count bigint, is_startup_failure boolean);
             create table fatal_patterns (service varchar, pattern_id varchar);
             create table service_minutes (service varchar, minute_ns bigint);
             create table cluster_minutes (service varchar, problem_id varchar, revision varchar, severity severity_name,
                minute_ns bigint, effective_severity severity_name, entry_count bigint, first_ns bigint, last_ns bigint,
                smallest_instance_id varchar, greatest_instance_id varchar, occurrence_count bigint, early_count bigint,
                failed_starts bigint[]);
             create view severity_spans as
                select service, unnest(enum_range(null::severity_name)) as severity, 0::bigint as from_ns,
                    1_000_000_000_000_000_000::bigint as to_ns
                from (select distinct service from pattern_minutes);
             create table revisions (service varchar, revision varchar, first_at timestamp_ns, last_at timestamp_ns, place bigint);
             create table uncovered_minutes (service varchar, severity severity_name, minute_ns bigint, missing_ns bigint);
             create table counts (run integer, is_target boolean, pattern integer, minute integer, events integer);",
        )
        .unwrap();
    connection
}

fn write(connection: &Connection, runs: usize, patterns: &[(Way, f64, f64)], seed: u64) {
    let mut random = Random(seed);
    let mut appender = connection.appender("counts").unwrap();
    for run in 0..runs {
        for (number, (way, base, target)) in patterns.iter().enumerate() {
            for (is_target, mean) in [(false, base), (true, target)] {
                for (minute, events) in series(&mut random, *way, *mean).into_iter().enumerate() {
                    if events > 0 {
                        appender
                            .append_row(params![run as i32, is_target, number as i32, minute as i32, events as i32])
                            .unwrap();
                    }
                }
            }
        }
    }
    appender.flush().unwrap();
    drop(appender);
    compare(connection, runs);
}

/// Makes facts of the counts, and verdicts of the facts.
fn compare(connection: &Connection, runs: usize) {
    connection
        .execute_batch(&format!(
            "create table revision_minutes as
                select 's' || run as service, revision, make_timestamp_ns(minute * 60_000_000_000) as minute,
                    0 as request_count, 0 as success_count, 4 as instance_count,
                    4 as info_count
                from range({runs}) as r(run), (values ('base'), ('target')) as v(revision),
                    range({MINUTES}) as m(minute);
             create table starts as
                select distinct service, revision, 'i' || i as instance_id, make_timestamp_ns(0) as first_at,
                    make_timestamp_ns({MINUTES} * 60_000_000_000::bigint) as last_at
                from revision_minutes, range(4) as t(i);
             insert into pattern_minutes
                select 's' || run, if(is_target, 'target', 'base'), 'p' || pattern, 'ERROR', null, 'ERROR',
                    make_timestamp_ns(minute * 60_000_000_000), events, events,
                    make_timestamp_ns(minute * 60_000_000_000), make_timestamp_ns(minute * 60_000_000_000 + 1),
                    'i' || (minute % 4), 'i' || (minute % 4)
                from counts;
             insert into pattern_clusters
                select distinct service, pattern_id, pattern_id, true, null from pattern_minutes;
             insert into pattern_traits select service, pattern_id, 'message', false, 0, false from pattern_clusters;
             insert into cluster_minutes
                select service, pattern_id, revision, severity, epoch_ns(minute), effective_severity, entry_count,
                    epoch_ns(first_at), epoch_ns(last_at), smallest_instance_id, greatest_instance_id, event_count, 0, []
                from pattern_minutes",
        ))
        .unwrap();
    macros::register(connection).unwrap();
    for (table, subject) in [("verdicts", "pattern"), ("problem_verdicts", "problem")] {
        connection
            .execute_batch(&format!(
                "create table {table} as from compare_pairs((
                select list({{pair_id: 's' || run, service: 's' || run, base_revision: 'base', base_from_ns: 0::bigint,
                    base_to_ns: {MINUTES} * 60_000_000_000::bigint, target_revision: 'target',
                    target_from_ns: 0::bigint, target_to_ns: {MINUTES} * 60_000_000_000::bigint}})
                from range({runs}) as t(run)), 'NOTICE', '{subject}')"
            ))
            .unwrap();
    }
}

fn number_of(connection: &Connection, sql: &str) -> f64 {
    connection.query_row(sql, [], |row| row.get::<_, f64>(0)).unwrap()
}

/// How many runs the figures are of; `RUNS` says another number.
fn runs() -> usize {
    std::env::var("RUNS").ok().and_then(|count| count.parse().ok()).unwrap_or(300)
}

#[test]
fn two_equal_sides_of_bursty_logs_are_hardly_ever_called_worse() {
    use Way::{Clumps, Episodes, Poisson};
    let ways = [Poisson, Clumps(2.0), Clumps(8.0), Episodes(5.0), Episodes(20.0)];
    let patterns: Vec<(Way, f64, f64)> =
        ways.iter().flat_map(|way| [20.0, 60.0, 200.0, 600.0].map(|mean| (*way, mean, mean))).collect();
    let (connection, count) = (lay(), runs());
    write(&connection, count, &patterns, 7);
    let is_false = "verdict in ('worse', 'new', 'burst')";
    for table in ["verdicts", "problem_verdicts"] {
        let runs = number_of(
            &connection,
            &format!("select count(distinct pair_id) filter ({is_false}) / {count}.0 from {table}"),
        );
        let worst = number_of(
            &connection,
            &format!(
                "select max(share) from (select avg(({is_false})::int) as share from {table} group by pattern_id)"
            ),
        );
        println!(
            "{table}: of {count} runs of {} equal patterns {:.1} % call any worse, new or a burst; of one at most {:.1} %",
            patterns.len(),
            100.0 * runs,
            100.0 * worst
        );
        assert!(runs < 0.05, "{table} {runs}");
    }
}

#[test]
fn a_true_doubling_is_found() {
    for (way, base, seed) in [(Way::Poisson, 100.0, 11), (Way::Clumps(2.0), 200.0, 13)] {
        let (connection, count) = (lay(), runs());
        write(&connection, count, &[(way, base, 2.0 * base), (Way::Poisson, 100.0, 100.0)], seed);
        let found = number_of(
            &connection,
            &format!("select count(*) filter (verdict = 'worse') / {count}.0 from verdicts where pattern_id = 'p0'"),
        );
        println!("{way:?}, {base} events in the base: a doubling is found in {:.1} % of {count} runs", 100.0 * found);
        assert!(found > 0.95, "{way:?} {found}");
    }
}

/// Episodes of so many minutes in targets of so many hours, six events a minute on three instances, after six hours with
/// 14,400 requests and none.
#[test]
fn an_episode_that_the_base_has_nothing_of_is_told_in_targets_of_any_length() {
    let connection = lay();
    let minutes = [10, 20, 30, 45, 60, 90, 120];
    connection
        .execute_batch(&format!(
            "create table cells as
                select 's' || minutes || '-' || hours as service, minutes, hours,
                    -- at the beginning, in the middle, at the end
                    (hours * 60 - minutes) * (minutes // 10 % 3) // 2 as from_minute
                from (select unnest({minutes:?}) as minutes), range(1, 15) as t(hours)
                where minutes <= hours * 60;
             create table revision_minutes as
                select service, 'base' as revision, make_timestamp_ns(minute * 60_000_000_000) as minute,
                    40 as request_count, 40 as success_count, 3 as instance_count, 40 as info_count
                from cells, range(360) as m(minute)
                union all
                select service, 'target', make_timestamp_ns(minute * 60_000_000_000), 40, 40, 3, 40
                from cells, range(hours * 60) as m(minute);
             create table starts as
                select distinct service, revision, 'i' || i as instance_id, make_timestamp_ns(0) as first_at,
                    make_timestamp_ns(50_400_000_000_000) as last_at
                from revision_minutes, range(3) as t(i);
             insert into pattern_minutes
                select service, 'target', 'p0', 'ERROR', null, 'ERROR', make_timestamp_ns(minute * 60_000_000_000), 6, 6,
                    make_timestamp_ns(minute * 60_000_000_000), make_timestamp_ns(minute * 60_000_000_000 + 1), 'i0', 'i2'
                from cells, range(from_minute, from_minute + minutes) as m(minute)"
        ))
        .unwrap();
    macros::register(&connection).unwrap();
    connection
        .execute_batch(
            "create table verdicts as from compare_pairs((
                select list({pair_id: service, service: service, base_revision: 'base', base_from_ns: 0::bigint,
                    base_to_ns: 360 * 60_000_000_000::bigint, target_revision: 'target', target_from_ns: 0::bigint,
                    target_to_ns: hours * 3_600_000_000_000::bigint})
                from cells), 'NOTICE')",
        )
        .unwrap();
    let sql = "select coalesce(string_agg(pair_id || ': ' || verdict || ', ' || coalesce(reason, ''), '; '), '')
               from verdicts where verdict not in ('burst', 'new')";
    let missed: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    assert!(missed.is_empty(), "{missed}");
    let sql = "select reason from verdicts where pair_id = 's120-8'";
    let reason: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(reason, "720 in one stretch of 120 min, none in 14,400 requests of the base");
    assert!(number_of(&connection, "select count(*)::double from verdicts") > 90.0);
}

#[derive(serde::Deserialize)]
struct Dispersed {
    base: Vec<u64>,
    target: Vec<u64>,
    dispersion: f64,
}

/// `tests/fixtures/dispersion.py` wrote the figures, with scipy.
#[test]
fn dispersions_are_those_of_scipy() {
    let cases: Vec<Dispersed> = serde_json::from_str(include_str!("../fixtures/dispersion.json")).unwrap();
    let connection = lay();
    let mut appender = connection.appender("counts").unwrap();
    for (number, case) in cases.iter().enumerate() {
        for (is_target, counts) in [(false, &case.base), (true, &case.target)] {
            for (minute, events) in counts.iter().enumerate().filter(|(_, events)| **events > 0) {
                appender.append_row(params![0, is_target, number as i32, minute as i32, *events as i32]).unwrap();
            }
        }
    }
    appender.flush().unwrap();
    drop(appender);
    compare(&connection, 1);
    for (number, case) in cases.iter().enumerate() {
        let found = number_of(&connection, &format!("select dispersion from verdicts where pattern_id = 'p{number}'"));
        assert!((found - case.dispersion).abs() < 1e-9, "case {number}: {found} is not {}", case.dispersion);
    }
}
