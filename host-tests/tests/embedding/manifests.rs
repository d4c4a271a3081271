//! The manifests in docs/hosting.md: they can be read, each key is one that the engine knows in the release that the page
//! names, and they give no more than the page says.

use std::fs;

use serde_json::Value;

/// Of a WorkloadDeployment in wasmCloud 2.7.0: those that the page uses.
const WASMCLOUD: &[&str] = &[
    "allowedHosts",
    "allowedIpNameLookups",
    "apiVersion",
    "components",
    "config",
    "environment",
    "host",
    "hostInterfaces",
    "hostPath",
    "image",
    "interfaces",
    "kind",
    "localResources",
    "metadata",
    "mountPath",
    "name",
    "namespace",
    "package",
    "path",
    "readOnly",
    "replicas",
    "spec",
    "template",
    "volumeMounts",
    "volumes",
    "SSL_CERT_FILE",
];

/// Of a manifest of version 2 in Spin 4.
const SPIN: &[&str] = &[
    "allowed_outbound_hosts",
    "application",
    "component",
    "destination",
    "environment",
    "fetcher",
    "files",
    "http",
    "name",
    "route",
    "source",
    "spin_manifest_version",
    "trigger",
    "version",
    "SSL_CERT_FILE",
];

/// The only block of this language on the page.
fn block(language: &str) -> String {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/hosting.md");
    let page = fs::read_to_string(page).expect("there is a page");
    let begin = format!("\n```{language}\n");
    let mut blocks = page.split(&begin).skip(1);
    let block = blocks.next().expect("the page has such a block");
    assert_eq!(blocks.next(), None, "more than one block of {language}");
    let (block, _) = block.split_once("\n```\n").expect("the block ends");
    block.to_owned()
}

fn wasmcloud() -> Value {
    serde_yaml_ng::from_str(&block("yaml")).expect("YAML")
}

fn spin() -> Value {
    toml::from_str(&block("toml")).expect("TOML")
}

fn keys(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                found.push(key.clone());
                keys(member, found);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| keys(element, found)),
        _ => {}
    }
}

fn assert_known(value: &Value, known: &[&str]) {
    let mut found = Vec::new();
    keys(value, &mut found);
    for key in found {
        assert!(known.contains(&key.as_str()), "{key}");
    }
}

#[test]
fn each_key_is_one_that_the_engine_knows() {
    assert_known(&wasmcloud(), WASMCLOUD);
    assert_known(&spin(), SPIN);
}

/// In these releases neither matches a name with a socket.
#[test]
fn sockets_are_permitted_by_address_and_port() {
    let wasmcloud = wasmcloud();
    let given = &wasmcloud["spec"]["template"]["spec"]["components"][0]["localResources"];
    let spin = spin();
    let spin = &spin["component"]["fetcher"]["allowed_outbound_hosts"];
    for list in [&given["allowedHosts"], spin] {
        let entries = list.as_array().expect("a list");
        assert!(!entries.is_empty());
        for entry in entries {
            let entry = entry.as_str().expect("a text");
            let address = entry.trim_start_matches("tcp://");
            let address: Result<std::net::SocketAddr, _> = address.parse();
            assert!(address.is_ok(), "{entry}");
        }
    }
    let names = given["allowedIpNameLookups"].as_array().expect("a list");
    assert!(names.iter().all(|name| name != "*"), "{names:?}");
}

/// The file that the variable names lies in a folder that is mounted.
#[test]
fn the_authority_is_where_the_environment_says() {
    let wasmcloud = wasmcloud();
    let workload = &wasmcloud["spec"]["template"]["spec"];
    let given = &workload["components"][0]["localResources"];
    let (mount, volume) = (&given["volumeMounts"][0], &workload["volumes"][0]);
    assert_eq!(mount["name"], volume["name"]);
    assert_eq!(mount["readOnly"], true);
    let spin = spin();
    let component = &spin["component"]["fetcher"];
    for (environment, folder) in [
        (&given["environment"]["config"], &mount["mountPath"]),
        (
            &component["environment"],
            &component["files"][0]["destination"],
        ),
    ] {
        let file = environment["SSL_CERT_FILE"].as_str().expect("a path");
        let folder = folder.as_str().expect("a path");
        assert!(file.starts_with(&format!("{folder}/")), "{file} {folder}");
    }
}
