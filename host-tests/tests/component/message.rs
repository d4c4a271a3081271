//! `msg`: the headers as the message that `mimetools.Message` was.

use harness::component::{Message, Result};

use super::exchange::answered;

/// The message with these header lines.
fn message(lines: &str) -> Result<Message> {
    let it = answered(format!("HTTP/1.1 204 No Content\r\n{lines}\r\n"))?;
    Ok(it.response.msg())
}

/// The message with this `Content-Type`.
fn of_type(content_type: &str) -> Result<Message> {
    message(&format!("Content-Type: {content_type}\r\n"))
}

const LINES: &str = "Set-Cookie: a=1\r\nX-Folded: one\r\n\ttwo\r\nset-cookie:  b=2\r\n";

#[test]
fn get_joins_duplicates() -> Result<()> {
    let got = message(LINES)?.get("SET-COOKIE");
    assert_eq!(got.as_deref(), Some("a=1, b=2"));
    Ok(())
}

#[test]
fn get_gives_none_for_a_missing_header() -> Result<()> {
    assert_eq!(message(LINES)?.get("Cookie"), None);
    Ok(())
}

#[test]
fn get_all_gives_each_value() -> Result<()> {
    assert_eq!(message(LINES)?.get_all("set-COOKIE"), ["a=1", "b=2"]);
    Ok(())
}

#[test]
fn get_all_gives_nothing_for_a_missing_header() -> Result<()> {
    assert!(message(LINES)?.get_all("Cookie").is_empty());
    Ok(())
}

#[test]
fn names_are_repeated_and_as_written() -> Result<()> {
    let names = message(LINES)?.names();
    assert_eq!(names, ["Set-Cookie", "X-Folded", "set-cookie"]);
    Ok(())
}

#[test]
fn items_are_unfolded() -> Result<()> {
    let expected = [
        ("Set-Cookie".to_owned(), "a=1".to_owned()),
        ("X-Folded".to_owned(), "one two".to_owned()),
        ("set-cookie".to_owned(), "b=2".to_owned()),
    ];
    assert_eq!(message(LINES)?.items(), expected);
    Ok(())
}

#[test]
fn contains_matches_in_any_case() -> Result<()> {
    let message = message(LINES)?;
    assert!(message.contains("SET-cookie") && !message.contains("cookie"));
    Ok(())
}

#[test]
fn headers_are_the_lines_as_received() -> Result<()> {
    let expected: [&[u8]; 3] = [
        b"Set-Cookie: a=1\r\n",
        b"X-Folded: one\r\n\ttwo\r\n",
        b"set-cookie:  b=2\r\n",
    ];
    assert_eq!(message(LINES)?.headers(), expected);
    Ok(())
}

#[test]
fn headers_keep_their_bytes_and_line_ends() -> Result<()> {
    let it = answered(b"HTTP/1.1 204 X\r\nX-Name: Andr\xe9\nY: z \r\n\r\n")?;
    let expected: [&[u8]; 2] = [b"X-Name: Andr\xe9\n", b"Y: z \r\n"];
    assert_eq!(it.response.msg().headers(), expected);
    Ok(())
}

#[test]
fn a_content_type_is_in_lower_case_and_without_parameters() -> Result<()> {
    let message = of_type("Text/HTML ; charset=utf-8")?;
    assert_eq!(message.get_content_type(), "text/html");
    assert_eq!(message.get_content_maintype(), "text");
    assert_eq!(message.get_content_subtype(), "html");
    Ok(())
}

#[test]
fn without_a_content_type_it_is_text_plain() -> Result<()> {
    let message = message("")?;
    assert_eq!(message.get_content_type(), "text/plain");
    assert_eq!(message.get_content_maintype(), "text");
    assert_eq!(message.get_content_subtype(), "plain");
    assert!(message.get_params().is_empty());
    Ok(())
}

#[test]
fn a_content_type_that_is_none_is_text_plain() -> Result<()> {
    assert_eq!(of_type("html")?.get_content_type(), "text/plain");
    Ok(())
}

#[test]
fn a_content_type_with_two_slashes_is_text_plain() -> Result<()> {
    assert_eq!(of_type("a/b/c")?.get_content_type(), "text/plain");
    Ok(())
}

#[test]
fn parameters_are_in_order_with_their_values_unquoted() -> Result<()> {
    let message = of_type(r#"multipart/form-data; Boundary="a;b\"c=d"; x=Y ;empty="""#)?;
    let expected = [("boundary", "a;b\"c=d"), ("x", "Y"), ("empty", "")];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(message.get_params(), expected);
    Ok(())
}

#[test]
fn a_parameter_is_found_in_any_case() -> Result<()> {
    let message = of_type("text/plain; Format=Flowed")?;
    assert_eq!(message.get_param("FORMAT").as_deref(), Some("Flowed"));
    Ok(())
}

#[test]
fn a_missing_parameter_is_none() -> Result<()> {
    assert_eq!(of_type("text/plain; a=b")?.get_param("c"), None);
    Ok(())
}

#[test]
fn the_charset_is_in_lower_case() -> Result<()> {
    let message = of_type("text/html; charset=\"ISO-8859-1\"")?;
    assert_eq!(message.get_content_charset().as_deref(), Some("iso-8859-1"));
    Ok(())
}

#[test]
fn a_missing_charset_is_none() -> Result<()> {
    assert_eq!(of_type("text/html")?.get_content_charset(), None);
    Ok(())
}

#[test]
fn the_encoding_is_7bit_where_none_is_given() -> Result<()> {
    assert_eq!(message("")?.get_encoding(), "7bit");
    Ok(())
}

#[test]
fn the_encoding_is_in_lower_case() -> Result<()> {
    let message = message("Content-Transfer-Encoding: BASE64\r\n")?;
    assert_eq!(message.get_encoding(), "base64");
    Ok(())
}

#[test]
fn content_codings_are_in_the_order_applied() -> Result<()> {
    let lines = "Content-Encoding: GZip, br\r\nContent-Encoding: ,deflate\r\n";
    let codings = message(lines)?.get_content_encoding();
    assert_eq!(codings, ["gzip", "br", "deflate"]);
    Ok(())
}

#[test]
fn without_content_encoding_there_are_no_codings() -> Result<()> {
    assert!(message("")?.get_content_encoding().is_empty());
    Ok(())
}

#[test]
fn a_message_outlives_its_response() -> Result<()> {
    let message = {
        let it = answered("HTTP/1.1 204 X\r\nA: b\r\n\r\n")?;
        it.response.msg()
    };
    assert_eq!(message.get("a").as_deref(), Some("b"));
    Ok(())
}
