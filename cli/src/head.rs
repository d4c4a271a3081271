//! A response's head as it came: what `--include`, `--dump-header` and `--verbose` show.

use crate::bindings::client::{HttpResponse, InterimResponse};

/// The head's bytes, those of interim responses before it, each with its empty line.
pub fn bytes(response: &HttpResponse) -> Vec<u8> {
    let mut bytes = Vec::new();
    for interim in response.interim_responses() {
        push_interim(&mut bytes, &interim);
    }
    if response.version() < 10 {
        // HTTP/0.9 has none.
        return bytes;
    }
    push_status(
        &mut bytes,
        response.version(),
        response.status(),
        &response.reason(),
    );
    for line in response.msg().headers() {
        bytes.extend_from_slice(&line);
    }
    bytes.extend_from_slice(b"\r\n");
    bytes
}

/// `1.1`, `1.0` or `0.9`.
pub fn version(response: &HttpResponse) -> String {
    let version = response.version();
    format!("{}.{}", version / 10, version % 10)
}

/// What a server sent as Latin-1, if it is UTF-8 as most servers mean it.
pub fn text(latin1: &str) -> String {
    String::from_utf8(latin1_bytes(latin1)).unwrap_or_else(|_| latin1.to_owned())
}

fn push_interim(bytes: &mut Vec<u8>, interim: &InterimResponse) {
    push_status(bytes, 11, interim.status, &interim.reason);
    for (name, value) in &interim.headers {
        bytes.extend(latin1_bytes(&format!("{name}: {value}\r\n")));
    }
    bytes.extend_from_slice(b"\r\n");
}

fn push_status(bytes: &mut Vec<u8>, version: u16, status: u16, reason: &str) {
    let line = format!(
        "HTTP/{}.{} {status} {reason}\r\n",
        version / 10,
        version % 10
    );
    bytes.extend(latin1_bytes(&line));
}

fn latin1_bytes(text: &str) -> Vec<u8> {
    let byte = |character| u8::try_from(u32::from(character)).unwrap_or(b'?');
    text.chars().map(byte).collect()
}
