//! `gardener template`: the patterns of plain lines, without a database.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
    process::ExitCode,
};

use anyhow::{Context, Result};
use rustc_hash::FxHashMap;

use super::csv;
use crate::{
    cli::{TemplateArgs, TemplateFormat},
    mine::{self, Kind, Miner, Pattern, ShapeId, ShapeStat},
};

pub fn run(args: &TemplateArgs) -> Result<ExitCode> {
    let text = read(&args.file).with_context(|| format!("cannot read `{}`", args.file))?;
    let mined = MinedLines::of(&String::from_utf8_lossy(&text));
    let stats: Vec<ShapeStat<'_>> = mined.shapes.iter().map(LineShape::stat).collect();
    let patterns = mine::merge(&stats);
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        TemplateFormat::Csv => write_lines(&mut out, &mined, &patterns)?,
        TemplateFormat::Table => write_patterns(&mut out, &mined, &patterns)?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn read(file: &str) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    match file {
        "-" => io::stdin().read_to_end(&mut text)?,
        path => File::open(path)?.read_to_end(&mut text)?,
    };
    Ok(text)
}

struct LineShape {
    id: ShapeId,
    kind: Kind,
    text: String,
    first_line: i64,
    count: u64,
}

impl LineShape {
    fn stat(&self) -> ShapeStat<'_> {
        ShapeStat { id: self.id, kind: self.kind, text: &self.text, first_at: self.first_line, count: self.count }
    }
}

/// The distinct shapes of the lines, and which of them each line has.
struct MinedLines {
    shapes: Vec<LineShape>,
    shape_of_line: Vec<u32>,
}

impl MinedLines {
    fn of(text: &str) -> Self {
        let mut mined = Self { shapes: Vec::new(), shape_of_line: Vec::new() };
        let mut places: FxHashMap<u64, u32> = FxHashMap::default();
        let mut miner = Miner::new();
        for (line, message) in text.lines().enumerate() {
            let shape = miner.mine(message);
            let place = *places.entry(shape.id.as_u64()).or_insert_with(|| {
                let text = shape.text.to_owned();
                mined.shapes.push(LineShape {
                    id: shape.id,
                    kind: shape.kind,
                    text,
                    first_line: line as i64,
                    count: 0,
                });
                (mined.shapes.len() - 1) as u32
            });
            mined.shapes[place as usize].count += 1;
            mined.shape_of_line.push(place);
        }
        mined
    }
}

fn write_lines(out: &mut impl Write, mined: &MinedLines, patterns: &[Pattern]) -> Result<()> {
    let mut pattern_of_shape = vec![0; mined.shapes.len()];
    for (at, pattern) in patterns.iter().enumerate() {
        for &member in &pattern.members {
            pattern_of_shape[member] = at;
        }
    }
    let quoted: Vec<String> = patterns.iter().map(|pattern| csv::field(&pattern.template)).collect();
    writeln!(out, "line,pattern,template")?;
    for (line, &shape) in mined.shape_of_line.iter().enumerate() {
        let pattern = pattern_of_shape[shape as usize];
        writeln!(out, "{},{},{}", line + 1, patterns[pattern].id, quoted[pattern])?;
    }
    Ok(())
}

fn write_patterns(out: &mut impl Write, mined: &MinedLines, patterns: &[Pattern]) -> Result<()> {
    let count = |pattern: &Pattern| pattern.members.iter().map(|&member| mined.shapes[member].count).sum::<u64>();
    let mut rows: Vec<(u64, &Pattern)> = patterns.iter().map(|pattern| (count(pattern), pattern)).collect();
    rows.sort_by(|(count, pattern), (other, next)| other.cmp(count).then(pattern.id.cmp(&next.id)));
    writeln!(out, "{:>9}  {:12}  template", "count", "pattern")?;
    for (count, pattern) in rows {
        writeln!(out, "{count:>9}  {}  {}", pattern.id, pattern.template.replace('\n', "\\n"))?;
    }
    Ok(())
}
