//! What is not the network: files, the environment, other sockets, standard error.

use std::fs;

use crate::host::hostile_host;

#[test]
fn there_are_no_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("secret");
    fs::write(&file, "secret").expect("a fresh folder");
    for attempt in ["read", "write"] {
        let url = format!("try:{attempt}:{}", file.display());
        let outcome = hostile_host(&[&url]);
        outcome.assert_line(&format!(
            "{url}: failed: No such file or directory (os error 44)"
        ));
    }
    assert_eq!(fs::read(&file).expect("it is there"), b"secret");
}

#[test]
fn certificate_authorities_can_be_read_and_not_written() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("ca.pem"), "PEM").expect("a fresh folder");
    let path = folder.path().to_str().expect("a path in UTF-8");
    let [read, write, above] = [
        "read:/authorities/ca.pem",
        "write:/authorities/ca.pem",
        "read:/authorities/../etc/passwd",
    ]
    .map(|attempt| format!("try:{attempt}"));
    let outcome = hostile_host(&["--authorities", path, &read, &write, &above]);
    outcome.assert_line(&format!("{read}: [80, 69, 77]"));
    for refused in [write, above] {
        assert!(
            outcome.output.contains(&format!("{refused}: failed: ")),
            "{outcome:?}"
        );
    }
    assert_eq!(
        fs::read(folder.path().join("ca.pem")).expect("it is there"),
        b"PEM"
    );
}

#[test]
fn there_is_no_environment_and_there_are_no_arguments() {
    let outcome = hostile_host(&["try:environment:"]);
    outcome.assert_line("try:environment:: Vars { inner: [] } Args { inner: [] }");
}

#[test]
fn nobody_can_be_listened_to() {
    for address in ["127.0.0.1:0", "0.0.0.0:0"] {
        let url = format!("try:listen:{address}");
        let outcome = hostile_host(&["--allow", "127.0.0.1", &url]);
        outcome.assert_line(&format!("{url}: failed: Permission denied (os error 2)"));
    }
}

#[test]
fn there_are_no_datagrams() {
    let url = "try:datagram:127.0.0.1:53";
    let outcome = hostile_host(&["--allow", "127.0.0.1", url]);
    outcome.assert_line(&format!("{url}: failed: Permission denied (os error 2)"));
}

#[test]
fn a_plugin_that_panics_is_ended_and_what_it_says_is_shown() {
    let outcome = hostile_host(&["try:panic:help"]);
    outcome.assert_line("try:panic:help: help");
    outcome
        .assert_line("try:panic:help: ended: wasm trap: wasm `unreachable` instruction executed");
}

#[test]
fn a_plugin_that_talks_without_end_is_ended() {
    let outcome = hostile_host(&["try:talk:"]);
    assert!(
        outcome.output.contains("try:talk:: ended: "),
        "{}",
        outcome.output.len()
    );
    assert_eq!(
        outcome.output.matches(": talking").count(),
        65_536 / "talking\n".len()
    );
}
