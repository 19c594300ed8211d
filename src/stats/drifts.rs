//! Whether numbers rise or fall steadily with time: the rank correlation of Spearman ("The proof and measurement of
//! association between two things", American Journal of Psychology 15, 1904), equal values sharing the mean of their ranks.
//!
//! The p-value is two-sided, by Student's t with two degrees of freedom less than values (Kendall and Stuart, 31.19).

use std::cmp::Ordering;

use super::beta;

/// The correlation of a series with its order, and its p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    pub correlation: f64,
    pub p: f64,
}

/// `None` where there are fewer than four values, or all are equal.
pub fn drift(values: &[f64]) -> Option<Drift> {
    let count = values.len() as f64;
    if values.len() < 4 {
        return None;
    }
    let mean = (count + 1.0) / 2.0;
    let ranks = ranks(values);
    let (mut product, mut spread, mut of_places) = (0.0, 0.0, 0.0);
    for (at, rank) in ranks.iter().enumerate() {
        let place = at as f64 + 1.0 - mean;
        product += place * (rank - mean);
        spread += (rank - mean).powi(2);
        of_places += place.powi(2);
    }
    if spread <= 0.0 {
        return None;
    }
    let correlation = (product / (spread * of_places).sqrt()).clamp(-1.0, 1.0);
    let freedom = count - 2.0;
    // Student's t as a beta variable: freedom / (freedom + t²)
    let p = beta::cumulative(freedom / 2.0, 0.5, 1.0 - correlation.powi(2));
    Some(Drift { correlation, p })
}

/// The rank of each value, from 1.
pub(super) fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut smaller = 0.0;
    for group in order.chunk_by(|&a, &b| values[a].total_cmp(&values[b]) == Ordering::Equal) {
        let count = group.len() as f64;
        group.iter().for_each(|&at| ranks[at] = smaller + (count + 1.0) / 2.0);
        smaller += count;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rises::tests::shuffled;

    /// `scipy.stats.spearmanr(range(10), values)`
    #[test]
    fn correlation_and_p_value_are_those_of_scipy() {
        let found = drift(&[3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0]).unwrap();
        assert!((found.correlation - 0.3914537831560393).abs() < 1e-9, "{found:?}");
        assert!((found.p - 0.2632875529923413).abs() < 1e-9, "{found:?}");
        let falls = drift(&[9.0, 8.0, 7.0, 6.0, 5.0]).unwrap();
        assert!(falls.correlation == -1.0 && falls.p == 0.0);
        assert_eq!(drift(&[2.0; 30]), None);
        assert_eq!(drift(&[1.0, 2.0, 3.0]), None);
    }

    #[test]
    fn at_most_one_of_twenty_shuffled_series_drifts() {
        let mut state = 3;
        let values: Vec<f64> = (0..40).map(|at| 0.97 - f64::from(at) / 100.0).collect();
        let found = (0..400).filter(|_| drift(&shuffled(&mut state, &values)).unwrap().p < 0.05).count();
        assert!(found <= 30, "{found} of 400, 20 are expected");
    }
}
