//! `--data` and its kin.

use crate::failure::Failure;
use crate::files::read_whole;
use crate::url::encode;

/// The data of a request so far.
#[derive(Clone, Debug, Default)]
pub struct Data(pub Vec<u8>);

impl Data {
    /// Adds a piece behind `&`.
    pub fn join(data: &mut Option<Self>, piece: &[u8]) {
        match data {
            Some(Self(bytes)) => {
                bytes.push(b'&');
                bytes.extend_from_slice(piece);
            }
            None => *data = Some(Self(piece.to_vec())),
        }
    }

    /// Adds a piece, as `--json` does.
    pub fn append(data: &mut Option<Self>, piece: &[u8]) {
        data.get_or_insert_default().0.extend_from_slice(piece);
    }
}

/// `--data`: text, or a file after `@` without its line ends and zero bytes.
pub fn text(argument: &str) -> Result<Vec<u8>, Failure> {
    let Some(path) = argument.strip_prefix('@') else {
        return Ok(argument.into());
    };
    let mut bytes = read_whole(path)?;
    bytes.retain(|byte| !matches!(byte, b'\r' | b'\n' | 0));
    Ok(bytes)
}

/// `--data-binary`, `--json`: text, or a file after `@`.
pub fn binary(argument: &str) -> Result<Vec<u8>, Failure> {
    match argument.strip_prefix('@') {
        Some(path) => read_whole(path),
        None => Ok(argument.into()),
    }
}

/// `--data-urlencode`: `content`, `=content`, `name=content`, `@file` or `name@file`; the content is
/// percent-encoded.
pub fn urlencoded(argument: &str) -> Result<String, Failure> {
    let (name, content) = match argument.find(['=', '@']) {
        None => ("", argument.as_bytes().to_vec()),
        Some(at) => {
            let (name, rest) = argument.split_at(at);
            match rest.strip_prefix('@') {
                Some(path) => (name, read_whole(path)?),
                None => (name, rest.as_bytes()[1..].to_vec()),
            }
        }
    };
    let equals = if name.is_empty() { "" } else { "=" };
    Ok(format!("{name}{equals}{}", encode(&content)))
}

/// `--url-query`: as `--data-urlencode`, or as it is after `+`.
pub fn query(argument: &str) -> Result<String, Failure> {
    match argument.strip_prefix('+') {
        Some(raw) => Ok(raw.to_owned()),
        None => urlencoded(argument),
    }
}

/// Adds a piece behind `&`.
pub fn join_query(query: &mut Option<String>, piece: &str) {
    match query {
        Some(query) => {
            query.push('&');
            query.push_str(piece);
        }
        None => *query = Some(piece.to_owned()),
    }
}
