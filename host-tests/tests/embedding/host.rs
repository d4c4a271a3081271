//! Runs of the host, and the plugins that it gets.

use std::fs;
use std::io::{Read, pipe};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::mpsc::channel;
use std::thread;

use harness::LIMIT;
use harness::component;
use harness::program;

/// The plugin of the examples.
pub const PLUGIN: &str = env!("PLUGIN_GUEST");

/// One that tries what it may not do.
const HOSTILE: &str = env!("HOSTILE_GUEST");

/// What a plugin that works says to `no URL`.
pub const REFUSED: &str = "no URL: failed: InvalidURL: 'no URL' is no absolute http or https URL";

/// How a run of the host ended.
#[derive(Debug)]
pub struct Outcome {
    pub success: bool,
    /// What it wrote to both of its outputs, in the order in which it did.
    pub output: String,
}

impl Outcome {
    /// Asserts that the host wrote this line.
    pub fn assert_line(&self, line: &str) {
        assert!(self.output.lines().any(|it| it == line), "{line}\n{self:?}");
    }

    /// Asserts that the host wrote the one before it wrote the other for the last time.
    pub fn assert_order(&self, one: &str, other: &str) {
        let at = self.output.find(one);
        assert!(at.is_some() && at < self.output.rfind(other), "{self:#?}");
    }
}

/// `host plugin.wasm …`, with the plugin of the examples.
pub fn host(arguments: &[&str]) -> Outcome {
    static COMPOSED: OnceLock<PathBuf> = OnceLock::new();
    run(COMPOSED.get_or_init(|| ready("plugin", PLUGIN)), arguments)
}

/// The same with the hostile one.
pub fn hostile_host(arguments: &[&str]) -> Outcome {
    run(hostile(), arguments)
}

/// The hostile plugin, composed with httplib.
pub fn hostile() -> &'static Path {
    static COMPOSED: OnceLock<PathBuf> = OnceLock::new();
    COMPOSED.get_or_init(|| ready("hostile", HOSTILE))
}

/// `host FILE …`.
///
/// # Panics
/// Where it takes longer than anything may that should happen at once.
pub fn run(file: &Path, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_host"));
    command.arg(file).args(arguments);
    let (mut reader, writer) = pipe().expect("the system has pipes");
    let clone = writer.try_clone().expect("the system has pipes");
    command.stdout(clone).stderr(writer);
    let mut child = command.spawn().expect("the host was built");
    // With it go this process's ends of the pipe.
    drop(command);
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut output = String::new();
        let read = reader.read_to_string(&mut output);
        let _test_has_failed = sender.send(read.map(|_| output));
    });
    let Ok(output) = receiver.recv_timeout(LIMIT) else {
        let _gone_already = child.kill();
        panic!("{arguments:?}: the host does not end");
    };
    let status = child.wait().expect("a child can be waited for");
    Outcome {
        success: status.success(),
        output: output.expect("the host writes UTF-8"),
    }
}

/// `wac plug SOCKET --plug PLUG -o OUTPUT`.
pub fn plug(socket: &Path, plug: &Path, output: &Path) {
    let mut wac = Command::new(env!("CARGO_BIN_EXE_wac"));
    wac.arg("plug").arg(socket).arg("--plug").arg(plug);
    program::run(wac.arg("-o").arg(output));
}

/// The component as `to`, with `one` renamed to `other`, which is as long.
pub fn rename(from: &Path, to: &Path, one: &str, other: &str) {
    assert_eq!(one.len(), other.len(), "or lengths in the file are wrong");
    let bytes = fs::read(from).expect("the build made a component");
    let mut renamed = Vec::with_capacity(bytes.len());
    let mut rest = bytes.as_slice();
    while let Some(at) = rest.windows(one.len()).position(|it| it == one.as_bytes()) {
        renamed.extend_from_slice(&rest[..at]);
        renamed.extend_from_slice(other.as_bytes());
        rest = &rest[at + one.len()..];
    }
    assert!(!renamed.is_empty(), "{one} is in {}", from.display());
    renamed.extend_from_slice(rest);
    fs::write(to, renamed).expect("a fresh folder");
}

/// The plugin composed with httplib, and compiled.
fn ready(name: &str, plugin: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("embedding");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let composed = folder.join(name).with_extension("wasm");
    plug(plugin.as_ref(), component::path().as_ref(), &composed);
    let outcome = run(&composed, &["no URL"]);
    outcome.assert_line(REFUSED);
    composed
}
