//! The statistics that SQL calls: `rate_ratio_lower`, `rate_ratio_upper` and `rate_ratio_p` of two counts with their
//! exposures and a dispersion, `share_lower` and `share_upper` of a count and a share of it, `ratio_direction` of an
//! interval.

use std::{error::Error, sync::Arc};

use anyhow::Result;
use arrow::{
    array::{Array, AsArray, Float64Builder, RecordBatch, StringArray},
    datatypes::{DataType, Float64Type},
};
use duckdb::{
    Connection,
    vscalar::{ArrowFunctionSignature, VArrowScalar},
};

use crate::stats::{direction::Direction, order, rate_ratio::Counts};

pub(super) fn register(connection: &Connection) -> Result<()> {
    connection.register_scalar_function::<Lower>("rate_ratio_lower")?;
    connection.register_scalar_function::<Upper>("rate_ratio_upper")?;
    connection.register_scalar_function::<P>("rate_ratio_p")?;
    connection.register_scalar_function::<ShareLower>("share_lower")?;
    connection.register_scalar_function::<ShareUpper>("share_upper")?;
    connection.register_scalar_function::<RatioDirection>("ratio_direction")?;
    Ok(())
}

type Output = Result<Arc<dyn Array>, Box<dyn Error>>;

/// Applies a function of `N` numbers to the columns; NULL where any of them is.
fn map_numbers<const N: usize>(input: &RecordBatch, answer: impl Fn([f64; N]) -> Option<f64>) -> Output {
    let columns: Vec<_> = input.columns().iter().map(|column| column.as_primitive::<Float64Type>()).collect();
    let mut out = Float64Builder::with_capacity(input.num_rows());
    for row in 0..input.num_rows() {
        let mut numbers = [0.0; N];
        let mut is_whole = columns.len() == N;
        for (number, column) in numbers.iter_mut().zip(&columns) {
            is_whole &= column.is_valid(row);
            *number = column.value(row);
        }
        out.append_option(is_whole.then(|| answer(numbers)).flatten());
    }
    Ok(Arc::new(out.finish()))
}

fn numbers(count: usize) -> Vec<ArrowFunctionSignature> {
    vec![ArrowFunctionSignature::exact(vec![DataType::Float64; count], DataType::Float64)]
}

fn counts([base, base_exposure, target, target_exposure, dispersion]: [f64; 5]) -> Counts {
    Counts { base, base_exposure, target, target_exposure, dispersion }
}

macro_rules! function_of_numbers {
    ($name:ident, $count:literal, $answer:expr) => {
        struct $name;

        impl VArrowScalar for $name {
            type State = ();

            fn invoke(_: &(), input: RecordBatch) -> Output {
                map_numbers::<$count>(&input, $answer)
            }

            fn signatures() -> Vec<ArrowFunctionSignature> {
                numbers($count)
            }
        }
    };
}

function_of_numbers!(Lower, 5, |row| counts(row).lower());
function_of_numbers!(Upper, 5, |row| counts(row).upper());
function_of_numbers!(P, 5, |row| counts(row).p());
function_of_numbers!(ShareLower, 2, |[count, share]| order::share_bounds(count, share).map(|bounds| bounds.0));
function_of_numbers!(ShareUpper, 2, |[count, share]| order::share_bounds(count, share).map(|bounds| bounds.1));

/// `ratio_direction(lower, upper)`: `more` or `less` where all of an interval lies beyond a change worth telling, else NULL.
/// DuckDB does not ask about NULL; the macro `direction_of` takes a bound that is NULL as open.
struct RatioDirection;

impl VArrowScalar for RatioDirection {
    type State = ();

    fn invoke(_: &(), input: RecordBatch) -> Output {
        let bounds = [0, 1].map(|column| input.column(column).as_primitive::<Float64Type>());
        let directions =
            bounds[0].iter().zip(bounds[1]).map(|(lower, upper)| Direction::of(lower?, upper?).map(Direction::as_str));
        Ok(Arc::new(StringArray::from_iter(directions)))
    }

    fn signatures() -> Vec<ArrowFunctionSignature> {
        vec![ArrowFunctionSignature::exact(vec![DataType::Float64; 2], DataType::Utf8)]
    }
}
