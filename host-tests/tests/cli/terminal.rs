//! What is shown on a terminal, and only there.

use std::time::Duration;

use harness::peer::{Peer, Step};
use harness::server::Server;

use crate::cli::{Cli, OK};

const LENGTH: usize = 1 << 20;

fn large() -> (Server, String) {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/bytes/{LENGTH}", server.port());
    (server, url)
}

/// The states of the line, in order.
fn states(stderr: &str) -> Vec<&str> {
    let line = stderr.strip_suffix('\n').expect("the line ends");
    assert!(!line.contains('\n'), "{stderr}");
    line.split('\r').skip(1).map(str::trim_end).collect()
}

#[test]
fn progress_is_shown_on_a_terminal() {
    let (_server, url) = large();
    let outcome = Cli::new().stderr_terminal().run(&["-o", "out", &url]);
    let states = states(&outcome.stderr);
    let last = states.last().expect("there is a last state");
    assert!(
        last.starts_with("100% 1.0 MiB of 1.0 MiB at "),
        "{states:?}"
    );
    assert!(last.ends_with("/s, 0:00 left"), "{states:?}");
    let outcome = Cli::new().stderr_terminal().run(&[&url]);
    assert!(
        outcome.stderr.contains("100%"),
        "into a pipe: {}",
        outcome.stderr
    );
}

#[test]
fn progress_can_be_a_bar() {
    let (_server, url) = large();
    let outcome = Cli::new().stderr_terminal().run(&["-#", "-o", "out", &url]);
    let last = format!("{} 100.0%", "#".repeat(70));
    assert_eq!(states(&outcome.stderr).last().copied(), Some(last.as_str()));
}

#[test]
fn progress_is_shown_while_it_is_made() {
    let half = Step::send(vec![b'x'; LENGTH / 2]);
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::send(format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {LENGTH}\r\n\r\n"
        )),
        half.clone(),
        Step::Pause(Duration::from_millis(300)),
        half,
    ]]);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let outcome = Cli::new().stderr_terminal().run(&["-#", "-o", "out", &url]);
    let states = states(&outcome.stderr);
    let between = |state: &&&str| !state.contains('#') || !state.ends_with(" 100.0%");
    assert!(states.iter().filter(between).count() >= 1, "{states:?}");
    assert!(states.len() >= 3, "{states:?}");
}

#[test]
fn a_body_of_unknown_length_has_no_end_to_show() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/chunked/{LENGTH}", server.port());
    let outcome = Cli::new().stderr_terminal().run(&["-o", "out", &url]);
    let last = states(&outcome.stderr)
        .last()
        .copied()
        .unwrap_or_default()
        .to_owned();
    assert!(last.starts_with("1.0 MiB at "), "{last}");
    let outcome = Cli::new().stderr_terminal().run(&["-#", "-o", "out", &url]);
    assert_eq!(states(&outcome.stderr).last().copied(), Some("1.0 MiB"));
}

#[test]
fn uploads_show_their_progress() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/count", server.port());
    let cli = Cli::new().file("file", vec![0; LENGTH]).stderr_terminal();
    let outcome = cli.run(&["-#", "-T", "file", "-o", "out", &url]);
    let last = format!("{} 100.0%", "#".repeat(70));
    assert_eq!(states(&outcome.stderr).last().copied(), Some(last.as_str()));
}

#[test]
fn nothing_is_shown_where_nobody_sees_it_or_wants_it() {
    let (_server, url) = large();
    assert_eq!(Cli::new().run(&["-o", "out", &url]).stderr, "");
    for option in ["-s", "--no-progress-meter"] {
        let outcome = Cli::new()
            .stderr_terminal()
            .run(&[option, "-o", "out", &url]);
        assert_eq!(outcome.stderr, "", "{option}");
    }
    let peer = Peer::reply(OK);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let outcome = Cli::new().stderr_terminal().stdout_terminal().run(&[&url]);
    assert_eq!(
        (outcome.stderr.as_str(), outcome.text().as_str()),
        ("", "ok")
    );
}

#[test]
fn a_terminal_gets_no_binary_data_unless_it_is_wanted() {
    let server = Server::http();
    let url = format!("http://127.0.0.1:{}/bytes/3", server.port());
    let outcome = Cli::new().stdout_terminal().run(&[&url]);
    assert_eq!(outcome.stdout, b"");
    let line = outcome.failed(23);
    assert!(line.contains("--output"), "{line}");
    let outcome = Cli::new().stdout_terminal().run(&["-o", "-", &url]);
    assert_eq!(outcome.stdout, [0, 1, 2]);
    assert_eq!(Cli::new().run(&[&url]).stdout, [0, 1, 2]);
}
