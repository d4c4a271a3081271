//! HTTP/1 as values: bytes in, heads and bodies out, and requests into bytes.
//!
//! What may live here: functions of their arguments, on `alloc` and `httparse`. No socket, clock, TLS
//! or WIT. Input may come in any pieces; how it was cut never changes a result.
//!
//! A response comes in through three parts, each given the bytes at the front of a buffer and saying
//! how many it took:
//!
//! - [`ReplyReader`] reads the head, and the interim (1xx) heads before it, up to the first byte
//!   behind it.
//! - [`response_framing`] decides from the head how long the body is, [`reuse`] what becomes of the
//!   connection afterwards.
//! - [`BodyReader`] says what stands at the front of the buffer: framing to drop, or body to take. It
//!   never holds body bytes itself.
//!
//! A request goes out as the bytes that [`RequestHead::finish`] puts together; [`Transfer`] says what
//! may follow them, [`chunk_head`] and its neighbours how.
//!
//! Whatever a peer sends is accepted, refused or cut off by [`Limits`]: nothing here panics, and
//! nothing is allocated because a peer announced it. Once one of the readers has failed, nothing
//! that follows on the same stream can be trusted. RFC 9112 is the authority on the grammar.

mod body;
mod chunked;
mod error;
mod framing;
mod grammar;
mod headers;
mod limits;
mod line;
mod request;
mod response;
mod reuse;
mod status;
mod step;
#[cfg(test)]
mod testing;

pub use body::BodyReader;
pub use chunked::{CHUNK_END, ChunkHead, chunk_head, last_chunk};
pub use error::{Counted, Error, InvalidRequest, Line, Malformed};
pub use framing::{Framing, response_framing};
pub use grammar::{MAX_LENGTH, is_token, latin1, list_members, parse_length, trim_ows};
pub use headers::Headers;
pub use limits::{LINE, Limits};
pub use request::{Automatic, BodyLength, RequestHead, Transfer, trailer_section};
pub use response::{Reply, ReplyReader, ResponseHead, StatusLine, Version};
pub use reuse::{CloseReason, Reuse, reuse};
pub use status::{HTTP_PORT, HTTPS_PORT, STATUSES, Status, constant, reason_phrase};
pub use step::Step;
