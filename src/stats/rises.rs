//! When the values of a series rose: the stretch whose ranks exceed those of all others most, by the rank sum of Wilcoxon
//! ("Individual comparisons by ranking methods", Biometrics Bulletin 1, 1945), whatever the distribution of the values.
//!
//! The p-value is one-sided, by the normal approximation with the corrections for ties and for continuity, and is
//! multiplied by the number of stretches that were tried: they overlap, so this is more than enough. Far out the normal
//! approximation gives more than the exact p-value of two samples that do not overlap, so nothing is claimed too early.

use std::{cmp::Ordering, f64::consts::PI, ops::Range};

use statrs::function::erf::erfc;

use super::drifts;

/// Fewer values on a side say nothing.
pub const FEWEST: usize = 8;
/// A longer series is tried at so many places first, then beside the best.
const PLACES: usize = 256;

/// Values that exceed others: the natural logarithm of the p-value, since for long series it is too small for a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Rise {
    pub at: Range<usize>,
    pub ln_p: f64,
}

/// The ranks of a series, equal values sharing the mean of theirs, added up.
struct Ranks {
    sums: Vec<f64>,
    /// Sum of t³ - t over groups of t equal values.
    ties: f64,
}

impl Ranks {
    fn of(values: &[f64]) -> Self {
        let ranks = drifts::ranks(values);
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let groups = sorted.chunk_by(|a, b| a.total_cmp(b) == Ordering::Equal);
        let ties = groups.map(|group| (group.len() as f64).powi(3) - group.len() as f64).sum();
        let mut sums = Vec::with_capacity(values.len() + 1);
        sums.push(0.0);
        sums.extend(ranks.iter().scan(0.0, |sum, rank| {
            *sum += rank;
            Some(*sum)
        }));
        Ranks { sums, ties }
    }

    /// How many standard deviations the rank sum of a stretch lies above what chance expects.
    fn excess(&self, at: &Range<usize>) -> f64 {
        let count = (self.sums.len() - 1) as f64;
        let inside = at.len() as f64;
        let expected = inside * (count + 1.0) / 2.0;
        let spread = inside * (count - inside) / 12.0 * (count + 1.0 - self.ties / (count * (count - 1.0)));
        // where all values are equal, or all are inside, nothing exceeds
        if spread > 0.0 { (self.sums[at.end] - self.sums[at.start] - expected - 0.5) / spread.sqrt() } else { 0.0 }
    }

    /// Whether what stands before is lower too: at least half as far below as all that is outside.
    fn is_rise(&self, at: &Range<usize>) -> bool {
        let count = self.sums.len() - 1;
        let inside = (self.sums[at.end] - self.sums[at.start]) / at.len() as f64;
        let before = self.sums[at.start] / at.start as f64;
        let outside = (self.sums[count] - self.sums[at.end] + self.sums[at.start]) / (count - at.len()) as f64;
        inside - before >= (inside - outside) / 2.0
    }
}

/// The stretch whose values exceed those before and after it most, with what stands before it; its p-value is already that
/// of all stretches tried. `None` where there are too few values.
pub fn stretch(values: &[f64]) -> Option<Rise> {
    if values.len() < 2 * FEWEST {
        return None;
    }
    let ranks = Ranks::of(values);
    let step = values.len().div_ceil(PLACES);
    let mut tried = 0_u32;
    let mut best: Option<(f64, Range<usize>)> = None;
    let ends =
        |start: usize| (start + FEWEST..values.len()).filter(move |end| end.is_multiple_of(step)).chain([values.len()]);
    for start in (FEWEST..=values.len() - FEWEST).filter(|start| start.is_multiple_of(step)) {
        for end in ends(start) {
            tried += 1;
            if !ranks.is_rise(&(start..end)) {
                continue;
            }
            let excess = ranks.excess(&(start..end));
            if best.as_ref().is_none_or(|(most, _)| excess > *most) {
                best = Some((excess, start..end));
            }
        }
    }
    let (excess, at) = best?;
    let ln_p = (ln_upper_tail(excess) + f64::from(tried).ln()).min(0.0);
    Some(Rise { at: trimmed(values, sharpened(&ranks, at, step)), ln_p })
}

/// Without values at the ends that belong to the others: below the middle, by ratio, between the medians of both.
fn trimmed(values: &[f64], at: Range<usize>) -> Range<usize> {
    let outside = [&values[..at.start], &values[at.end..]].concat();
    let (inside, outside) = (median(&values[at.clone()]), median(&outside));
    let middle = if outside > 0.0 { (inside * outside).sqrt() } else { inside / 2.0 };
    let Range { mut start, mut end } = at;
    while end - start > FEWEST && values[start] < middle {
        start += 1;
    }
    while end - start > FEWEST && values[end - 1] < middle {
        end -= 1;
    }
    start..end
}

