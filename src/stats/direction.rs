//! When the interval of a ratio says that a rate changed: the one gate of comparisons, of change points and of the colour
//! of intervals.

/// What a ratio has to exceed for sure, one way or the other, to be a change worth telling.
const GATE: f64 = 1.25;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    More,
    Less,
}

impl Direction {
    /// Where all of the interval lies beyond the gate; `None` where a part of it does not, or a bound is no number.
    pub fn of(lower: f64, upper: f64) -> Option<Self> {
        if lower > GATE {
            Some(Self::More)
        } else if upper < 1.0 / GATE {
            Some(Self::Less)
        } else {
            None
        }
    }

    /// As SQL and the style of pages write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::More => "more",
            Self::Less => "less",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_has_a_direction_if_all_of_it_lies_beyond_the_gate() {
        assert_eq!(Direction::of(1.3, f64::INFINITY), Some(Direction::More));
        assert_eq!(Direction::of(0.0, 0.79), Some(Direction::Less));
        for (lower, upper) in [(1.25, 3.0), (0.2, 0.8), (0.9, 1.1), (0.1, 10.0), (f64::NAN, f64::NAN)] {
            assert_eq!(Direction::of(lower, upper), None, "{lower} {upper}");
        }
        assert_eq!(Direction::of(1.3, f64::NAN), Some(Direction::More));
        assert_eq!(Direction::of(f64::NAN, 0.7), Some(Direction::Less));
    }
}
