use crate::diagnostic::Applicability;
use crate::rule::{Check, Finding, declare_rule};
use crate::suppression::{AllowedRule, Suppression, within};

declare_rule! {
    /// A comment that silences a rule should have something to silence.
    ///
    /// What it excused is gone; left alone, it would hide the next mistake of the same kind. Rules that
    /// are switched off do not count, nor does a file with syntax errors.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     # promolint: allow(unsupported-yaml) the generator writes anchors
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     # promolint: allow(unsupported-yaml) the generator writes tags
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": [!!str "v1.2.0"]
    /// ```
    pub static RULE = {
        name: "suppression-unused",
        category: Suppression,
        severity: Warning,
        fix: Safe,
        check: Check::BuiltIn,
    }
}

/// `unused`: those of the comment's rules that have nothing to say, one at least.
pub(crate) fn finding(suppression: &Suppression<'_>, unused: &[&AllowedRule<'_>]) -> Finding {
    let names: Vec<String> = unused.iter().map(|allowed| format!("`{}`", allowed.rule.name)).collect();
    let have = if names.len() == 1 { "has" } else { "have" };
    let message = format!("{} {have} nothing to say here; the comment would only hide a later mistake", names.join(", "));
    let is_unused = |name: &str| unused.iter().any(|allowed| allowed.name == name);
    let (names, comment) = (&suppression.allow.names, suppression.comment);
    if names.iter().all(|(name, _)| is_unused(name)) {
        return Finding::new(suppression.file, comment, message).help("remove the comment").fix(
            Applicability::Safe,
            "remove the comment",
            super::removal(suppression),
        );
    }
    let place = names.iter().find(|(name, _)| is_unused(name)).map_or(comment, |(_, range)| within(comment, range));
    let list = within(comment, &suppression.allow.list);
    let kept: Vec<&str> =
        suppression.file.slice(list).split(',').map(str::trim).filter(|item| !item.is_empty() && !is_unused(item)).collect();
    Finding::new(suppression.file, place, message).help("take it out of the list").fix(
        Applicability::Safe,
        "take it out of the list",
        super::rewritten(suppression.file, comment, list, &kept.join(", ")),
    )
}
