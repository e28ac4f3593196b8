//! Where reports go: standard output, or files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes to standard output. A reader that closed the pipe has seen enough: no error.
pub(crate) fn to_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(64 * 1024, io::stdout().lock());
    let written = write(&mut out).and_then(|()| out.flush());
    // What is left in the buffer must not be written again when it is dropped.
    let _ = out.into_parts();
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes a file: beside its place first, then moved there, so that no reader sees a part of it.
/// A place that is no regular file (a pipe, a terminal) is written directly.
pub(crate) fn to_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let existing = fs::metadata(path).ok();
    if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
    }
    if existing.as_ref().is_some_and(|metadata| !metadata.is_file()) {
        return finish(BufWriter::new(File::options().write(true).open(path)?), write).map(drop);
    }
    // Through a symbolic link, the file that it names is replaced, not the link.
    let target = if existing.is_some() { fs::canonicalize(path)? } else { path.to_path_buf() };
    let directory = match target.parent() {
        Some(parent) if parent != Path::new("") => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".promolint-");
    let permissions = existing.map(|metadata| metadata.permissions()).or_else(ordinary_permissions);
    if let Some(permissions) = permissions {
        builder.permissions(permissions);
    }
    let file = finish(BufWriter::new(builder.tempfile_in(directory)?), write)?;
    file.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

fn finish<W: Write>(mut out: BufWriter<W>, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<W> {
    write(&mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)
}

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

    #[test]
    fn a_file_is_replaced_whole_and_left_alone_on_failure() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("report.json");
        to_file(&path, |out| out.write_all(b"first")).unwrap();
        let failed = to_file(&path, |out| {
            out.write_all(b"second")?;
            Err(io::Error::other("stop"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "nothing is left behind");
    }

    #[test]
    fn a_directory_is_no_place_for_a_report() {
        let directory = tempfile::tempdir().unwrap();
        assert!(to_file(directory.path(), |_| Ok(())).is_err());
        assert!(to_file(&directory.path().join("no/such/place"), |_| Ok(())).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let directory = tempfile::tempdir().unwrap();
        let (file, link) = (directory.path().join("file"), directory.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        to_file(&link, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(link.is_symlink());
    }
}
