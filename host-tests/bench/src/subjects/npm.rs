//! The npm package beside Node's own client. Its own benchmark measures.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::World;
use crate::rounds::{Figures, Row};
use crate::table::{Bound, Table};

const OURS: &str = "httplib, npm package";
const THEIRS: &str = "Node's client";

pub fn run(world: &World) -> Result<Vec<Table>> {
    let mut tables: BTreeMap<(String, String), [Vec<f64>; 2]> = BTreeMap::new();
    for _ in 0..world.scale.of(REPEATS).max(1) {
        for line in said(world)?.lines() {
            let figure = Figure::parse(line).with_context(|| line.to_owned())?;
            let sides = tables.entry((figure.name, figure.unit)).or_default();
            sides[usize::from(!figure.is_ours)].push(figure.value);
        }
    }
    ensure!(!tables.is_empty(), "it has no figures");
    tables.into_iter().map(table).collect()
}

/// Each has the best of some runs of its own.
const REPEATS: u64 = 3;

fn said(world: &World) -> Result<String> {
    let mut node = Command::new("node");
    node.args(["scripts/bench.mjs", "--json"])
        .current_dir(&world.npm);
    let output = node.output().context("node")?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "the benchmark of the npm package: {errors}"
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// A line: `{"name":"GET of 256 MiB, http","client":"@httplib/http","unit":"MB/s","value":370}`.
struct Figure {
    name: String,
    is_ours: bool,
    unit: String,
    value: f64,
}

impl Figure {
    fn parse(line: &str) -> Option<Self> {
        let line: Value = serde_json::from_str(line).ok()?;
        let text = |name: &str| Some(line.get(name)?.as_str()?.to_owned());
        Some(Self {
            name: text("name")?,
            is_ours: text("client")? == "@httplib/http",
            unit: text("unit")?,
            value: line.get("value")?.as_f64()?,
        })
    }
}

fn table(((name, unit), [ours, theirs]): ((String, String), [Vec<f64>; 2])) -> Result<Table> {
    ensure!(!ours.is_empty(), "{name} has no figure of ours");
    let is_compared = !theirs.is_empty();
    let rows = [(OURS, ours), (THEIRS, theirs)]
        .into_iter()
        .filter(|(_, figures)| !figures.is_empty());
    let rows = rows.map(|(name, figures)| Row {
        name,
        figures: Figures(figures),
    });
    let unit = match unit.as_str() {
        "MB/s" => "MB/s",
        "ms" => "ms",
        _ => "a second",
    };
    let table = Table::new(format!("Node: {name}"), unit, rows.collect());
    Ok(match is_compared {
        true => table.wanted(OURS, Bound::AtLeast(0.5), THEIRS),
        false => table,
    })
}
