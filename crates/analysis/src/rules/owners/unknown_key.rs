use crate::diagnostic::{Applicability, Severity};
use crate::fixing::Repair;
use crate::model::{OwnersLevel, UnknownOwnersKey};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};
use crate::suggest::closest;

declare_rule! {
    /// A key that no reader of OWNERS files knows, or not at this place.
    ///
    /// Prow passes over it in silence: people listed under `reviwers` are never asked, and approvers
    /// under `approver` cannot approve. A known key in other letters (`Approvers`) is read by Prow, but
    /// not by every other tool; it is a warning.
    ///
    /// OWNERS files hold `approvers`, `reviewers`, `required_reviewers`, `emeritus_approvers`,
    /// `emeritus_reviewers`, `labels`, and at the top `options` (`no_parent_owners`,
    /// `auto_approve_unowned_subfolders`) and `filters`; `OWNERS_ALIASES` holds `aliases` alone.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// approvers:
    /// - alice
    /// emeritus-approvers:
    /// - carol
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// approvers:
    /// - alice
    /// emeritus_approvers:
    /// - carol
    /// ```
    pub static RULE = {
        name: "owners-unknown-key",
        category: Owners,
        severity: Error,
        fix: Suggested,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let Some(owners) = super::owners(context.file) else { return };
    for unknown in owners.unknown_keys.iter().filter(|unknown| !super::is_broken(context.source(), unknown.key.range())) {
        let meant = unknown.but_for_case.or_else(|| meant(unknown.key.as_str(), unknown.level.keys()));
        let finding = Finding::new(context.source(), unknown.key.range(), message(unknown));
        let finding = if unknown.but_for_case.is_some() { finding.severity(Severity::Warning) } else { finding };
        findings.push(match meant {
            Some(key) => finding.help(format!("did you mean `{key}`?")).fix(
                Applicability::Suggested,
                format!("replace by `{key}`"),
                Repair::text(unknown.key.node, key),
            ),
            None => finding.help(advice(unknown)),
        });
    }
}

/// The key that was meant. What only lacks its end is the plainer one of two.
fn meant(key: &str, known: &'static [&'static str]) -> Option<&'static str> {
    let plain = |key: &str| key.to_lowercase().replace(['-', ' ', '.'], "_");
    let plain_key = plain(key);
    if plain_key == "emeritus" {
        return known.iter().copied().find(|key| *key == "emeritus_approvers");
    }
    closest(&plain_key, known.iter().copied())
}

fn message(unknown: &UnknownOwnersKey<'_>) -> String {
    let key = unknown.key.as_str();
    if let Some(known) = unknown.but_for_case {
        return format!("`{key}` is written `{known}` in OWNERS files; not every reader takes it for that");
    }
    let place = unknown.level.describe();
    format!("`{key}` is no key of {place}; Prow passes over it and all that stands below it")
}

fn advice(unknown: &UnknownOwnersKey<'_>) -> String {
    use OwnersLevel::{Aliases, Filter, Options, Top};
    let key = unknown.key.as_str();
    let belongs = |level: OwnersLevel| level.keys().contains(&key);
    match unknown.level {
        Top | Filter if belongs(Options) => "it belongs below `options`; indent it".to_owned(),
        Options if belongs(Top) => "it belongs at the top of the file; take away its indentation".to_owned(),
        Filter if belongs(Top) => "it belongs at the top of the file, beside `filters`".to_owned(),
        Top if belongs(Aliases) => "aliases are declared in OWNERS_ALIASES, at the root of the repository".to_owned(),
        Aliases if belongs(Top) => "an alias has a list of logins and no roles; roles stand in OWNERS files".to_owned(),
        Aliases => format!("if `{key}` is an alias, indent it below `aliases:`"),
        level => format!("use one of {}", level.keys().iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")),
    }
}
