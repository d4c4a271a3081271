//! `NAME SERVER`: checks of that name, against a server that its test has made for it. It traps where one fails.
#![forbid(unsafe_code)]

use std::error::Error as _;
use std::io;
use std::time::Duration;

use futures::future::join_all;
use futures::stream;
use httplib::asynchronous::{Body, Connection, Response, TlsContext, get, post};
use httplib::{Error, HttpException, PemSource};

wasip3::cli::command::export!(Program);

struct Program;

/// What becomes of a check: an error is one that it does not expect.
type Checked = Result<(), Box<dyn std::error::Error>>;

impl wasip3::exports::cli::run::Guest for Program {
    async fn run() -> Result<(), ()> {
        let arguments = wasip3::cli::environment::get_arguments();
        let arguments: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
        let checked = match arguments[..] {
            ["bodies", server] => bodies(server).await,
            ["broken", server] => broken(server).await,
            ["reading", server] => reading(server).await,
            ["reuse", server] => reuse(server).await,
            ["cut", server] => cut(server).await,
            ["json", server] => json(server).await,
            ["upgrade", server] => upgrade(server).await,
            ["secure", server] => secure(server).await,
            ["many", server] => many(server).await,
            ["errors", server] => errors(server).await,
            _ => return Err(()),
        };
        checked.map_err(|error| eprintln!("{error}"))
    }
}

/// A stream of these pieces.
fn pieces(pieces: &'static [&'static str]) -> Body<'static> {
    let pieces = pieces.iter().map(|piece| Ok(piece.as_bytes().to_vec()));
    Body::stream(stream::iter(pieces))
}

async fn bodies(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let mut response = connection.put("/echo").body("hello").send().await?;
    let text = response.text().await?;
    assert!(
        text.to_lowercase().contains("content-length: 5\n"),
        "{text}"
    );
    assert!(text.ends_with("\n\nhello"), "{text}");
    let streamed = connection
        .put("/count")
        .body(pieces(&["hello", ", ", "world"]));
    let text = streamed.trailer("X-Sum", "42").send().await?.text().await?;
    assert!(text.starts_with("12 bytes"), "{text}");
    assert!(text.to_lowercase().contains("x-sum: 42"), "{text}");
    let empty = connection
        .put("/count")
        .body(pieces(&[]))
        .send()
        .await?
        .text()
        .await?;
    assert!(empty.starts_with("0 bytes"), "{empty}");
    let url = format!("http://{server}/echo");
    let text = post(&url)
        .header("X", "y")
        .body(b"hello".to_vec())
        .send()
        .await?
        .text()
        .await?;
    assert!(text.to_lowercase().contains("x: y\n"), "{text}");
    Ok(())
}

async fn broken(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let pieces = [
        Ok(b"hello".to_vec()),
        Err(io::Error::other("the tape is torn")),
    ];
    let body = Body::stream(stream::iter(pieces));
    let error = connection.put("/").body(body).send().await.map(drop);
    let error = error.expect_err("the stream fails");
    assert_eq!(
        error.to_string(),
        "the body's stream failed: the tape is torn"
    );
    // The connection is idle, and opens a fresh socket.
    let mut next = connection.get("/").send().await?;
    assert_eq!(next.text().await?, "next");
    Ok(())
}

async fn reading(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let whole = connection.get("/bytes/300000").send().await?.body().await?;
    assert_eq!(whole.len(), 300_000);
    let mut response = connection.get("/chunked/300000").send().await?;
    let mut read = Vec::new();
    while let Some(piece) = response.chunk().await? {
        read.extend_from_slice(&piece);
    }
    assert!(read == whole);
    let mut read = Vec::new();
    let response = connection.get("/bytes/300000").send().await?;
    assert_eq!(response.length(), Some(300_000));
    let trailers = response
        .consume(|piece| read.extend_from_slice(piece))
        .await?;
    assert!(read == whole);
    assert_eq!(trailers, []);
    Ok(())
}

