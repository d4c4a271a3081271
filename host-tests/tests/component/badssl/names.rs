//! Whether a certificate is for the host.

use harness::tls::Authority;

use super::{assert_believed, assert_cause, refusal};

/// Asserts that a certificate for `names` is good for `host`.
#[track_caller]
fn assert_good(names: &[&str], host: &str) {
    let authority = Authority::new();
    assert_believed(&authority, &authority.issue(names), host);
}

/// Asserts that it is not, and that the text says so.
#[track_caller]
fn assert_mismatch(names: &[&str], host: &str, text: &str) {
    let authority = Authority::new();
    let refusal = refusal(&authority, &authority.issue(names), host);
    assert_cause!(refusal, HostnameMismatch, text);
}

#[test]
fn refuses_another_host() {
    assert_mismatch(&["one.example"], "two.example", "'one.example'");
}

#[test]
fn refuses_a_host_below_the_one_named() {
    assert_mismatch(&["host.example"], "a.host.example", "'host.example'");
}

#[test]
fn refuses_the_host_above_the_one_named() {
    assert_mismatch(&["a.host.example"], "host.example", "'a.host.example'");
}

#[test]
fn ignores_a_common_name() {
    let authority = Authority::new();
    let identity = authority.request(&[]).common_name("host.example").issue();
    let refusal = refusal(&authority, &identity, "host.example");
    assert_cause!(refusal, HostnameMismatch, "it names no host");
}

#[test]
fn ignores_a_common_name_beside_other_names() {
    let authority = Authority::new();
    let request = authority.request(&["other.example"]);
    let identity = request.common_name("host.example").issue();
    let refusal = refusal(&authority, &identity, "host.example");
    assert_cause!(refusal, HostnameMismatch, "it is for 'other.example'");
}

#[test]
fn takes_names_in_any_case() {
    assert_good(&["Host.Example"], "hOST.eXAMPLE");
}

#[test]
fn takes_a_name_with_the_roots_dot() {
    assert_good(&["host.example"], "host.example.");
}

#[test]
fn takes_a_wildcard_for_one_label() {
    assert_good(&["*.host.example"], "a.host.example");
}

#[test]
fn refuses_a_wildcard_for_two_labels() {
    assert_mismatch(&["*.host.example"], "a.b.host.example", "'*.host.example'");
}

#[test]
fn refuses_a_wildcard_for_no_label() {
    assert_mismatch(&["*.host.example"], "host.example", "'*.host.example'");
}

#[test]
fn takes_an_address_of_ipv4() {
    assert_good(&["192.0.2.1"], "192.0.2.1");
}

#[test]
fn refuses_another_address_of_ipv4() {
    assert_mismatch(&["192.0.2.1"], "192.0.2.2", "192.0.2.2");
}

#[test]
fn takes_an_address_of_ipv6_however_it_is_written() {
    assert_good(&["2001:db8::1"], "[2001:db8:0:0::1]");
}

#[test]
fn refuses_another_address_of_ipv6() {
    assert_mismatch(&["2001:db8::1"], "[2001:db8::2]", "2001:db8::2");
}

#[test]
fn takes_an_internationalized_name_in_its_ascii_form() {
    assert_good(&["xn--bcher-kva.example"], "bücher.example");
}

#[test]
fn refuses_another_internationalized_name() {
    let ascii = "'xn--bcher-kva.example'";
    assert_mismatch(&["xn--bcher-kva.example"], "bucher.example", ascii);
}

/// As curl does; rustls has no such names.
#[test]
fn takes_labels_with_a_hyphen_at_an_end() {
    assert_good(&["a-.example.test"], "a-.example.test");
    assert_good(&["-a.example.test"], "-A.example.test.");
    assert_good(&["*.example.test"], "a-.example.test");
}

#[test]
fn refuses_another_host_with_a_hyphen_at_an_end() {
    assert_mismatch(&["a-.example.test"], "b-.example.test", "'a-.example.test'");
    assert_mismatch(&["*.example.test"], "a-.b.example.test", "'*.example.test'");
}

#[test]
fn takes_a_number_as_the_last_label() {
    assert_good(&["host.1"], "host.1");
    assert_good(&["*.example.1"], "host.example.1");
}

#[test]
fn refuses_another_host_with_a_number_as_its_last_label() {
    assert_mismatch(&["host.1"], "host.2", "'host.1'");
    assert_mismatch(&["127.0.0.1"], "127.1", "'127.0.0.1'");
}

/// As many names as the largest certificates have.
fn thousand() -> Vec<String> {
    let names = (0..1000).map(|number| format!("host-{number}.example"));
    names.collect()
}

#[test]
fn takes_the_last_of_a_thousand_names() {
    let names = thousand();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    assert_good(&names, "host-999.example");
}

#[test]
fn tells_some_of_a_thousand_names() {
    let names = thousand();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    assert_mismatch(&names, "host-1000.example", "and 980 more");
}
