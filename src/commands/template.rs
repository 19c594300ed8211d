//! `gardener template`: the patterns of plain lines, without a database.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    process::ExitCode,
};

use anyhow::{Context, Result};
use rustc_hash::FxHashMap;

use super::configuration;
use crate::{
    cli::{Globals, TemplateArgs, TemplateFormat},
    mine::{self, Miner, OTHER_MESSAGES, Pattern, ShapeId, ShapeSet, ShapeStat},
    text::{
        csv::{self, Formulas},
        escape::visible_block,
    },
};

/// What stands for the messages of shapes that are not kept, beyond `mine::SHAPES_KEPT`.
const OTHER_TEMPLATE: &str = "(other messages)";

pub(super) fn run(args: &TemplateArgs, globals: &Globals) -> Result<ExitCode> {
    let config = configuration(&args.config, globals)?;
    let mined = MinedLines::read(&args.file, args.format).with_context(|| format!("cannot read `{}`", args.file))?;
    let shapes = mined.shapes.stats();
    let patterns = mine::merge(&shapes, &config.rules.pattern_overrides);
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        TemplateFormat::Csv => {
            let formulas = Formulas::guarded(args.csv.csv_safe);
            write_lines(&mut out, &mined.shape_of_line, &shapes, &patterns, formulas)?;
        }
        TemplateFormat::Table => write_patterns(&mut out, mined.shapes.other_count(), &shapes, &patterns)?,
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The distinct shapes of the lines, and, where it is asked for, which of them each line has.
struct MinedLines {
    shapes: ShapeSet,
    shape_of_line: Vec<ShapeId>,
}

impl MinedLines {
    fn read(file: &str, format: TemplateFormat) -> io::Result<Self> {
        match file {
            "-" => Self::of(io::stdin().lock(), format),
            path => Self::of(BufReader::with_capacity(1 << 20, File::open(path)?), format),
        }
    }

    fn of(mut input: impl BufRead, format: TemplateFormat) -> io::Result<Self> {
        let mut mined = Self { shapes: ShapeSet::default(), shape_of_line: Vec::new() };
        let mut miner = Miner::new();
        let mut bytes = Vec::new();
        for line in 0.. {
            bytes.clear();
            if input.read_until(b'\n', &mut bytes)? == 0 {
                break;
            }
            let shape = miner.mine(&String::from_utf8_lossy(without_break(&bytes)));
            if format == TemplateFormat::Csv {
                mined.shape_of_line.push(shape.id);
            }
            mined.shapes.add(shape, line);
        }
        Ok(mined)
    }
}

fn without_break(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn write_lines(
    out: &mut impl Write,
    shape_of_line: &[ShapeId],
    shapes: &[ShapeStat<'_>],
    patterns: &[Pattern],
    formulas: Formulas,
) -> Result<()> {
    let rows = patterns.iter().map(|pattern| csv::line([pattern.id.to_string(), pattern.template.clone()], formulas));
    let rows: Vec<String> = rows.chain([csv::line([OTHER_MESSAGES, OTHER_TEMPLATE], formulas)]).collect();
    let mut row_of_shape: FxHashMap<ShapeId, usize> = FxHashMap::default();
    for (at, pattern) in patterns.iter().enumerate() {
        row_of_shape.extend(pattern.members.iter().map(|&member| (shapes[member].id, at)));
    }
    writeln!(out, "line,pattern,template")?;
    for (line, shape) in shape_of_line.iter().enumerate() {
        let row = row_of_shape.get(shape).copied().unwrap_or(patterns.len());
        write!(out, "{},{}", line + 1, rows[row])?;
    }
    Ok(())
}

fn write_patterns(out: &mut impl Write, others: u64, shapes: &[ShapeStat<'_>], patterns: &[Pattern]) -> Result<()> {
    let count = |pattern: &Pattern| pattern.members.iter().map(|&member| shapes[member].count).sum::<u64>();
    let mut rows: Vec<(u64, &Pattern)> = patterns.iter().map(|pattern| (count(pattern), pattern)).collect();
    rows.sort_by(|(count, pattern), (other, next)| other.cmp(count).then(pattern.id.cmp(&next.id)));
    writeln!(out, "{:>9}  {:12}  template", "count", "pattern")?;
    for (count, pattern) in rows {
        writeln!(out, "{count:>9}  {}  {}", pattern.id, visible_block(&pattern.template.replace('\n', "\\n")))?;
    }
    if others > 0 {
        writeln!(out, "{others:>9}  {:12}  {OTHER_TEMPLATE}", "")?;
    }
    Ok(())
}
