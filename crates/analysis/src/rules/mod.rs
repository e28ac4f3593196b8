//! The registry of rules, in the order of the documentation.
//!
//! A rule is one file below its category with a `RULE`; it is named once more in the list here.

mod files;
mod form;
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
    &images::tag_syntax::RULE,
    &suppression::syntax::RULE,
    &suppression::unused::RULE,
    &suppression::expired::RULE,
];

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.name == name)
}
