//! How an export is called, in whichever version the component has it.

/// Calls the function of this interface, or of a resource of its: `$name` is for the record and for
/// traps. The arguments and the result are those of WASI 0.2's bindings.
macro_rules! export {
    ($guest:expr, $name:expr, $($interface:ident).+, $function:ident $(, $argument:expr)*) => {
        $guest.call($name, |exports, store| match exports {
            $crate::component::Exports::P2(exports) => {
                exports.$($interface()).+.$function(store $(, $argument)*)
            }
            $crate::component::Exports::P3(exports) => {
                use $crate::component::p3;
                p3::run(store, async |store| {
                    let interface = exports.$($interface()).+;
                    let called = interface.$function(store $(, p3::ToP3::to_p3($argument, store))*);
                    called.await.map(p3::ToP2::to_p2)
                })
            }
        })
    };
}

/// The same for what only WASI 0.2 has.
macro_rules! export_of_p2 {
    ($guest:expr, $name:expr, $($interface:ident).+, $function:ident $(, $argument:expr)*) => {
        $guest.call($name, |exports, store| match exports {
            $crate::component::Exports::P2(exports) => {
                exports.$($interface()).+.$function(store $(, $argument)*)
            }
            $crate::component::Exports::P3(_) => panic!("over WASI 0.3 there is no {}", $name),
        })
    };
}

pub(super) use {export, export_of_p2};
