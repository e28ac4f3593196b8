use std::collections::{BTreeMap, BTreeSet};

use super::neighbours::Neighbours;
use crate::diagnostic::Applicability;
use crate::fixing::Repair;
use crate::model::{Role, Word};
use crate::repository::{FileId, Repository};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A login that resembles one of another place in the repository, and occurs nowhere else.
    ///
    /// A missing or doubled letter makes it somebody else's login or nobody's: the person is not asked,
    /// and a stranger may be. The rule compares all OWNERS and `OWNERS_ALIASES` files; logins of four
    /// letters and fewer are left alone, and so are those that differ in the number at their end
    /// (unless it is long).
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
        fix: Suggested,
        check: Check::Repository(check),
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
    for (login, occurrences) in &logins {
        let is_in_one_file = occurrences.iter().all(|other| other.file == occurrences[0].file);
        let matters = occurrences.iter().any(|occurrence| occurrence.role != Role::Emeritus);
        if !is_in_one_file || !matters || repository.file(occurrences[0].file).is_frozen {
            continue;
        }
        let similar = neighbours.of(login).into_iter().filter(|other| may_be_same_person(login, other));
        let Some(others) = similar.filter_map(|other| logins.get(other)).max_by_key(|others| weight(others)) else { continue };
        // Of two that are equally rare, the one that comes later is in doubt.
        if weight(others) > weight(occurrences) || weight(others) == weight(occurrences) && place(&others[0]) < place(&occurrences[0]) {
            findings.found.extend(occurrences.iter().map(|occurrence| finding(repository, occurrence, &others[0])));
        }
    }
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
