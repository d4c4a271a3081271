//! What can't be sent is refused before a byte is sent, and changes nothing.

use harness::component::{Connection, Error, Guest, HttpException, Result, bytes};
use harness::peer::Peer;

use super::exchange::{NO_CONTENT, PLAIN_GET, assert_matches, connect, received, refused};

/// The error of `request` with these arguments.
fn request_refused(method: &str, url: &str, headers: &[(&str, &str)]) -> Result<Error> {
    refused(|_, connection| connection.request(method, url, None, headers))
}

/// The error of `put-header`, after which the request goes on without that header.
fn header_refused(name: &str, values: &[&str]) -> Result<Error> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    connection.put_request("GET", "/")?;
    let error = connection
        .put_header(name, values)
        .expect_err("it can't be sent");
    connection.end_headers(None)?;
    connection.get_response()?;
    connection.close();
    assert_eq!(received(&peer, 0), PLAIN_GET);
    Ok(error)
}

/// For each name a test: `request` with this header, and `put-header`, are a `value` error.
macro_rules! rejects_header {
    ($($test:ident: $name:expr, $value:expr;)*) => {
        $(#[test]
        fn $test() -> Result<()> {
            let error = request_refused("GET", "/", &[($name, $value)])?;
            assert_matches!(error, Error::Value(_));
            assert_matches!(header_refused($name, &[$value])?, Error::Value(_));
            Ok(())
        })*
    };
}

rejects_header! {
    rejects_a_line_end_in_a_value: "X", "a\r\nInjected: b";
    rejects_a_line_end_at_the_end_of_a_value: "X", "a\r\n";
    rejects_a_bare_cr_in_a_value: "X", "a\rb";
    rejects_a_bare_lf_in_a_value: "X", "a\nb";
    rejects_a_fold_without_cr: "X", "a\n b";
    rejects_a_nul_in_a_value: "X", "a\0b";
    rejects_a_character_above_u_00ff: "X", "\u{100}";
    rejects_an_empty_name: "", "a";
    rejects_a_space_in_a_name: "X Y", "a";
    rejects_a_space_behind_a_name: "X ", "a";
    rejects_a_colon_in_a_name: "X:", "a";
    rejects_a_line_end_in_a_name: "X\r\nY", "a";
    rejects_a_name_beyond_ascii: "N\u{e4}me", "a";
    rejects_a_content_length_that_is_no_number: "Content-Length", "five";
    rejects_a_negative_content_length: "Content-Length", "-1";
    rejects_an_empty_content_length: "Content-Length", "";
    rejects_a_content_length_with_a_sign: "Content-Length", "+5";
    rejects_a_content_length_beyond_63_bits: "Content-Length", "9223372036854775808";
}

#[test]
fn rejects_a_line_end_in_a_later_value() -> Result<()> {
    let error = header_refused("X", &["a", "b\r\nInjected: c"])?;
    assert_matches!(error, Error::Value(_));
    Ok(())
}

/// For each name a test: `request` and `put-request` with this method are a `value` error.
macro_rules! rejects_method {
    ($($test:ident: $method:expr;)*) => {
        $(#[test]
        fn $test() -> Result<()> {
            assert_matches!(request_refused($method, "/", &[])?, Error::Value(_));
            let put = refused(|_, connection| connection.put_request($method, "/"))?;
            assert_matches!(put, Error::Value(_));
            Ok(())
        })*
    };
}

rejects_method! {
    rejects_an_empty_method: "";
    rejects_a_space_in_a_method: "GET /injected";
    rejects_a_line_end_in_a_method: "GET\r\nX: y";
    rejects_a_method_beyond_ascii: "G\u{c9}T";
    rejects_a_method_that_is_no_token: "GET(";
}

/// For each name a test: `request` and `put-request` of this target are `invalid-url`.
macro_rules! rejects_target {
    ($($test:ident: $target:expr;)*) => {
        $(#[test]
        fn $test() -> Result<()> {
            let error = request_refused("GET", $target, &[])?;
            assert_matches!(error, Error::Http(HttpException::InvalidUrl(_)));
            let put = refused(|_, connection| connection.put_request("GET", $target))?;
            assert_matches!(put, Error::Http(HttpException::InvalidUrl(_)));
            Ok(())
        })*
    };
}

rejects_target! {
    rejects_a_space_in_the_target: "/a b";
    rejects_a_line_end_in_the_target: "/ HTTP/1.1\r\nX: y";
    rejects_a_bare_lf_in_the_target: "/a\nb";
    rejects_a_tab_in_the_target: "/a\tb";
    rejects_a_nul_in_the_target: "/a\0b";
    rejects_del_in_the_target: "/a\u{7f}b";
    rejects_latin_1_in_the_target: "/caf\u{e9}";
    rejects_other_characters_in_the_target: "/\u{20ac}";
    rejects_a_space_in_the_fragment: "/a#b c";
    rejects_an_absolute_target_without_a_host: "http:///path";
    rejects_an_absolute_target_with_user_information_alone: "http://user@/path";
}

