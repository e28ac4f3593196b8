//! What a scalar means.
use crate::tree::Style;
/// What a scalar means to a YAML 1.1 reader (go-yaml v2).
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Resolved { /// null
 Null, /// `<<`
 Merge, /// text
 String }
/// Resolves a scalar.
pub fn resolve(_value: &str, _style: Style, _tag: Option<&str>) -> Resolved { Resolved::String }
