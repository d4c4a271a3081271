//! What is left behind: nothing. A binary of its own, whose tests take turns: they count what the
//! whole process has open.

use std::fs;
use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use harness::LIMIT;
use harness::component::{Guest, Result, TlsOptions};
use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};

const MANY: usize = 1000;

/// What an instance may have more of after a thousand exchanges: its allocator's slack.
const SLACK: usize = 1 << 20;

/// Only one test counts at a time.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn open_files() -> usize {
    let folder = fs::read_dir("/proc/self/fd").expect("Linux has it");
    folder.count()
}

/// Waits until no more files are open than that: servers close theirs when they see the end.
#[track_caller]
fn assert_files(before: usize) {
    let begin = Instant::now();
    while open_files() > before {
        let (now, waited) = (open_files(), begin.elapsed());
        assert!(waited < LIMIT, "{now} open files, {before} before");
        thread::sleep(Duration::from_millis(5));
    }
}

/// What a connection makes for itself, and keeps, when it first has to wait: to read, and to write.
const POLLABLES: usize = 2;

/// Runs `exchange` so often, and asserts that nothing but the first time leaves a trace.
fn assert_leaves_nothing(guest: &Guest, mut exchange: impl FnMut() -> Result<()>) -> Result<()> {
    for _ in 0..10 {
        exchange()?;
    }
    let (files, resources, memory) = (open_files(), guest.resources(), guest.memory());
    for _ in 0..MANY {
        exchange()?;
    }
    let more = guest.resources().saturating_sub(resources);
    assert!(more <= POLLABLES, "{more} resources more");
    let grown = guest.memory() - memory;
    assert!(grown <= SLACK, "{grown} bytes more");
    assert_files(files);
    Ok(())
}

#[test]
fn a_thousand_requests_over_one_connection() -> Result<()> {
    let _turn = turn();
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    assert_leaves_nothing(&guest, || {
        assert_eq!(connection.fetch("GET", "/")?.read(None)?, GREETING);
        Ok(())
    })?;
    assert_eq!(server.connections(), 1);
    Ok(())
}

#[test]
fn a_thousand_connections() -> Result<()> {
    let _turn = turn();
    let (guest, server) = (Guest::new(), Server::http());
    assert_leaves_nothing(&guest, || {
        let connection = guest.http("127.0.0.1", server.port(), None)?;
        assert_eq!(connection.fetch("GET", "/")?.read(None)?, GREETING);
        Ok(())
    })
}

#[test]
fn a_thousand_responses_that_nobody_reads() -> Result<()> {
    let _turn = turn();
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    assert_leaves_nothing(&guest, || {
        assert_eq!(connection.fetch("GET", "/bytes/1000000")?.status(), 200);
        Ok(())
    })
}

#[test]
fn a_thousand_failures() -> Result<()> {
    let _turn = turn();
    let (guest, port) = (Guest::new(), harness::peer::Port::closed());
    let connection = guest.http("127.0.0.1", port.number(), None)?;
    assert_leaves_nothing(&guest, || {
        assert!(connection.fetch("GET", "/").is_err());
        Ok(())
    })
}

#[test]
fn a_thousand_requests_over_tls() -> Result<()> {
    let _turn = turn();
    let (guest, authority) = (Guest::new(), Authority::new());
    let server = Server::https(ServerTls::new(&authority.issue(&["127.0.0.1"])).build());
    let context = guest.context_trusting(&authority.pem())?;
    let tls = TlsOptions::with(&context);
    let connection = guest.https("127.0.0.1", server.port(), None, Some(tls))?;
    assert_leaves_nothing(&guest, || {
        assert_eq!(connection.fetch("GET", "/")?.read(None)?, GREETING);
        Ok(())
    })
}

/// A parent whose pollables callers may have is set aside until enough others have followed it.
#[test]
fn pollables_that_were_dropped_leave_a_bounded_number_of_sockets() -> Result<()> {
    let _turn = turn();
    let (guest, server) = (Guest::new(), Server::http());
    let exchange = || -> Result<()> {
        let connection = guest.http("127.0.0.1", server.port(), None)?;
        connection.connect()?;
        drop(connection.subscribe());
        assert_eq!(connection.fetch("GET", "/")?.read(None)?, GREETING);
        Ok(())
    };
    for _ in 0..300 {
        exchange()?;
    }
    let (files, resources) = (open_files(), guest.resources());
    for _ in 0..300 {
        exchange()?;
    }
    let more = guest.resources().saturating_sub(resources);
    assert!(more <= POLLABLES, "{more} resources more");
    // What the server has not closed yet.
    assert_files(files + 2);
    Ok(())
}

#[test]
fn many_instances_at_once() {
    const INSTANCES: usize = 64;
    let _turn = turn();
    let server = Server::http();
    let port = server.port();
    Guest::new().assert_works();
    let before = open_files();
    thread::scope(|scope| {
        for _ in 0..INSTANCES {
            scope.spawn(move || exchange_both_ways(port).expect("the server answers"));
        }
    });
    assert_files(before);
}

/// Some requests over one connection and some over fresh ones.
fn exchange_both_ways(port: u16) -> Result<()> {
    let guest = Guest::new();
    let connection = guest.http("127.0.0.1", port, None)?;
    let resources = guest.resources();
    for _ in 0..20 {
        assert_eq!(connection.fetch("GET", "/")?.read(None)?, GREETING);
        let other = guest.http("127.0.0.1", port, None)?;
        assert_eq!(other.fetch("GET", "/")?.read(None)?, GREETING);
    }
    drop(connection);
    let more = guest.resources().saturating_sub(resources);
    assert!(more <= POLLABLES, "{more} resources more");
    Ok(())
}
