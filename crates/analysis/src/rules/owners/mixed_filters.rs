use crate::model::Role;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// `filters` stand beside people or labels at the top of an OWNERS file.
    ///
    /// Prow reads either form: as soon as the top of the file names somebody, all filters are passed
    /// over. Only `options` may stand beside them. What is for all files belongs to the filter `.*`.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// approvers:
    /// - alice
    /// filters:
    ///   "images\\.yaml$":
    ///     approvers:
    ///     - bob
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// filters:
    ///   ".*":
    ///     approvers:
    ///     - alice
    ///   "images\\.yaml$":
    ///     approvers:
    ///     - bob
    /// ```
    pub static RULE = {
        name: "owners-mixed-filters",
        category: Owners,
        severity: Error,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let Some(owners) = super::owners(context.file) else { return };
    let Some(filters) = owners.filters_key.as_ref().filter(|_| !owners.filters.is_empty()) else { return };
    // Empty lists and emeriti leave the filters in force.
    let at_top = owners.lists.iter().filter(|list| !list.in_filter && list.role != Role::Emeritus && !list.names.is_empty());
    let at_top: Vec<_> = at_top.collect();
    let Some(first) = at_top.first() else { return };
    let message = format!("`filters` stands beside `{}`; Prow passes over the filters", first.key.as_str());
    let mut finding =
        Finding::new(context.source(), filters.range(), message).help("move what stands beside `filters` into the filter `.*`");
    for list in at_top {
        finding = finding.related(context.source(), list.key.range(), "this puts the filters out of force");
    }
    findings.push(finding);
}
