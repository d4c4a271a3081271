//! What a peer sends again and again.

use rustls::ContentType;

/// What a peer repeats, and how often.
#[derive(Clone, Debug)]
pub struct Flood {
    pub(super) what: What,
    pub(super) times: u64,
}

/// What is repeated.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// Data, over TLS as data too.
    Data(Vec<u8>),
    /// Bytes of the stream below TLS.
    Below(Vec<u8>),
    /// Records that the server's keys protect.
    Records(Vec<(ContentType, Vec<u8>)>),
    /// A request for new keys, under new keys each time.
    KeyUpdates,
}

impl Flood {
    /// These bytes. Over TLS they are in records as rustls makes them.
    #[must_use]
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        Self::endless(What::Data(bytes.as_ref().to_vec()))
    }

    /// These bytes in place of TLS records.
    #[must_use]
    pub fn below_tls(bytes: impl AsRef<[u8]>) -> Self {
        Self::endless(What::Below(bytes.as_ref().to_vec()))
    }

    /// Protected records with these contents, whatever the protocol says. The server's configuration has
    /// `enable_secret_extraction`, and its own records end here.
    #[must_use]
    pub fn records<B: AsRef<[u8]>>(records: &[(ContentType, B)]) -> Self {
        let records = records.iter();
        let owned = records.map(|(content, bytes)| (*content, bytes.as_ref().to_vec()));
        Self::endless(What::Records(owned.collect()))
    }

    /// Data, each byte in a record of its own; else like [`Flood::records`].
    #[must_use]
    pub fn bytewise(bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref().iter();
        let records: Vec<_> = bytes
            .map(|byte| (ContentType::ApplicationData, [*byte]))
            .collect();
        Self::records(&records)
    }

    /// `key_update` messages of TLS 1.3, each of which asks for one in return.
    #[must_use]
    pub fn key_updates() -> Self {
        Self::endless(What::KeyUpdates)
    }

    /// Only so often.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times, ..self }
    }

    fn endless(what: What) -> Self {
        let times = u64::MAX;
        Self { what, times }
    }
}
