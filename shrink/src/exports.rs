//! Short names for what the program of a component exports.
//!
//! The linker names an export after the function of an interface that it becomes. The name stands in
//! the program, again where the component takes the export out of it, and a third time, where it
//! counts, in the interface. The first two are read by nobody else, so they become `a`, `b`, `c`.

use std::collections::HashMap;
use std::ops::Range;

use anyhow::{Context, Result, bail, ensure};
use wasm_encoder::reencode::{ReencodeComponent, RoundtripReencoder};
use wasm_encoder::{
    Alias, ComponentAliasSection, ComponentSectionId, ExportSection, Module, RawSection, SectionId,
};
use wasmparser::{
    BinaryReader, ComponentAliasSectionReader, ExportSectionReader, Instance,
    InstanceSectionReader, Parser,
};

use crate::component::Sections;

const ALIASES: u8 = ComponentSectionId::Alias as u8;
const INSTANCES: u8 = ComponentSectionId::CoreInstance as u8;
const EXPORTS: u8 = SectionId::Export as u8;

/// The new name of each export.
type Names<'a> = HashMap<&'a str, String>;

/// The component with short names between it and its program.
///
/// # Errors
/// It is not put together as the linker does it: the program is instantiated once, and its exports are
/// taken one by one.
pub fn shorten(component: &[u8]) -> Result<Vec<u8>> {
    let sections = Sections::parse(component)?;
    let program = sections.program();
    let mut names = Names::new();
    for (id, range) in module_sections(program)? {
        if id == EXPORTS {
            for (index, export) in exports(&program[range])?.into_iter().enumerate() {
                names.insert(export?.name, short(index));
            }
        }
    }
    let instance = program_instance(&sections)?;
    let smaller = rename_exports(program, &names)?;
    let mut component = wasm_encoder::Component::new();
    for (index, &(id, data)) in sections.all().iter().enumerate() {
        if index == sections.program_index() {
            component.section(&RawSection { id, data: &smaller });
        } else if id == ALIASES {
            component.section(&rename_aliases(data, instance, &names)?);
        } else {
            component.section(&RawSection { id, data });
        }
    }
    Ok(component.finish())
}

/// `a` to `z`, then `aa`, `ba` and so on.
fn short(mut index: usize) -> String {
    let mut name = String::new();
    loop {
        name.push(char::from(b"abcdefghijklmnopqrstuvwxyz"[index % 26]));
        if index < 26 {
            return name;
        }
        index = index / 26 - 1;
    }
}

/// The index of the only instance of the program.
fn program_instance(sections: &Sections<'_>) -> Result<u32> {
    let program = sections.program_module();
    let (mut found, mut count) = (None, 0);
    for (_, data) in sections.all().iter().filter(|(id, _)| *id == INSTANCES) {
        for instance in InstanceSectionReader::new(BinaryReader::new(data, 0))? {
            if let Instance::Instantiate { module_index, args } = instance? {
                let given = args.iter().any(|argument| Some(argument.index) == found);
                ensure!(!given, "all that the program exports is given to a module");
                if module_index == program {
                    ensure!(found.is_none(), "the program has two instances");
                    found = Some(count);
                }
            }
            count += 1;
        }
    }
    found.context("the program has no instance")
}

fn rename_aliases(data: &[u8], program: u32, names: &Names<'_>) -> Result<ComponentAliasSection> {
    let mut section = ComponentAliasSection::new();
    for alias in ComponentAliasSectionReader::new(BinaryReader::new(data, 0))? {
        let mut alias = RoundtripReencoder.component_alias(alias?)?;
        if let Alias::CoreInstanceExport { instance, name, .. } = &mut alias
            && *instance == program
        {
            let Some(short) = names.get(name) else {
                bail!("the program does not export {name}")
            };
            *name = short;
        }
        section.alias(alias);
    }
    Ok(section)
}

