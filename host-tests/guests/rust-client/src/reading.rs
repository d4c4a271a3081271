//! Bodies of responses.

use std::io::{self, BufRead, Read};

use httplib::{Connection, Error, HttpException, wasi};

use crate::Checked;

/// The bytes that the server's `/bytes/N` has: they can be told from each other by their place.
fn whole(connection: &Connection, target: &str) -> httplib::Result<Vec<u8>> {
    connection.get(target).send()?.body()
}

pub fn reads_in_pieces_of_any_size(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let expected = whole(&connection, "/bytes/300000")?;
    assert_eq!(expected.len(), 300_000);
    for size in [1000, 65_535, 65_536, 200_000] {
        let mut response = connection.get("/chunked/300000").send()?;
        let (mut read, mut piece) = (Vec::new(), vec![0; size]);
        loop {
            match response.read(&mut piece)? {
                0 => break,
                length => read.extend_from_slice(&piece[..length]),
            }
        }
        assert!(read == expected, "in pieces of {size}");
    }
    let mut read = Vec::new();
    let mut response = connection.get("/bytes/300000").send()?;
    assert_eq!(response.length(), Some(300_000));
    assert_eq!(io::copy(&mut response, &mut read)?, 300_000);
    assert!(read == expected);
    let mut response = connection.get("/bytes/300000").send()?;
    read.clear();
    response.read_to_end(&mut read)?;
    assert!(read == expected);
    Ok(())
}

pub fn reads_by_line(server: &str) -> Checked {
    let response = httplib::get(&format!("http://{server}/")).send()?;
    let lines: Vec<String> = response.lines().collect::<Result<_, _>>()?;
    assert_eq!(lines, ["one", "two", "three"]);
    Ok(())
}

pub fn has_the_rest_after_a_part(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let expected = whole(&connection, "/bytes/200000")?;
    let mut response = connection.get("/bytes/200000").send()?;
    assert_eq!(response.read(&mut [])?, 0);
    assert_eq!(response.length(), Some(200_000));
    let mut part = [0; 10];
    response.read_exact(&mut part)?;
    assert_eq!(part, expected[..10]);
    assert_eq!(response.length(), Some(199_990));
    assert!(response.body()? == expected[10..]);
    assert_eq!(response.length(), Some(0));
    assert_eq!(response.body()?, b"");
    assert_eq!(response.read(&mut part)?, 0);
    Ok(())
}

/// The server says 9 bytes, sends 5 and closes.
pub fn reads_what_came_before_the_cut(server: &str) -> Checked {
    let mut response = Connection::http(server)?.get("/").send()?;
    let mut read = Vec::new();
    let error = response.read_to_end(&mut read).expect_err("it was cut");
    assert_eq!(read, b"hello");
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    let inner = error.get_ref().and_then(|it| it.downcast_ref::<Error>());
    let Some(Error::Http(HttpException::IncompleteRead(cut))) = inner else {
        panic!("{inner:?}");
    };
    assert_eq!(cut.expected, Some(4));
    Ok(())
}

/// As above.
pub fn gives_what_came_with_the_error(server: &str) -> Checked {
    let mut response = Connection::http(server)?.get("/").send()?;
    let mut first = [0; 2];
    response.read_exact(&mut first)?;
    let failed = response.body();
    let Err(Error::Http(HttpException::IncompleteRead(cut))) = &failed else {
        panic!("{failed:?}");
    };
    assert_eq!(cut.partial, b"llo");
    assert_eq!(cut.expected, Some(4));
    Ok(())
}

/// The server answers in Latin-1, in UTF-8, and in neither.
pub fn reads_text_in_its_charset(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    assert_eq!(connection.get("/").send()?.text()?, "caf\u{e9}");
    assert_eq!(connection.get("/").send()?.text()?, "caf\u{e9}");
    let failed = connection.get("/").send()?.text();
    assert!(matches!(failed, Err(Error::Utf8(_))), "{failed:?}");
    Ok(())
}

pub fn splices_what_was_read_ahead_too(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let expected = whole(&connection, "/bytes/200000")?;
    let mut response = connection.get("/bytes/200000").send()?;
    let mut first = [0; 1];
    response.read_exact(&mut first)?;
    let output = wasi::create("/folder/spliced")?;
    assert_eq!(response.splice(&output)?, 199_999);
    drop(output);
    assert!(std::fs::read("/folder/spliced")? == expected[1..]);
    Ok(())
}

pub fn goes_on_after_what_was_discarded(server: &str) -> Checked {
    let connection = Connection::http(server)?;
    let mut response = connection.get("/bytes/200000").send()?;
    response.fill_buf()?;
    response.consume(1);
    assert_eq!(response.discard()?, 199_999);
    assert_eq!(whole(&connection, "/bytes/10")?.len(), 10);
    // What is left unread is in the way of the next request.
    let mut unread = connection.get("/bytes/200000").send()?;
    let refused = connection.get("/").send().map(drop);
    assert!(matches!(refused, Err(Error::Http(_))), "{refused:?}");
    unread.close();
    assert_eq!(unread.read(&mut [0; 10])?, 0);
    Ok(())
}