async fn reuse(server: &str) -> Checked {
    let connection = Connection::builder()
        .timeout(Duration::from_secs(20))
        .http(server)?;
    for _ in 0..3 {
        let mut response = connection.get("/bytes/100000").send().await?;
        assert_eq!(response.discard().await?, 100_000);
        assert!(!response.will_close());
    }
    let mut left = connection.get("/bytes/100000").send().await?;
    let early = connection.get("/").send().await.map(drop);
    assert!(
        matches!(
            early,
            Err(Error::Http(HttpException::ImproperConnectionState(_)))
        ),
        "{early:?}"
    );
    left.discard().await?;
    Ok(())
}

/// The server says 9 bytes, sends 5 and closes, twice.
async fn cut(server: &str) -> Checked {
    let failed = get(&format!("http://{server}/")).send().await?.body().await;
    let Err(Error::Http(HttpException::IncompleteRead(it))) = &failed else {
        panic!("{failed:?}");
    };
    assert_eq!(
        (it.partial.as_slice(), it.expected),
        (b"hello".as_slice(), Some(4))
    );
    let mut read = Vec::new();
    let response = get(&format!("http://{server}/")).send().await?;
    let failed = response
        .consume(|piece| read.extend_from_slice(piece))
        .await;
    assert!(
        matches!(failed, Err(Error::Http(HttpException::IncompleteRead(_)))),
        "{failed:?}"
    );
    assert_eq!(read, b"hello");
    Ok(())
}

async fn json(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let value = serde_json::json!({"text": "Buy milk."});
    let mut response = connection.post("/echo").json(&value).send().await?;
    let text = response.text().await?;
    assert!(
        text.to_lowercase()
            .contains("content-type: application/json\n"),
        "{text}"
    );
    assert!(text.ends_with(r#"{"text":"Buy milk."}"#), "{text}");
    let failed = connection
        .get("/")
        .send()
        .await?
        .json::<serde_json::Value>()
        .await;
    assert!(failed.is_err_and(|error| error.source().is_some()));
    Ok(())
}

/// The server switches protocols, says `hello`, and repeats what it is told.
async fn upgrade(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let request = connection
        .get("/")
        .header("Connection", "Upgrade")
        .header("Upgrade", "echo");
    let mut stream = request.send().await?.upgrade().await?;
    assert_eq!(
        stream.read(100).await?.as_deref(),
        Some(b"hello".as_slice())
    );
    stream.write(b"world".to_vec()).await?;
    assert_eq!(
        stream.read(100).await?.as_deref(),
        Some(b"world".as_slice())
    );
    stream.shutdown().await?;
    assert_eq!(stream.read(100).await?, None);
    let refused = stream.write(b"more".to_vec()).await;
    assert!(
        matches!(refused, Err(Error::Http(HttpException::NotConnected))),
        "{refused:?}"
    );
    Ok(())
}

/// The server's authority is in `/files/ca.pem`.
async fn secure(server: &str) -> Checked {
    let context = TlsContext::create_bare();
    context
        .load_verify_locations(PemSource::Path("/files/ca.pem"))
        .await?;
    let connection = Connection::builder().tls(&context).https(server).await?;
    let mut response: Response = connection.get("/status/404").send().await?;
    assert_eq!(
        (response.status(), response.text().await?.as_str()),
        (404, "Not Found")
    );
    let session = connection.tls_session().expect("it is over TLS");
    assert_eq!(session.version, "TLSv1.3");
    let url = format!("https://{server}/");
    let stranger = get(&url).send().await.map(drop);
    assert!(matches!(stranger, Err(Error::Tls(_))), "{stranger:?}");
    Ok(())
}

async fn many(server: &str) -> Checked {
    let url = format!("http://{server}/");
    let fetched = join_all((0..50).map(|_| get(&url).send())).await;
    for response in fetched {
        assert_eq!(response?.status(), 200);
    }
    Ok(())
}

/// Nobody listens at the server's address.
async fn errors(server: &str) -> Checked {
    let refused = Connection::http(server)?
        .connect()
        .await
        .expect_err("nobody is there");
    assert!(
        refused.to_string().contains("Connection refused"),
        "{refused}"
    );
    let url = get("nowhere").send().await.map(drop);
    assert!(
        matches!(url, Err(Error::Http(HttpException::InvalidUrl(_)))),
        "{url:?}"
    );
    let never = Connection::builder()
        .timeout(Duration::ZERO)
        .http(server)
        .map(drop);
    assert!(matches!(never, Err(Error::Value(_))), "{never:?}");
    Ok(())
}
