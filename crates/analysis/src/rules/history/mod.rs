//! What a change does to what was promoted before it.

pub(super) mod entry_removed;
pub(super) mod tag_moved;
