//! When the rate of a series of counts changed: optimal partitioning (Jackson et al., "An algorithm for optimal
//! partitioning of data on an interval", IEEE Signal Processing Letters 12, 2005) with the deviance of Poisson counts,
//! divided by their dispersion, as the cost of a stretch.
//!
//! A change costs 4 ln n. One series of n quiet days then shows a change by chance about once in two thousand times.

use super::{direction::Direction, rate_ratio::Counts};

/// Stretches are no shorter than so many steps: what lasts less is a burst.
const SHORTEST: usize = 3;

/// How much was counted in a step, and against what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    pub count: f64,
    pub exposure: f64,
}

/// A change between two stretches: `at` is the first step of the later one.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub at: usize,
    pub steps_before: usize,
    pub steps_after: usize,
    pub counts: Counts,
    pub lower: f64,
    pub upper: f64,
}

/// The changes of a series whose exposures are all above 0, in order.
pub fn changes(steps: &[Step]) -> Vec<Change> {
    if steps.len() < 2 * SHORTEST {
        return Vec::new();
    }
    let dispersion = dispersion(steps);
    let ends = partition(steps, dispersion);
    let mut changes = Vec::new();
    let mut start = 0;
    for pair in ends.windows(2) {
        let (at, end) = (pair[0], pair[1]);
        let (base, target) = (sum(&steps[start..at]), sum(&steps[at..end]));
        let counts = Counts {
            base: base.count,
            base_exposure: base.exposure,
            target: target.count,
            target_exposure: target.exposure,
            dispersion,
        };
        if let (Some(lower), Some(upper)) = (counts.lower(), counts.upper())
            && Direction::of(lower, upper).is_some()
        {
            changes.push(Change { at, steps_before: at - start, steps_after: end - at, counts, lower, upper });
        }
        start = at;
    }
    changes
}

fn sum(steps: &[Step]) -> Step {
    steps.iter().fold(Step { count: 0.0, exposure: 0.0 }, |sum, step| Step {
        count: sum.count + step.count,
        exposure: sum.exposure + step.exposure,
    })
}

/// How much more neighbouring steps differ than chance lets them, the mean of Pearson's chi square over all pairs of
/// neighbours: a change in between weighs little.
pub fn dispersion(steps: &[Step]) -> f64 {
    let squares: Vec<f64> = steps
        .windows(2)
        .filter_map(|pair| {
            let both = sum(pair);
            let expected = |step: &Step| both.count * step.exposure / both.exposure;
            (both.count > 0.0)
                .then(|| pair.iter().map(|step| (step.count - expected(step)).powi(2) / expected(step)).sum::<f64>())
        })
        .collect();
    if squares.is_empty() { 1.0 } else { (squares.iter().sum::<f64>() / squares.len() as f64).max(1.0) }
}

/// The ends of the stretches of the cheapest partition, the last of them the series' own.
pub fn partition(steps: &[Step], dispersion: f64) -> Vec<usize> {
    let count = steps.len();
    let penalty = 4.0 * (count as f64).ln();
    let mut running = vec![Step { count: 0.0, exposure: 0.0 }];
    for step in steps {
        let last = running[running.len() - 1];
        running.push(Step { count: last.count + step.count, exposure: last.exposure + step.exposure });
    }
    // minus twice the log likelihood at the stretch's own rate, without what all partitions share
    let cost = |from: usize, to: usize| {
        let events = running[to].count - running[from].count;
        let exposure = running[to].exposure - running[from].exposure;
        if events > 0.0 { -2.0 * events * (events / exposure).ln() / dispersion } else { 0.0 }
    };
    let mut best = vec![f64::INFINITY; count + 1];
    let mut starts = vec![0; count + 1];
    best[0] = -penalty;
    for to in SHORTEST..=count {
        for from in (0..=to - SHORTEST).filter(|from| best[*from].is_finite()).collect::<Vec<_>>() {
            let total = best[from] + cost(from, to) + penalty;
            if total < best[to] {
                (best[to], starts[to]) = (total, from);
            }
        }
    }
    let mut ends = vec![count];
    while starts[ends[ends.len() - 1]] > 0 {
        ends.push(starts[ends[ends.len() - 1]]);
    }
    ends.reverse();
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Case {
        counts: Vec<f64>,
        exposures: Vec<f64>,
        dispersion: f64,
        ends: Vec<usize>,
    }

    fn steps(counts: &[f64], exposures: &[f64]) -> Vec<Step> {
        counts.iter().zip(exposures).map(|(count, exposure)| Step { count: *count, exposure: *exposure }).collect()
    }

    /// `tests/fixtures/change_points.py` wrote the figures: every partition tried, with scipy's likelihood.
    #[test]
    fn partitions_and_dispersions_are_those_of_scipy() {
        let cases: Vec<Case> = serde_json::from_str(include_str!("../../tests/fixtures/change_points.json")).unwrap();
        assert!(cases.len() >= 20);
        for case in cases {
            let steps = steps(&case.counts, &case.exposures);
            let found = dispersion(&steps);
            assert!((found / case.dispersion - 1.0).abs() < 1e-10, "{found} {}", case.dispersion);
            assert_eq!(partition(&steps, found), case.ends, "{:?}", case.counts);
        }
    }

    #[test]
    fn a_doubling_is_found_where_it_is_and_a_constant_rate_has_none() {
        let counts: Vec<f64> = (0..90).map(|day| f64::from(if day < 50 { 20 } else { 45 } + day % 5 - 2)).collect();
        let found = changes(&steps(&counts, &[1.0; 90]));
        assert_eq!(found.iter().map(|change| change.at).collect::<Vec<_>>(), [50]);
        assert!(found[0].lower > 2.0 && found[0].upper < 2.6);
        assert!(changes(&steps(&counts[..50], &[1.0; 50])).is_empty());
    }

    #[test]
    fn twice_the_traffic_is_no_change() {
        let counts: Vec<f64> = (0..60).map(|day| if day < 30 { 20.0 } else { 40.0 }).collect();
        let exposures: Vec<f64> = (0..60).map(|day| if day < 30 { 1.0 } else { 2.0 }).collect();
        assert!(changes(&steps(&counts, &exposures)).is_empty());
        assert_eq!(changes(&steps(&counts, &[1.0; 60])).len(), 1);
    }
}
