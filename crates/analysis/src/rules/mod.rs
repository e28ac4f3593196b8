//! The registry of rules: one line each.

use crate::rule::Rule;

/// All rules, in the order of the documentation.
pub static ALL: &[&Rule] = &[];

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.name == name)
}
