//! `read URL COUNT`, `requests URL COUNT`: the same as `guests/bench` does, over `wasi:http`.
#![forbid(unsafe_code)]

use std::process::ExitCode;
use std::time::Instant;

use wasip2::http::outgoing_handler::handle;
use wasip2::http::types::{ErrorCode, Fields, IncomingBody, OutgoingRequest, Scheme};
use wasip2::io::streams::StreamError;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<String, String> {
    let [what, url, count] = arguments else {
        return Err("bench-wasi-http WHAT URL COUNT".to_owned());
    };
    let (authority, path) = url
        .strip_prefix("http://")
        .and_then(|rest| Some(rest.split_at(rest.find('/')?)))
        .ok_or("a URL over http")?;
    let fetch = || get(authority, path);
    let repeats = match what.as_str() {
        "read" => 1,
        "requests" => {
            fetch()?;
            count.parse().map_err(|_| "a number")?
        }
        _ => return Err(format!("{what} is nothing to measure")),
    };
    let begin = Instant::now();
    let bytes = (0..repeats).map(|_| fetch()).sum::<Result<u64, _>>()?;
    Ok(format!("{bytes} {}", begin.elapsed().as_nanos()))
}

fn get(authority: &str, path: &str) -> Result<u64, String> {
    let request = OutgoingRequest::new(Fields::new());
    let set = request
        .set_scheme(Some(&Scheme::Http))
        .and_then(|()| request.set_authority(Some(authority)))
        .and_then(|()| request.set_path_with_query(Some(path)));
    set.map_err(|()| "a part of the URL can't be sent")?;
    let text = |code: ErrorCode| format!("{code:?}");
    let response = handle(request, None).map_err(text)?;
    response.subscribe().block();
    let response = response.get().ok_or("no response")?;
    let response = response.map_err(|()| "taken twice")?.map_err(text)?;
    read(&response.consume().map_err(|()| "taken twice")?)
}

fn read(body: &IncomingBody) -> Result<u64, String> {
    let stream = body.stream().map_err(|()| "taken twice")?;
    let mut bytes = 0;
    loop {
        match stream.blocking_read(64 << 10) {
            Ok(block) => bytes += block.len() as u64,
            Err(StreamError::Closed) => return Ok(bytes),
            Err(error) => return Err(format!("{error:?}")),
        }
    }
}
