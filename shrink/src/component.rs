//! A component as a list of sections.

use anyhow::{Context, Result};
use wasm_encoder::{ComponentSectionId, RawSection};
use wasmparser::{Parser, Payload, Validator};

/// The sections of a component, in order, without the names of its parts.
pub struct Sections<'a> {
    sections: Vec<(u8, &'a [u8])>,
    /// Which of them is the program.
    program: usize,
}

impl<'a> Sections<'a> {
    /// Takes the component apart. Its program is the largest of its core modules; the others are
    /// the glue that the linker put there.
    ///
    /// # Errors
    /// The bytes are no component, or one without a core module.
    pub fn parse(component: &'a [u8]) -> Result<Self> {
        let mut sections = Vec::new();
        // Above 0 while the parser is in a nested module or component, which is copied as a whole.
        let mut depth = 0;
        for payload in Parser::new(0).parse_all(component) {
            let payload = payload?;
            match &payload {
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) if depth > 0 => {
                    depth -= 1;
                    continue;
                }
                _ => {}
            }
            let own = match payload {
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth == 1,
                Payload::CustomSection(ref custom) => depth == 0 && custom.name() != NAMES,
                _ => depth == 0,
            };
            if let Some((id, range)) = payload.as_section().filter(|_| own) {
                let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
                sections.push((id, &component[range]));
            }
        }
        let modules = sections
            .iter()
            .enumerate()
            .filter(|(_, (id, _))| *id == MODULE);
        let largest = modules.max_by_key(|(_, (_, bytes))| bytes.len());
        let (program, _) = largest.context("the component has no core module")?;
        Ok(Self { sections, program })
    }

    /// The core module of the program.
    pub fn program(&self) -> &'a [u8] {
        self.sections[self.program].1
    }

    /// All sections: their ids and their contents.
    pub fn all(&self) -> &[(u8, &'a [u8])] {
        &self.sections
    }

    /// Which of the sections is the program.
    pub fn program_index(&self) -> usize {
        self.program
    }

    /// Which of the core modules is the program.
    pub fn program_module(&self) -> u32 {
        let before = self.sections[..self.program].iter();
        let modules = before.filter(|(id, _)| *id == MODULE).count();
        u32::try_from(modules).expect("invariant: fewer sections than bytes")
    }

    /// The component with another core module in its program's place.
    pub fn with_program(&self, module: &[u8]) -> Vec<u8> {
        let mut component = wasm_encoder::Component::new();
        for (index, &(id, bytes)) in self.sections.iter().enumerate() {
            let data = if index == self.program { module } else { bytes };
            component.section(&RawSection { id, data });
        }
        component.finish()
    }
}

const MODULE: u8 = ComponentSectionId::CoreModule as u8;
/// The custom section with the names.
const NAMES: &str = "component-name";

/// Whether the component may be instantiated: its program still imports what it is given, and
/// exports what is lifted.
///
/// # Errors
/// What is wrong, and where.
pub fn validate(component: &[u8]) -> Result<()> {
    Validator::new()
        .validate_all(component)
        .context("the smaller component is not valid")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use wasm_encoder::{Component, CustomSection, Module, ModuleSection, NestedComponentSection};

    use super::*;

    fn module(bytes: usize) -> Module {
        let mut module = Module::new();
        module.section(&custom("filler", bytes));
        module
    }

    fn custom(name: &str, bytes: usize) -> CustomSection<'_> {
        let data = Cow::Owned(vec![0; bytes]);
        CustomSection {
            name: name.into(),
            data,
        }
    }

    /// Two core modules, a component with one of its own, and names.
    fn component(program: &Module, names: bool) -> Vec<u8> {
        let (mut component, mut nested) = (Component::new(), Component::new());
        nested.section(&ModuleSection(&module(900)));
        component.section(&ModuleSection(&module(10)));
        component.section(&ModuleSection(program));
        component.section(&NestedComponentSection(&nested));
        component.section(&custom("kept", 3));
        if names {
            component.section(&custom(NAMES, 3));
        }
        component.finish()
    }

    #[test]
    fn the_program_is_the_largest_module_that_is_not_nested() {
        let (program, component) = (module(50), component(&module(50), true));
        let sections = Sections::parse(&component).unwrap();
        assert_eq!(sections.program(), program.as_slice());
    }

    #[test]
    fn all_but_the_program_and_the_names_stays() {
        let before = component(&module(50), true);
        let smaller = module(20);
        let after = Sections::parse(&before)
            .unwrap()
            .with_program(smaller.as_slice());
        assert_eq!(after, component(&smaller, false));
        validate(&after).unwrap();
    }

    #[test]
    fn refuses_what_is_no_component() {
        assert!(Sections::parse(b"<html>").is_err());
        assert!(Sections::parse(&Component::new().finish()).is_err());
    }
}
