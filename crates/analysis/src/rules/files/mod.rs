//! Promotion of files: filepromoter-manifest.yaml and file manifests.

pub(super) mod duplicate_file;
pub(super) mod duplicate_filestore;
pub(super) mod file_checksum;
pub(super) mod file_conflict;
pub(super) mod file_manifest_without_filestore;
pub(super) mod file_name;
pub(super) mod file_os_arch;
pub(super) mod file_sha256;
pub(super) mod file_version_mismatch;
pub(super) mod filestore_base;
pub(super) mod filestore_files_mixed;
pub(super) mod filestore_mismatch;
pub(super) mod filestore_service_account;
pub(super) mod filestore_source_count;
pub(super) mod filestore_without_files;
mod release;
pub(super) mod sha256_on_two_files;

use promolint_syntax::{Node, TextRange};

use crate::model::{FilePromoterManifest, Filestore, ProblemKind};
use crate::policy::{Policy, capture};
use crate::repository::{File, FileId, Repository};
use crate::suggest::closest;

/// The files to promote of one project: those of all manifests in one directory.
struct Project<'r, 'a> {
    /// `filestores/<dir>/filepromoter-manifest.yaml`
    promoter: Option<&'r FilePromoterManifest<'a>>,
    /// The manifests, sorted by path.
    manifests: Vec<(FileId, &'r File<'a>)>,
}

/// The projects of all trees, with their file manifests.
fn projects<'r, 'a>(repository: &'r Repository<'a>) -> impl Iterator<Item = Project<'r, 'a>> {
    let all = repository.file_trees.iter().flat_map(|tree| tree.projects.values());
    all.map(|project| Project {
        promoter: project.promoter.and_then(|id| repository.file(id).file_promoter()),
        manifests: project.manifests.iter().map(|id| (*id, repository.file(*id))).collect(),
    })
}

/// Whether everything in a place could be read, so that what is not found there is really missing.
fn is_sure(file: &File<'_>, range: TextRange) -> bool {
    let is_wrong = |kind: &ProblemKind<'_>| matches!(kind, ProblemKind::WrongType { .. });
    file.source.document().errors().is_empty()
        && !file.problems.iter().any(|problem| is_wrong(&problem.kind) && range.contains_range(problem.range))
}

/// A key below `node` that nobody knows and that was probably meant to be `key`.
fn misspelled(file: &File<'_>, node: Node<'_>, key: &str) -> Option<TextRange> {
    let mut ranges = file.problems.iter().filter_map(|problem| match &problem.kind {
        ProblemKind::UnknownKey { key: found, .. } => closest(&found.value, [key]).map(|_| found.range()),
        _ => None,
    });
    ranges.find(|range| node.range().contains_range(*range))
}

/// Whether a filestore stands in a project's staging bucket.
fn is_staging(filestore: &Filestore<'_>, policy: &Policy) -> bool {
    filestore.location().is_some_and(|location| capture(&policy.files.staging_bucket, location.bucket).is_some())
}
