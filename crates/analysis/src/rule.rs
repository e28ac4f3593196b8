//! What a rule is, and how it reports.
//!
//! A rule is one file below [`crate::rules`] with one `declare_rule!`: its doc comment is the page
//! that users read, with executed examples, and its check a function that pushes [`Finding`]s.

use promolint_syntax::TextRange;

use crate::diagnostic::{Applicability, FileChange, FileEdit, FilePath, Fix, Related, Severity};
use crate::file::SourceFile;
use crate::fixing::Repair;
use crate::history::Change;
use crate::repository::{FileContext, Repository};

/// A check with its documentation.
#[derive(Debug)]
pub struct Rule {
    /// Stable name, in kebab-case.
    pub name: &'static str,
    /// The room it belongs to.
    pub category: Category,
    /// Severity in a run over a whole tree.
    pub severity: Severity,
    /// Severity on lines that the judged change touches.
    pub severity_on_change: Severity,
    /// Whether it runs when nothing is configured.
    pub enabled: bool,
    /// Whether it speaks in frozen trees too.
    pub in_frozen_trees: bool,
    /// Whether a finding belongs to a change only where the change touches its place, and never for what
    /// the change did elsewhere.
    pub on_touched_lines: bool,
    /// The surest fix it can offer.
    pub fix: Option<Applicability>,
    /// The user's page, in Markdown; the first paragraph is the summary.
    pub documentation: &'static str,
    /// The check itself.
    pub check: Check,
    /// What it says of a change beside that.
    pub check_change: Option<fn(&Change<'_>, &mut Findings)>,
}

impl Rule {
    /// What it says of a change, if anything.
    pub fn change_check(&self) -> Option<fn(&Change<'_>, &mut Findings)> {
        if let Check::Change(check) = self.check { Some(check) } else { self.check_change }
    }

    /// The first paragraph of the documentation, on one line.
    pub fn summary(&self) -> String {
        let paragraph = self.documentation.trim_start().split("\n\n").next().unwrap_or_default();
        paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Where the page of a rule is read.
pub fn page_url(rule: &str) -> String {
    format!("{}/blob/main/docs/rules/{rule}.md", env!("CARGO_PKG_REPOSITORY"))
}

/// Groups of rules, as in the documentation and in `select`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Category {
    /// The form of any manifest: syntax, keys, types, line ends.
    Form,
    /// `images.yaml` and its relatives: digests and tags.
    Images,
    /// `promoter-manifest.yaml` and what belongs to it across the tree.
    Tree,
    /// `OWNERS` and `OWNERS_ALIASES`.
    Owners,
    /// Promotion of files.
    Files,
    /// What a change does to what was promoted before.
    History,
    /// Comments that silence rules.
    Suppression,
}

impl Category {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 7] = [Self::Form, Self::Images, Self::Tree, Self::Owners, Self::Files, Self::History, Self::Suppression];

    /// Its name in configuration and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Images => "images",
            Self::Tree => "tree",
            Self::Owners => "owners",
            Self::Files => "files",
            Self::History => "history",
            Self::Suppression => "suppression",
        }
    }
}

/// When a rule runs.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Once for each file, with its surroundings at hand.
    File(fn(&FileContext<'_>, &mut Findings)),
    /// Once for the whole repository.
    Repository(fn(&Repository<'_>, &mut Findings)),
    /// Only where a change is judged, with what stood before at hand.
    Change(fn(&Change<'_>, &mut Findings)),
    /// Reported by the checker itself.
    BuiltIn,
}

/// A finding in the making; rule name and severity are added by the checker.
#[derive(Debug)]
pub struct Finding {
    pub(crate) path: FilePath,
    pub(crate) range: TextRange,
    pub(crate) message: String,
    pub(crate) severity: Option<Severity>,
    pub(crate) help: Option<String>,
    pub(crate) related: Vec<Related>,
    pub(crate) fixes: Vec<Fix>,
}

impl Finding {
    /// A finding in `file` at `range`.
    pub fn new(file: &SourceFile, range: TextRange, message: impl Into<String>) -> Self {
        Self {
            path: file.path().clone(),
            range,
            message: message.into(),
            severity: None,
            help: None,
            related: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Departs from the rule's own severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names another place that belongs to it.
    #[must_use]
    pub fn related(mut self, file: &SourceFile, range: TextRange, message: impl Into<String>) -> Self {
        self.related.push(Related { path: file.path().clone(), range, message: message.into() });
        self
    }

    /// Offers a fix in the finding's own file, where there is one.
    #[must_use]
    pub fn fix(mut self, applicability: Applicability, title: impl Into<String>, repair: impl Into<Option<Repair>>) -> Self {
        if let Some(Repair { edits, operations }) = repair.into() {
            let edits = edits.into_iter().map(|edit| FileEdit { path: self.path.clone(), edit }).collect();
            let changes = operations.into_iter().map(|operation| FileChange { path: self.path.clone(), operation }).collect();
            self.fixes.push(Fix { title: title.into(), applicability, edits, changes });
        }
        self
    }
}

/// Where rules put their findings.
#[derive(Debug, Default)]
pub struct Findings {
    pub(crate) found: Vec<Finding>,
}

impl Findings {
    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        self.found.push(finding);
    }
}

/// Declares the rule of a file: its doc comment becomes the user's page.
///
/// ```ignore
/// declare_rule! {
///     /// A tag must …
///     pub static RULE = {
///         name: "tag-syntax",
///         category: Images,
///         severity: Error,
///         check: Check::File(check),
///     }
/// }
/// ```
/// Optional, in this order, between `severity` and `check`: `on_change: Error,` `enabled: false,`
/// `in_frozen_trees: true,` `on_touched_lines: true,` `fix: Safe,`; and behind `check`, for what it says of a change beside:
/// `check_change: judge,`.
macro_rules! declare_rule {
    (
        $(#[doc = $doc:expr])+
        pub static $rule:ident = {
            name: $name:literal,
            category: $category:ident,
            severity: $severity:ident,
            $(on_change: $on_change:ident,)?
            $(enabled: $enabled:literal,)?
            $(in_frozen_trees: $frozen:literal,)?
            $(on_touched_lines: $touched:literal,)?
            $(fix: $fix:ident,)?
            check: $check:expr
            $(, check_change: $check_change:expr)? $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        pub(crate) static $rule: $crate::rule::Rule = $crate::rule::Rule {
            name: $name,
            category: $crate::rule::Category::$category,
            severity: $crate::diagnostic::Severity::$severity,
            severity_on_change: $crate::rule::or_default!($($crate::diagnostic::Severity::$on_change)?, $crate::diagnostic::Severity::$severity),
            enabled: $crate::rule::or_default!($($enabled)?, true),
            in_frozen_trees: $crate::rule::or_default!($($frozen)?, false),
            on_touched_lines: $crate::rule::or_default!($($touched)?, false),
            fix: $crate::rule::or_default!($(Some($crate::diagnostic::Applicability::$fix))?, None),
            documentation: concat!($($doc, "\n"),+),
            check: $check,
            check_change: $crate::rule::or_default!($(Some($check_change))?, None),
        };
    };
}
pub(crate) use declare_rule;

/// The first value, where one is given; else the second.
macro_rules! or_default {
    (, $default:expr) => {
        $default
    };
    ($given:expr, $default:expr) => {
        $given
    };
}
pub(crate) use or_default;
