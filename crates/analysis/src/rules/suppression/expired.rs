use crate::diagnostic::Applicability;
use crate::rule::{Check, Finding, declare_rule};
use crate::settings::Date;
use crate::suppression::Suppression;

declare_rule! {
    /// A comment that silences a rule until some day should go when the day is over.
    ///
    /// From then on it silences nothing: the finding that it excused is told again. Repair the
    /// line, or, if the exception shall go on, state a later day.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// # promolint: allow(unsupported-yaml, until=2020-12-31) the generator writes tags
    /// - name: !!str widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// # promolint: allow(unsupported-yaml, until=2099-12-31) the generator writes tags
    /// - name: !!str widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "suppression-expired",
        category: Suppression,
        severity: Warning,
        fix: Safe,
        check: Check::BuiltIn,
    }
}

/// `until`: the last day on which the comment counted.
pub(crate) fn finding(suppression: &Suppression<'_>, until: Date) -> Finding {
    Finding::new(suppression.file, suppression.comment, format!("this comment counted until {until}; it silences nothing any more"))
        .help("repair the line and remove the comment, or state a later day")
        .fix(Applicability::Safe, "remove the comment", super::removal(suppression))
}
