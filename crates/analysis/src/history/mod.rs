//! A change: what stood before, what stands after, and what lies between.
//!
//! Both sides are whole repositories; a file that is the same on both is the same object and is read
//! once. [`Entries`] tells which images, digests and tags came and went, [`Change::touches`] which
//! lines are the change's.

mod entries;
mod index;
mod lines;
mod places;
pub mod summary;

use std::collections::BTreeMap;
use std::ops::Range;

use foldhash::{HashMap, HashMapExt};
use promolint_syntax::TextRange;

use crate::diagnostic::FilePath;
use crate::file::SourceFile;
use crate::repository::{File, FileId, Repository};

pub use entries::{Entries, Entry, Standing};
pub use summary::Summary;

/// What is judged where a change is judged.
#[derive(Debug)]
pub struct Change<'a> {
    /// As it was.
    pub before: &'a Repository<'a>,
    /// As it is.
    pub after: &'a Repository<'a>,
    /// The files that differ, sorted by path; those that only have another path come under the new one.
    pub files: Vec<FileChange>,
    /// The entries that came and went.
    pub entries: Entries<'a>,
}

/// A file that is not the same on both sides.
#[derive(Clone, Debug)]
pub struct FileChange {
    /// Its place in [`Change::before`]; none if it is new.
    pub before: Option<FileId>,
    /// Its place in [`Change::after`]; none if it is gone.
    pub after: Option<FileId>,
    /// The lines of the new text, from 0, that are new or different: sorted and disjoint.
    pub touched: Vec<Range<u32>>,
}

impl<'a> Change<'a> {
    /// Finds what differs.
    pub fn new(before: &'a Repository<'a>, after: &'a Repository<'a>) -> Self {
        let files = differing(before, after);
        let entries = Entries::new(before, after, &files);
        Self { before, after, files, entries }
    }

    /// What became of a file that is there now; none if nothing did.
    pub fn file(&self, path: &str) -> Option<&FileChange> {
        let at = self.files.binary_search_by(|file| self.path(file).as_ref().cmp(path)).ok()?;
        self.files.get(at).filter(|file| file.after.is_some())
    }

    /// The path of a file, the new one if it has two.
    fn path(&self, file: &FileChange) -> &'a FilePath {
        path(self.before, self.after, file)
    }

    /// Where a file stood before; its own path if it did not move.
    pub fn path_before<'p>(&'p self, path: &'p FilePath) -> &'p FilePath {
        let before = self.file(path).and_then(|file| file.before);
        before.map_or(path, |id| self.before.file(id).source.path())
    }

    /// Whether the change touches a place in a file that is there now.
    pub fn touches(&self, path: &str, range: TextRange) -> bool {
        let Some(FileChange { after: Some(id), touched, .. }) = self.file(path) else { return false };
        let lines = self.after.file(*id).source.lines();
        let first = lines.line(range.start());
        // A range that ends with a line break does not reach into the next line.
        let last = lines.line(if range.is_empty() { range.end() } else { range.end() - 1 });
        let next = touched.partition_point(|touched| touched.end <= first);
        touched.get(next).is_some_and(|touched| touched.start <= last)
    }

    /// The file of the new side, where the change touches it.
    pub fn files_after(&self) -> impl Iterator<Item = (&FileChange, &'a File<'a>)> {
        self.files.iter().filter_map(|file| Some((file, self.after.file(file.after?))))
    }
}

fn path<'a>(before: &'a Repository<'a>, after: &'a Repository<'a>, file: &FileChange) -> &'a FilePath {
    let source: Option<&SourceFile> = file.after.map(|id| after.file(id).source).or(file.before.map(|id| before.file(id).source));
    // A file is on one of the sides.
    source.map_or_else(|| unreachable!("a file on neither side"), SourceFile::path)
}

fn differing<'a>(before: &'a Repository<'a>, after: &'a Repository<'a>) -> Vec<FileChange> {
    let mut files: BTreeMap<&FilePath, FileChange> = BTreeMap::new();
    let mut gone: HashMap<&str, Vec<FileId>> = HashMap::new();
    for (id, old) in before.files.iter().enumerate() {
        match after.find(old.source.path()) {
            Some(new) if std::ptr::eq(new.source, old.source) || new.source.text() == old.source.text() => {}
            Some(new) => {
                let touched = lines::touched(old.source.text(), new.source.text());
                files.insert(new.source.path(), FileChange { before: Some(id), after: None, touched });
            }
            None => gone.entry(old.source.text()).or_default().push(id),
        }
    }
    for (id, new) in after.files.iter().enumerate() {
        let path = new.source.path();
        if let Some(file) = files.get_mut(path) {
            file.after = Some(id);
        } else if before.find(path).is_none() {
            // The same text under another path was moved; an empty one tells nothing.
            let moved = gone.get_mut(new.source.text()).filter(|_| !new.source.text().trim().is_empty()).and_then(Vec::pop);
            let all = 0..new.source.lines().line_count();
            let touched = if moved.is_some() { Vec::new() } else { Vec::from([all]) };
            files.insert(path, FileChange { before: moved, after: Some(id), touched });
        }
    }
    for id in gone.into_values().flatten() {
        files.insert(before.file(id).source.path(), FileChange { before: Some(id), after: None, touched: Vec::new() });
    }
    files.into_values().collect()
}