fn rename_exports(module: &[u8], names: &Names<'_>) -> Result<Vec<u8>> {
    let mut renamed = Module::new();
    for (id, range) in module_sections(module)? {
        let data = &module[range];
        if id != EXPORTS {
            renamed.section(&RawSection { id, data });
            continue;
        }
        let mut section = ExportSection::new();
        for export in exports(data)? {
            let export = export?;
            section.export(&names[export.name], export.kind.into(), export.index);
        }
        renamed.section(&section);
    }
    Ok(renamed.finish())
}

fn exports(section: &[u8]) -> Result<ExportSectionReader<'_>> {
    Ok(ExportSectionReader::new(BinaryReader::new(section, 0))?)
}

fn module_sections(module: &[u8]) -> Result<Vec<(u8, Range<usize>)>> {
    let mut sections = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Some((id, range)) = payload?.as_section() {
            let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
            sections.push((id, range));
        }
    }
    Ok(sections)
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, Component, ExportKind, Function, FunctionSection, InstanceSection, ModuleArg,
        ModuleSection, TypeSection,
    };

    use super::*;
    use crate::component::validate;

    const LONG: [&str; 2] = ["wasi:http/one@0.2.0#first", "wasi:http/one@0.2.0#second"];

    /// A module that exports a function under these names.
    fn module(names: &[&str], instructions: usize) -> Module {
        let (mut types, mut functions) = (TypeSection::new(), FunctionSection::new());
        types.ty().function([], []);
        functions.function(0);
        let mut exported = ExportSection::new();
        for name in names {
            exported.export(name, ExportKind::Func, 0);
        }
        let mut body = Function::new([]);
        for _ in 0..instructions {
            body.instructions().nop();
        }
        body.instructions().end();
        let mut code = CodeSection::new();
        code.function(&body);
        let mut module = Module::new();
        module.section(&types).section(&functions);
        module.section(&exported).section(&code);
        module
    }

    /// A small module, the program, and instances of them in this order; aliases take from an instance
    /// what has this name.
    fn component(instances: &[u32], aliases: &[(u32, &str)]) -> Vec<u8> {
        let mut component = Component::new();
        component.section(&ModuleSection(&module(&LONG[..1], 0)));
        component.section(&ModuleSection(&module(&LONG, 100)));
        let mut section = InstanceSection::new();
        for module in instances {
            section.instantiate(*module, std::iter::empty::<(&str, ModuleArg)>());
        }
        component.section(&section);
        let mut section = ComponentAliasSection::new();
        for &(instance, name) in aliases {
            let kind = ExportKind::Func;
            section.alias(Alias::CoreInstanceExport {
                instance,
                kind,
                name,
            });
        }
        component.section(&section);
        component.finish()
    }

    fn occurrences(bytes: &[u8], name: &str) -> usize {
        let windows = bytes.windows(name.len());
        windows.filter(|window| *window == name.as_bytes()).count()
    }

    #[test]
    fn the_program_s_exports_become_short_at_both_ends() {
        let before = component(&[0, 1], &[(1, LONG[0]), (1, LONG[1]), (0, LONG[0])]);
        validate(&before).unwrap();
        let after = shorten(&before).unwrap();
        validate(&after).unwrap();
        assert_eq!(occurrences(&before, LONG[1]), 2);
        assert_eq!(occurrences(&after, LONG[1]), 0);
        // The other module's stays.
        assert_eq!(occurrences(&after, LONG[0]), 2);
        let saved = 2 * (LONG[0].len() + LONG[1].len() - 2);
        assert_eq!(after.len(), before.len() - saved);
    }

    #[test]
    fn refuses_what_the_linker_does_not_do() {
        for (instances, aliases) in [
            (&[0, 1, 1][..], &[][..]),
            (&[0], &[]),
            (&[1], &[(0, "unknown")]),
        ] {
            assert!(shorten(&component(instances, aliases)).is_err());
        }
    }

    #[test]
    fn names_are_short_and_differ() {
        let names: Vec<_> = (0..1000).map(short).collect();
        assert_eq!(names[..2], ["a", "b"]);
        assert_eq!((names[25].as_str(), names[26].as_str()), ("z", "aa"));
        assert!(names.iter().all(|name| name.len() <= 3));
        let distinct: std::collections::HashSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
    }
}
