//! Examples as they are written: those of the httplib reference's section 20.7.3, in the syntax of
//! Python 3, and those of the package's README.

use std::fs;
use std::iter;
use std::net::{IpAddr, Ipv4Addr};

use harness::component::Names;
use harness::server::{GREETING, Server, Site, routes};
use tempfile::TempDir;
use wasmtime_wasi::FsPerms;

use super::source;
use super::suite::suite;
use super::world::world;
use crate::Outcome;

#[path = "../../../harness/src/bin/run/site.rs"]
mod site;

#[test]
fn gives_the_answers_of_the_reference() {
    let outcome = run("examples", site::site);
    assert_eq!(outcome.stdout, "4 examples, 35 lines\n", "{outcome:?}");
    assert!(outcome.success, "{outcome:?}");
}

#[test]
fn runs_the_blocks_of_the_readme() {
    let outcome = run("page", routes);
    let greeting = String::from_utf8_lossy(GREETING);
    let shown = [
        "200 OK\n",
        "TLSv1.3 (",
        &format!("200 text/plain; charset=utf-8\n{greeting}"),
        "200 text/plain; charset=utf-8\n4 blocks\n",
    ];
    let all_shown = shown.iter().all(|text| outcome.stdout.contains(text));
    assert!(outcome.success && all_shown, "{outcome:?}");
}

/// The README without what stands in the example of boto3: that is run with boto3, and this is not.
fn page() -> String {
    let read = |name| fs::read_to_string(source(name)).expect("the repository has it");
    let (page, example) = (read("README.md"), read("examples/s3/s3.py"));
    let mut parts = page.split("```python\n");
    let before = parts.next().expect("a page begins");
    let others = parts.filter(|part| {
        let (block, _) = part.split_once("```").expect("a block ends");
        !example.contains(block)
    });
    let others: Vec<_> = iter::once(before).chain(others).collect();
    others.join("```python\n")
}

/// Runs examples with this site in the place of all others, whatever the examples call them.
fn run(examples: &str, site: Site) -> Outcome {
    let (http, https) = (
        Server::start(site, None),
        Server::start(site, Some(world().tls())),
    );
    let folder = TempDir::new().expect("the system has room for a folder");
    world().write(folder.path());
    fs::write(folder.path().join("README.md"), page()).expect("the folder is ours");
    let ports = [http.port().to_string(), https.port().to_string()];
    let here = Names::Are(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]);
    let arguments = ["suite", examples, &ports[0], &ports[1]];
    suite().outcome(&arguments, Some(here), |context| {
        context
            .env("SSL_CERT_FILE", "/certificates/ca.pem")
            .preopened_dir(folder.path(), "/certificates", FsPerms::ReadOnly)
            .expect("the folder is there");
    })
}
