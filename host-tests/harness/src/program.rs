//! Other people's programs, for the length of a test.
//!
//! A program that is missing fails the test with its name; the Debian package is in `.ci/run`.

use std::io::{self, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use crate::LIMIT;

/// A running program, killed when this is dropped.
pub struct Program {
    name: String,
    child: Child,
    input: Option<ChildStdin>,
    output: Arc<Output>,
}

/// What it writes, to both of its outputs.
#[derive(Default)]
struct Output {
    written: Mutex<Written>,
    changed: Condvar,
}

#[derive(Default)]
struct Written {
    bytes: Vec<u8>,
    /// How much of it has been waited for.
    seen: usize,
    /// How many of the outputs have ended.
    ended: usize,
}

impl Written {
    /// The end of the first whole line with `marker` that was not waited for yet.
    fn line_with(&self, marker: &str) -> Option<usize> {
        let mut end = self.seen;
        for line in self.bytes[self.seen..].split_inclusive(|byte| *byte == b'\n') {
            end += line.len();
            if line.ends_with(b"\n") && String::from_utf8_lossy(line).contains(marker) {
                return Some(end);
            }
        }
        None
    }
}

impl Program {
    /// Starts it. Its outputs are read as it writes them.
    ///
    /// # Panics
    /// Where there is no such program.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = started(&name, command.spawn());
        let output = Arc::new(Output::default());
        let stdout = child.stdout.take().expect("it was asked for");
        let stderr = child.stderr.take().expect("it was asked for");
        collect(stdout, &output);
        collect(stderr, &output);
        let input = child.stdin.take();
        Self {
            name,
            child,
            input,
            output,
        }
    }

    /// Waits until it has written a whole line with `marker` after the last one waited for, and gives
    /// what it has written up to there.
    ///
    /// # Panics
    /// Where it ends, or nothing happens, without it.
    pub fn wait_for(&self, marker: &str) -> String {
        let written = self.output.written.lock().expect("no reader panics");
        let waited = self
            .output
            .changed
            .wait_timeout_while(written, LIMIT, |written| {
                written.line_with(marker).is_none() && written.ended < 2
            });
        let (mut written, _) = waited.expect("no reader panics");
        let Some(end) = written.line_with(marker) else {
            let text = String::from_utf8_lossy(&written.bytes);
            panic!("{} did not say {marker:?}:\n{text}", self.name)
        };
        written.seen = end;
        String::from_utf8_lossy(&written.bytes[..end]).into_owned()
    }

    /// Writes to its standard input.
    pub fn write(&mut self, text: impl AsRef<[u8]>) {
        let input = self.input.as_mut().expect("its input is piped");
        let written = input.write_all(text.as_ref()).and_then(|()| input.flush());
        written.expect("it reads its input");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// Runs a program to its end.
///
/// # Panics
/// Where there is no such program, or it fails.
pub fn run(command: &mut Command) {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = started(&name, command.output());
    assert!(
        output.status.success(),
        "{command:?} failed:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn started<T>(name: &str, result: io::Result<T>) -> T {
    match result {
        Ok(started) => started,
        Err(error) if error.kind() == io::ErrorKind::NotFound => panic!("missing: {name}"),
        Err(error) => panic!("{name} does not start: {error}"),
    }
}

fn collect(mut from: impl Read + Send + 'static, output: &Arc<Output>) {
    let output = output.clone();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        loop {
            let length = from.read(&mut buffer).unwrap_or(0);
            let mut written = output.written.lock().expect("no reader panics");
            written.bytes.extend_from_slice(&buffer[..length]);
            written.ended += usize::from(length == 0);
            drop(written);
            output.changed.notify_all();
            if length == 0 {
                return;
            }
        }
    });
}
