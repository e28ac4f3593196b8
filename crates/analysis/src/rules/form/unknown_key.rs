use promolint_syntax::{Style, TextEdit, TextRange};

use crate::diagnostic::{Applicability, Severity};
use crate::file::FileKind;
use crate::fixing::Repair;
use crate::model::{ProblemKind, Word};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};
use crate::suggest;

declare_rule! {
    /// A key must be one that the promoter knows.
    ///
    /// The promoter refuses a list of images or a promoter manifest with any other key, letter case
    /// included. Of file promotion, it silently ignores the key and what stands under it, so there
    /// it is a warning.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - nmae: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "unknown-key",
        category: Form,
        severity: Error,
        fix: Suggested,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let source = context.source();
    if !source.kind().is_manifest() {
        return;
    }
    let mut last_digest = None;
    for problem in context.file.problems {
        let ProblemKind::UnknownKey { key, known, free, what, .. } = &problem.kind else { continue };
        if super::is_beside_syntax_error(source, problem.range) {
            continue;
        }
        // One digest that is indented too little takes those behind it along: told once.
        if key.as_str().starts_with("sha256:") {
            let end = problem.range.start();
            let follows = last_digest
                .replace(problem.range.end())
                .is_some_and(|start| !source.slice(TextRange::new(start, end)).lines().any(|line| line.trim_start().starts_with("- ")));
            if follows {
                continue;
            }
        }
        let (consequence, severity) = match source.kind() {
            kind if kind.is_read_strictly() => (super::refusal(kind), Severity::Error),
            FileKind::ImageTags => ("nothing reads it", Severity::Warning),
            _ => ("the promoter silently ignores it", Severity::Warning),
        };
        let message = match key.as_str() {
            "" => format!("an empty key is no key of {what}; {consequence}"),
            text => format!("`{}` is no key of {what}; {consequence}", text.escape_debug()),
        };
        let finding = Finding::new(source, problem.range, message).severity(severity);
        findings.push(match suggest::meant(key.as_str(), free) {
            Some(meant) => finding.help(format!("did you mean `{meant}`?")).fix(
                Applicability::Suggested,
                format!("rename it to `{meant}`"),
                Repair::text(key.node, meant),
            ),
            // The lines around it must become a list too, which no edit of this line does.
            None if glued(key).is_some() => finding.help("put a blank behind the `-`").fix(
                Applicability::DisplayOnly,
                "put a blank behind the `-`",
                Repair::layout(vec![TextEdit::insert(problem.range.start() + 1, " ")]),
            ),
            None if key.as_str().starts_with("sha256:") => finding.help("indent the digests further than the `dmap:` above them"),
            None => finding.help(format!("{what} has {}", list(known))),
        });
    }
}

/// The key of `-name: …`, an item of a list whose blank was forgotten.
fn glued<'w>(key: &'w Word<'_>) -> Option<&'w str> {
    let is_plain = key.node.style() == Style::Plain;
    key.as_str().strip_prefix('-').filter(|name| is_plain && name.starts_with(|first: char| first.is_ascii_alphabetic()))
}

/// "`a`, `b` and `c`"
fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => format!("{last} only"),
        Some((last, rest)) => format!("{} and {last} only", rest.join(", ")),
        None => "no keys".to_owned(),
    }
}
