//! Which crates the code comes from.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use wasmparser::{KnownCustom, Name, Parser, Payload};

/// Of the standard library; a function with another crate's type in its name is that one's.
const STANDARD: [&str; 3] = ["alloc", "core", "std"];
/// Crates with less are not shown.
const SHOWN: usize = 1000;

/// Prints the bytes of code of each crate of a module that has the names of its functions.
///
/// # Errors
/// It has none, or is no module.
pub fn print(module: &[u8]) -> Result<()> {
    let mut crates: BTreeMap<String, usize> = BTreeMap::new();
    let names = names(module)?;
    ensure!(
        !names.is_empty(),
        "the component has no names: see `make size`"
    );
    let bodies = Parser::new(0)
        .parse_all(module)
        .filter_map(|payload| match payload {
            Ok(Payload::CodeSectionEntry(body)) => Some(body.range()),
            _ => None,
        });
    let imported = imported_functions(module)?;
    for (index, range) in (imported..).zip(bodies) {
        let name = names.get(&index).map_or("", |name| name);
        *crates.entry(crate_of(name)).or_default() += usize::try_from(range.end - range.start)?;
    }
    let mut crates: Vec<_> = crates.into_iter().collect();
    crates.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    for (name, size) in crates.iter().filter(|(_, size)| *size >= SHOWN) {
        println!("{size:>12}  {name}");
    }
    Ok(())
}

/// The first crate in the name that is not the standard library.
fn crate_of(name: &str) -> String {
    let plain = format!("{:#}", rustc_demangle::demangle(name));
    if plain.starts_with("httplib:http") || plain.starts_with("cabi_") {
        return "exports".into();
    }
    let mut paths = plain
        .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
        .filter_map(|path| path.split_once("::"))
        .map(|(first, _)| first)
        .filter(|first| first.starts_with(|c: char| c.is_lowercase()))
        .peekable();
    let nothing = if paths.peek().is_some() {
        "std"
    } else {
        "C, and others"
    };
    let found = paths.find(|first| !STANDARD.contains(first));
    found.unwrap_or(nothing).into()
}

fn imported_functions(module: &[u8]) -> Result<u32> {
    let mut count = 0;
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(imports) = payload? {
            for import in imports.into_imports() {
                count += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
            }
        }
    }
    Ok(count)
}

/// The functions' names by their indices.
fn names(module: &[u8]) -> Result<BTreeMap<u32, String>> {
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CustomSection(section) = payload? else {
            continue;
        };
        let KnownCustom::Name(section) = section.as_known() else {
            continue;
        };
        for subsection in section {
            if let Name::Function(functions) = subsection? {
                for naming in functions {
                    let naming = naming?;
                    names.insert(naming.index, naming.name.to_owned());
                }
            }
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::crate_of;

    #[test]
    fn code_belongs_to_the_first_crate_beside_the_standard_library() {
        assert_eq!(crate_of("rustls::client::hs::emit"), "rustls");
        assert_eq!(
            crate_of("<alloc::vec::Vec<T> as rustls::Codec>::read"),
            "rustls"
        );
        assert_eq!(crate_of("core::fmt::write"), "std");
        assert_eq!(crate_of("cabi_post_httplib"), "exports");
        assert_eq!(crate_of("dlmalloc"), "C, and others");
    }
}
