//! Files that appear whole or not at all, for everything that writes.
//!
//! A file is written beside its place first and then moved there, so that no reader, and no run that is
//! killed, sees a part of it. Through a symbolic link, the file that it names is replaced, not the link.
//! Permissions stay, and owner and group where the system allows it; other names of the same file (hard
//! links) keep the old text, as with git.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Why a file was not replaced; it is as it was.
#[derive(Debug)]
pub enum ReplaceError {
    /// Its content is another than expected.
    Changed,
    /// It could not be read or written.
    Failed(io::Error),
}

impl fmt::Display for ReplaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed => f.write_str("it was changed by somebody else meanwhile"),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ReplaceError {}

impl From<io::Error> for ReplaceError {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// Replaces the content of a file that was `before` when it was read.
pub fn replace(path: &Path, before: &[u8], after: &[u8]) -> Result<(), ReplaceError> {
    let target = fs::canonicalize(path)?;
    let metadata = fs::metadata(&target)?;
    // Moving another file to its place would pass over what its permissions say.
    if metadata.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only").into());
    }
    let mut file = tempfile::Builder::new().prefix(PREFIX).tempfile_in(directory_of(&target))?;
    file.write_all(after)?;
    keep_owner(file.as_file(), &metadata);
    file.as_file().set_permissions(metadata.permissions())?;
    file.as_file().sync_all()?;
    // As late as possible: what an editor saved since then is not to be lost.
    let found = fs::read(&target)?;
    if found == after {
        return Ok(());
    }
    if found != before {
        return Err(ReplaceError::Changed);
    }
    persist(file, &target)?;
    Ok(())
}

/// Writes a file, whatever stands there. A place that is no regular file (a pipe, a terminal) is written
/// directly.
pub fn write(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let existing = fs::metadata(path).ok();
    if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
    }
    if existing.as_ref().is_some_and(|metadata| !metadata.is_file()) {
        return finish(BufWriter::new(File::options().write(true).open(path)?), write).map(drop);
    }
    let target = if existing.is_some() { fs::canonicalize(path)? } else { path.to_path_buf() };
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    let permissions = existing.map(|metadata| metadata.permissions()).or_else(ordinary_permissions);
    if let Some(permissions) = permissions {
        builder.permissions(permissions);
    }
    let file = finish(BufWriter::new(builder.tempfile_in(directory_of(&target))?), write)?;
    persist(file, &target)
}

const PREFIX: &str = ".promolint-";

fn directory_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

fn persist(file: NamedTempFile, target: &Path) -> io::Result<()> {
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}

fn finish<W: Write>(mut out: BufWriter<W>, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<W> {
    write(&mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)
}

/// Gives a file the owner and group of another. Who may not give files away keeps it as their own.
#[cfg(unix)]
fn keep_owner(file: &File, metadata: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let own = file.metadata().map(|own| (own.uid(), own.gid()));
    if own.is_ok_and(|own| own != (metadata.uid(), metadata.gid())) && fchown(file, Some(metadata.uid()), Some(metadata.gid())).is_err() {
        let _ = fchown(file, None, Some(metadata.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &fs::Metadata) {}

/// Those of any new file (less the umask); temporary files are private otherwise.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there are none")]
fn ordinary_permissions() -> Option<fs::Permissions> {
    Some(std::os::unix::fs::PermissionsExt::from_mode(0o666))
}

#[cfg(not(unix))]
fn ordinary_permissions() -> Option<fs::Permissions> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(directory: &Path) -> usize {
        fs::read_dir(directory).unwrap().count()
    }

    #[test]
    fn a_file_is_written_whole_and_left_alone_on_failure() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("report.json");
        write(&path, |out| out.write_all(b"first")).unwrap();
        let failed = write(&path, |out| {
            out.write_all(b"second")?;
            Err(io::Error::other("stop"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        assert_eq!(count(directory.path()), 1, "nothing is left behind");
    }

    #[test]
    fn a_directory_is_no_place_for_a_report() {
        let directory = tempfile::tempdir().unwrap();
        assert!(write(directory.path(), |_| Ok(())).is_err());
        assert!(write(&directory.path().join("no/such/place"), |_| Ok(())).is_err());
    }

    #[test]
    fn what_changed_meanwhile_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("OWNERS");
        fs::write(&path, "theirs").unwrap();
        assert!(matches!(replace(&path, b"before", b"after"), Err(ReplaceError::Changed)));
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
        replace(&path, b"theirs", b"after").unwrap();
        // Somebody who had the same idea.
        replace(&path, b"theirs", b"after").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "after");
        assert_eq!(count(directory.path()), 1, "nothing is left behind");
        assert!(replace(&directory.path().join("gone"), b"", b"after").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
        let directory = tempfile::tempdir().unwrap();
        let (file, link) = (directory.path().join("file"), directory.path().join("link"));
        fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        write(&link, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        // Neither private as temporary files are, nor cut by the umask.
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
        replace(&link, b"new", b"newer").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "newer");
        assert!(link.is_symlink());
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o666);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
        assert_eq!(replace(&link, b"newer", b"newest").unwrap_err().to_string(), "it is read-only");
    }
}
