//! Libraries that programs import besides the package, each set of them in a Python of its own.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use harness::venv;

use super::{scratch, source};
use crate::tools::output;

/// requests and what stands on urllib3.
pub static REQUESTS: Libraries = Libraries::new("tests/requirements.txt", "python-with-requests");

/// boto3 and moto.
pub static BOTO3: Libraries = Libraries::new("requirements-boto3.txt", "python-with-boto3");

/// What a file of requirements asks for. They are written in Python, and run in a component, too.
pub struct Libraries {
    requirements: &'static str,
    environment: &'static str,
    python: OnceLock<PathBuf>,
}

impl Libraries {
    const fn new(requirements: &'static str, environment: &'static str) -> Self {
        Self {
            requirements,
            environment,
            python: OnceLock::new(),
        }
    }

    /// The file that asks for them.
    pub fn requirements(&self) -> PathBuf {
        source(self.requirements)
    }

    /// A Python that has them.
    pub fn python(&self) -> PathBuf {
        let python = self
            .python
            .get_or_init(|| venv::python_with(&self.requirements(), &scratch(self.environment)));
        python.clone()
    }

    /// Where that Python has them.
    pub fn folder(&self) -> PathBuf {
        let mut python = Command::new(self.python());
        python.args([
            "-c",
            "import sysconfig; print(sysconfig.get_path('purelib'))",
        ]);
        PathBuf::from(output(python).stdout.trim_end())
    }
}
