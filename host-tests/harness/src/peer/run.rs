//! Follows a script on one connection.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::ops::ControlFlow::{self, Break, Continue};
use std::sync::Arc;
use std::thread;

use super::flood::{Flood, What};
use super::record::{Ending, Record, find};
use super::step::Step;
use super::wire::Wire;

/// Follows the script to its end and records how that was.
pub(super) fn run(socket: TcpStream, steps: Vec<Step>, number: usize, record: &Arc<Record>) {
    let ending = match follow(socket, steps, number, record) {
        Ok(()) => Ending::Done,
        Err(reason) => Ending::Failed(reason),
    };
    record.end(number, ending);
}

fn follow(
    socket: TcpStream,
    steps: Vec<Step>,
    number: usize,
    record: &Arc<Record>,
) -> Result<(), String> {
    let wire = Wire::new(socket).map_err(|error| error.to_string())?;
    let mut script = Script {
        wire,
        number,
        record,
        seen: 0,
    };
    for (index, step) in steps.into_iter().enumerate() {
        let name = name(&step);
        match script.step(step) {
            Ok(Continue(next)) => script = next,
            Ok(Break(())) => return Ok(()),
            Err(error) => return Err(format!("step {index} ({name}): {error}")),
        }
    }
    script
        .part()
        .map_err(|error| format!("after the last step: {error}"))
}

/// The step's name without what it holds.
fn name(step: &Step) -> String {
    let shown = format!("{step:?}");
    shown
        .split(['(', ' '])
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// A connection in the middle of its script.
struct Script<'a> {
    wire: Wire,
    number: usize,
    record: &'a Arc<Record>,
    /// How much of what was received earlier steps have awaited.
    seen: usize,
}

impl Script<'_> {
    fn step(mut self, step: Step) -> io::Result<ControlFlow<(), Self>> {
        match step {
            Step::Send(pieces, pause) => self.send(&pieces, pause)?,
            Step::Flood(flood) => return self.flood(flood),
            Step::AwaitHead => self.marker(b"\r\n\r\n")?,
            Step::AwaitBytes(length) => self.bytes(length)?,
            Step::AwaitMarker(marker) => self.marker(&marker)?,
            Step::AwaitEnd => self.drain()?,
            Step::Pause(duration) => thread::sleep(duration),
            Step::AwaitSignal => self.record.take_signal(),
            Step::Hold => self.record.wait_for_stop(),
            Step::HalfClose => self.wire.half_close()?,
            Step::Close => return Ok(Break(())),
            Step::Reset => return self.wire.reset().map(Break),
            Step::StartTls(config) => self.wire = self.wire.start_tls(config)?,
            Step::TlsFlight(config, flight, eighths) => {
                self.wire.part_of_handshake(config, flight, eighths)?;
            }
            Step::Relay(address) => return relay(self.wire.socket(), address).map(Break),
        }
        Ok(Continue(self))
    }

    fn send(&mut self, pieces: &[Vec<u8>], pause: std::time::Duration) -> io::Result<()> {
        for (index, piece) in pieces.iter().enumerate() {
            if index > 0 {
                thread::sleep(pause);
            }
            self.wire.write_all(piece)?;
            self.wire.flush()?;
        }
        Ok(())
    }

    /// That the client has gone ends the script.
    fn flood(mut self, flood: Flood) -> io::Result<ControlFlow<(), Self>> {
        use io::ErrorKind::{BrokenPipe, ConnectionReset};
        if let What::Records(_) = flood.what {
            self.wire = self.wire.forge()?;
        }
        match self.wire.flood(flood) {
            Ok(()) => Ok(Continue(self)),
            Err(error) if matches!(error.kind(), BrokenPipe | ConnectionReset) => Ok(Break(())),
            Err(error) => Err(error),
        }
    }

    fn marker(&mut self, marker: &[u8]) -> io::Result<()> {
        self.until(|unseen| find(unseen, marker).map(|start| start + marker.len()))
    }

    fn bytes(&mut self, length: usize) -> io::Result<()> {
        self.until(|unseen| (unseen.len() >= length).then_some(length))
    }

    /// Receives until `found` says how much of the unseen bytes it has found.
    fn until(&mut self, found: impl Fn(&[u8]) -> Option<usize>) -> io::Result<()> {
        loop {
            let unseen = |seen: &[super::Seen]| found(&seen[self.number].received[self.seen..]);
            if let Some(length) = self.record.with(unseen) {
                self.seen += length;
                return Ok(());
            }
            if self.receive()? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    fn drain(&mut self) -> io::Result<()> {
        while self.receive()? > 0 {}
        Ok(())
    }

    fn receive(&mut self) -> io::Result<usize> {
        let mut buffer = [0; 16 * 1024];
        let length = self.wire.read(&mut buffer)?;
        self.record.receive(self.number, &buffer[..length]);
        Ok(length)
    }

    /// Ends the connection as servers do. That the client has reset it or left without TLS's goodbye
    /// is no failure of the script.
    fn part(mut self) -> io::Result<()> {
        use io::ErrorKind::{BrokenPipe, ConnectionReset, NotConnected, UnexpectedEof};
        match self.wire.half_close().and_then(|()| self.drain()) {
            Err(error) => match error.kind() {
                BrokenPipe | ConnectionReset | NotConnected | UnexpectedEof => Ok(()),
                _ => Err(error),
            },
            Ok(()) => Ok(()),
        }
    }
}

/// Copies in both directions until each has ended.
fn relay(client: &TcpStream, address: SocketAddr) -> io::Result<()> {
    let server = TcpStream::connect(address)?;
    thread::scope(|scope| {
        let upwards = scope.spawn(|| copy(client, &server));
        let downwards = copy(&server, client);
        upwards
            .join()
            .expect("copying does not panic")
            .and(downwards)
    })
}

fn copy(mut from: &TcpStream, mut to: &TcpStream) -> io::Result<()> {
    io::copy(&mut from, &mut to)?;
    to.shutdown(Shutdown::Write)
}
