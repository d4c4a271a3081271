//! Lines for people: to standard error and into the key log.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::future::poll_fn;
use core::task::{Poll, Waker};

use spin::Mutex;
use wit_bindgen::{StreamWriter, spawn_local};

use super::error::file_error_code;
use super::files::open;
use crate::bindings::wasi::cli::stderr;
use crate::bindings::wasi::filesystem::types::{DescriptorFlags, OpenFlags};
use crate::bindings::wit_stream;
use crate::transport::FileErrorCode;
use crate::transport::tls::KeyLogSink;

/// Lines on their way into a stream. Whoever adds one goes on at once, and a call that is over waits for
/// them with [`written`].
#[derive(Clone)]
struct Lines(Arc<Mutex<Queue>>);

struct Queue {
    bytes: Vec<u8>,
    writer: Writer,
}

enum Writer {
    /// Nobody writes.
    Idle(StreamWriter<u8>),
    /// Somebody does.
    Busy,
    /// The stream takes no more. To write to it again would trap.
    Gone,
}

impl Lines {
    /// That go to this stream.
    fn new(writer: StreamWriter<u8>) -> Self {
        Self(Arc::new(Mutex::new(Queue {
            bytes: Vec::new(),
            writer: Writer::Idle(writer),
        })))
    }

    /// Adds these bytes.
    fn push(&self, bytes: &[u8]) {
        let mut queue = self.0.lock();
        if let Writer::Gone = queue.writer {
            return;
        }
        queue.bytes.extend_from_slice(bytes);
        if let Writer::Idle(writer) = core::mem::replace(&mut queue.writer, Writer::Busy) {
            UNWRITTEN.lock().queues += 1;
            spawn_local(self.clone().write(writer));
        }
    }

    async fn write(self, mut writer: StreamWriter<u8>) {
        let then = loop {
            let bytes = core::mem::take(&mut self.0.lock().bytes);
            if bytes.is_empty() {
                break Writer::Idle(writer);
            }
            if !writer.write_all(bytes).await.is_empty() {
                break Writer::Gone;
            }
        };
        let mut queue = self.0.lock();
        queue.writer = then;
        queue.bytes.clear();
        UNWRITTEN.lock().end_one();
    }
}

/// How many queues have lines that are not written, and who waits for them.
static UNWRITTEN: Mutex<Unwritten> = Mutex::new(Unwritten {
    queues: 0,
    waiting: Vec::new(),
});

struct Unwritten {
    queues: usize,
    waiting: Vec<Waker>,
}

impl Unwritten {
    fn end_one(&mut self) {
        self.queues -= 1;
        if self.queues == 0 {
            self.waiting.drain(..).for_each(Waker::wake);
        }
    }
}

/// Until all lines are written.
pub async fn written() {
    poll_fn(|context| {
        let mut unwritten = UNWRITTEN.lock();
        if unwritten.queues == 0 {
            return Poll::Ready(());
        }
        unwritten.waiting.push(context.waker().clone());
        Poll::Pending
    })
    .await;
}

static STDERR: Mutex<Option<Lines>> = Mutex::new(None);

/// Prints a line on standard error. Where that can't be written to, the line is lost.
pub fn print_to_stderr(line: &str) {
    let mut stderr = STDERR.lock();
    let lines = stderr.get_or_insert_with(|| {
        let (writer, lines) = wit_stream::new();
        drop(stderr::write_via_stream(lines));
        Lines::new(writer)
    });
    lines.push(format!("{line}\n").as_bytes());
}

/// Opens the file, or makes it, for lines that are added at its end. One that can't be written is lost.
pub async fn append_lines(path: &str) -> Result<Arc<KeyLogSink>, FileErrorCode> {
    let file = open(path, OpenFlags::CREATE, DescriptorFlags::WRITE).await;
    let file = file.map_err(file_error_code)?;
    let (writer, lines) = wit_stream::new();
    // How it ends nobody wants to know: what can't be written is lost.
    drop(file.append_via_stream(lines));
    let lines = Lines::new(writer);
    Ok(Arc::new(move |line: &str| lines.push(line.as_bytes())))
}
