//! Charts as inline SVG: bars, a timeline, an interval. Sizes stand in attributes and colours in classes, so that a page
//! needs no style of its own in any element; each chart says in words what it shows.

use std::fmt::Write;

use super::document::window::{RevisionRow, TimelineRow};

use crate::{stats::direction::Direction, text::escape::visible_block};

/// In the order in which they are stacked, the highest severity at the bottom.
const GRADES: [&str; 5] = ["critical", "error", "warning", "notice", "info"];

/// A line of bars, each as high as its share of the greatest.
pub(super) fn bars(counts: &[i64], label: &str) -> String {
    const HEIGHT: f64 = 24.0;
    let greatest = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let mut svg = format!(
        "<svg class=\"bars\" viewBox=\"0 0 {} {HEIGHT}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">",
        counts.len() * 4,
        escaped(label)
    );
    for (at, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        // what is there is seen, however little
        let height = (count as f64 / greatest * HEIGHT).max(2.0);
        let _ = write!(svg, "<rect x=\"{}\" y=\"{:.1}\" width=\"3\" height=\"{height:.1}\"/>", at * 4, HEIGHT - height);
    }
    svg + "</svg>"
}

const WIDTH: f64 = 960.0;
const STEPS: usize = 72;
const PLOT: f64 = 120.0;
const LANE: f64 = 16.0;
const MOST_LANES: usize = 8;

/// Entries over time, stacked by how grave they are, and below the revisions with where each was first seen.
/// `time` writes a moment.
pub(super) fn timeline(steps: &[TimelineRow], revisions: &[RevisionRow], time: impl Fn(i64) -> String) -> String {
    let Some(first) = steps.first() else { return String::new() };
    let (from, to) = (first.from_ns, first.to_ns);
    let mut counts = [[0_u64; GRADES.len()]; STEPS];
    for row in steps {
        let grade = GRADES.iter().position(|grade| row.grade == *grade);
        if let (Some(slot), Some(grade)) = (counts.get_mut(row.step), grade) {
            slot[grade] += row.entry_count;
        }
    }
    let lanes = revisions.len().min(MOST_LANES);
    let height = PLOT + 30.0 + LANE * lanes as f64;
    let mut svg = format!(
        "<svg class=\"timeline\" viewBox=\"0 0 {WIDTH} {height}\" data-from=\"{from}\" data-to=\"{to}\" role=\"img\" \
         aria-label=\"{}\">",
        escaped(&format!(
            "Entries from {} to {} by severity, with {} revisions",
            time(from),
            time(to),
            revisions.len()
        ))
    );
    let greatest = counts.iter().map(|step| step.iter().sum::<u64>()).max().unwrap_or(0).max(1);
    for (at, step) in counts.iter().enumerate() {
        stack(&mut svg, at, step, greatest, &time(step_start(from, to, at)));
    }
    axis(&mut svg, greatest, (from, to), &time);
    // the newest, where there are more than room
    for (lane, revision) in revisions[revisions.len() - lanes..].iter().enumerate() {
        lay_revision(&mut svg, revision, lane, (from, to), &time);
    }
    svg + "</svg>"
}

fn step_start(from: i64, to: i64, step: usize) -> i64 {
    from + ((i128::from(to - from) * step as i128) / STEPS as i128) as i64
}

fn stack(svg: &mut String, at: usize, step: &[u64; GRADES.len()], greatest: u64, start: &str) {
    let total: u64 = step.iter().sum();
    if total == 0 {
        return;
    }
    let width = WIDTH / STEPS as f64;
    let mut said: Vec<String> = Vec::new();
    let mut rects = String::new();
    let mut y = PLOT;
    for (grade, &count) in GRADES.iter().zip(step).filter(|(_, count)| **count > 0) {
        let height = (count as f64 / greatest as f64 * (PLOT - 14.0)).max(1.5);
        y -= height;
        let _ = write!(
            rects,
            "<rect class=\"g-{grade}\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{height:.1}\"/>",
            at as f64 * width,
            width - 1.5
        );
        said.push(format!("{count} {grade}"));
    }
    let _ = write!(svg, "<g><title>{}: {}</title>{rects}</g>", escaped(start), said.join(", "));
}

fn axis(svg: &mut String, greatest: u64, (from, to): (i64, i64), time: &impl Fn(i64) -> String) {
    let _ = write!(
        svg,
        "<line class=\"axis\" x1=\"0\" y1=\"{PLOT}\" x2=\"{WIDTH}\" y2=\"{PLOT}\"/>\
         <text class=\"tick\" x=\"0\" y=\"10\">{greatest} in a bar at most</text>"
    );
    for (share, anchor) in [(0.0, "start"), (0.5, "middle"), (1.0, "end")] {
        let at = from + ((to - from) as f64 * share) as i64;
        let _ = write!(
            svg,
            "<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            WIDTH * share,
            PLOT + 14.0,
            escaped(&time(at))
        );
    }
}

