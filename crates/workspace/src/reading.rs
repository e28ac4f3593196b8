//! Reads candidates: bytes to files of a known kind.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use promolint_analysis::file::{kind_by_content, kind_by_place, kind_of_named_file};
use promolint_analysis::{FileKind, SourceFile};

use crate::discovery::Candidate;

/// The largest file that is read. Real manifests have a megabyte or two.
const SIZE_LIMIT: u64 = 256 << 20;

/// What became of a candidate.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It is a promotion file.
    File(Arc<SourceFile>),
    /// It is none.
    Foreign,
    /// It could not be read.
    Unreadable(io::Error),
}

/// Reads a candidate if it is a promotion file. `path` is relative to the root; `known` is what was read there before.
pub(crate) fn read(
    path: &str,
    candidate: &Candidate,
    has_directory: &dyn Fn(&str) -> bool,
    known: Option<&Arc<SourceFile>>,
) -> Outcome {
    let kind = kind_by_place(path, has_directory);
    // A foreign file must not cost an error, whatever it is.
    let failed = |error| if kind.is_some() || candidate.named { Outcome::Unreadable(error) } else { Outcome::Foreign };
    let bytes = match read_bytes(candidate) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Outcome::Foreign,
        Err(error) => return failed(error),
    };
    let Some(kind) = kind.or_else(|| kind_of_bytes(path, &bytes, candidate.named)) else { return Outcome::Foreign };
    let is_same = |known: &&Arc<SourceFile>| {
        known.kind() == kind && known.invalid_bytes().is_empty() && known.text().as_bytes() == bytes
    };
    if let Some(known) = known.filter(is_same) {
        return Outcome::File(Arc::clone(known));
    }
    Outcome::File(Arc::new(SourceFile::from_bytes(path, kind, bytes)))
}

/// The kind that content, or the user's naming it, gives to a file.
pub(crate) fn kind_of_bytes(path: &str, bytes: &[u8], named: bool) -> Option<FileKind> {
    let text = String::from_utf8_lossy(bytes);
    if named { kind_of_named_file(path, &text) } else { kind_by_content(path, &text) }
}

/// The bytes of a file; none for what is no file at all, such as a pipe.
fn read_bytes(candidate: &Candidate) -> io::Result<Option<Vec<u8>>> {
    let mut file_type = candidate.file_type;
    if file_type.is_none_or(|kind| kind.is_symlink()) {
        file_type = Some(follow(&candidate.path)?);
    }
    // Asked before opening: opening a pipe waits for its writer.
    match file_type {
        Some(kind) if kind.is_file() => {}
        Some(kind) if kind.is_dir() => return Err(io::Error::new(ErrorKind::IsADirectory, "a directory where a file is expected")),
        _ => return Ok(None),
    }
    let file = File::open(&candidate.path)?;
    let length = file.metadata()?.len();
    if length > SIZE_LIMIT {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
    // One more than allowed: some files of the system do not know their length.
    file.take(SIZE_LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > SIZE_LIMIT { Err(too_large()) } else { Ok(Some(bytes)) }
}

fn follow(path: &Path) -> io::Result<fs::FileType> {
    fs::metadata(path).map(|metadata| metadata.file_type()).map_err(|error| {
        let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
        if is_link && error.kind() == ErrorKind::NotFound {
            return io::Error::new(ErrorKind::NotFound, "a symbolic link to nothing");
        }
        error
    })
}

fn too_large() -> io::Error {
    io::Error::new(ErrorKind::FileTooLarge, format!("larger than {} MiB", SIZE_LIMIT >> 20))
}
