//! The regularised incomplete beta function and its quantiles, for arguments from below one to many millions.
//!
//! The continued fraction is DLMF 8.17.22, by Lentz's method; what stands before it is written as a binomial density and
//! computed as Loader does ("Fast and accurate computation of binomial probabilities", 2000), since `exp` of a
//! difference of large logarithms has lost its digits there. The functions of crates that were tried stop after a fixed
//! number of terms, which for millions is too early.

use std::f64::consts::TAU;

use statrs::function::gamma::ln_gamma;

/// The probability that a Beta(a, b) variable is at most x.
pub(super) fn cumulative(a: f64, b: f64, x: f64) -> f64 {
    cumulative_between(a, b, x, 1.0 - x)
}

/// `y` is 1 - x, with the digits that a difference would lose.
fn cumulative_between(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if y <= 0.0 {
        1.0
    } else if x <= (a + 1.0) / (a + b + 2.0) {
        density_at(a, b, x, y) / a * fraction(a, b, x)
    } else {
        1.0 - density_at(b, a, y, x) / b * fraction(b, a, y)
    }
}

/// The probability that it is more than x: where that is small, not the difference to one.
pub(super) fn exceeding(a: f64, b: f64, x: f64) -> f64 {
    cumulative_between(b, a, 1.0 - x, x)
}

/// The x below which a Beta(a, b) variable lies with this probability: Newton's steps, kept between bounds that close in.
pub(super) fn quantile(a: f64, b: f64, probability: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    let mut x = start(a, b, probability);
    for _ in 0..200 {
        let error = cumulative(a, b, x) - probability;
        if error > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let newton = x - error * x * (1.0 - x) / density_at(a, b, x, 1.0 - x);
        let next = if newton > low && newton < high { newton } else { low + (high - low) / 2.0 };
        if (next - x).abs() <= x * 1e-15 || next == low || next == high {
            return next;
        }
        x = next;
    }
    x
}

/// A first guess: mean and standard deviation of the distribution.
fn start(a: f64, b: f64, probability: f64) -> f64 {
    let mean = a / (a + b);
    let deviation = (a * b / (a + b + 1.0)).sqrt() / (a + b);
    let guess = if probability < 0.5 { mean - 1.96 * deviation } else { mean + 1.96 * deviation };
    if guess > 0.0 && guess < 1.0 { guess } else { mean }
}

/// x^a (1-x)^b / B(a, b): the density times x (1-x). `y` is 1-x.
fn density_at(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let log = stirling_error(n) - stirling_error(a) - stirling_error(b) - deviance(a, n * x) - deviance(b, n * y);
    log.exp() * (a * b / n / TAU).sqrt()
}

/// ln Γ(n+1) less Stirling's approximation of it.
fn stirling_error(n: f64) -> f64 {
    if n < 15.0 {
        return ln_gamma(n + 1.0) - (n + 0.5) * n.ln() + n - TAU.ln() / 2.0;
    }
    const SERIES: [f64; 5] = [1.0 / 12.0, 1.0 / 360.0, 1.0 / 1260.0, 1.0 / 1680.0, 1.0 / 1188.0];
    let square = n * n;
    (SERIES[0] - (SERIES[1] - (SERIES[2] - (SERIES[3] - SERIES[4] / square) / square) / square) / square) / n
}

/// x ln(x/m) + m - x, by its series where both are near.
fn deviance(x: f64, m: f64) -> f64 {
    if (x - m).abs() >= 0.1 * (x + m) {
        return x * (x / m).ln() + m - x;
    }
    let v = (x - m) / (x + m);
    let mut sum = (x - m) * v;
    let mut term = 2.0 * x * v;
    for j in 1..1000 {
        term *= v * v;
        let next = sum + term / f64::from(2 * j + 1);
        if next == sum {
            return next;
        }
        sum = next;
    }
    sum
}

fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guard = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for step in 1..100_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        let change = d * c;
        value *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_add_up_and_quantiles_come_back() {
        for (a, b) in [(0.3, 0.7), (1.0, 1.0), (7.0, 1.0), (38.0, 1200.5), (3e6, 2.9e6)] {
            for probability in [1e-6, 0.025, 0.5, 0.975] {
                let x = quantile(a, b, probability);
                let found = cumulative(a, b, x);
                assert!((found / probability - 1.0).abs() < 1e-8, "{a} {b} {probability}: {found}");
                assert!((found + exceeding(a, b, x) - 1.0).abs() < 1e-9);
            }
        }
    }
}
