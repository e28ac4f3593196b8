use promolint_syntax::TextRange;

use crate::file::FileKind;
use crate::model::OwnersFile;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// An OWNERS file that says nothing.
    ///
    /// Only the owners of the directories above can approve then, as if the file were not there.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// # See the OWNERS docs at https://go.k8s.io/owners
    ///
    /// approvers:
    /// reviewers:
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// # See the OWNERS docs at https://go.k8s.io/owners
    ///
    /// approvers:
    /// - alice
    /// ```
    pub static RULE = {
        name: "owners-empty",
        category: Owners,
        severity: Warning,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let source = context.source();
    let Some(owners) = super::owners(context.file).filter(|_| source.kind() == FileKind::Owners) else { return };
    if says_something(owners) || !source.document().errors().is_empty() {
        return;
    }
    let place = owners.lists.first().map(|list| list.key.range());
    let place = place.or_else(|| source.document().comments().first().copied()).unwrap_or(TextRange::empty(0));
    let message = "this OWNERS file names nobody; only the owners of the directories above can approve";
    findings.push(Finding::new(source, place, message).help("list the approvers, or remove the file"));
}

/// Also what other rules find wrong with it is an attempt to say something.
fn says_something(owners: &OwnersFile<'_>) -> bool {
    let has_names = owners.lists.iter().any(|list| list.names.iter().any(|name| !name.value.trim().is_empty()));
    let is_flawed = owners.unknown_keys.iter().any(|unknown| unknown.but_for_case.is_none()) || !owners.misfits.is_empty();
    has_names || is_flawed || !owners.options.is_empty() || owners.has_merges
}
