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
];

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.name == name)
}
