//! Resources of the host that go into the component and come out of it: files, streams, pollables.

use std::collections::VecDeque;
use std::path::Path;

use hyper::body::Bytes;
use wasmtime::component::Resource;
use wasmtime_wasi::filesystem::{Descriptor, Dir, File};
use wasmtime_wasi::p2::bindings::sync::io::poll::{Host as HostPoll, HostPollable};
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};
use wasmtime_wasi::p2::{
    DynInputStream, DynOutputStream, DynPollable, InputStream, OutputStream, StreamError,
    StreamResult,
};
use wasmtime_wasi::{FsPerms, OpenMode, WasiView};

use super::{Body, Guest};

/// A body of these bytes.
#[must_use]
pub fn bytes(contents: impl AsRef<[u8]>) -> Option<Body> {
    Some(Body::Bytes(contents.as_ref().to_vec()))
}

impl Guest {
    /// A body from this file, opened for reading; or from this directory, which is none.
    #[must_use]
    pub fn file(&self, path: impl AsRef<Path>) -> Body {
        let file = std::fs::File::open(path).expect("the file to send exists");
        let is_dir = file.metadata().expect("an open file has metadata").is_dir();
        let descriptor = match is_dir {
            true => Descriptor::Dir(Dir::new(file, FsPerms::ReadOnly, OpenMode::READ, true)),
            false => Descriptor::File(File::new(file, FsPerms::ReadOnly, OpenMode::READ, true)),
        };
        self.descriptor(descriptor)
    }

    /// A body from a file that is open for writing only.
    #[must_use]
    pub fn write_only_file(&self, path: impl AsRef<Path>) -> Body {
        let file = std::fs::OpenOptions::new().write(true).open(path);
        let file = file.expect("the file to send exists");
        self.descriptor(Descriptor::File(File::new(
            file,
            FsPerms::ReadWrite,
            OpenMode::WRITE,
            true,
        )))
    }

    /// A body from a stream with these bytes.
    #[must_use]
    pub fn stream(&self, contents: impl AsRef<[u8]>) -> Body {
        self.stream_of(MemoryInputPipe::new(contents.as_ref().to_vec()))
    }

    /// A body from a stream that gives these pieces, one with each read.
    #[must_use]
    pub fn pieces(&self, pieces: impl IntoIterator<Item: Into<Bytes>>) -> Body {
        self.stream_of(Pieces(pieces.into_iter().map(Into::into).collect()))
    }

    /// A body from a stream of the host's making.
    #[must_use]
    pub fn stream_of(&self, stream: impl InputStream + 'static) -> Body {
        let stream: DynInputStream = Box::new(stream);
        Body::Stream(self.with_host(|host| host.table.push(stream).expect("the table has room")))
    }

    /// An output stream into memory, and what was written to it.
    pub(super) fn output(&self) -> (Resource<DynOutputStream>, MemoryOutputPipe) {
        let written = MemoryOutputPipe::new(usize::MAX);
        (self.output_of(written.clone()), written)
    }

    /// An output stream of the host's making.
    pub(super) fn output_of(
        &self,
        stream: impl OutputStream + 'static,
    ) -> Resource<DynOutputStream> {
        let stream: DynOutputStream = Box::new(stream);
        self.with_host(|host| host.table.push(stream).expect("the table has room"))
    }

    fn descriptor(&self, descriptor: Descriptor) -> Body {
        Body::File(self.with_host(|host| host.table.push(descriptor).expect("the table has room")))
    }
}

/// A stream like Python's iterables. An empty piece is nothing yet.
struct Pieces(VecDeque<Bytes>);

#[wasmtime_wasi::async_trait]
impl wasmtime_wasi::p2::Pollable for Pieces {
    async fn ready(&mut self) {}
}

impl InputStream for Pieces {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        let Some(piece) = self.0.front_mut() else {
            return Err(StreamError::Closed);
        };
        let read = piece.split_to(size.min(piece.len()));
        if piece.is_empty() {
            self.0.pop_front();
        }
        Ok(read)
    }
}

/// The pollables that `subscribe` gave.
pub struct Pollables {
    guest: Guest,
    resources: Vec<Resource<DynPollable>>,
}

impl Pollables {
    pub(super) fn new(guest: &Guest, resources: Vec<Resource<DynPollable>>) -> Self {
        Self {
            guest: guest.clone(),
            resources,
        }
    }

    /// Whether one is ready now.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.guest.with_host(|host| {
            let table = host.ctx().table;
            let ready = |it| table.ready(it).expect("a live pollable");
            self.again().into_iter().any(ready)
        })
    }

    /// Waits until one is ready.
    pub fn block(&self) {
        self.guest.with_host(|host| {
            let table = host.ctx().table;
            table.poll(self.again()).expect("live pollables");
        });
    }

    fn again(&self) -> Vec<Resource<DynPollable>> {
        let resources = self.resources.iter();
        resources.map(|it| Resource::new_borrow(it.rep())).collect()
    }
}

impl Drop for Pollables {
    fn drop(&mut self) {
        for resource in self.resources.drain(..) {
            let dropped = self
                .guest
                .with_host(|host| HostPollable::drop(&mut host.table, resource));
            if !std::thread::panicking() {
                dropped.expect("a pollable is dropped before its parent");
            }
        }
    }
}
