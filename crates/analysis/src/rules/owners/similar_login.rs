use std::collections::{BTreeMap, BTreeSet};

use super::neighbours::Neighbours;
use crate::diagnostic::Applicability;
use crate::fixing::Repair;
use crate::history::Change;
use crate::model::{Role, Word};
use crate::repository::{FileId, Repository};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A login that resembles one of another place in the repository, and occurs nowhere else.
    ///
    /// A missing or doubled letter makes it somebody else's login or nobody's: the person is not asked,
    /// and a stranger may be. The rule compares all OWNERS and `OWNERS_ALIASES` files; logins of four
    /// letters and fewer are left alone, and so are those that differ in the number at their end
    /// (unless it is long). Of two that occur once each, either may be the wrong one; where a change is
    /// judged (`--since`), it is the one that the change adds.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// approvers:
    /// - alice
    /// reviewers:
    /// - carrol
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// approvers:
    /// - alice
    /// reviewers:
    /// - carol
    /// ```
    pub static RULE = {
        name: "owners-similar-login",
        category: Owners,
        severity: Warning,
        on_touched_lines: true,
        fix: Suggested,
        check: Check::Repository(check),
        check_change: check_change,
    }
}

/// Below this, logins resemble each other by chance.
const SHORTEST: usize = 5;

/// Where a login stands.
struct Occurrence<'r, 'a> {
    file: FileId,
    role: Role,
    name: &'r Word<'a>,
}

fn check(repository: &Repository<'_>, findings: &mut Findings) {
    let logins = logins(repository);
    let neighbours = Neighbours::new(logins.keys().map(String::as_str));
    for (login, occurrences) in logins.iter().filter(|(_, occurrences)| is_rare(repository, occurrences)) {
        let similar = neighbours.of(login).into_iter().filter(|other| may_be_same_person(login, other));
        let Some(others) = similar.filter_map(|other| logins.get(other)).max_by_key(|others| weight(others)) else { continue };
        if weight(others) > weight(occurrences) {
            findings.found.extend(occurrences.iter().map(|occurrence| finding(repository, occurrence, &others[0])));
        } else if weight(others) == weight(occurrences) && place(&others[0]) < place(&occurrences[0]) {
            findings.push(doubt(repository, &occurrences[0], &others[0]));
        }
    }
}

/// A login that the change adds, beside one that stood there before: whatever stands how often, the new one is in doubt.
fn check_change(change: &Change<'_>, findings: &mut Findings) {
    let repository = change.after;
    if !change.files_after().any(|(_, file)| !super::lists(file).is_empty()) {
        return;
    }
    let (before, logins) = (logins(change.before), logins(repository));
    let neighbours = Neighbours::new(before.keys().map(String::as_str));
    let added = logins.iter().filter(|(login, _)| !before.contains_key(*login));
    for (login, occurrences) in added.filter(|(_, occurrences)| is_rare(repository, occurrences)) {
        let similar = neighbours.of(login).into_iter().filter(|other| may_be_same_person(login, other));
        let Some(others) = similar.filter_map(|other| logins.get(other)).max_by_key(|others| weight(others)) else { continue };
        // One that is more common is told of as the tree stands.
        if weight(others) <= weight(occurrences) {
            findings.found.extend(occurrences.iter().map(|occurrence| finding(repository, occurrence, &others[0])));
        }
    }
}

/// Whether a login stands in one file only, a live one, where it is asked.
fn is_rare(repository: &Repository<'_>, occurrences: &[Occurrence<'_, '_>]) -> bool {
    let file = occurrences[0].file;
    let matters = occurrences.iter().any(|occurrence| occurrence.role != Role::Emeritus);
    matters && occurrences.iter().all(|other| other.file == file) && !repository.file(file).is_frozen
}

/// All logins of people, in lower case, with the places where they stand.
fn logins<'r, 'a>(repository: &'r Repository<'a>) -> BTreeMap<String, Vec<Occurrence<'r, 'a>>> {
    let lists = || repository.files.iter().enumerate().flat_map(|(id, file)| super::lists(file).iter().map(move |list| (id, list)));
    let aliases: BTreeSet<String> =
        lists().filter(|(_, list)| list.role == Role::Members).map(|(_, list)| super::normal(&list.key)).collect();
    let suffixes = &repository.policy.owners.alias_suffixes;
    let mut logins: BTreeMap<String, Vec<Occurrence<'r, 'a>>> = BTreeMap::new();
    for (file, list) in lists().filter(|(_, list)| list.role != Role::Labels) {
        for name in list.names.iter().filter(|name| name.value.len() >= SHORTEST && super::is_login(&name.value)) {
            let login = super::normal(name);
            if !aliases.contains(&login) && !suffixes.iter().any(|suffix| login.ends_with(suffix.as_str())) {
                logins.entry(login).or_default().push(Occurrence { file, role: list.role, name });
            }
        }
    }
    logins
}

/// How well a login is established.
fn weight(occurrences: &[Occurrence<'_, '_>]) -> (usize, usize) {
    let files: BTreeSet<FileId> = occurrences.iter().map(|occurrence| occurrence.file).collect();
    (files.len(), occurrences.len())
}

fn place(occurrence: &Occurrence<'_, '_>) -> (FileId, u32) {
    (occurrence.file, occurrence.name.range().start())
}

/// Whether two logins, one edit apart, can hardly be two people's. `ann1` and `ann2` can.
fn may_be_same_person(a: &str, b: &str) -> bool {
    const LONG_NUMBER: usize = 4;
    let stem = |login: &str| login.trim_end_matches(|last: char| last.is_ascii_digit()).len();
    let differ_in_number = a[..stem(a)] == b[..stem(b)];
    !differ_in_number || (a.len() - stem(a)).min(b.len() - stem(b)) >= LONG_NUMBER
}

fn finding(repository: &Repository<'_>, occurrence: &Occurrence<'_, '_>, other: &Occurrence<'_, '_>) -> Finding {
    let (name, meant) = (occurrence.name, other.name.as_str());
    let message =
        format!("`{}` occurs nowhere else and is one typing mistake from `{meant}`; perhaps nobody or a stranger is asked", name.value);
    let finding = Finding::new(repository.file(occurrence.file).source, name.range(), message);
    let finding = finding.related(repository.file(other.file).source, other.name.range(), "the login that it resembles");
    let repair = Repair::text(name.node, meant);
    finding.help(format!("did you mean `{meant}`?")).fix(Applicability::Suggested, format!("replace by `{meant}`"), repair)
}

/// Of two that are equally rare, told at the later one.
fn doubt(repository: &Repository<'_>, occurrence: &Occurrence<'_, '_>, other: &Occurrence<'_, '_>) -> Finding {
    let (name, alike) = (occurrence.name, other.name.as_str());
    let message = format!(
        "`{}` and `{alike}` are one typing mistake apart and occur nowhere else; perhaps one of them is nobody or a stranger",
        name.value
    );
    let finding = Finding::new(repository.file(occurrence.file).source, name.range(), message);
    let finding = finding.related(repository.file(other.file).source, other.name.range(), "the login that it resembles");
    finding.help("if they are one person, correct the one that is wrong")
}
