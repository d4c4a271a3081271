//! The AEADs with WebAssembly's vectors, checked where they exist: in wasmtime.

use harness::command::Command;

/// Runs the guest; what it prints.
fn run(arguments: &[&str]) -> String {
    let outcome = Command::load(env!("KERNEL_COMMAND")).run(arguments);
    outcome.unwrap_or_else(|failure| panic!("{failure}"))
}

/// Runs one of the guest's checks; how many things it tried.
fn check(name: &str) -> usize {
    let count = run(&[name]);
    count.trim().parse().expect("the guest prints a number")
}

#[test]
fn the_kernel_is_rfc_8439_s() {
    assert_eq!(check("rfc8439"), 27);
}

#[test]
fn the_kernel_is_its_authors_gcm() {
    assert_eq!(check("gcm"), 8);
}

#[test]
fn the_kernel_passes_all_of_wycheproof_that_tls_can_send() {
    assert_eq!(check("wycheproof"), 449);
}

#[test]
fn the_kernel_and_the_crates_agree_at_all_lengths_and_alignments() {
    assert_eq!(check("sampled"), 216_789);
}

#[test]
fn a_comparison_that_stops_early_is_told_by_its_time() {
    // `make timing` says what the others are like: that is measured, not asserted.
    let table = run(&["timing", "20000"]);
    let (_, leaky) = table.trim_end().rsplit_once('\n').expect("a row a subject");
    assert!(
        leaky.starts_with("a comparison that stops early "),
        "{table}"
    );
    let t: f64 = leaky
        .rsplit(' ')
        .next()
        .and_then(|it| it.parse().ok())
        .expect("a number");
    assert!(t > 10.0, "{table}");
}

#[test]
#[ignore = "takes five minutes; to be run when the kernel changes"]
fn the_kernel_and_the_crates_agree_at_every_single_length() {
    assert_eq!(check("exhaustive"), 420_006);
}
