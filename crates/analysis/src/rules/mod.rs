//! The registry of rules, in the order of the documentation.
//!
//! A rule is one file below its category with a `RULE`; it is named once more in the list here.

mod files;
mod form;
mod images;
mod owners;
mod suppression;
mod tree;

use crate::rule::Rule;

/// All rules, in the order of the documentation.
pub static ALL: &[&Rule] = &[
    &images::tag_syntax::RULE,
    &files::filestore_source_count::RULE,
    &files::filestore_base::RULE,
    &files::filestore_service_account::RULE,
    &files::filestore_files_mixed::RULE,
    &files::duplicate_filestore::RULE,
    &files::filestore_mismatch::RULE,
    &files::filestore_without_files::RULE,
    &files::file_manifest_without_filestore::RULE,
    &files::file_name::RULE,
    &files::file_sha256::RULE,
    &files::duplicate_file::RULE,
    &files::file_conflict::RULE,
    &files::sha256_on_two_files::RULE,
    &files::file_checksum::RULE,
    &files::file_version_mismatch::RULE,
    &files::file_os_arch::RULE,
];

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.name == name)
}
