use promolint_syntax::{Node, NodeKind, Resolved, Style, TextRange};

use crate::diagnostic::Applicability;
use crate::file::SourceFile;
use crate::fixing::Repair;
use crate::model::{Digest, ProblemKind, Shape, Tag};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A value must be of the type that the promoter expects: a list, text, true or false, keys with values.
    ///
    /// The promoter refuses the whole file otherwise. A value that is not there at all (`dmap:` with
    /// nothing behind it) reads as empty and is fine here.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": "v1.2.0"
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "wrong-type",
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
    for problem in context.file.problems {
        let ProblemKind::WrongType { what, expected, found } = &problem.kind else { continue };
        if super::is_beside_syntax_error(source, problem.range) {
            continue;
        }
        let message = format!("{what} must be {}, not {}; {}", expected.describe(), describe(*found), super::refusal(source.kind()));
        let finding = Finding::new(source, problem.range, message).help(help(*expected));
        // A key that is no digest was rather meant to stand elsewhere.
        let is_misplaced =
            what == "the tags of a digest" && !line(source, found.range()).trim_start_matches([' ', '"', '\'']).starts_with("sha256:");
        // A digest behind its tag is told by digest-syntax.
        if is_misplaced && Digest::parse(&found.value()).is_ok() {
            continue;
        }
        findings.push(match repair(*expected, *found).filter(|_| !is_misplaced) {
            Some((title, repair)) => finding.fix(Applicability::Suggested, title, repair),
            None => finding,
        });
    }
}

fn line(source: &SourceFile, range: TextRange) -> &str {
    source.line_at(range.start())
}

/// What stands there.
fn describe(found: Node<'_>) -> String {
    const SHOWN: usize = 40;
    let node = found.dereferenced();
    let text = node.value();
    let quoted = |text: &str| {
        let shown: String = text.chars().take(SHOWN).collect();
        let more = if shown.len() < text.len() { "…" } else { "" };
        format!("`{}{more}`", shown.escape_debug())
    };
    match (node.kind(), node.resolved()) {
        (NodeKind::Mapping, _) => "keys with values".to_owned(),
        (NodeKind::Sequence, _) => "a list".to_owned(),
        (_, Resolved::Null) => "nothing".to_owned(),
        (_, Resolved::Mismatch) => format!("{} with a tag that does not fit it", quoted(&text)),
        (_, Resolved::Text) if text.is_empty() => "an empty text".to_owned(),
        (_, Resolved::Text) => format!("the text {}", quoted(&text)),
        (_, Resolved::Integer(_) | Resolved::Float(_)) => format!("the number {}", quoted(&text)),
        _ => quoted(&text),
    }
}

fn help(expected: Shape) -> &'static str {
    match expected {
        Shape::Mapping => "write `key: value` lines below it, indented further",
        Shape::List => "write it in brackets, `[…]`, or each item behind `- `",
        Shape::Text => "write one text; quote it if it starts with a bracket",
        Shape::Bool => "write `true` or `false` without quotes",
        Shape::Number => "write a number without quotes",
    }
}

/// The value in the form that was expected, with a title.
fn repair(expected: Shape, found: Node<'_>) -> Option<(&'static str, Repair)> {
    let is_quoted = matches!(found.style(), Style::SingleQuoted | Style::DoubleQuoted);
    if found.kind() != NodeKind::Scalar || found.tag().is_some() || found.anchor().is_some() {
        return None;
    }
    let value = found.value();
    match expected {
        Shape::List => Tag::parse(&value).map(|_| ("put it into a list", Repair::quoted_list(found, &value))),
        Shape::Bool if is_quoted && matches!(value.as_ref(), "true" | "false") => {
            Some(("remove the quotes", Repair::bool(found, value == "true")))
        }
        _ => None,
    }
}
