//! Files as the analysis sees them: path, text, tree and kind.

use std::sync::{Arc, OnceLock};

use promolint_syntax::{Document, LineIndex, TextRange, parse, without_tree};
use self_cell::self_cell;

use crate::diagnostic::FilePath;
use crate::model::{self, Image, Reading};

mod content;
mod line_breaks;
mod place;

pub use content::kind_by_content;
pub use line_breaks::LineBreaks;
pub use place::{Half, kind_by_place, kind_of_named_file, may_matter};

/// What a file is for, told by its place and, elsewhere, by its content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FileKind {
    /// `images/<dir>/images.yaml`: which images to promote.
    Images,
    /// `manifests/<dir>/promoter-manifest.yaml`: from where to where (a "thin" manifest).
    PromoterManifest,
    /// `registries` and `images` in one file.
    PlainManifest,
    /// `filestores/<dir>/filepromoter-manifest.yaml`: from where to where, for files.
    FilePromoterManifest,
    /// `manifests/<dir>/<release>.yaml` beside `filestores/`: which files to promote.
    FileManifest,
    /// `OWNERS`
    Owners,
    /// `OWNERS_ALIASES`
    OwnersAliases,
    /// `groups/**/groups.yaml`; facts only.
    Groups,
    /// `infra.yaml`; facts only.
    Infra,
    /// `registries.tf`; facts only.
    RegistriesTf,
    /// Kubeflow's `image_tags.yaml`.
    ImageTags,
}

impl FileKind {
    /// Whether it is a manifest, as the files of people and those that are read for facts are not.
    pub fn is_manifest(self) -> bool {
        use FileKind::{FileManifest, FilePromoterManifest, ImageTags, Images, PlainManifest, PromoterManifest};
        matches!(self, Images | PromoterManifest | PlainManifest | FilePromoterManifest | FileManifest | ImageTags)
    }

    /// Whether the promoter refuses unknown and repeated keys in it.
    pub fn is_read_strictly(self) -> bool {
        matches!(self, Self::Images | Self::PromoterManifest | Self::PlainManifest)
    }

    /// Whether the promoter passes over unknown keys in it, and takes one of repeated ones.
    pub fn is_read_leniently(self) -> bool {
        matches!(self, Self::FilePromoterManifest | Self::FileManifest)
    }
}

/// A file that belongs to a promotion tree, parsed and read.
#[derive(Debug)]
pub struct SourceFile {
    path: FilePath,
    kind: FileKind,
    content: Content,
    /// Counted when first asked for.
    line_breaks: OnceLock<LineBreaks>,
    /// Offsets of the first bytes that were no UTF-8 and stand as `?` in the text.
    invalid_bytes: Vec<u32>,
}

self_cell!(
    /// A document and the model that borrows from it: read once, however often the file is judged.
    struct Content {
        owner: Document,
        #[covariant]
        dependent: Reading,
    }

    impl {Debug}
);

/// How many invalid bytes are remembered; nobody reads a longer list.
const REMEMBERED_INVALID_BYTES: usize = 100;

impl SourceFile {
    /// Parses a file whose kind is known. `path` is relative to the checked root, with `/`.
    pub fn new(path: impl Into<FilePath>, kind: FileKind, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        // Terraform is no YAML; its few facts are read from the text.
        let document = if kind == FileKind::RegistriesTf { without_tree(text) } else { parse(text) };
        let content = Content::new(document, |document| model::read(kind, document));
        Self { path: path.into(), kind, content, line_breaks: OnceLock::new(), invalid_bytes: Vec::new() }
    }

    /// Parses bytes; those that are no UTF-8 are replaced one for one, so that offsets stay true.
    pub fn from_bytes(path: impl Into<FilePath>, kind: FileKind, bytes: Vec<u8>) -> Self {
        let (text, invalid_bytes) = replace_invalid(bytes);
        let mut file = Self::new(path, kind, text);
        file.invalid_bytes = invalid_bytes;
        file
    }

    /// Path relative to the checked root.
    pub fn path(&self) -> &FilePath {
        &self.path
    }

    /// What it is for.
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// Its tree.
    pub fn document(&self) -> &Document {
        self.content.borrow_owner()
    }

