//! The arguments of WASI 0.2's bindings, as those of 0.3 take them: owned.

use wasmtime::component::{Accessor, ResourceAny};

use crate::bindings::{client as p2, p3};
use crate::component::Host;

/// An argument of a function.
pub trait ToP3 {
    /// The same over WASI 0.3.
    type P3;

    /// Converts it; the store is for what becomes a stream.
    fn to_p3(self, store: &Accessor<Host>) -> Self::P3;
}

/// What both take as it is.
macro_rules! same {
    ($($type:ty),*) => {$(
        impl ToP3 for $type {
            type P3 = Self;

            fn to_p3(self, _: &Accessor<Host>) -> Self {
                self
            }
        }
    )*};
}

/// What the one borrows and the other owns.
macro_rules! owned {
    ($($borrowed:ty => $owned:ty),*) => {$(
        impl ToP3 for &$borrowed {
            type P3 = $owned;

            fn to_p3(self, _: &Accessor<Host>) -> $owned {
                self.to_owned()
            }
        }
    )*};
}

/// What has a type for each, borrowed by the one and owned by the other.
macro_rules! converted {
    ($($name:ident),*) => {$(
        impl ToP3 for &p2::$name {
            type P3 = p3::$name;

            fn to_p3(self, _: &Accessor<Host>) -> p3::$name {
                self.clone().into()
            }
        }
    )*};
}

same!(bool, u16, u32, u64, ResourceAny);
owned!(str => String, [u8] => Vec<u8>, Vec<String> => Vec<String>);
owned!(Vec<(String, String)> => Vec<(String, String)>);
converted!(Error, ConnectionOptions, PemSource);

impl ToP3 for &p2::TlsOptions {
    type P3 = p3::TlsOptions;

    fn to_p3(self, _: &Accessor<Host>) -> p3::TlsOptions {
        p3::TlsOptions {
            context: self.context,
            key_file: self.key_file.clone(),
            cert_file: self.cert_file.clone(),
        }
    }
}

impl<T: ToP3> ToP3 for Option<T> {
    type P3 = Option<T::P3>;

    fn to_p3(self, store: &Accessor<Host>) -> Self::P3 {
        self.map(|it| it.to_p3(store))
    }
}

/// What is copied.
macro_rules! copied {
    ($($name:ident),*) => {$(
        impl ToP3 for p2::$name {
            type P3 = p3::$name;

            fn to_p3(self, _: &Accessor<Host>) -> p3::$name {
                self.into()
            }
        }
    )*};
}

copied!(VerifyMode, TlsVersion);
