//! Intervals for shares, and so for quantiles: between which ranks the true quantile lies, whatever the distribution.
//!
//! The count of values below the true quantile is binomial, so its ranks are bounded by the exact interval of Clopper and
//! Pearson, as quantiles of the Beta distribution.

use super::beta;

/// Between which shares the true one lies with 95 %, if this share was found among so many; in other words between which
/// shares of ordered values a quantile lies: for 100 and 0.5, about 0.4 and 0.6. `count` may be an effective one and need
/// not be whole.
pub fn share_bounds(count: f64, share: f64) -> Option<(f64, f64)> {
    if !(count > 0.0 && (0.0..=1.0).contains(&share)) {
        return None;
    }
    let below = count * share;
    let above = count - below;
    let lower = if below == 0.0 { 0.0 } else { beta::quantile(below, above + 1.0, 0.025) };
    let upper = if above == 0.0 { 1.0 } else { beta::quantile(below + 1.0, above, 0.975) };
    Some((lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_values_bring_the_bounds_together() {
        let (low, high) = share_bounds(100.0, 0.5).unwrap();
        // scipy.stats.binomtest(50, 100).proportion_ci(method="exact")
        assert!((low - 0.398_321_129_503_302_3).abs() < 1e-10 && (high - 0.601_678_870_496_697_7).abs() < 1e-10);
        let (near, _) = share_bounds(10_000.0, 0.5).unwrap();
        assert!(near > low);
        // 0.025 to the power of a tenth
        assert!((share_bounds(10.0, 1.0).unwrap().0 - 0.691_502_892_181_239_3).abs() < 1e-10);
        assert_eq!(share_bounds(10.0, 0.0).unwrap().0, 0.0);
        assert_eq!(share_bounds(0.0, 0.5), None);
    }
}
