//! Where a path leads to.
//!
//! WASI opens nothing by an absolute path: only what lies in a directory that the host has opened
//! before. Paths lead to them as in WASI's C library. A directory goes by the name that the host gave
//! it; of several the longest that a path begins with is meant; and the working directory is `/`, so
//! that a leading `/` or `./` says nothing.

use alloc::string::String;

/// The directory that `path` leads through, and the path from there; none where the host gave no such.
pub fn find<'a, D>(directories: &'a [(D, String)], path: &'a str) -> Option<(&'a D, &'a str)> {
    let candidates = directories
        .iter()
        .filter_map(|(directory, name)| Some((directory, within(path, name)?)));
    // The longest name leaves the shortest path.
    candidates.min_by_key(|(_, rest)| rest.len())
}

/// What is left of `path` in the directory of that name, if it begins with that.
fn within<'a>(path: &'a str, directory: &str) -> Option<&'a str> {
    let (path, directory) = (plain(path), plain(directory));
    let rest = match directory.trim_end_matches('/') {
        "" => path,
        directory => match path.strip_prefix(directory)? {
            "" => "",
            rest => rest.strip_prefix('/')?,
        },
    };
    match rest.trim_start_matches('/') {
        "" => Some("."),
        rest => Some(rest),
    }
}

/// A path without what says nothing.
fn plain(path: &str) -> &str {
    let path = path.trim_start_matches('/');
    match path.strip_prefix('.') {
        Some("") => "",
        Some(rest) if rest.starts_with('/') => plain(rest),
        _ => path,
    }
}
