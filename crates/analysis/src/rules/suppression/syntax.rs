use promolint_syntax::TextRange;

use crate::diagnostic::Applicability;
use crate::file::SourceFile;
use crate::rule::{Check, Finding, declare_rule};
use crate::suggest;
use crate::suppression::{Flaw, within};

declare_rule! {
    /// A comment for promolint must be one that it understands: `# promolint: allow(rule) reason`.
    ///
    /// A comment that is wrong silences nothing, and the reason is not optional: whoever reads the
    /// line next year must know why it may stay. `TODO: say why` is no reason yet.
    ///
    /// ```yaml
    /// # promolint: allow(tag-shape) released under this name in 2021
    /// "sha256:…": ["V2.2.4"]
    /// "sha256:…": ["v.0.10.2"] # promolint: allow(tag-shape, until=2027-01-31) moves with the next release
    /// ```
    /// The comment stands behind the line, on a line of its own above it, or above everything else in
    /// the file, where it counts for the whole file. It can name several rules, and with
    /// `until=YYYY-MM-DD`, among the rules or in the reason, the last day on which it counts. The rules
    /// about these comments cannot be silenced by them.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     # promolint: allow(tag-shap) released under this name
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"] # a comment for people
    /// ```
    pub static RULE = {
        name: "suppression-syntax",
        category: Suppression,
        severity: Warning,
        fix: Suggested,
        check: Check::BuiltIn,
    }
}

const FORM: &str = "write `# promolint: allow(rule) reason`";

/// A comment that could not be read.
pub(crate) fn not_read(source: &SourceFile, comment: TextRange, flaw: &Flaw) -> Finding {
    match flaw {
        Flaw::NotUnderstood => {
            Finding::new(source, comment, "this comment for promolint is not understood; it silences nothing").help(FORM)
        }
        Flaw::NoRules => Finding::new(source, comment, "this comment names no rule; it silences nothing").help(FORM),
        Flaw::BadDate(word) => {
            let range = within(comment, word);
            let message = format!("`{}` names no day; the comment silences nothing", source.slice(range).escape_debug());
            Finding::new(source, range, message).help("write `until=YYYY-MM-DD`")
        }
    }
}

/// A name that is no rule's.
pub(crate) fn unknown_rule(source: &SourceFile, comment: TextRange, range: TextRange, name: &str) -> Finding {
    let finding = Finding::new(source, range, format!("`{}` is no rule; the comment does not silence it", name.escape_debug()));
    match suggest::closest(name, crate::rules::ALL.iter().map(|rule| rule.name)) {
        Some(meant) => finding.help(format!("did you mean `{meant}`?")).fix(
            Applicability::Suggested,
            format!("rename it to `{meant}`"),
            super::rewritten(source, comment, range, meant),
        ),
        None => finding.help("`promolint rules` lists them"),
    }
}

/// A rule that cannot be silenced.
pub(crate) fn not_silenced(source: &SourceFile, range: TextRange, name: &str) -> Finding {
    Finding::new(source, range, format!("`{name}` judges these comments; no comment can silence it"))
        .help("remove it, or switch the rule off in promolint.toml")
}

/// A comment that does not say why.
pub(crate) fn no_reason(source: &SourceFile, comment: TextRange) -> Finding {
    Finding::new(source, comment, "this comment gives no reason; it silences nothing")
        .help("say behind the parenthesis why the line may stay as it is")
}
