//! Makes one function of the arms that the exports repeat.
//!
//! In generated code an export that gives `result<_, error>` ends in `Err(e) => { … }`, which writes
//! the error behind a pointer, and the function that frees its result in `_ => { … }`, which frees
//! the error. These blocks are equal but for the numbers in the names of their variables.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;

/// The module of the interface whose exports fail, and which has the type of the error.
const MODULE: &str = "client";

/// The same code with both blocks in functions of their own.
///
/// # Errors
/// Says so where the code is not of the shape that this file describes.
pub fn fold(code: TokenStream) -> Result<TokenStream> {
    let mut modules = 0;
    let folded = replace_blocks(code, &mut |before, block| {
        if !ends_with(before, &["mod", MODULE]) {
            return Ok(None);
        }
        modules += 1;
        fold_module(block).map(Some)
    })?;
    ensure!(
        modules == 1,
        "{modules} modules `{MODULE}` in wit-bindgen's code"
    );
    Ok(folded)
}

fn fold_module(module: &TokenStream) -> Result<TokenStream> {
    let lower = Arm::most_frequent(module, &["Err", "(e)", "=", ">"])?;
    let free = Arm::most_frequent(module, &["_", "=", ">"])?;
    ensure!(
        lower.count == free.count && lower.count > 1,
        "{} exports in wit-bindgen's code write an error alike, and {} free one",
        lower.count,
        free.count,
    );
    let module = lower.replace(module, |pointer| quote!(lower_error(e, #pointer)))?;
    let module = free.replace(&module, |pointer| quote!(free_error(#pointer)))?;

    let (to, lower) = (pointer(&lower.block)?, lower.block);
    let (at, free) = (pointer(&free.block)?, free.block);
    Ok(quote! {
        #module

        unsafe fn lower_error(e: Error, #to: *mut u8) {
            unsafe { #lower }
        }

        unsafe fn free_error(#at: *mut u8) {
            unsafe { #free }
        }
    })
}

/// An arm of a `match` that several functions have.
struct Arm {
    /// The tokens before the block.
    pattern: &'static [&'static str],
    /// The block, its variables renumbered.
    block: TokenStream,
    count: usize,
}

impl Arm {
    fn most_frequent(module: &TokenStream, pattern: &'static [&'static str]) -> Result<Self> {
        let mut found: HashMap<String, Self> = HashMap::new();
        replace_blocks(module.clone(), &mut |before, block| {
            if !ends_with(before, pattern) {
                return Ok(None);
            }
            let block_of_many = renumbered(block);
            let arm = found.entry(block_of_many.to_string()).or_insert(Self {
                pattern,
                block: block_of_many,
                count: 0,
            });
            arm.count += 1;
            Ok(Some(block.clone()))
        })?;
        let most = found.into_values().max_by_key(|arm| arm.count);
        most.with_context(|| format!("no arm `{}` in wit-bindgen's code", pattern.concat()))
    }

    /// The module with a call in place of each such block; the call is given the block's pointer.
    fn replace(
        &self,
        module: &TokenStream,
        call: impl Fn(Ident) -> TokenStream,
    ) -> Result<TokenStream> {
        let wanted = self.block.to_string();
        replace_blocks(module.clone(), &mut |before, block| {
            if !ends_with(before, self.pattern) {
                return Ok(None);
            }
            match renumbered(block).to_string() == wanted {
                true => Ok(Some(call(pointer(block)?))),
                false => Ok(Some(block.clone())),
            }
        })
    }
}

/// The code with each block that `replacement` replaces, outer ones first. It is given the tokens
/// before the block, and the block.
fn replace_blocks(
    code: TokenStream,
    replacement: &mut impl FnMut(&[TokenTree], &TokenStream) -> Result<Option<TokenStream>>,
) -> Result<TokenStream> {
    let mut out: Vec<TokenTree> = Vec::new();
    for token in code {
        let TokenTree::Group(group) = token else {
            out.push(token);
            continue;
        };
        let replaced = match group.delimiter() {
            Delimiter::Brace => replacement(&out, &group.stream())?,
            _ => None,
        };
        let inner = match replaced {
            Some(inner) => inner,
            None => replace_blocks(group.stream(), replacement)?,
        };
        out.push(Group::new(group.delimiter(), inner).into());
    }
    Ok(out.into_iter().collect())
}

fn ends_with(tokens: &[TokenTree], pattern: &[&str]) -> bool {
    let Some(from) = tokens.len().checked_sub(pattern.len()) else {
        return false;
    };
    tokens[from..]
        .iter()
        .zip(pattern)
        .all(|(token, text)| token.to_string() == *text)
}

/// The block with its numbered variables counted in the order of their appearance.
fn renumbered(block: &TokenStream) -> TokenStream {
    fn walk(code: TokenStream, numbers: &mut HashMap<String, usize>) -> TokenStream {
        code.into_iter()
            .map(|token| match token {
                TokenTree::Group(group) => {
                    Group::new(group.delimiter(), walk(group.stream(), numbers)).into()
                }
                TokenTree::Ident(name) => match variable(&name) {
                    Some(letters) => {
                        let next = numbers.len();
                        let number = *numbers.entry(name.to_string()).or_insert(next);
                        Ident::new(&format!("{letters}{number}"), name.span()).into()
                    }
                    None => name.into(),
                },
                other => other,
            })
            .collect()
    }
    walk(block.clone(), &mut HashMap::new())
}

/// The letters of a variable such as `ptr12` or `t12_0`; none for another name, and for `u8`.
fn variable(name: &Ident) -> Option<String> {
    let name = name.to_string();
    let (letters, number) = name.split_at(name.find(|c: char| c.is_ascii_digit())?);
    let of_a_type = ["u", "i", "f"].contains(&letters) || letters.starts_with("as_");
    let numbered = number.chars().all(|c| c.is_ascii_digit() || c == '_');
    (numbered && !of_a_type).then(|| letters.to_owned())
}

/// What the block writes through first, or reads: `ptr1` in `*ptr1.add(0)`.
fn pointer(block: &TokenStream) -> Result<Ident> {
    fn first(code: TokenStream) -> Option<Ident> {
        let mut behind_star = false;
        for token in code {
            match token {
                TokenTree::Ident(name) if behind_star => return Some(name),
                TokenTree::Group(group) => {
                    if let Some(name) = first(group.stream()) {
                        return Some(name);
                    }
                    behind_star = false;
                }
                other => {
                    behind_star = matches!(&other, TokenTree::Punct(sign) if sign.as_char() == '*');
                }
            }
        }
        None
    }
    first(block.clone()).context("no pointer in a block of wit-bindgen's code")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two exports, the second with a variable more, and the functions that free their results.
    const CODE: &str = "
        mod client {
            fn first() {
                match result0 {
                    Ok(_) => { *ptr1.add(0) = 0u8; }
                    Err(e) => { *ptr1.add(0) = 1u8; let (vec2, t2_0) = e.into_bytes(); }
                }
            }
            fn second() {
                match result1 {
                    Ok(e) => { let vec3 = e; *ptr2.add(0) = 0u8; }
                    Err(e) => { *ptr2.add(0) = 1u8; let (vec4, t4_0) = e.into_bytes(); }
                }
            }
            fn free_first() { match l0 { 0 => {} _ => { let l1 = i32::from(*arg0.add(8)); } } }
            fn free_second() { match l0 { 0 => { let l1 = 0; } _ => { let l2 = i32::from(*arg0.add(8)); } } }
            fn free_another() { match l0 { 0 => {} _ => { let l1 = *arg0.add(4); } } }
        }
    ";

    fn folded(code: &str) -> Result<String> {
        fold(code.parse().expect("tokens")).map(|code| code.to_string())
    }

    fn tokens(code: &str) -> String {
        code.parse::<TokenStream>().expect("tokens").to_string()
    }

    #[test]
    fn makes_one_function_of_the_blocks_that_repeat() {
        let expected = "
            mod client {
                fn first() {
                    match result0 {
                        Ok(_) => { *ptr1.add(0) = 0u8; }
                        Err(e) => { lower_error(e, ptr1) }
                    }
                }
                fn second() {
                    match result1 {
                        Ok(e) => { let vec3 = e; *ptr2.add(0) = 0u8; }
                        Err(e) => { lower_error(e, ptr2) }
                    }
                }
                fn free_first() { match l0 { 0 => {} _ => { free_error(arg0) } } }
                fn free_second() { match l0 { 0 => { let l1 = 0; } _ => { free_error(arg0) } } }
                fn free_another() { match l0 { 0 => {} _ => { let l1 = *arg0.add(4); } } }

                unsafe fn lower_error(e: Error, ptr0: *mut u8) {
                    unsafe { *ptr0.add(0) = 1u8; let (vec1, t2) = e.into_bytes(); }
                }
                unsafe fn free_error(arg1: *mut u8) {
                    unsafe { let l0 = i32::from(*arg1.add(8)); }
                }
            }
        ";
        assert_eq!(folded(CODE).expect("folds"), tokens(expected));
    }

    #[test]
    fn refuses_code_without_the_interface() {
        let error = folded(&CODE.replace("client", "server")).unwrap_err();
        assert!(error.to_string().contains("0 modules"), "{error}");
    }

    #[test]
    fn refuses_errors_written_in_another_way() {
        let error = folded(&CODE.replace("Err(e)", "Err(error)")).unwrap_err();
        assert!(error.to_string().contains("no arm"), "{error}");
    }

    #[test]
    fn refuses_more_errors_written_than_freed() {
        let error = folded(&CODE.replace(
            "fn free_first() { match l0 { 0 => {} _",
            "fn free_first() { match l0 { 0 => {} n",
        ))
        .unwrap_err();
        assert!(error.to_string().contains("2 exports"), "{error}");
    }
}
