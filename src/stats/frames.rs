//! Frames: the answer of a query as a polars `DataFrame`, by way of Arrow's stream format, and what is computed on them.

use std::{collections::BTreeMap, io::Cursor};

use anyhow::{Context, Result};
use arrow::{array::RecordBatch, datatypes::SchemaRef, ipc::writer::StreamWriter};
use polars::prelude::{DataFrame, DataType, IpcStreamReader, SerReader};

use super::{
    change_points::{Change, Step, changes},
    drifts, rises,
};

/// The batches as one frame.
pub fn frame(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<DataFrame> {
    let mut stream = Vec::new();
    let mut writer = StreamWriter::try_new(&mut stream, schema)?;
    batches.iter().try_for_each(|batch| writer.write(batch))?;
    writer.finish()?;
    drop(writer);
    IpcStreamReader::new(Cursor::new(stream)).finish().context("cannot read the frame that DuckDB answered")
}

/// A change of one cluster's rate; `span_number` is the first span of the later stretch.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusterChange {
    pub service: String,
    pub cluster_id: String,
    pub span_number: i64,
    pub change: Change,
}

/// The changes of each series. The frame has `service`, `cluster_id`, `span_number`, `event_count` and `exposure`, in
/// order within each series.
pub fn change_points(frame: &DataFrame) -> Result<Vec<ClusterChange>> {
    let mut found = Vec::new();
    if frame.height() == 0 {
        return Ok(found);
    }
    for series in frame.partition_by_stable(["service", "cluster_id"], true)? {
        let counts = numbers(&series, "event_count")?;
        let exposures = numbers(&series, "exposure")?;
        let spans = numbers(&series, "span_number")?;
        // a span without exposure says nothing
        let (steps, spans): (Vec<Step>, Vec<f64>) = counts
            .into_iter()
            .zip(exposures)
            .zip(spans)
            .filter(|((_, exposure), _)| *exposure > 0.0)
            .map(|((count, exposure), span)| (Step { count, exposure }, span))
            .unzip();
        let (service, cluster_id) = (text(&series, "service")?, text(&series, "cluster_id")?);
        found.extend(changes(&steps).into_iter().map(|change| ClusterChange {
            service: service.clone(),
            cluster_id: cluster_id.clone(),
            span_number: spans[change.at] as i64,
            change,
        }));
    }
    Ok(found)
}

/// A rise of the latencies of one endpoint, by the places of its requests or from one revision to a later one.
#[derive(Debug, Clone, PartialEq)]
pub struct LatencyRise {
    pub window_id: i64,
    pub endpoint: String,
    pub first_place: i64,
    pub last_place: i64,
    /// The later revision and the earlier one, where they are compared.
    pub revisions: Option<(i64, i64)>,
    /// The natural logarithm of the p-value, after all that was tried in the window.
    pub ln_p: f64,
}

/// The surest stretch and the surest pair of revisions of each series. The frame has `window_id`, `endpoint`, `place`,
/// `latency_ns` and `revision_place`, in order within each series.
pub fn latency_rises(frame: &DataFrame) -> Result<Vec<LatencyRise>> {
    let mut found = Vec::new();
    if frame.height() == 0 {
        return Ok(found);
    }
    for window in frame.partition_by_stable(["window_id"], true)? {
        let series = window.partition_by_stable(["endpoint"], true)?;
        let mut rises = Vec::new();
        for series in &series {
            rises.extend(rises_of(series)?);
        }
        // each endpoint is looked at in two ways
        let tried = 2.0 * series.len() as f64;
        found.extend(rises.into_iter().map(|rise| LatencyRise { ln_p: (rise.ln_p + f64::ln(tried)).min(0.0), ..rise }));
    }
    Ok(found)
}

fn rises_of(series: &DataFrame) -> Result<Vec<LatencyRise>> {
    let (values, places) = (numbers(series, "latency_ns")?, numbers(series, "place")?);
    let revisions = numbers(series, "revision_place")?;
    let window_id = numbers(series, "window_id")?[0] as i64;
    let endpoint = text(series, "endpoint")?;
    let place = |at: usize| places[at] as i64;
    let whole = LatencyRise {
        window_id,
        endpoint,
        first_place: place(0),
        last_place: place(places.len() - 1),
        revisions: None,
        ln_p: 0.0,
    };
    let stretch = rises::stretch(&values).map(|rise| LatencyRise {
        first_place: place(rise.at.start),
        // where nothing follows, the last one of all: not all of them may be looked at
        last_place: if rise.at.end == places.len() { i64::MAX } else { place(rise.at.end - 1) },
        ln_p: rise.ln_p,
        ..whole.clone()
    });
    let pair = surest_revisions(&values, &revisions).map(|(later, earlier, ln_p)| LatencyRise {
        revisions: Some((later, earlier)),
        ln_p,
        ..whole
    });
    Ok(stretch.into_iter().chain(pair).collect())
}

/// Each revision against the one before that has enough values too.
fn surest_revisions(values: &[f64], revisions: &[f64]) -> Option<(i64, i64, f64)> {
    let mut sides: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    for (value, revision) in values.iter().zip(revisions) {
        sides.entry(*revision as i64).or_default().push(*value);
    }
    let sides: Vec<(i64, Vec<f64>)> = sides.into_iter().filter(|(_, side)| side.len() >= rises::FEWEST).collect();
    let tried = sides.len().saturating_sub(1) as f64;
    let pairs = sides.windows(2).filter_map(|pair| {
        let ln_p = rises::ln_p_of(&pair[0].1, &pair[1].1)?;
        Some((pair[1].0, pair[0].0, (ln_p + tried.ln()).min(0.0)))
    });
    pairs.min_by(|a, b| a.2.total_cmp(&b.2))
}

/// How a number of a pattern's messages goes with time.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberDrift {
    pub window_id: i64,
    pub pattern_id: String,
    pub field: String,
    pub correlation: f64,
    /// After all series of the window.
    pub p: f64,
}

/// The rank correlation of each series with time. The frame has `window_id`, `pattern_id`, `field` and `number`, in order
/// within each series.
pub fn number_drifts(frame: &DataFrame) -> Result<Vec<NumberDrift>> {
    let mut found = Vec::new();
    if frame.height() == 0 {
        return Ok(found);
    }
    for window in frame.partition_by_stable(["window_id"], true)? {
        let series = window.partition_by_stable(["pattern_id", "field"], true)?;
        for one in &series {
            let Some(drift) = drifts::drift(&numbers(one, "number")?) else { continue };
            found.push(NumberDrift {
                window_id: numbers(one, "window_id")?[0] as i64,
                pattern_id: text(one, "pattern_id")?,
                field: text(one, "field")?,
                correlation: drift.correlation,
                p: (drift.p * series.len() as f64).min(1.0),
            });
        }
    }
    Ok(found)
}

fn numbers(frame: &DataFrame, column: &str) -> Result<Vec<f64>> {
    let column = frame.column(column)?.cast(&DataType::Float64)?;
    Ok(column.f64()?.iter().map(|number| number.unwrap_or(0.0)).collect())
}

fn text(frame: &DataFrame, column: &str) -> Result<String> {
    Ok(frame.column(column)?.str()?.get(0).unwrap_or_default().to_owned())
}