/// The upper one of the middle two, where there are two.
fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// The ends moved to where the excess is greatest, between the places that were tried.
fn sharpened(ranks: &Ranks, at: Range<usize>, step: usize) -> Range<usize> {
    let count = ranks.sums.len() - 1;
    let greatest = |candidates: &mut dyn Iterator<Item = Range<usize>>| {
        candidates.max_by(|a, b| ranks.excess(a).total_cmp(&ranks.excess(b)))
    };
    let starts = at.start.saturating_sub(step).max(FEWEST)..=(at.start + step).min(at.end - FEWEST);
    let at = greatest(&mut starts.map(|start| start..at.end)).unwrap_or(at);
    if at.end == count {
        return at;
    }
    let ends = (at.end.saturating_sub(step)).max(at.start + FEWEST)..=(at.end + step).min(count);
    greatest(&mut ends.map(|end| at.start..end)).unwrap_or(at)
}

/// How likely the later values exceed the earlier ones as they do, if both came from one distribution.
pub fn ln_p_of(earlier: &[f64], later: &[f64]) -> Option<f64> {
    if earlier.len().min(later.len()) < FEWEST {
        return None;
    }
    let values = [earlier, later].concat();
    Some(ln_upper_tail(Ranks::of(&values).excess(&(earlier.len()..values.len()))).min(0.0))
}

/// The logarithm of the probability that a standard normal variable exceeds z.
fn ln_upper_tail(z: f64) -> f64 {
    if z < 25.0 {
        (erfc(z / 2.0_f64.sqrt()) / 2.0).ln()
    } else {
        // the first terms of the asymptotic series (DLMF 7.12.1)
        -z * z / 2.0 - (z * (2.0 * PI).sqrt()).ln() + (-1.0 / (z * z)).ln_1p()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Fisher's and Yates's, by Knuth's generator.
    pub(crate) fn shuffled(state: &mut u64, values: &[f64]) -> Vec<f64> {
        let mut values = values.to_vec();
        for at in (1..values.len()).rev() {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            values.swap(at, ((*state >> 33) as usize) % (at + 1));
        }
        values
    }

    #[test]
    fn a_rise_is_found_where_it_begins_and_ends() {
        let steady = |count: usize| (0..count).map(|at| 1.0 + (at % 7) as f64 / 100.0).collect::<Vec<f64>>();
        let slow = |count: usize| (0..count).map(|at| 11.0 + (at % 9) as f64 / 50.0).collect::<Vec<f64>>();
        let found = stretch(&[steady(40), slow(15)].concat()).unwrap();
        assert_eq!(found.at, 40..55);
        assert!(found.ln_p < -8.0);
        let found = stretch(&[steady(3000), slow(500), steady(2000)].concat()).unwrap();
        assert_eq!(found.at, 3000..3500);
        assert!(found.ln_p < -500.0);
        assert_eq!(stretch(&steady(15)), None);
        assert_eq!(stretch(&[3.0; 60]).unwrap().ln_p, 0.0);
        assert!(stretch(&[slow(30), steady(30)].concat()).is_none_or(|rise| rise.ln_p > -3.0), "faster is no rise");
        let found = stretch(&[slow(60), steady(300), slow(30)].concat()).unwrap();
        assert_eq!(found.at, 360..390, "the slow values at the beginning do not hide those at the end");
    }

    /// `scipy.stats.mannwhitneyu(later, earlier, alternative="greater", method="asymptotic")`
    #[test]
    fn the_p_value_is_that_of_scipy() {
        let earlier = [1.0, 2.0, 2.0, 3.0, 4.0, 5.0, 5.0, 9.0];
        let later = [4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0];
        let p = ln_p_of(&earlier, &later).unwrap().exp();
        assert!((p - 0.005_218_989_783_124_501).abs() < 1e-9, "{p}");
        assert_eq!(ln_p_of(&earlier[..7], &later), None);
        assert!((ln_upper_tail(24.999_999) - ln_upper_tail(25.0)).abs() < 1e-3);
    }

    #[test]
    fn at_most_one_of_twenty_shuffled_series_rises() {
        let mut state = 5;
        let values: Vec<f64> = (0..60).map(|at| if at < 40 { 1.0 } else { 11.0 } + (at % 7) as f64 / 100.0).collect();
        let long: Vec<f64> = (0..900).map(|at| if at < 600 { 1.0 } else { 11.0 } + (at % 13) as f64).collect();
        let is_found = |state: &mut u64, values: &[f64]| {
            stretch(&shuffled(state, values)).is_some_and(|rise| rise.ln_p < 0.05_f64.ln())
        };
        let found = (0..400).filter(|_| is_found(&mut state, &values)).count();
        assert!(found <= 20, "{found} of 400");
        let found = (0..200).filter(|_| is_found(&mut state, &long)).count();
        assert!(found <= 10, "{found} of 200 long ones");
    }
}
