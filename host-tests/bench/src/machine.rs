//! What the figures were taken on and with.

use std::env;
use std::fs;
use std::process::Command;
use std::thread::available_parallelism;

/// What was compiled into this program, and into a guest.
const HOST: &str = include_str!("../../../Cargo.lock");
const ATTOHTTPC: &str = include_str!("../../guests/bench-attohttpc/Cargo.lock");

/// How many other threads run at this moment. The load of the last minute would be the compiler's.
pub fn busy() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let running = load.split([' ', '/']).nth(3);
    let running = running.and_then(|count| count.parse::<usize>().ok());
    running.map_or_else(String::new, |count| count.saturating_sub(1).to_string())
}

/// A line of Markdown for each thing; `busy` is what it was before.
pub fn describe(busy: String) -> String {
    let cores = available_parallelism().map_or(1, usize::from);
    let openssl = ["-c", "import ssl; print(ssl.OPENSSL_VERSION)"];
    let lines = [
        ("date", said("date", &["-u", "+%Y-%m-%d"])),
        ("processor", format!("{}, {cores} cores", processor())),
        ("system", said("uname", &["-sr"])),
        ("others that ran as it began", busy),
        ("wasmtime", locked(HOST, "wasmtime")),
        ("rustls", locked(HOST, "rustls")),
        ("ring", locked(HOST, "ring")),
        ("ureq", locked(HOST, "ureq")),
        ("attohttpc", locked(ATTOHTTPC, "attohttpc")),
        ("nginx", version("nginx", &["-v"])),
        ("curl", version("curl", &["--version"])),
        ("CPython", version("python3", &["--version"])),
        ("OpenSSL of CPython", version("python3", &openssl)),
        ("Node", version("node", &["--version"])),
    ];
    let row = |(name, value): &(&str, String)| format!("| {name} | {value} |\n");
    "| | |\n|---|---|\n".to_owned() + &lines.iter().map(row).collect::<String>()
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find(|line| line.starts_with("model name"));
    let model = model.and_then(|line| line.split_once(": "));
    model.map_or("unknown", |(_, model)| model).to_owned()
}

/// The first number with points in what a program says.
fn version(program: &str, arguments: &[&str]) -> String {
    let said = said(program, arguments);
    let mut words = said
        .split([' ', '/'])
        .map(|word| word.trim_start_matches('v'));
    let version = words.find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    version.unwrap_or("unknown").to_owned()
}

/// The first line that a program says.
fn said(program: &str, arguments: &[&str]) -> String {
    // Debian has nginx where only administrators look.
    let path = env::var("PATH").unwrap_or_default() + ":/usr/sbin";
    let mut command = Command::new(program);
    let Ok(output) = command.args(arguments).env("PATH", path).output() else {
        return "unknown".to_owned();
    };
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    text.lines().next().unwrap_or("unknown").to_owned()
}

/// The version of a crate that a lock file has.
fn locked(lock: &str, name: &str) -> String {
    let entry = format!("name = \"{name}\"\nversion = \"");
    let version = lock
        .split_once(&entry)
        .and_then(|(_, rest)| rest.split_once('"'));
    version.map_or("unknown", |(version, _)| version).to_owned()
}
