//! The registry of rules, in the order of the documentation.
//!
//! A rule is one file below its category with a `RULE`; it is named once more in the list here.

mod files;
mod form;
mod history;
mod images;
mod owners;
pub(crate) mod suppression;
mod tree;

use crate::rule::Rule;

/// All rules, in the order of the documentation.
pub static ALL: &[&Rule] = &[
    &form::yaml_syntax::RULE,
    &form::duplicate_key::RULE,
    &form::unknown_key::RULE,
    &form::missing_key::RULE,
    &form::wrong_type::RULE,
    &form::deprecated_key::RULE,
    &form::unsupported_yaml::RULE,
    &form::line_endings::RULE,
    &form::trailing_whitespace::RULE,
    &form::final_newline::RULE,
    &form::blank_lines_at_end::RULE,
    &images::image_name::RULE,
    &images::digest_syntax::RULE,
    &images::similar_digest::RULE,
    &images::digest_not_visible::RULE,
    &images::tag_syntax::RULE,
    &images::tag_shape::RULE,
    &images::tag_leading_v::RULE,
    &images::non_string_tag::RULE,
    &images::latest_tag::RULE,
    &images::tag_on_two_digests::RULE,
    &images::same_entry_twice::RULE,
    &images::digest_under_two_images::RULE,
    &images::missing_dmap::RULE,
    &images::unwanted_image::RULE,
    &tree::source_count::RULE,
    &tree::untrusted_source::RULE,
    &tree::project_name_length::RULE,
    &tree::source_directory_mismatch::RULE,
    &tree::unknown_destination::RULE,
    &tree::missing_destination::RULE,
    &tree::duplicate_destination::RULE,
    &tree::destination_subpath::RULE,
    &tree::service_account::RULE,
    &tree::destination_conflict::RULE,
    &tree::misplaced_file::RULE,
    &tree::missing_images_file::RULE,
    &tree::images_without_manifest::RULE,
    &tree::empty_images_file::RULE,
    &tree::project_not_declared::RULE,
    &tree::group_missing::RULE,
    &tree::missing_owners::RULE,
    &tree::owners_in_manifests::RULE,
    &tree::header_comment::RULE,
    &tree::frozen_tree::RULE,
    &owners::unknown_key::RULE,
    &owners::wrong_type::RULE,
    &owners::unknown_alias::RULE,
    &owners::invalid_login::RULE,
    &owners::empty::RULE,
    &owners::duplicate::RULE,
    &owners::mixed_filters::RULE,
    &owners::bad_regex::RULE,
    &owners::similar_login::RULE,
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
    &history::tag_moved::RULE,
    &history::entry_removed::RULE,
    &history::sibling_tag_missing::RULE,
    &history::sha256_changed::RULE,
    &suppression::syntax::RULE,
    &suppression::unused::RULE,
    &suppression::expired::RULE,
];

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.name == name)
}
