//! The database file itself: private to its user from the first moment.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use crate::store::{StoreError, StoreResult};

pub(super) fn failed(error: io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            StoreError::Full(error.to_string())
        }
        _ => StoreError::Internal(error.to_string()),
    }
}

/// Makes the file, and the folders above it, readable by this user only, unless they exist.
/// SQLite gives the files it puts beside it the same mode.
pub(super) fn create_private(path: &Path) -> StoreResult<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        private_folders().create(folder).map_err(failed)?;
    }
    match private_file().open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop).map_err(failed),
    }
}

fn private_folders() -> fs::DirBuilder {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    // Never opens a file that exists: closing it again would drop the locks that another
    // connection of this process holds on it, as POSIX has it.
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a rename in the folder of `path` durable.
pub(super) fn sync_folder(path: &Path) -> StoreResult<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // Elsewhere folders cannot be opened; there the file system sees to it.
    if cfg!(unix) {
        let folder = folder.unwrap_or_else(|| Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    }
    Ok(())
}
