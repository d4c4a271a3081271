//! Whether the caller's own Transfer-Encoding frames a body that is sent in chunks.

use alloc::string::ToString;

use super::{InvalidRequest, Transfer};

/// The codings so far, over all header lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Codings {
    /// None of them is `chunked`.
    #[default]
    Unframed,
    /// `chunked` is the last one, and stands there once (RFC 9112 §6.1).
    Chunked,
    /// Something follows `chunked`.
    Broken,
}

impl Codings {
    /// With the members of another value, folds included.
    pub(super) fn then(self, value: &[u8]) -> Self {
        let members = value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        members
            .filter(|member| !member.is_empty())
            .fold(self, |codings, member| match codings {
                // With a parameter it is none that is known.
                Self::Unframed if member.eq_ignore_ascii_case(b"chunked") => Self::Chunked,
                Self::Unframed => Self::Unframed,
                Self::Chunked | Self::Broken => Self::Broken,
            })
    }

    /// Chunks, if the codings say so.
    pub(super) fn require_chunks(self) -> Result<Transfer, InvalidRequest> {
        match self {
            Self::Chunked => Ok(Transfer::Chunked),
            Self::Unframed | Self::Broken => {
                let what = "the transfer encoding of a body in chunks ends with chunked, once";
                Err(InvalidRequest::Value(what.to_string()))
            }
        }
    }
}
