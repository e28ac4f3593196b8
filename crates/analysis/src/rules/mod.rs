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
    &images::digest_syntax::RULE,
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
];

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.name == name)
}
