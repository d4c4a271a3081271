//! ureq, native: rustls with ring.

use std::io::Read;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::rounds::Measured;

fn agent(authority: &[u8]) -> Agent {
    let certificate = Certificate::from_der(authority).to_owned();
    let roots = RootCerts::Specific(Arc::new(vec![certificate]));
    let tls = TlsConfig::builder().root_certs(roots).build();
    let config = Agent::config_builder().proxy(None).tls_config(tls);
    config.build().into()
}

fn get(agent: &Agent, url: &str) -> Result<u64> {
    let mut response = agent.get(url).call()?;
    let mut body = response.body_mut().as_reader();
    let mut block = vec![0; 64 << 10];
    let mut bytes = 0;
    loop {
        match body.read(&mut block)? {
            0 => return Ok(bytes),
            length => bytes += length as u64,
        }
    }
}

/// Downloads, 64 KiB at a time.
pub fn read(url: &str, authority: &[u8]) -> Result<Measured> {
    let agent = agent(authority);
    let begin = Instant::now();
    let bytes = get(&agent, url)?;
    let seconds = begin.elapsed().as_secs_f64();
    Ok(Measured { bytes, seconds })
}

/// So many requests over one connection, and one before that.
pub fn requests(url: &str, count: u64, authority: &[u8]) -> Result<Measured> {
    let agent = agent(authority);
    get(&agent, url)?;
    let begin = Instant::now();
    let bytes = (0..count).map(|_| get(&agent, url)).sum::<Result<_>>()?;
    let seconds = begin.elapsed().as_secs_f64();
    Ok(Measured { bytes, seconds })
}
