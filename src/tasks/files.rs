//! Files that are read before they are needed: the host takes its time for them.

use alloc::string::String;
use alloc::vec::Vec;

use crate::client::Environment;
use crate::transport::{Contents, FileErrorCode};
use crate::wasi::{read, variable};

/// What was read of the files at some paths.
#[derive(Default)]
pub struct Files(Vec<(String, Result<Contents, FileErrorCode>)>);

impl Files {
    /// Those at these paths.
    pub async fn read(paths: impl IntoIterator<Item = String>) -> Self {
        let mut files = Vec::new();
        for path in paths {
            let contents = read(&path).await;
            files.push((path, contents));
        }
        Self(files)
    }

    fn get(&self, path: &str) -> Result<Contents, FileErrorCode> {
        let file = self.0.iter().find(|(known, _)| known == path);
        file.map_or(Err(FileErrorCode::NoEntry), |(_, contents)| {
            contents.clone()
        })
    }

    /// An environment with them.
    pub fn with<T>(&self, work: impl FnOnce(Environment<'_>) -> T) -> T {
        work(Environment {
            variable: &variable,
            read: &|path| self.get(path),
        })
    }
}
