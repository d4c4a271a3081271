//! `read URL COUNT`, `connections URL COUNT`: the same as `guests/bench` does, by attohttpc. It knows no reuse:
//! each request has a connection of its own.
#![forbid(unsafe_code)]

use std::error::Error;
use std::io::Read;
use std::time::Instant;

use attohttpc::Session;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, url, count] = &arguments[..] else {
        return Err("bench-attohttpc WHAT URL COUNT".into());
    };
    let count: u64 = count.parse()?;
    let mut session = Session::new();
    if let Ok(authority) = std::env::var("CA") {
        session.add_root_certificate(CertificateDer::from_pem_slice(authority.as_bytes())?);
    }
    let repeats = match what.as_str() {
        "read" => 1,
        "connections" => {
            get(&session, url)?;
            count
        }
        _ => return Err("nothing to measure".into()),
    };
    let begin = Instant::now();
    let mut bytes = 0;
    for _ in 0..repeats {
        bytes += get(&session, url)?;
    }
    println!("{bytes} {}", begin.elapsed().as_nanos());
    Ok(())
}

fn get(session: &Session, url: &str) -> Result<usize, Box<dyn Error>> {
    let (_, _, mut body) = session.get(url).send()?.split();
    let mut block = vec![0; 64 << 10];
    let mut bytes = 0;
    loop {
        match body.read(&mut block)? {
            0 => return Ok(bytes),
            length => bytes += length,
        }
    }
}
