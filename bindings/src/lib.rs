//! The bindings to `wit/` as wit-bindgen generates them, less 130 KB.
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

/// The bindings to the world in the `wit` folder of the crate that asks.
///
/// # Errors
/// Does not compile where `wit/` is no WIT, or where wit-bindgen's code has not the shape that is
/// folded here.
#[proc_macro]
pub fn generate(_: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let bindings = bindings().unwrap_or_else(|error| {
        let message = format!("{error:#}");
        quote!(compile_error!(#message);)
    });
    bindings.into()
}

fn bindings() -> Result<TokenStream> {
    let root = env::var("CARGO_MANIFEST_DIR").context("cargo says where the crate is")?;
    let mut resolve = Resolve::default();
    let (package, sources) = resolve.push_path(Path::new(&root).join("wit"))?;
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
    let folded = fold::fold(code)?;

    // The compiler then knows what to watch.
    let watched = sources.paths().map(|path| path.display().to_string());
    Ok(quote! {
        #folded
        #(const _: &[u8] = include_bytes!(#watched);)*
    })
}
