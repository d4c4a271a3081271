//! `--help`, and `cli/README.md`: what they say is so.

use harness::server::{Server, text};
use harness::tls::{Authority, ServerTls};
use hyper::StatusCode;
use serde_json::Value;

use crate::cli::{Cli, run};

const README: &str = include_str!("../../../cli/README.md");

/// The blocks of this language.
fn blocks(language: &str) -> Vec<&'static str> {
    let opening = format!("```{language}\n");
    let behind = README.split(opening.as_str()).skip(1);
    behind.filter_map(|text| text.split("```").next()).collect()
}

#[test]
fn the_readme_has_the_help() {
    assert_eq!(blocks("text"), [run(&["--help"]).ok()]);
    assert_eq!(run(&["-h"]).ok(), run(&["--help"]).ok());
}

#[test]
fn every_option_of_the_help_exists() {
    let help = run(&["--help"]).ok();
    let (options, rest) = help.split_once("\nOptions of curl").expect("two lists");
    let mut count = 0;
    for line in options.lines().filter(|line| line.contains(" --")) {
        let names = line
            .split("  ")
            .map(str::trim)
            .find(|part| part.contains("--"));
        let takes_value = line.contains('<');
        for name in names.expect("a line names its option").split(", ") {
            let name = name.split(' ').next().expect("a name");
            let arguments = if takes_value {
                vec![name]
            } else {
                vec![name, "-o"]
            };
            let outcome = run(&arguments);
            // What is missing is a value, so the name is known; --help and --version need none.
            let known = outcome.code == 0 || outcome.stderr.contains("argument");
            assert!(known, "{name}: {outcome:?}");
            count += 1;
        }
    }
    assert!(count > 70, "{count}");
    let (refused, _) = rest.split_once("\nExit codes").expect("three lists");
    for line in refused.lines().filter(|line| line.contains(" --")) {
        let (_, name) = line.split_once("--").expect("it was looked for");
        let name = name.split(' ').next().expect("a name");
        let refused = run(&[&format!("--{name}"), "http://127.0.0.1:1/"]).failed(2);
        assert!(!refused.contains("is unknown"), "{refused}");
    }
}

#[test]
fn the_version_is_told() {
    let version = run(&["-V"]).ok();
    assert!(
        version.starts_with("httplib 0.2.0\nProtocols: http https\n"),
        "{version}"
    );
    assert_eq!(run(&["--version"]).ok(), version);
}

#[test]
fn the_readme_has_every_variable() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/", server.port());
    let all = run(&["-s", "-o", "out", "-w", "%{json}", &url]).ok();
    let all: Value = serde_json::from_str(&all).expect("it is JSON");
    for name in all.as_object().expect("an object").keys() {
        assert!(README.contains(&format!("`{name}`")), "{name}");
    }
    let rows = README
        .lines()
        .skip_while(|line| *line != "| variable | |")
        .skip(2);
    for row in rows.take_while(|line| line.starts_with('|')) {
        let names = row
            .split('|')
            .nth(1)
            .expect("a cell")
            .split('`')
            .skip(1)
            .step_by(2);
        for name in names.filter(|name| !name.starts_with('%')) {
            let outcome = run(&["-s", "-o", "out", "-w", &format!("%{{{name}}}"), &url]);
            assert_eq!(outcome.stderr, "", "{name}");
        }
    }
}

/// A line of a shell in words.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut quoted) = (vec![String::new()], false);
    for character in line.chars() {
        match character {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            character => words.last_mut().expect("there is one").push(character),
        }
    }
    words
}

/// Everything but `/missing` is here, for those who have the certificate that is asked for.
fn example(authority: &Authority) -> Server {
    let identity = authority.issue(&["localhost"]);
    let tls = ServerTls::new(&identity).build();
    Server::start(
        |request, _| match request.uri().path() {
            "/missing" => text(StatusCode::NOT_FOUND, "There is nothing here.\n"),
            _ => text(StatusCode::OK, "Here it is.\n"),
        },
        Some(tls),
    )
}

#[test]
fn the_readmes_commands_run() {
    let authority = Authority::new();
    let server = example(&authority);
    let client = authority.request(&[]).for_client().issue();
    let commands = blocks("sh").concat();
    let commands = commands
        .lines()
        .filter_map(|line| line.strip_prefix("httplib "));
    let mut count = 0;
    for command in commands {
        let (command, code) = match command.split_once(" # exit code ") {
            Some((command, code)) => (command, code.parse().expect("a number")),
            None => (command, 0),
        };
        let here = format!("https://localhost:{}/", server.port());
        let command = command.replace("https://example.com/", &here);
        let arguments = words(&command);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        // The folder that the reader has.
        let cli = Cli::new().env("SSL_CERT_FILE", "ca.pem");
        let cli = cli
            .file("ca.pem", authority.pem())
            .file("form.txt", "a=b\n");
        let cli = cli
            .file("client.pem", client.chain_pem())
            .file("client.key", client.key_pem());
        let upload = command.contains("-T archive.tar");
        let cli = if upload {
            cli.file("archive.tar", "archive")
        } else {
            cli
        };
        let outcome = cli.run(&arguments);
        assert_eq!(outcome.code, code, "{command}: {}", outcome.stderr);
        count += 1;
    }
    assert_eq!(count, 10);
}

#[test]
fn the_readme_names_what_make_builds() {
    let makefile = include_str!("../../../Makefile");
    assert!(makefile.contains("\ncli: build ## "));
    assert!(makefile.contains("CLI := $(TARGET_DIR)/$(TARGET)/release/httplib-cli.wasm\n"));
    let alias = blocks("sh")[0].lines().nth(1).expect("two lines");
    assert!(
        alias.contains(" target/wasm32-wasip2/release/httplib-cli.wasm"),
        "{alias}"
    );
}

/// The component beside it has most of the bytes.
#[test]
fn the_program_is_small() {
    let size = std::fs::metadata(env!("CLI_GUEST"))
        .expect("it was built")
        .len();
    assert!(size < 400 << 10, "{size} bytes");
}
