//! A long download: over a socket of the program's own, and through the component composed with it.

use host_tests::programs::Program;

use crate::{ROUNDS, median, server};

const LENGTH: usize = 256 << 20;

pub fn run() {
    let port = server::start();
    let ways = [
        ("a socket of its own", "raw"),
        ("consume-body", "stream"),
        ("read, 64 KiB at a time", "read"),
    ];
    let mut rates = [(); 3].map(|()| Vec::new());
    for _ in 0..ROUNDS {
        for ((_, way), rates) in ways.iter().zip(&mut rates) {
            rates.push(rate(way, port));
        }
    }
    println!("256 MiB over HTTP to a program over WASI 0.3, MB/s\n");
    let limit = median(&mut rates[0]);
    for ((name, _), rates) in ways.iter().zip(&mut rates) {
        let rate = median(rates);
        println!("{name:32}{rate:>8.0}{:>8.2}", rate / limit);
    }
    println!();
}

fn rate(way: &str, port: u16) -> f64 {
    let program = Program::with_httplib(env!("P3_BENCH"));
    let report = program.run(&[way, &port.to_string(), &format!("/{LENGTH}")]);
    let line = report.lines.first().expect("a line");
    let (bytes, nanoseconds) = line.split_once(' ').expect("bytes and nanoseconds");
    assert_eq!(bytes, LENGTH.to_string(), "{line}");
    let nanoseconds: f64 = nanoseconds.parse().expect("a number");
    LENGTH as f64 * 1e3 / nanoseconds
}
