//! Two counts with their exposures: the exact conditional interval and p-value of the ratio of their rates.
//!
//! Given their sum, the target's count is binomial with p = r·e₁ / (e₀ + r·e₁), r being the ratio; the interval for p is
//! that of Clopper and Pearson (Biometrika 26, 1934), by quantiles of the Beta distribution, and the p-value is twice
//! the smaller tail. Counts are divided by the dispersion first (quasi-Poisson), so they need not be whole.

use super::beta;

const TAIL: f64 = 0.025;

/// What was counted on both sides. A count is at least 0, an exposure above 0, the dispersion at least 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counts {
    pub base: f64,
    pub base_exposure: f64,
    pub target: f64,
    pub target_exposure: f64,
    pub dispersion: f64,
}

impl Counts {
    fn scaled(&self) -> Option<(f64, f64)> {
        let is_usable = self.base >= 0.0
            && self.target >= 0.0
            && self.base + self.target > 0.0
            && self.base_exposure > 0.0
            && self.target_exposure > 0.0
            && self.dispersion >= 1.0;
        is_usable.then(|| (self.base / self.dispersion, self.target / self.dispersion))
    }

    /// The ratio whose share of the sum lies at this quantile of Beta(a, b).
    fn ratio_at(&self, a: f64, b: f64, probability: f64) -> f64 {
        // by the nearer end, since the difference to the farther one has few digits
        let odds = if a <= b {
            let x = beta::quantile(a, b, probability);
            x / (1.0 - x)
        } else {
            let y = beta::quantile(b, a, 1.0 - probability);
            (1.0 - y) / y
        };
        odds * self.base_exposure / self.target_exposure
    }

    /// The lower bound of the 95 % interval; 0 without an event in the target, nothing without any event or exposure.
    pub fn lower(&self) -> Option<f64> {
        let (base, target) = self.scaled()?;
        Some(if target == 0.0 { 0.0 } else { self.ratio_at(target, base + 1.0, TAIL) })
    }

    /// The upper bound; infinite without an event in the base.
    pub fn upper(&self) -> Option<f64> {
        let (base, target) = self.scaled()?;
        Some(if base == 0.0 { f64::INFINITY } else { self.ratio_at(target + 1.0, base, 1.0 - TAIL) })
    }

    /// How likely counts as far apart as these are, if both sides had one rate.
    pub fn p(&self) -> Option<f64> {
        let (base, target) = self.scaled()?;
        let share = self.target_exposure / (self.base_exposure + self.target_exposure);
        let as_many = if target == 0.0 { 1.0 } else { beta::cumulative(target, base + 1.0, share) };
        let as_few = if base == 0.0 { 1.0 } else { beta::exceeding(target + 1.0, base, share) };
        Some((2.0 * as_many.min(as_few)).min(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Case {
        base: f64,
        base_exposure: f64,
        target: f64,
        target_exposure: f64,
        dispersion: f64,
        lower: Option<f64>,
        upper: Option<f64>,
        p: f64,
    }

    fn assert_close(found: f64, expected: f64, what: &str) {
        let error = (found - expected).abs() / expected.abs().max(f64::MIN_POSITIVE);
        assert!(found == expected || error < 1e-10, "{what}: {found:e} is not {expected:e}, off by {error:e}");
    }

    /// `tests/fixtures/rate_ratio.py` wrote the figures, with scipy.
    #[test]
    fn bounds_and_p_are_scipys_to_ten_digits() {
        let cases: Vec<Case> = serde_json::from_str(include_str!("../../tests/fixtures/rate_ratio.json")).unwrap();
        assert!(cases.len() > 100);
        for (number, case) in cases.iter().enumerate() {
            let Case { base, base_exposure, target, target_exposure, dispersion, .. } = *case;
            let counts = Counts { base, base_exposure, target, target_exposure, dispersion };
            let what = |which: &str| format!("case {number}, {counts:?}, {which}");
            assert_close(counts.lower().unwrap(), case.lower.unwrap_or(0.0), &what("lower"));
            assert_close(counts.upper().unwrap(), case.upper.unwrap_or(f64::INFINITY), &what("upper"));
            assert_close(counts.p().unwrap(), case.p, &what("p"));
        }
    }

    #[test]
    fn the_designs_example_is_at_least_seven_times() {
        let counts = Counts { base: 0.0, base_exposure: 5000.0, target: 7.0, target_exposure: 1000.0, dispersion: 1.0 };
        assert!((counts.lower().unwrap() - 7.2).abs() < 0.05);
        assert_eq!(counts.upper(), Some(f64::INFINITY));
    }

    #[test]
    fn what_cannot_be_compared_has_no_answer() {
        let counts = Counts { base: 0.0, base_exposure: 5000.0, target: 0.0, target_exposure: 1000.0, dispersion: 1.0 };
        assert_eq!(counts.lower(), None);
        assert_eq!(Counts { target: 1.0, base_exposure: 0.0, ..counts }.p(), None);
        assert_eq!(Counts { target: f64::NAN, ..counts }.upper(), None);
    }
}
