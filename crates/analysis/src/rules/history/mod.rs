//! What a change does to what was promoted before it.

pub(super) mod entry_removed;
pub(super) mod sha256_changed;
pub(super) mod sibling_tag_missing;
pub(super) mod tag_moved;
