//! The rows of a result, which come as JSON, as Arrow's batches.

use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use arrow::{
    array::{ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, RecordBatch, StringBuilder},
    datatypes::{DataType, Field, Schema, SchemaRef},
};
use google_cloud_bigquery_v2::model::TableSchema;
use google_cloud_wkt::Struct;
use serde_json::Value;

/// Turns the rows of a result into batches.
pub(super) struct Columns {
    schema: SchemaRef,
}

impl Columns {
    pub(super) fn new(schema: &TableSchema) -> Self {
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
    pub(super) fn wire_size(&self, rows: &[Struct]) -> u64 {
        let size = |row: &Struct| -> usize {
            9 + cells(row).iter().map(|cell| 8 + cell.get("v").map_or(0, value_size)).sum::<usize>()
        };
        2 + rows.iter().map(|row| size(row) as u64).sum::<u64>()
    }

    pub(super) fn batch(&self, rows: &[Struct]) -> Result<RecordBatch> {
        let width = self.schema.fields().len();
        if let Some(row) = rows.iter().find(|row| cells(row).len() != width) {
            bail!("BigQuery returned a row of {} columns instead of {width}", cells(row).len());
        }
        let arrays = self.schema.fields().iter().enumerate().map(|(at, field)| column(rows, at, field));
        Ok(RecordBatch::try_new(Arc::clone(&self.schema), arrays.collect::<Result<_>>()?)?)
    }
}

fn column(rows: &[Struct], at: usize, field: &Field) -> Result<ArrayRef> {
    let texts = rows.iter().map(|row| cells(row).get(at).and_then(|cell| cell.get("v")).unwrap_or(&Value::Null));
    let odd = |value: &Value| {
        anyhow!("BigQuery returned `{value}` in the column `{}`, which is {}", field.name(), field.data_type())
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
