//! Frames: the answer of a query as a polars `DataFrame`, by way of Arrow's stream format, and what is computed on them.

use std::io::Cursor;

use anyhow::{Context, Result};
use arrow::{array::RecordBatch, datatypes::SchemaRef, ipc::writer::StreamWriter};
use polars::prelude::{DataFrame, DataType, IpcStreamReader, SerReader};

use super::change_points::{Change, Step, changes};

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

fn numbers(frame: &DataFrame, column: &str) -> Result<Vec<f64>> {
    let column = frame.column(column)?.cast(&DataType::Float64)?;
    Ok(column.f64()?.iter().map(|number| number.unwrap_or(0.0)).collect())
}

fn text(frame: &DataFrame, column: &str) -> Result<String> {
    Ok(frame.column(column)?.str()?.get(0).unwrap_or_default().to_owned())
}
