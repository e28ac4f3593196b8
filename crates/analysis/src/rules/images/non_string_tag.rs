use promolint_syntax::{Resolved, Style};

use crate::diagnostic::Applicability;
use crate::fixing::Repair;
use crate::model::Tag;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A tag that YAML reads as a number, a date or a boolean needs quotes.
    ///
    /// The promoter takes the text as it stands, but other readers and generators turn `3.10` into
    /// `3.1` and write that back.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": [3.10]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["3.10"]
    /// ```
    pub static RULE = {
        name: "non-string-tag",
        category: Images,
        severity: Warning,
        fix: Safe,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    for tag in super::all_tags(context.file) {
        let node = tag.node;
        if node.style() != Style::Plain || node.tag().is_some() || Tag::parse(&tag.value).is_none() {
            continue;
        }
        let what = match node.resolved() {
            Resolved::Integer(_) | Resolved::Float(_) => "a number",
            Resolved::Bool(_) => "true or false",
            Resolved::Timestamp => "a date",
            _ => continue,
        };
        let message = format!("tag `{}` without quotes is {what} to YAML; a tool that rewrites the file changes it", tag.value);
        let repair = Repair::quoted(node, &tag.value);
        let finding = Finding::new(context.source(), tag.range(), message).help("put the tag in double quotes");
        findings.push(finding.fix(Applicability::Safe, "quote the tag", repair));
    }
}
