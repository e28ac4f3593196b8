//! What a rule says: a diagnostic, the places it names, and the fixes it offers.

use std::fmt;
use std::sync::Arc;

use promolint_syntax::{TextEdit, TextRange};

/// Path of a file relative to the root that is checked, with `/` between the parts.
pub type FilePath = Arc<str>;

/// How bad a finding is; ordered from mildest to gravest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Style or legacy.
    Hint,
    /// Worth knowing.
    Info,
    /// Almost surely a mistake.
    Warning,
    /// Promotion fails, silently does nothing, or opens a hole.
    Error,
}

impl Severity {
    /// All of them, mildest first.
    pub const ALL: [Self; 4] = [Self::Hint, Self::Info, Self::Warning, Self::Error];

    /// Its name in reports and configuration: `error`, `warning`, `info`, `hint`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The severity of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One finding. The message names the thing and the consequence in one sentence, and holds neither
/// line numbers nor counts of other findings; the help says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Name of the rule.
    pub rule: &'static str,
    /// As configured.
    pub severity: Severity,
    /// The file it stands in.
    pub path: FilePath,
    /// The cause, in bytes.
    pub range: TextRange,
    /// What is wrong and what follows from it.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// Ways to repair it.
    pub fixes: Vec<Fix>,
    /// Whether it belongs to the change that is judged; `None` where a tree is judged as it stands.
    pub changed: Option<bool>,
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The file.
    pub path: FilePath,
    /// The place in it, in bytes.
    pub range: TextRange,
    /// What it has to do with the finding.
    pub message: String,
}

/// How sure a fix is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Applicability {
    /// For people to read only.
    DisplayOnly,
    /// Probably what was meant; needs a look.
    Suggested,
    /// Exactly what was meant.
    Safe,
}

impl Applicability {
    /// Its name in reports: `safe`, `suggested`, `display-only`.
    pub fn name(self) -> &'static str {
        match self {
            Self::DisplayOnly => "display-only",
            Self::Suggested => "suggested",
            Self::Safe => "safe",
        }
    }
}

/// A way to repair a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative: "quote the digest".
    pub title: String,
    /// How sure it is.
    pub applicability: Applicability,
    /// What it changes.
    pub edits: Vec<FileEdit>,
}

/// An edit in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEdit {
    /// The file.
    pub path: FilePath,
    /// The change in it.
    pub edit: TextEdit,
}
