//! Files as WASI has them: descriptors and streams, which the component reads and writes by itself.

use std::cell::OnceCell;
use std::fs;
use std::io::{self, Read};

use crate::bindings::filesystem::{Descriptor, DescriptorFlags, OpenFlags, PathFlags};
use crate::bindings::preopens::get_directories;
use crate::exit::Exit;
use crate::failure::Failure;

/// Whether a path is Unix's or Windows' name of the null device, which takes everything and holds nothing.
/// No host has to open it. Nobody but the host knows which system this is, so that both names count.
pub fn is_null_device(path: &str) -> bool {
    path == "/dev/null" || path.eq_ignore_ascii_case("NUL")
}

/// The directories that the host gave this program.
#[derive(Default)]
pub struct Directories(OnceCell<Vec<(Descriptor, String)>>);

impl Directories {
    /// Opens a file to read it.
    ///
    /// # Errors
    /// It can't be read.
    pub fn read(&self, path: &str) -> Result<Descriptor, Failure> {
        self.open(path, OpenFlags::empty(), DescriptorFlags::READ)
            .map_err(|reason| Failure::new(Exit::Read, format!("can't open '{path}': {reason}")))
    }

    /// Opens a file to write it, and makes it where there is none.
    ///
    /// # Errors
    /// It can't be written.
    pub fn write(&self, path: &str, keep: Keep) -> Result<Descriptor, Failure> {
        let how = match keep {
            Keep::Contents => OpenFlags::CREATE,
            Keep::Nothing => OpenFlags::CREATE | OpenFlags::TRUNCATE,
        };
        self.open(path, how, DescriptorFlags::WRITE)
            .map_err(|reason| Failure::new(Exit::Write, format!("can't open '{path}': {reason}")))
    }

    /// The size of a file; 0 where there is none.
    pub fn size(&self, path: &str) -> u64 {
        self.open(path, OpenFlags::empty(), DescriptorFlags::READ)
            .ok()
            .and_then(|file| file.stat().ok())
            .map_or(0, |status| status.size)
    }

    fn open(
        &self,
        path: &str,
        how: OpenFlags,
        mode: DescriptorFlags,
    ) -> Result<Descriptor, String> {
        let directories = self.0.get_or_init(get_directories);
        let best = directories
            .iter()
            .filter_map(|(directory, name)| Some((directory, within(name, path)?)))
            .min_by_key(|(_, rest)| rest.len());
        let Some((directory, rest)) = best else {
            return Err("the host gave no directory that holds it (wasmtime: --dir)".to_owned());
        };
        directory
            .open_at(PathFlags::SYMLINK_FOLLOW, rest, how, mode)
            .map_err(|code| code.message().to_owned())
    }
}

/// What a file is opened with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// What it holds already.
    Contents,
    /// Nothing: it is emptied.
    Nothing,
}

/// `path` seen from the directory called `name`; none where it is not in it. Relative paths are in
/// `.`, and in the root where that is all there is.
fn within<'a>(name: &str, path: &'a str) -> Option<&'a str> {
    let path = path.strip_prefix("./").unwrap_or(path);
    let name = name.trim_start_matches("./").trim_end_matches('/');
    if matches!(name, "" | ".") {
        return Some(path.trim_start_matches('/'))
            .filter(|_| name.is_empty() || !path.starts_with('/'));
    }
    let rest = path.strip_prefix(name)?;
    rest.strip_prefix('/').filter(|rest| !rest.is_empty())
}

/// The whole of a small file, or of standard input where it is called `-`.
///
/// # Errors
/// It can't be read.
pub fn read_whole(path: &str) -> Result<Vec<u8>, Failure> {
    if is_null_device(path) {
        return Ok(Vec::new());
    }
    let read = if path == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    read.map_err(|error| Failure::new(Exit::Read, format!("can't read '{path}': {error}")))
}
