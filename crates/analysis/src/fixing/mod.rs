//! Fixes, through one proved door.
//!
//! A rule offers a [`Repair`]: byte-range edits, and beside them the [`Operation`]s that they are meant
//! to be, declared from what the rule knows and not from the edits. Nothing is applied that
//! [`prove`] does not accept: the new text is parsed again, and means what the old one meant with the
//! declared operations carried out. [`fix_all`] takes all wanted fixes, over rounds, until nothing is
//! left; [`prove_fix`] judges a single one. Both are pure; whoever calls them writes the files.
//!
//! - `meaning`: what a text means, as a tree of values, and where two meanings differ,
//! - `proof`: the door,
//! - `rounds`: all fixes of a snapshot; `selection`: those that can be made at once,
//! - `repair`: what rules use to offer a fix; `writing`: a text in the style of the one it replaces.

mod meaning;
mod moves;
mod proof;
mod refusal;
mod repair;
mod rounds;
mod selection;
mod writing;

pub use meaning::{Difference, Meaning};
pub use proof::{prove, prove_all, prove_fix};
pub use refusal::Refusal;
pub use repair::{Operation, Repair, Wanted};
pub(crate) use writing::plain;

pub use rounds::{Applied, Choice, Fixed, Refused, fix_all};
