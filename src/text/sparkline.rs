//! Counts over time as one line of characters.

/// A line of bars, the greatest as high as it goes, an empty step a dot.
pub fn spark(counts: &[i64]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let greatest = counts.iter().copied().max().unwrap_or(0).max(1);
    counts
        .iter()
        .map(|&count| if count == 0 { '·' } else { BARS[((count * 8 - 1) / greatest).clamp(0, 7) as usize] })
        .collect()
}
