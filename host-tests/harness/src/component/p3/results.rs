//! The results of WASI 0.3's bindings, as those of 0.2 give them.

use wasmtime::component::ResourceAny;

use crate::bindings::{client as p2, p3};
use crate::component::Result;

/// A result of a function.
pub trait ToP2 {
    /// The same over WASI 0.2.
    type P2;

    /// Converts it.
    fn to_p2(self) -> Self::P2;
}

/// What both give as it is.
macro_rules! same {
    ($($type:ty),*) => {$(
        impl ToP2 for $type {
            type P2 = Self;

            fn to_p2(self) -> Self {
                self
            }
        }
    )*};
}

same!((), bool, u16, u32, u64, String, ResourceAny);
same!(Vec<u8>, Vec<Vec<u8>>, Vec<String>);
same!(Vec<(String, String)>, Vec<(u16, String)>);

impl<T: ToP2> ToP2 for Option<T> {
    type P2 = Option<T::P2>;

    fn to_p2(self) -> Self::P2 {
        self.map(T::to_p2)
    }
}

impl<T: ToP2> ToP2 for std::result::Result<T, p3::Error> {
    type P2 = Result<T::P2>;

    fn to_p2(self) -> Self::P2 {
        self.map(T::to_p2).map_err(Into::into)
    }
}

impl ToP2 for p3::TlsSession {
    type P2 = p2::TlsSession;

    fn to_p2(self) -> p2::TlsSession {
        self.into()
    }
}

impl ToP2 for Vec<p3::InterimResponse> {
    type P2 = Vec<p2::InterimResponse>;

    fn to_p2(self) -> Self::P2 {
        self.into_iter().map(Into::into).collect()
    }
}
