//! The bindings to `wit/` as wit-bindgen generates them, those to WASI 0.2 less 130 KB.
//!
//! Each export that may fail writes the whole `error` variant, and another function beside it frees
//! what was written. wit-bindgen spells both out every time; [`fold`] makes one function of each.
#![forbid(unsafe_code)]

mod fold;

use std::env;
use std::path::Path;

use anyhow::{Context, Result};
use proc_macro2::TokenStream;
use quote::quote;
use wit_bindgen_core::wit_parser::Resolve;
use wit_bindgen_core::{Files, WorldGenerator};
use wit_bindgen_rust::Opts;

/// The bindings to the world in this folder of the crate that asks: `generate!("wit")`.
///
/// # Errors
/// Does not compile where the folder has no WIT, or where wit-bindgen's code has not the shape that is
/// folded here.
#[proc_macro]
pub fn generate(folder: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(folder, fold::fold)
}

/// The same as wit-bindgen has it: what an `async func` gives is written elsewhere.
///
/// # Errors
/// Does not compile where the folder has no WIT.
#[proc_macro]
pub fn generate_async(folder: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(folder, Ok)
}

fn expand(
    folder: proc_macro::TokenStream,
    change: fn(TokenStream) -> Result<TokenStream>,
) -> proc_macro::TokenStream {
    let folder = folder.to_string();
    let bindings = bindings(folder.trim_matches('"'), change).unwrap_or_else(|error| {
        let message = format!("{error:#}");
        quote!(compile_error!(#message);)
    });
    bindings.into()
}

fn bindings(folder: &str, change: fn(TokenStream) -> Result<TokenStream>) -> Result<TokenStream> {
    let root = env::var("CARGO_MANIFEST_DIR").context("cargo says where the crate is")?;
    let mut resolve = Resolve::default();
    let (package, sources) = resolve.push_path(Path::new(&root).join(folder))?;
    let world = resolve.select_world(&[package], None)?;

    let options = Opts {
        generate_all: true,
        pub_export_macro: true,
        ..Opts::default()
    };
    let mut files = Files::default();
    options.build().generate(&mut resolve, world, &mut files)?;
    let (_, text) = files.iter().next().context("wit-bindgen made no file")?;

    let code = std::str::from_utf8(text)?
        .parse()
        .map_err(|error| anyhow::anyhow!("wit-bindgen's code: {error}"))?;
    let changed = change(code)?;

    // The compiler then knows what to watch.
    let watched = sources.paths().map(|path| path.display().to_string());
    let realloc = realloc();
    Ok(quote! {
        #changed
        #realloc
        #(const _: &[u8] = include_bytes!(#watched);)*
    })
}

/// Makes room for what the host gives. On this target wit-bindgen leaves that to the C library, whose
/// allocator is not the component's.
fn realloc() -> TokenStream {
    quote! {
        #[cfg(feature = "component")]
        #[unsafe(no_mangle)]
        unsafe extern "C" fn cabi_realloc(
            old: *mut u8,
            old_size: usize,
            align: usize,
            new_size: usize,
        ) -> *mut u8 {
            use ::alloc::alloc::{Layout, alloc, realloc};
            let room = unsafe {
                match (old_size, new_size) {
                    (_, 0) => return ::core::ptr::without_provenance_mut(align),
                    (0, _) => alloc(Layout::from_size_align_unchecked(new_size, align)),
                    _ => {
                        let layout = Layout::from_size_align_unchecked(old_size, align);
                        realloc(old, layout, new_size)
                    }
                }
            };
            if room.is_null() {
                ::core::arch::wasm32::unreachable()
            }
            room
        }
    }
}
