use promolint_syntax::{Node, NodeKind, Style, TextEdit, TextRange};

use super::{Aliases, is_login};
use crate::diagnostic::{Applicability, Severity};
use crate::file::SourceFile;
use crate::fixing::{Operation, Repair, Wanted, plain};
use crate::model::{NameList, Role, Word};
use crate::repository::Repository;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A name in an OWNERS file that no GitHub login can be.
    ///
    /// Logins consist of letters, digits and `-` (and `_` for users that a company manages), 39 at
    /// most. A mail address, a full name, a team or a link finds nobody, and two names on one line or
    /// run together by a wrong indentation find neither. Aliases may be named otherwise, so the rule
    /// judges their names only where the repository's `OWNERS_ALIASES` is there to be asked.
    ///
    /// A quoted `"@alice"` is a warning: Prow drops the `@`, other readers do not. Without quotes, `@`
    /// makes the file unreadable. Emeriti are a warning too.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// approvers:
    /// - alice,
    /// - Bob Example
    /// - carol@example.com
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// approvers:
    /// - alice
    /// - bob
    /// - carol
    /// ```
    pub static RULE = {
        name: "owners-invalid-login",
        category: Owners,
        severity: Error,
        fix: Safe,
        check: Check::Repository(check),
    }
}

fn check(repository: &Repository<'_>, findings: &mut Findings) {
    let aliases = Aliases::new(repository);
    for file in repository.files.iter().filter(|file| !file.is_frozen) {
        let known = aliases.of(file.source);
        // An odd name may be an alias that is declared where we cannot look.
        let knows_aliases = known.map_or(repository.is_complete, |aliases| aliases.is_sound);
        for list in super::lists(file).iter().filter(|list| list.role != Role::Labels) {
            for name in &list.names {
                let is_alias = known.is_some_and(|aliases| aliases.declares(&super::normal(name)));
                if let Some(flaw) = flaw(name).filter(|flaw| !is_alias && (knows_aliases || flaw.is_sure)) {
                    findings.push(finding(file.source, list, name, &flaw));
                }
            }
            unreadable(file.source, list, findings);
        }
    }
}

/// What keeps a name from being a login.
struct Flaw {
    /// What it is or has: "holds a blank".
    reason: &'static str,
    /// What to do.
    advice: &'static str,
    /// Whether no alias is named so either.
    is_sure: bool,
    /// The names that were meant.
    meant: Vec<String>,
}

fn flaw(name: &Word<'_>) -> Option<Flaw> {
    let value = name.as_str();
    if value.is_empty() || is_login(value) {
        return None;
    }
    let flaw = |reason, advice, is_sure, meant| Some(Flaw { reason, advice, is_sure, meant });
    let names = |parts: Vec<&str>| {
        if parts.iter().all(|part| is_login(part)) { parts.into_iter().map(str::to_owned).collect() } else { Vec::new() }
    };
    if name.node.style() == Style::Plain && name.node.text().contains('\n') {
        let lines = name.node.text().lines().map(|line| line.trim().trim_start_matches('-').trim_start()).filter(|line| !line.is_empty());
        return flaw("is one name over several lines", "indent the lines alike, and begin each with `- `", true, names(lines.collect()));
    }
    if let Some(login) = value.strip_prefix('@').filter(|login| is_login(login)) {
        return flaw("carries an `@`, which not every reader drops", "write the login without `@`", true, names(vec![login]));
    }
    let path = value.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    if let Some(login) = path.strip_prefix("github.com/") {
        return flaw("is a link", "write the login alone", true, names(vec![login.trim_end_matches('/')]));
    }
    let bare =
        value.trim_start_matches(['-', '"', '\'', '`', '<', '(', '*']).trim_end_matches([',', ';', ':', '.', '"', '\'', '`', '>', ')']);
    if is_login(bare) {
        return flaw("has a character around it that no login has", "write the login alone", true, names(vec![bare]));
    }
    if value.contains([',', ';']) {
        let parts = value.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
        return flaw("is several names in one item", "write each name on a line of its own", true, names(parts.collect()));
    }
    if value.contains(char::is_whitespace) {
        return flaw("holds a blank, which no login does", "write the GitHub login, one to a line", true, Vec::new());
    }
    if value.starts_with('@') && value.contains('/') {
        return flaw(
            "is a team, and Prow knows people only",
            "list its members, or declare them as an alias in OWNERS_ALIASES",
            true,
            Vec::new(),
        );
    }
    if value.contains('@') {
        return flaw("is a mail address", "write the GitHub login", true, Vec::new());
    }
    if value.contains('/') {
        return flaw("is a team or a label", "list people or aliases here, and labels below `labels`", false, Vec::new());
    }
    if value.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '_')) {
        return flaw("is longer than a login can be", "write the GitHub login, or declare the alias in OWNERS_ALIASES", false, Vec::new());
    }
    flaw("holds characters that no login has", "write the GitHub login, or declare the alias in OWNERS_ALIASES", false, Vec::new())
}

fn finding(source: &SourceFile, list: &NameList<'_>, name: &Word<'_>, flaw: &Flaw) -> Finding {
    let has_at_only = name.value.strip_prefix('@').is_some_and(is_login);
    let consequence = match list.role {
        _ if has_at_only => "",
        Role::Labels | Role::Emeritus => "; nobody is known by it",
        Role::Approvers => "; it lets nobody approve",
        Role::Reviewers | Role::RequiredReviewers => "; nobody is asked to review",
        Role::Members => "; it adds nobody to the alias",
    };
    let shown: Vec<&str> = name.value.split_whitespace().collect();
    let message = format!("`{}` {}{consequence}", shown.join(" ").escape_debug(), flaw.reason);
    let finding = Finding::new(source, name.range(), message).help(flaw.advice);
    let is_mild = has_at_only || list.role == Role::Emeritus;
    let finding = if is_mild { finding.severity(Severity::Warning) } else { finding };
    let applicability = if has_at_only { Applicability::Safe } else { Applicability::Suggested };
    let meant: Vec<&str> = flaw.meant.iter().map(String::as_str).collect();
    finding.fix(applicability, format!("write `{}`", meant.join("`, `")), replacement(source, name, &meant))
}

/// One name in place of another, or several as items of their own.
fn replacement(source: &SourceFile, name: &Word<'_>, meant: &[&str]) -> Option<Repair> {
    match meant {
        [one] => Repair::text(name.node, one),
        many => Repair::split(source, name.node, many, plain),
    }
}

/// Items that YAML cannot read for their `@`.
fn unreadable(source: &SourceFile, list: &NameList<'_>, findings: &mut Findings) {
    let items = list.node.as_sequence().into_iter().flat_map(|sequence| sequence.node().children());
    for item in items.filter(|item: &Node<'_>| item.kind() == NodeKind::Error) {
        if item.text().strip_prefix('@').is_some_and(is_login) {
            let at = TextRange::new(item.range().start(), item.range().start() + 1);
            let login = Operation::Set(item.id(), Wanted::text(&item.text()[1..]));
            let repair = Repair::new(vec![TextEdit::delete(at)], vec![login]);
            let message = format!("`{}` starts with `@`, at which YAML stops; the file cannot be read", item.text());
            let finding = Finding::new(source, item.range(), message).help("write the login without `@`");
            findings.push(finding.fix(Applicability::Safe, "take away the `@`", repair));
        }
    }
}
