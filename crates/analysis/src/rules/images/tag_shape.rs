use promolint_syntax::TextEdit;

use crate::diagnostic::Applicability;
use crate::model::Tag;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A tag that is almost a version is probably mistyped: `v.1.2.3`, `V1.2.3`, `vv1.2.3`, `v1..2`.
    ///
    /// The tag is promoted as it stands, and cannot be taken back.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v.1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "tag-shape",
        category: Images,
        severity: Warning,
        fix: Suggested,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    for tag in super::all_tags(context.file).filter(|tag| Tag::parse(&tag.value).is_some()) {
        let Some(repaired) = repair(&tag.value) else { continue };
        let message = format!("tag `{}` looks like a mistyped version; it would be promoted as it stands", tag.value);
        let finding = Finding::new(context.source(), tag.range(), message).help(format!("did you mean `{repaired}`?"));
        let edit = TextEdit::replace(tag.inner_range(), repaired.clone());
        findings.push(finding.fix(Applicability::Suggested, format!("write `{repaired}`"), vec![edit]));
    }
}

/// The version that was probably meant, where the tag is not quite one.
fn repair(tag: &str) -> Option<String> {
    let is_version_like =
        tag.trim_start_matches(['v', 'V', '.', '-', '_']).starts_with(|first: char| first.is_ascii_digit()) && tag.contains('.');
    if !is_version_like {
        return None;
    }
    let body = tag.trim_start_matches(['v', 'V']);
    let prefix = &tag[..tag.len() - body.len()];
    let is_well_formed = matches!(prefix, "" | "v") && body.starts_with(|first: char| first.is_ascii_digit());
    if is_well_formed && !tag.ends_with(['.', '-', '_']) && !tag.contains("..") {
        return None;
    }
    let mut repaired = tag.to_owned();
    if !prefix.is_empty() {
        repaired = format!("v{}", body.trim_start_matches(['.', '-', '_']));
    }
    while repaired.contains("..") {
        repaired = repaired.replace("..", ".");
    }
    let repaired = repaired.trim_end_matches(['.', '-', '_']);
    (repaired != tag).then(|| repaired.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repairs() {
        for (tag, repaired) in [
            ("v.0.10.2", Some("v0.10.2")),
            ("V2.2.4", Some("v2.2.4")),
            ("vv1.0.0", Some("v1.0.0")),
            ("v1..2", Some("v1.2")),
            ("v1.2.", Some("v1.2")),
            ("v1.2.3", None),
            ("1.10", None),
            ("bullseye-v1.5.1", None),
            ("v20240101-abc", None),
            ("c648595cd73a2d60", None),
        ] {
            assert_eq!(repair(tag).as_deref(), repaired, "{tag}");
        }
    }
}
