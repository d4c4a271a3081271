//! tlslite-ng, TLS in Python: it sends records that others never would, and has post-quantum groups.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use harness::real::Real;
use harness::venv;

use super::Pair;

const HEAD: &str = r"connection.write(b'HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n')";

fn serving(configure: &str, answer: &str) -> Pair {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    let python = PYTHON.get_or_init(|| {
        let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("tlslite/requirements.txt");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tlslite");
        venv::python_with(&requirements, &folder)
    });
    Pair::new(|identity| Real::tlslite(python, identity, configure, answer))
}

fn agrees_on_a_hybrid_group(configure: &str) {
    let answer = format!("{HEAD}\nconnection.write(b'x' * 300)");
    let (session, page) = serving(configure, &answer).visit("/");
    assert_eq!(session.group.as_deref(), Some("X25519MLKEM768"));
    assert_eq!(page, b"x".repeat(300));
}

#[test]
fn agrees_on_x25519mlkem768_where_the_server_prefers_it() {
    agrees_on_a_hybrid_group("settings.eccCurves.insert(0, 'x25519mlkem768')");
}

#[test]
fn agrees_on_x25519mlkem768_where_the_server_has_nothing_else() {
    agrees_on_a_hybrid_group(
        "settings.minVersion = (3, 4)
settings.eccCurves = settings.keyShares = ['x25519mlkem768']",
    );
}

#[test]
fn passes_over_records_of_no_bytes() {
    let answer = format!(
        "connection.write(b'')
{HEAD}
for _ in range(30):
    connection.write(b'')
    connection.write(b'x' * 10)
    connection.write(b'')"
    );
    for version in ["(3, 3)", "(3, 4)"] {
        let configure = format!("settings.minVersion = settings.maxVersion = {version}");
        let pair = serving(&configure, &answer);
        for _ in 0..2 {
            assert_eq!(pair.visit("/").1, b"x".repeat(300), "{version}");
        }
    }
}
