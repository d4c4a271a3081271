//! The examples of the httplib reference's section 20.7.3, in the syntax of Python 3.

use std::net::{IpAddr, Ipv4Addr};

use host_tests::component::Names;
use host_tests::server::Server;
use tempfile::TempDir;
use wasmtime_wasi::FsPerms;

use super::suite::suite;
use super::world::world;

#[path = "../../../src/bin/run/site.rs"]
mod site;

#[test]
fn gives_the_answers_of_the_reference() {
    let http = Server::start(site::site, None);
    let https = Server::start(site::site, Some(world().tls()));
    let folder = TempDir::new().expect("the system has room for a folder");
    world().write(folder.path());
    let ports = [http.port().to_string(), https.port().to_string()];
    // Whatever the reference's servers are called, they are here.
    let here = Names::Are(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]);
    let outcome = suite().outcome(
        &["suite", "examples", &ports[0], &ports[1]],
        Some(here),
        |context| {
            context
                .env("SSL_CERT_FILE", "/certificates/ca.pem")
                .preopened_dir(folder.path(), "/certificates", FsPerms::ReadOnly)
                .expect("the folder is there");
        },
    );
    assert_eq!(outcome.stdout, "4 examples, 35 lines\n", "{outcome:?}");
    assert!(outcome.success, "{outcome:?}");
}
