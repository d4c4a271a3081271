//! Virtual environments with Python packages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::run;

/// Makes a virtual environment in `folder` with what the file asks for, unless that is there. The
/// environment's Python.
///
/// # Panics
/// Where there is no Python, or a package can't be installed.
#[must_use]
pub fn python_with(requirements: &Path, folder: &Path) -> PathBuf {
    let wanted = fs::read(requirements).expect("the requirements are in the repository");
    let installed = folder.join("installed.txt");
    if fs::read(&installed).ok().as_ref() != Some(&wanted) {
        run(Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(folder));
        let mut pip = Command::new(folder.join("bin/pip"));
        run(pip.args(["install", "--requirement"]).arg(requirements));
        fs::write(installed, wanted).expect("the environment can be written");
    }
    folder.join("bin/python")
}