/// The error of a `POST` of `hello` with these headers.
fn post_refused(headers: &[(&str, &str)]) -> Result<Error> {
    refused(|_, connection| connection.request("POST", "/", bytes("hello"), headers))
}

#[test]
fn rejects_two_different_content_lengths() -> Result<()> {
    let error = post_refused(&[("Content-Length", "5"), ("content-length", "6")])?;
    assert_matches!(error, Error::Value(_));
    Ok(())
}

#[test]
fn takes_the_same_content_length_twice() -> Result<()> {
    let headers = [("Content-Length", "5"), ("Content-Length", "5")];
    let sent = super::exchange::sent(|_, connection| {
        connection.request("POST", "/", bytes("hello"), &headers)
    })?;
    assert!(sent.ends_with("\r\n\r\nhello"), "{sent}");
    Ok(())
}

#[test]
fn rejects_content_length_with_transfer_encoding() -> Result<()> {
    let error = post_refused(&[("Content-Length", "5"), ("Transfer-Encoding", "chunked")])?;
    assert_matches!(error, Error::Value(_));
    Ok(())
}

#[test]
fn rejects_transfer_encoding_with_content_length() -> Result<()> {
    let error = post_refused(&[("transfer-encoding", "chunked"), ("content-length", "5")])?;
    assert_matches!(error, Error::Value(_));
    Ok(())
}

#[test]
fn rejects_a_content_length_below_that_of_the_body() -> Result<()> {
    assert_matches!(post_refused(&[("Content-Length", "4")])?, Error::Value(_));
    Ok(())
}

#[test]
fn rejects_a_content_length_above_that_of_the_body() -> Result<()> {
    assert_matches!(post_refused(&[("Content-Length", "6")])?, Error::Value(_));
    Ok(())
}

#[test]
fn rejects_a_content_length_that_is_not_that_of_the_file() -> Result<()> {
    let file = tempfile::NamedTempFile::new().expect("a folder for temporary files");
    std::fs::write(file.path(), "hello").expect("it can be written");
    let headers = [("Content-Length", "6")];
    let error = refused(|guest, connection| {
        connection.request("POST", "/", Some(guest.file(file.path())), &headers)
    })?;
    assert_matches!(error, Error::Value(_));
    Ok(())
}

/// The error of `ask` in a request with a Content-Length of 2, which then goes on with `hi`.
fn end_headers_refused(ask: impl FnOnce(&Connection) -> Result<()>) -> Result<Error> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    connection.put_request("POST", "/")?;
    connection.put_header("Content-Length", &["2"])?;
    let error = ask(&connection).expect_err("it can't be sent");
    connection.end_headers(bytes("hi"))?;
    connection.get_response()?;
    connection.close();
    let expected = "POST / HTTP/1.1\r\nHost: peer\r\nAccept-Encoding: identity\r\n\
        Content-Length: 2\r\n\r\nhi";
    assert_eq!(received(&peer, 0), expected);
    Ok(error)
}

#[test]
fn end_headers_rejects_a_body_beyond_the_content_length() -> Result<()> {
    let error = end_headers_refused(|connection| connection.end_headers(bytes("hello")))?;
    assert_matches!(error, Error::Value(_));
    Ok(())
}

#[test]
fn put_header_rejects_another_content_length() -> Result<()> {
    let error = end_headers_refused(|it| it.put_header("Content-Length", &["3"]))?;
    assert_matches!(error, Error::Value(_));
    Ok(())
}

#[test]
fn put_header_rejects_transfer_encoding_after_content_length() -> Result<()> {
    let error = end_headers_refused(|it| it.put_header("Transfer-Encoding", &["chunked"]))?;
    assert_matches!(error, Error::Value(_));
    Ok(())
}

#[test]
fn a_directory_is_no_body() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let error = refused(|guest, connection| {
        connection.request("PUT", "/", Some(guest.file(folder.path())), &[])
    })?;
    assert_matches!(error, Error::Http(HttpException::UnimplementedFileMode(_)));
    Ok(())
}

#[test]
fn a_file_that_is_open_for_writing_only_is_no_body() -> Result<()> {
    let file = tempfile::NamedTempFile::new().expect("a folder for temporary files");
    let error = refused(|guest, connection| {
        connection.request("PUT", "/", Some(guest.write_only_file(file.path())), &[])
    })?;
    assert_matches!(error, Error::Http(HttpException::UnimplementedFileMode(_)));
    Ok(())
}

#[test]
fn a_directory_is_no_body_for_end_headers() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    connection.put_request("GET", "/")?;
    assert_matches!(
        connection.end_headers(Some(guest.file(folder.path()))),
        Err(Error::Http(HttpException::UnimplementedFileMode(_)))
    );
    connection.end_headers(None)?;
    connection.get_response()?;
    connection.close();
    assert_eq!(received(&peer, 0), PLAIN_GET);
    Ok(())
}

#[test]
fn an_error_does_not_repeat_a_refused_value() -> Result<()> {
    let secret = "Bearer s3cret\r\n";
    match request_refused("GET", "/", &[("Authorization", secret)])? {
        Error::Value(text) => assert!(!text.contains("s3cret"), "{text}"),
        other => panic!("{other:?}"),
    }
    Ok(())
}
