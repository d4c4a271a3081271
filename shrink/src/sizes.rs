//! How large the parts of a component are.

use std::fmt;

use anyhow::Result;
use wasmparser::{Parser, Payload};

use crate::component::Sections;

/// Bytes of each part.
#[derive(Default)]
struct Sizes {
    code: usize,
    data: usize,
    /// Of the program: types, imports, exports, tables.
    other: usize,
    /// All but the program: the types of the interfaces, and the glue.
    around: usize,
}

impl Sizes {
    fn of(component: &[u8]) -> Result<Self> {
        let program = Sections::parse(component)?.program();
        let mut sizes = Self {
            around: component.len() - program.len(),
            ..Self::default()
        };
        for payload in Parser::new(0).parse_all(program) {
            match payload? {
                Payload::CodeSectionStart { size, .. } => sizes.code = usize::try_from(size)?,
                Payload::DataSection(data) => {
                    sizes.data = usize::try_from(data.range().end - data.range().start)?;
                }
                _ => {}
            }
        }
        sizes.other = program.len() - sizes.code - sizes.data;
        Ok(sizes)
    }
}

/// Prints both in a table.
///
/// # Errors
/// One of them is no component.
pub fn print(before: &[u8], after: &[u8]) -> Result<()> {
    let (old, new) = (Sizes::of(before)?, Sizes::of(after)?);
    println!("{:>12} {:>12}  bytes", "before", "after");
    let line =
        |name: &dyn fmt::Display, old: usize, new: usize| println!("{old:>12} {new:>12}  {name}");
    line(&"code", old.code, new.code);
    line(&"data", old.data, new.data);
    line(&"other parts of the program", old.other, new.other);
    line(&"the component around it", old.around, new.around);
    line(&"all", before.len(), after.len());
    Ok(())
}
