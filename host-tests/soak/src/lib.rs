//! Instances of the component come and go under a mixed load with faults, for as long as is wanted.
//!
//! - [`fault`]: what a server may do wrong, and the errors that are right for it.
//! - [`playground`]: the server that does it, and a proxy.
//! - [`visitor`]: an instance with its connections, and what it fetches over them.
//! - [`shared`]: what all of them have counted.
//! - [`sample`]: what the process holds, once in a while.
//! - [`report`]: whether that stays the same, in words; [`picture`]: as lines.
//!
//! Every body is compared byte for byte. A fault has to come out as one of its errors, and nothing else as any.
#![forbid(unsafe_code)]

pub mod fault;
pub mod picture;
pub mod playground;
pub mod report;
pub mod sample;
pub mod shared;
pub mod visitor;

use std::thread;
use std::time::{Duration, Instant};

use harness::component::Guest;
use harness::server::Server;
use harness::tls::{Authority, ServerTls};

use playground::Playground;
use report::Report;
use sample::{Sample, open_files};
use shared::Shared;
use visitor::Visitor;

/// How long, and how much at once.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How long the load lasts.
    pub duration: Duration,
    /// How many instances there are at any time, each with [`visitor::CONNECTIONS`] connections.
    pub instances: usize,
    /// How far the samples are apart.
    pub interval: Duration,
}

/// Whom the instances talk to.
pub struct Site {
    /// hyper over TCP.
    pub http: Server,
    /// hyper over TLS.
    pub https: Server,
    /// The one with faults.
    pub playground: Playground,
    /// Who has signed all certificates.
    pub authority: String,
}

impl Site {
    /// All servers on loopback.
    #[must_use]
    pub fn open() -> Self {
        let authority = Authority::new();
        let identity = authority.issue(&["127.0.0.1"]);
        let tls = || ServerTls::new(&identity).build();
        Self {
            http: Server::http(),
            https: Server::https(tls()),
            playground: Playground::open(tls()),
            authority: authority.pem(),
        }
    }
}

/// Runs the load to its end, and until nothing is left of it.
///
/// # Panics
/// Where a body is wrong, an error is none of its fault's, or something is left behind.
#[must_use]
pub fn run(plan: Plan) -> Report {
    let (site, shared) = (Site::open(), Shared::new(plan.instances));
    // What the process makes once, and keeps.
    Guest::new().assert_works();
    let before = open_files();
    let begin = Instant::now();
    let samples = thread::scope(|scope| {
        for number in 0..plan.instances {
            let (site, shared) = (&site, &shared);
            scope.spawn(move || {
                while !shared.is_over() {
                    Visitor::new(site, shared, number).stay();
                }
            });
        }
        let mut samples = Vec::new();
        while begin.elapsed() < plan.duration && !shared.has_failed() {
            thread::sleep(plan.interval);
            samples.push(Sample::take(begin.elapsed(), &shared));
        }
        shared.end();
        samples
    });
    sample::assert_files(before);
    Report {
        duration: begin.elapsed(),
        samples,
        before,
        after: open_files(),
        counts: shared.into_counts(),
    }
}
