//! `HTTPResponseTest`: `getheader` and its default.

use harness::component::Result;

use crate::support::answer;

const REPLY: &str =
    "HTTP/1.1 200 Ok\r\nMy-Header: first-value\r\nMy-Header: second-value\r\n\r\nText";

#[test]
fn test_getting_header() -> Result<()> {
    let response = answer(REPLY)?;
    for default in [None, Some("some default")] {
        let header = response.get_header("My-Header", default);
        assert_eq!(header.as_deref(), Some("first-value, second-value"));
    }
    Ok(())
}

#[test]
fn test_getting_nonexistent_header_with_string_default() -> Result<()> {
    let header = answer(REPLY)?.get_header("No-Such-Header", Some("default-value"));
    assert_eq!(header.as_deref(), Some("default-value"));
    Ok(())
}

#[test]
fn test_getting_nonexistent_header_without_default() -> Result<()> {
    assert_eq!(answer(REPLY)?.get_header("No-Such-Header", None), None);
    Ok(())
}
