//! Heads, and what stands for them.

use std::io::{Read, Write};
use std::time::Duration;

use httplib::wasi::poll;
use httplib::{Connection, Error, Version};
use serde::{Deserialize, Serialize};

use crate::Checked;

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Note {
    text: String,
    urgent: bool,
}

/// The server sends back the body of a request, in JSON if that was.
pub fn speaks_json(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let note = Note {
        text: "Buy milk.".to_owned(),
        urgent: true,
    };
    let mut response = connection.post("/echo").json(&note).send()?;
    let text = response.text()?;
    assert!(
        text.to_lowercase()
            .contains("content-type: application/json\n"),
        "{text}"
    );
    assert!(
        text.ends_with(r#"{"text":"Buy milk.","urgent":true}"#),
        "{text}"
    );
    let kept = connection
        .post("/echo")
        .header("content-type", "a/b")
        .json(&note);
    assert!(!kept.send()?.text()?.contains("application/json"));
    let failed = connection.get("/echo").send()?.json::<Note>();
    assert!(matches!(failed, Err(Error::Json(_))), "{failed:?}");
    // What can't be JSON is said before anything is sent.
    let nameless = std::collections::HashMap::from([((1, 2), 3)]);
    let failed = connection.post("/echo").json(&nameless).send();
    assert!(matches!(failed, Err(Error::Json(_))), "{failed:?}");
    Ok(())
}

pub fn speaks_the_crate_http(server: &str) -> Checked {
    let request = || {
        let request = http::Request::put(format!("http://{server}/echo?q"));
        let request = request.header(
            "X-Name",
            http::HeaderValue::from_bytes(b"caf\xe9").expect("bytes"),
        );
        request.body("hello")
    };
    for response in [
        httplib::send(request()?)?,
        Connection::http(server)?.send(request()?)?,
    ] {
        assert_eq!(response.status(), http::StatusCode::OK);
        assert_eq!(response.version(), http::Version::HTTP_11);
        assert!(response.headers().contains_key("content-length"));
        let text = String::from_utf8_lossy(&response.into_body().body()?).to_lowercase();
        assert!(text.starts_with("put /echo?q\n"), "{text}");
        assert!(text.contains("x-name: caf"), "{text}");
        assert!(text.ends_with("\n\nhello"), "{text}");
    }
    Ok(())
}

/// The server switches protocols, says `hello`, and repeats what it is told.
pub fn reads_and_writes_behind_an_upgrade(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let request = connection.get("/").header("Connection", "Upgrade");
    let response = request.header("Upgrade", "echo").send()?;
    assert_eq!(response.status(), 101);
    let mut stream = response.upgrade()?;
    let mut said = [0; 5];
    stream.read_exact(&mut said)?;
    assert_eq!(&said, b"hello");
    stream.write_all(b"world")?;
    stream.flush()?;
    stream.read_exact(&mut said)?;
    assert_eq!(&said, b"world");
    stream.shutdown()?;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest)?;
    assert_eq!(rest, b"");
    Ok(())
}

pub fn requests_a_url_without_a_path(server: &str) -> Checked {
    let url = format!("HTTP://{server}?a=b#part");
    let mut response = httplib::request("OPTIONS", &url).header("X", "y").send()?;
    assert_eq!(response.text()?, "ok");
    Ok(())
}

/// The server sends a head with all that is asked for here.
pub fn has_the_head_of_a_response(server: &str) -> Checked {
    let mut response = Connection::http(server)?.get("/").send()?;
    assert_eq!(
        (response.status(), response.reason().as_str()),
        (203, "Maybe")
    );
    assert_eq!(response.version(), Version::Http10);
    assert_eq!(response.header("x-twice").as_deref(), Some("a, b"));
    assert_eq!(response.header("X-None"), None);
    let names: Vec<_> = response
        .headers()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        names,
        ["X-Twice", "x-twice", "Content-Type", "Content-Length"]
    );
    let message = response.message();
    assert_eq!(message.get_content_type(), "text/html");
    assert_eq!(message.get_param("charset").as_deref(), Some("UTF-8"));
    let interim = response.interim_responses();
    assert_eq!(interim.len(), 1);
    assert_eq!(interim[0].status, 103);
    assert!(response.will_close());
    assert_eq!(response.text()?, "ok");
    assert_eq!(response.trailers(), Some(Vec::new()));
    Ok(())
}

pub fn begins_a_request_and_gets_its_response(server: &str) -> Checked {
    let connection = Connection::builder().timeout(Duration::ZERO).http(server)?;
    // Each call is made again until it need not wait.
    let until_done = |call: &mut dyn FnMut() -> httplib::Result<()>| loop {
        match call() {
            Err(Error::WouldBlock) => {
                let pollables = connection.subscribe();
                poll(&pollables.iter().collect::<Vec<_>>());
            }
            done => return done,
        }
    };
    until_done(&mut || connection.put("/echo").body("hello").begin())?;
    let mut response = None;
    until_done(&mut || {
        response = Some(connection.get_response()?);
        Ok(())
    })?;
    let mut response = response.expect("it was got");
    let text = loop {
        match response.text() {
            Err(Error::WouldBlock) => {
                let pollables = response.subscribe();
                poll(&pollables.iter().collect::<Vec<_>>());
            }
            done => break done?,
        }
    };
    assert!(text.ends_with("\n\nhello"), "{text}");
    Ok(())
}
