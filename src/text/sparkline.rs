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

/// A row's list of counts as a line of bars.
pub fn spark_of(counts: &serde_json::Value) -> String {
    spark(&counts.as_array().into_iter().flatten().filter_map(serde_json::Value::as_i64).collect::<Vec<_>>())
}
