//! Bytes of the wire as text: Python reads each as the character of the same number (Latin-1).

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::error::Error;
use crate::http1::{Headers, RequestHead, latin1, trailer_section};

/// Header or trailer fields in their order: name and value (RFC 9110 §5).
pub type Fields = Vec<(String, String)>;

/// Names and values as text.
pub(super) fn text_pairs(headers: &Headers) -> Fields {
    headers
        .iter()
        .map(|(name, value)| (latin1(name), latin1(value)))
        .collect()
}

/// The header's values joined with `, `; none where there is no such header.
pub(super) fn joined(headers: &Headers, name: &str) -> Option<String> {
    let mut values = headers.all(name);
    let mut joined = latin1(values.next()?);
    for value in values {
        joined.push_str(", ");
        joined.push_str(&latin1(value));
    }
    Some(joined)
}

/// Adds a header, see [`RequestHead::push`].
///
/// # Errors
/// As there; `Value` for a character that has no byte.
pub(super) fn push<V: AsRef<str>>(
    head: &mut RequestHead,
    name: &str,
    values: &[V],
) -> Result<(), Error> {
    let values = values.iter().map(|value| to_latin1(name, value.as_ref()));
    let values: Vec<_> = values.collect::<Result<_, _>>()?;
    Ok(head.push(name, &values)?)
}

/// The lines of a trailer section, see [`trailer_section`].
///
/// # Errors
/// As for [`push`].
pub(super) fn trailer_lines(trailers: &[(String, String)]) -> Result<Vec<u8>, Error> {
    let pairs = trailers
        .iter()
        .map(|(name, value)| Ok((name, to_latin1(name, value)?)));
    let pairs: Vec<_> = pairs.collect::<Result<_, Error>>()?;
    Ok(trailer_section(&pairs)?)
}

/// The bytes of a header's value.
pub(super) fn to_latin1<'a>(name: &str, value: &'a str) -> Result<Cow<'a, [u8]>, Error> {
    if value.is_ascii() {
        return Ok(Cow::Borrowed(value.as_bytes()));
    }
    let bytes: Result<Vec<u8>, _> = value.chars().map(u8::try_from).collect();
    bytes.map(Cow::Owned).map_err(|_| {
        Error::Value(format!(
            "invalid header value: a character above U+00FF in {name}"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http1::Automatic;

    const NOTHING: Automatic = Automatic {
        host: None,
        accept_encoding: false,
    };

    #[test]
    fn latin1_goes_both_ways() {
        let bytes: Vec<u8> = (0..=255).collect();
        let back = |text: &str| to_latin1("A", text).ok().map(Cow::into_owned);
        assert_eq!(back(&latin1(&bytes)), Some(bytes));
        assert_eq!(back("ÿ"), Some(vec![0xff]));
        assert_eq!(back("Ā"), None);
        assert_eq!(back("a€"), None);
        assert!(matches!(to_latin1("A", "plain"), Ok(Cow::Borrowed(_))));
    }

    #[test]
    fn a_value_without_bytes_is_told_by_its_name_alone() {
        let mut head = RequestHead::new("GET", "/", NOTHING).expect("a head");
        let text = "invalid header value: a character above U+00FF in Secret";
        let error = push(&mut head, "Secret", &["ab€"]);
        assert_eq!(error, Err(Error::Value(text.into())));
        let trailers = [("Secret".into(), "ab€".into())];
        assert_eq!(trailer_lines(&trailers), Err(Error::Value(text.into())));
    }
}
