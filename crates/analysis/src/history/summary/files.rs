//! The files of a change of which nothing else is told, and those that came, went or moved.

use std::collections::BTreeSet;

use super::super::{Change, FileChange};
use super::{FileFate, FileNote, Summary};
use crate::file::FileKind;

/// Sorted by path. Files that list images are told by their images.
pub(super) fn files(change: &Change<'_>, summary: &Summary) -> Vec<FileNote> {
    let told: BTreeSet<&str> = summary.images.iter().map(|image| image.path.as_str()).collect();
    let note = |file: &FileChange| {
        let path = change.path(file).to_string();
        let kind = file.after.map(|id| change.after.file(id)).or(file.before.map(|id| change.before.file(id)))?.source.kind();
        let lists_images = matches!(kind, FileKind::Images | FileKind::ImageTags);
        let fate = match (file.before.map(|id| change.before.file(id)), file.after) {
            (Some(old), Some(_)) if **old.source.path() != *path => FileFate::Moved { from: old.source.path().to_string() },
            (_, None) => FileFate::Removed,
            _ if lists_images && told.contains(path.as_str()) => return None,
            (None, _) => FileFate::Added,
            (Some(_), _) => FileFate::Changed,
        };
        Some(FileNote { path, fate })
    };
    change.files.iter().filter_map(note).collect()
}