    /// What it says, and what does not fit its shape.
    pub fn reading(&self) -> &Reading<'_> {
        self.content.borrow_dependent()
    }

    /// The images that it lists: of images.yaml and of plain manifests.
    pub fn image_list(&self) -> &[Image<'_>] {
        self.reading().model.image_list()
    }

    /// Its text.
    pub fn text(&self) -> &str {
        self.document().text()
    }

    /// Where its lines start.
    pub fn lines(&self) -> &LineIndex {
        self.document().lines()
    }

    /// What ends its lines.
    pub fn line_breaks(&self) -> LineBreaks {
        *self.line_breaks.get_or_init(|| LineBreaks::count(self.text(), self.lines().line_count() as usize - 1))
    }

    /// The line break that the file uses, for text that is added to it.
    pub fn line_break(&self) -> &'static str {
        if self.text().contains("\r\n") { "\r\n" } else { "\n" }
    }

    /// The place of findings about the file as a whole: its first line.
    pub fn first_line(&self) -> TextRange {
        self.lines().line_range(self.text(), 0)
    }

    /// The line that holds an offset, without its break.
    pub fn line_at(&self, offset: u32) -> &str {
        self.slice(self.lines().line_range(self.text(), self.lines().line(offset)))
    }

    /// The text at a range.
    pub fn slice(&self, range: TextRange) -> &str {
        self.document().slice(range)
    }

    /// Offsets of bytes that were no UTF-8, the first hundred. Such a file must never be written back from its text.
    pub fn invalid_bytes(&self) -> &[u32] {
        &self.invalid_bytes
    }

    /// Last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

/// All files that are judged together, sorted by path.
#[derive(Debug, Default)]
pub struct Snapshot {
    files: Vec<Arc<SourceFile>>,
    /// Whether a file that is not here does not exist either. False for text from standard input
    /// outside any tree: then rules about missing files are silent.
    pub complete: bool,
}

impl Snapshot {
    /// Sorts the files by path.
    pub fn new(mut files: Vec<Arc<SourceFile>>, complete: bool) -> Self {
        files.sort_by(|a, b| a.path().cmp(b.path()));
        Self { files, complete }
    }

    /// The same with new texts of some of its files.
    #[must_use]
    pub fn with(&self, changed: impl IntoIterator<Item = Arc<SourceFile>>) -> Self {
        let mut files = self.files.clone();
        for file in changed {
            match files.binary_search_by(|other| other.path().cmp(file.path())) {
                Ok(at) => files[at] = file,
                Err(at) => files.insert(at, file),
            }
        }
        Self { files, complete: self.complete }
    }

    /// The files, sorted by path.
    pub fn files(&self) -> &[Arc<SourceFile>] {
        &self.files
    }

    /// The file at a path.
    pub fn get(&self, path: &str) -> Option<&Arc<SourceFile>> {
        let at = self.files.binary_search_by(|file| (**file.path()).cmp(path)).ok()?;
        self.files.get(at)
    }
}

/// `a/b` from `a` and `b`; `b` where `a` is the root.
pub(crate) fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}

/// The bytes as text, and the offsets of the first of those that were none.
fn replace_invalid(bytes: Vec<u8>) -> (String, Vec<u32>) {
    let mut bytes = match String::from_utf8(bytes) {
        Ok(text) => return (text, Vec::new()),
        Err(error) => error.into_bytes(),
    };
    let mut invalid = Vec::new();
    let mut at = 0;
    // Each round makes the bytes before `at` valid, so that no byte is looked at twice.
    while let Err(error) = std::str::from_utf8(&bytes[at..]) {
        at += error.valid_up_to();
        let length = error.error_len().unwrap_or(bytes.len() - at);
        for _ in 0..length {
            bytes[at] = b'?';
            if let (true, Ok(offset)) = (invalid.len() < REMEMBERED_INVALID_BYTES, u32::try_from(at)) {
                invalid.push(offset);
            }
            at += 1;
        }
    }
    (String::from_utf8_lossy(&bytes).into_owned(), invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_bytes_are_replaced_one_for_one() {
        for (bytes, text, invalid) in [
            (&b""[..], "", &[][..]),
            (b"a: b\n", "a: b\n", &[]),
            (b"a: \xff\xfe b", "a: ?? b", &[3, 4]),
            // A sequence that breaks off in the middle, and one at the end.
            (b"\xe2\x82x\xc3\xa9\xe2\x82", "??x\u{e9}??", &[0, 1, 5, 6]),
            (b"nul \0 stays", "nul \0 stays", &[]),
        ] {
            let file = SourceFile::from_bytes("x", FileKind::Images, bytes.to_vec());
            assert_eq!(file.text(), text);
            assert_eq!(file.text().len(), bytes.len());
            assert_eq!(file.invalid_bytes(), invalid);
        }
        let file = SourceFile::from_bytes("x", FileKind::Images, vec![0xff; 5000]);
        assert_eq!(file.invalid_bytes().len(), REMEMBERED_INVALID_BYTES);
        assert_eq!(file.text(), "?".repeat(5000));
    }
}
