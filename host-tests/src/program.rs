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

/// What it has written so far, to both of its outputs.
#[derive(Default)]
struct Output {
    text: Mutex<(Vec<u8>, usize)>,
    changed: Condvar,
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

    /// Waits until it has written a whole line with `marker`, and gives what it has written so far.
    ///
    /// # Panics
    /// Where it ends, or nothing happens, without it.
    pub fn wait_for(&self, marker: &str) -> String {
        let found = |(text, _): &(Vec<u8>, usize)| {
            let text = String::from_utf8_lossy(text);
            let line = text.split_inclusive('\n').find(|it| it.contains(marker));
            line.is_some_and(|line| line.ends_with('\n'))
        };
        let waited = self.output.changed.wait_timeout_while(
            self.output.text.lock().expect("no reader panics"),
            LIMIT,
            |output| !found(output) && output.1 < 2,
        );
        let (output, _) = waited.expect("no reader panics");
        let text = String::from_utf8_lossy(&output.0).into_owned();
        assert!(
            found(&output),
            "{} did not say {marker:?}:\n{text}",
            self.name
        );
        text
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
            let mut text = output.text.lock().expect("no reader panics");
            text.0.extend_from_slice(&buffer[..length]);
            if length == 0 {
                text.1 += 1;
            }
            output.changed.notify_all();
            if length == 0 {
                return;
            }
        }
    });
}
