//! The shared analysis of promotion manifests: models, the whole tree, rules.
//!
//! [`check()`] is a pure function of a [`Snapshot`] (paths and texts) and [`Settings`] (policy and
//! rule levels): it does no I/O and knows neither transport nor report format. [`check_change`] is
//! the same of two snapshots, of which it judges what lies between; [`fixing::fix_all`] repairs what
//! it can, as purely. Whoever judges manifests calls them; the command line does.

pub mod check;
pub mod diagnostic;
pub mod file;
pub mod fingerprint;
pub mod fixing;
pub mod formatting;
pub mod history;
pub mod incremental;
pub mod model;
pub mod policy;
pub mod repository;
mod rising;
pub mod rule;
pub mod rules;
pub mod settings;
pub mod siblings;
pub mod suggest;
pub mod suppression;

pub use check::{check, check_change, check_change_of_policy, summarize_change};
pub use diagnostic::{Applicability, Diagnostic, FileChange, FileEdit, FilePath, Fix, Related, Severity};
pub use file::{FileKind, Snapshot, SourceFile};
pub use fingerprint::Fingerprint;
pub use incremental::Checker;
pub use policy::Policy;
pub use rule::{Category, Rule};
pub use settings::{Date, Level, PathOverride, RuleLevels, Settings};