fn lay_revision(
    svg: &mut String,
    revision: &RevisionRow,
    lane: usize,
    (from, to): (i64, i64),
    time: &impl Fn(i64) -> String,
) {
    let RevisionRow { first_ns, last_ns, .. } = *revision;
    let x = |at: i64| ((at - from) as f64 / (to - from).max(1) as f64).clamp(0.0, 1.0) * WIDTH;
    let (start, end, y) = (x(first_ns), x(last_ns), PLOT + 38.0 + LANE * lane as f64);
    let name = if revision.revision.is_empty() { "(no revision)" } else { &revision.revision };
    let is_born = first_ns >= from;
    let _ = write!(
        svg,
        "<g><title>{}: first seen {}, last {}</title><line class=\"life\" x1=\"{start:.1}\" y1=\"{y}\" x2=\"{:.1}\" \
         y2=\"{y}\"/>",
        escaped(name),
        escaped(&time(first_ns)),
        escaped(&time(last_ns)),
        end.max(start + 2.0)
    );
    if is_born {
        let _ = write!(
            svg,
            "<circle class=\"birth\" cx=\"{start:.1}\" cy=\"{y}\" r=\"4\"/>\
             <line class=\"deployed\" x1=\"{start:.1}\" y1=\"14\" x2=\"{start:.1}\" y2=\"{y}\"/>"
        );
    }
    // the name stands where there is room for it
    let (at, anchor) = if start > WIDTH * 0.6 { (start - 8.0, "end") } else { (start + 8.0, "start") };
    let _ = write!(
        svg,
        "<text class=\"lane\" x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text></g>",
        y - 3.0,
        escaped(name)
    );
}

/// A ratio with its interval on a scale of doublings, from a sixteenth to sixteen times.
pub(super) fn interval(ratio: Option<f64>, lower: Option<f64>, upper: Option<f64>, label: &str) -> String {
    const SIZE: f64 = 160.0;
    const DOUBLINGS: f64 = 4.0;
    let x = |value: f64| (value.log2().clamp(-DOUBLINGS, DOUBLINGS) / DOUBLINGS + 1.0) / 2.0 * SIZE;
    let (Some(lower), upper) = (lower, upper.unwrap_or(f64::INFINITY)) else { return String::new() };
    let mut svg = format!(
        "<svg class=\"interval\" viewBox=\"0 0 {SIZE} 18\" role=\"img\" aria-label=\"{}\">\
         <line class=\"axis\" x1=\"0\" y1=\"9\" x2=\"{SIZE}\" y2=\"9\"/>",
        escaped(label)
    );
    for step in -4..=4 {
        let at = x(2_f64.powi(step));
        let class = if step == 0 { "one" } else { "axis" };
        let (top, bottom) = if step == 0 { (0, 18) } else { (7, 11) };
        let _ = write!(svg, "<line class=\"{class}\" x1=\"{at:.1}\" y1=\"{top}\" x2=\"{at:.1}\" y2=\"{bottom}\"/>");
    }
    let (from, to) = (x(lower.max(f64::MIN_POSITIVE)), x(upper));
    let class = Direction::of(lower, upper).map_or("unsure", Direction::as_str);
    let _ = write!(svg, "<line class=\"span {class}\" x1=\"{from:.1}\" y1=\"9\" x2=\"{to:.1}\" y2=\"9\"/>");
    if let Some(ratio) = ratio.filter(|ratio| *ratio > 0.0) {
        let _ = write!(svg, "<circle class=\"{class}\" cx=\"{:.1}\" cy=\"9\" r=\"4\"/>", x(ratio));
    }
    svg + "</svg>"
}

/// How dark a cell of a heat map is, 0 (nothing) to 6 (the greatest).
pub(super) fn heat(count: i64, greatest: i64) -> u32 {
    if count <= 0 {
        return 0;
    }
    let share = count as f64 / greatest.max(count) as f64;
    (share * 6.0).ceil().clamp(1.0, 6.0) as u32
}

/// Text as it stands in HTML and SVG, inside elements and quoted attributes.
pub(super) fn escaped(text: &str) -> String {
    let text = visible_block(text);
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_chart_holds_no_text_that_could_be_an_element() {
        let step = json!({"step": 0, "grade": "error", "entry_count": 3, "from_ns": 0, "to_ns": 100});
        let step = serde_json::from_value(step).unwrap();
        let revision = json!({
            "revision": "<script>\"x", "first_ns": 10, "last_ns": 90, "entry_count": 3, "error_count": 3,
            "warning_count": 0, "request_count": 0, "server_error_count": 0,
        });
        let revision = serde_json::from_value(revision).unwrap();
        let svg = timeline(&[step], &[revision], |ns| format!("{ns}<"));
        assert!(!svg.contains("<script>") && svg.contains("&lt;script&gt;&quot;x"), "{svg}");
        assert!(svg.contains("3 error"), "{svg}");
    }

    #[test]
    fn an_interval_without_an_upper_bound_goes_to_the_edge() {
        let svg = interval(None, Some(2.0), None, "at least 2x");
        assert!(svg.contains("class=\"span more\" x1=\"100.0\" y1=\"9\" x2=\"160.0\""), "{svg}");
        assert_eq!(interval(None, None, None, ""), "");
    }

    #[test]
    fn heat_tells_nothing_from_little() {
        assert_eq!([heat(0, 100), heat(1, 100), heat(100, 100)], [0, 1, 6]);
    }
}
