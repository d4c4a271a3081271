//! What requests carry.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::time::Duration;

use httplib::{Body, Connection, Error, HttpException, ImproperConnectionState};

use crate::Checked;

/// A reader that gives its bytes a few at a time.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(7);
        self.0.read(&mut buffer[..most])
    }
}

/// One that fails after some bytes.
struct Broken(usize);

impl Read for Broken {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0 {
            0 => Err(io::Error::other("the disk is gone")),
            left => {
                let read = left.min(buffer.len());
                buffer[..read].fill(b'x');
                self.0 -= read;
                Ok(read)
            }
        }
    }
}

/// What the server's `/echo` has to say of a request.
fn echoed<'a>(connection: &'a Connection, body: impl Into<Body<'a>>) -> httplib::Result<String> {
    let response = connection.put("/echo").body(body).send();
    Ok(response?.text()?.to_lowercase())
}

pub fn sends_bytes_and_text(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    for text in [
        echoed(&connection, "héllo")?,
        echoed(&connection, "héllo".to_owned())?,
        echoed(&connection, "héllo".as_bytes())?,
        echoed(&connection, "héllo".as_bytes().to_vec())?,
    ] {
        assert!(text.contains("content-length: 6\n"), "{text}");
        assert!(text.ends_with("\n\nhéllo"), "{text}");
    }
    Ok(())
}

pub fn sends_what_is_left_of_a_file(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    fs::write("/folder/file", "hello, world")?;
    let mut file = File::open("/folder/file")?;
    file.seek(SeekFrom::Start(7))?;
    let text = echoed(&connection, file)?;
    assert!(text.contains("content-length: 5\n"), "{text}");
    assert!(text.ends_with("\n\nworld"), "{text}");
    let text = echoed(&connection, Body::file("/folder/file")?)?;
    assert!(text.contains("content-length: 12\n"), "{text}");
    assert!(text.ends_with("\n\nhello, world"), "{text}");
    let missing = Body::file("/folder/nothing").map(drop);
    assert!(matches!(missing, Err(Error::File(_))), "{missing:?}");
    Ok(())
}

pub fn sends_a_reader_in_chunks(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let text = echoed(&connection, Body::reader(Slow(b"hello, world")))?;
    assert!(text.contains("transfer-encoding: chunked\n"), "{text}");
    assert!(text.ends_with("\n\nhello, world"), "{text}");
    // And the connection goes on.
    let text = echoed(&connection, Body::reader(io::empty()))?;
    assert!(text.ends_with("\n\n"), "{text}");
    Ok(())
}

pub fn announces_the_length_of_a_reader(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    // What is beyond it stays here.
    let text = echoed(&connection, Body::sized_reader(Slow(b"hello, world"), 5))?;
    assert!(text.contains("content-length: 5\n"), "{text}");
    assert!(text.ends_with("\n\nhello"), "{text}");
    Ok(())
}

pub fn takes_the_callers_word_for_the_length(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let request = connection.put("/echo").header("content-length", "5");
    let text = request.body(Body::reader(Slow(b"hello"))).send()?.text()?;
    assert_eq!(text.to_lowercase().matches("content-length").count(), 1);
    assert!(!text.to_lowercase().contains("transfer-encoding"), "{text}");
    assert!(text.ends_with("\n\nhello"), "{text}");
    Ok(())
}

pub fn gives_up_a_request_whose_reader_is_short(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let failed = echoed(&connection, Body::sized_reader(Slow(b"hello"), 6));
    let Err(Error::Body(error)) = &failed else {
        panic!("{failed:?}");
    };
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    // The connection is idle, and opens a fresh socket.
    assert!(echoed(&connection, "again")?.ends_with("again"));
    Ok(())
}

pub fn gives_up_a_request_whose_reader_fails(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let failed = echoed(&connection, Body::reader(Broken(100_000)));
    let Err(Error::Body(error)) = &failed else {
        panic!("{failed:?}");
    };
    assert_eq!(error.to_string(), "the disk is gone");
    assert!(echoed(&connection, "again")?.ends_with("again"));
    Ok(())
}

pub fn trailers_go_with_their_own_request(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let request = connection.put("/count").trailer("X-Sum", "42");
    let text = request.body(Body::reader(Slow(b"hello"))).send()?.text()?;
    assert!(text.to_lowercase().contains("x-sum: 42"), "{text}");
    // This one has no place for them, and they wait for no other.
    let refused = connection.put("/count").trailer("X-Sum", "1").body("hello");
    assert!(matches!(refused.send(), Err(Error::Value(_))));
    let request = connection.put("/count").body(Body::reader(Slow(b"hello")));
    let text = request.send()?.text()?;
    assert!(!text.to_lowercase().contains("x-sum"), "{text}");
    Ok(())
}

/// The server answers 413 to the head.
pub fn takes_a_refusal_for_the_response(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    connection.set_continue_timeout(Duration::from_secs(10));
    let request = connection.put("/").header("Expect", "100-continue");
    let response = request.body(Body::reader(Slow(&[b'x'; 10_000]))).send()?;
    assert_eq!(response.status(), 413);
    Ok(())
}

pub fn a_reader_is_no_body_for_who_never_waits(server: &str) -> Checked {
    let builder = Connection::builder().timeout(Duration::ZERO);
    let connection = builder.http(server)?;
    let begun = connection.put("/").body(Body::reader(Slow(b"x"))).begin();
    assert!(matches!(begun, Err(Error::Value(_))), "{begun:?}");
    let early = connection.get_response().map(drop);
    let expected =
        |it: &ImproperConnectionState| matches!(it, ImproperConnectionState::ResponseNotReady(_));
    assert!(
        matches!(&early, Err(Error::Http(HttpException::ImproperConnectionState(it))) if expected(it)),
        "{early:?}"
    );
    Ok(())
}
