//! Runs the rules over a snapshot, or over what a change made of it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashSet};
use promolint_syntax::TextRange;

use crate::diagnostic::{Applicability, Diagnostic, FilePath, Severity};
use crate::file::Snapshot;
use crate::history::{Change, Summary};
use crate::policy::Policy;
use crate::repository::{FileContext, Repository};
use crate::rule::{Category, Check, Finding, Findings, Rule};
use crate::rules;
use crate::settings::{Level, Settings};
use crate::suppression;

/// All findings, sorted by path, place and rule. Deterministic.
pub fn check(snapshot: &Snapshot, settings: &Settings) -> Vec<Diagnostic> {
    let repository = Repository::new(snapshot, &settings.policy);
    let mut diagnostics = judge(&repository, settings, None);
    suppression::apply(&repository, settings, &mut diagnostics);
    sort(&mut diagnostics);
    diagnostics
}

/// As [`check`], of a change: what the change did to earlier entries is judged too, and each finding
/// says whether it belongs to the change. Files of `before` that are the same object in `after` did
/// not change; the others are compared.
pub fn check_change(before: &Snapshot, after: &Snapshot, settings: &Settings) -> Vec<Diagnostic> {
    check_change_of_policy(before, &settings.policy, after, settings)
}

/// As [`check_change`], where another policy was in force before: what follows from that belongs to the change too.
pub fn check_change_of_policy(before: &Snapshot, policy_before: &Policy, after: &Snapshot, settings: &Settings) -> Vec<Diagnostic> {
    let after = Repository::new(after, &settings.policy);
    let judged_before = Repository::new(before, policy_before);
    // What a change does to entries is seen with the same eyes on both sides.
    let before = Repository::new(before, &settings.policy);
    let change = Change::new(&before, &after);
    let mut diagnostics = judge(&after, settings, None);
    if policy_before == &settings.policy {
        add_change(&change, settings, &mut diagnostics, |open| Cow::Owned(known_before(&change, &before, settings, open)));
    } else {
        add_any_change(&change, settings, &mut diagnostics, |open| Cow::Owned(known_before(&change, &judged_before, settings, open)));
    }
    sort(&mut diagnostics);
    diagnostics
}

/// How often a rule said something of a file.
pub(crate) type Known = HashMap<(&'static str, FilePath, String), usize>;

/// Adds what is to be said of a change to what the rules say of the state after it, drops what is silenced, and
/// tells which findings belong to the change. `known` tells, at least for the rules and files of the findings
/// that it is given, what was found in the state before.
pub(crate) fn add_change<'k>(
    change: &Change<'_>,
    settings: &Settings,
    diagnostics: &mut Vec<Diagnostic>,
    known: impl FnOnce(&[&Diagnostic]) -> Cow<'k, Known>,
) {
    if change.files.is_empty() {
        suppression::apply(change.after, settings, diagnostics);
        for diagnostic in diagnostics {
            diagnostic.changed = Some(false);
        }
    } else {
        add_any_change(change, settings, diagnostics, known);
    }
}

/// As [`add_change`], even if no file changed.
fn add_any_change<'k>(
    change: &Change<'_>,
    settings: &Settings,
    diagnostics: &mut Vec<Diagnostic>,
    known: impl FnOnce(&[&Diagnostic]) -> Cow<'k, Known>,
) {
    let of_change = judge_change(change, settings);
    // What is said of the change is better known than what the same rule says there of the tree, or says of the
    // same two places from the other one.
    let places: HashSet<_> = of_change.iter().map(|diagnostic| (diagnostic.rule, &diagnostic.path, diagnostic.range)).collect();
    let pairs: HashSet<_> = of_change.iter().flat_map(pairs).collect();
    let is_known = |diagnostic: &Diagnostic| {
        places.contains(&(diagnostic.rule, &diagnostic.path, diagnostic.range))
            || !diagnostic.related.is_empty() && self::pairs(diagnostic).all(|(rule, place, other)| pairs.contains(&(rule, other, place)))
    };
    diagnostics.retain(|diagnostic| !is_known(diagnostic));
    diagnostics.extend(of_change);
    suppression::apply(change.after, settings, diagnostics);
    mark(change, settings, diagnostics, known);
}

type Place<'d> = (&'d FilePath, TextRange);

/// The place of a finding with each of the places that are related to it.
fn pairs(diagnostic: &Diagnostic) -> impl Iterator<Item = (&'static str, Place<'_>, Place<'_>)> {
    let place = (&diagnostic.path, diagnostic.range);
    diagnostic.related.iter().map(move |related| (diagnostic.rule, place, (&related.path, related.range)))
}

/// What the step from one snapshot to the other promotes.
pub fn summarize_change(before: &Snapshot, after: &Snapshot, settings: &Settings) -> Summary {
    let after = Repository::new(after, &settings.policy);
    let before = Repository::new(before, &settings.policy);
    Summary::new(&Change::new(&before, &after))
}

pub(crate) fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| (&a.path, a.range, a.rule, &a.message).cmp(&(&b.path, b.range, b.rule, &b.message)));
    diagnostics.dedup();
}

/// Rules, and for each the files that are of interest.
type Wanted<'w> = BTreeMap<&'static str, BTreeSet<&'w FilePath>>;

/// What the rules say of a repository as it stands; with `wanted`, at least what they say there.
fn judge(repository: &Repository<'_>, settings: &Settings, wanted: Option<&Wanted<'_>>) -> Vec<Diagnostic> {
    let is_wanted = |rule: &Rule| wanted.is_none_or(|wanted| wanted.contains_key(rule.name));
    let mut diagnostics = Vec::new();
    for rule in rules::ALL.iter().copied().filter(|rule| settings.levels.may_speak(rule) && is_wanted(rule)) {
        let mut findings = Findings::default();
        match rule.check {
            Check::File(check) => {
                let paths = wanted.and_then(|wanted| wanted.get(rule.name));
                let is_wanted = |path: &FilePath| paths.is_none_or(|paths| paths.contains(path));
                for file in repository.files.iter().filter(|file| rule.in_frozen_trees || !file.is_frozen) {
                    if is_wanted(file.source.path()) {
                        check(&FileContext { file, repository }, &mut findings);
                    }
                }
            }
            Check::Repository(check) => check(repository, &mut findings),
            Check::Change(_) | Check::BuiltIn => {}
        }
        diagnostics.extend(spoken(rule, findings, repository, settings));
    }
    diagnostics
}

/// What the rules say of the change itself.
fn judge_change(change: &Change<'_>, settings: &Settings) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for rule in rules::ALL.iter().copied().filter(|rule| settings.levels.may_speak(rule)) {
        let Some(check) = rule.change_check() else { continue };
        let mut findings = Findings::default();
        check(change, &mut findings);
        let spoken = spoken(rule, findings, change.after, settings);
        diagnostics.extend(spoken.map(|diagnostic| Diagnostic {
            changed: Some(true),
            severity: on_change(rule, &diagnostic, settings),
            ..diagnostic
        }));
    }
    diagnostics
}

/// The findings that are told, with their severity.
pub(crate) fn spoken<'r>(
    rule: &'static Rule,
    findings: Findings,
    repository: &'r Repository<'_>,
    settings: &'r Settings,
) -> impl Iterator<Item = Diagnostic> + use<'r> {
    let frozen = |path: &str| repository.find(path).is_some_and(|file| file.is_frozen);
    let spoken = findings.found.into_iter().filter(move |finding| rule.in_frozen_trees || !frozen(&finding.path));
    let spoken = spoken.filter(|finding| rule.category == Category::Form || !is_broken(repository, finding));
    spoken.filter_map(move |finding| diagnostic(rule, finding, settings))
}

/// Tells which findings belong to the change: they touch its lines, or were not there before. Those
/// get the severity that the rule has for changes.
fn mark<'k>(
    change: &Change<'_>,
    settings: &Settings,
    diagnostics: &mut [Diagnostic],
    known: impl FnOnce(&[&Diagnostic]) -> Cow<'k, Known>,
) {
    for diagnostic in diagnostics.iter_mut() {
        let touches = change.touches(&diagnostic.path, diagnostic.range);
        if rules::find(diagnostic.rule).is_some_and(|rule| rule.on_touched_lines) {
            diagnostic.changed.get_or_insert(touches);
        } else if touches || diagnostic.related.iter().any(|related| change.touches(&related.path, related.range)) {
            diagnostic.changed = Some(true);
        }
    }
    let open: Vec<&Diagnostic> = diagnostics.iter().filter(|diagnostic| diagnostic.changed.is_none()).collect();
    let known = if open.is_empty() { Cow::Owned(Known::default()) } else { known(&open) };
    let mut met = Known::default();
    for diagnostic in diagnostics.iter_mut().filter(|diagnostic| diagnostic.changed.is_none()) {
        let key = (diagnostic.rule, change.path_before(&diagnostic.path).clone(), diagnostic.message.clone());
        let count = known.get(&key).copied().unwrap_or_default();
        let met = met.entry(key).or_default();
        diagnostic.changed = Some(*met >= count);
        *met += 1;
    }
    for diagnostic in diagnostics.iter_mut().filter(|diagnostic| diagnostic.changed == Some(true)) {
        // A rule that judges changes by itself knows best which finding is the graver for it.
        if let Some(rule) = rules::find(diagnostic.rule).filter(|rule| rule.check_change.is_none()) {
            diagnostic.severity = on_change(rule, diagnostic, settings);
        }
    }
}

/// The severity of a finding that belongs to the change.
fn on_change(rule: &Rule, diagnostic: &Diagnostic, settings: &Settings) -> Severity {
    let is_default = settings.levels.level(rule, &diagnostic.path) == Level::Default && diagnostic.severity == rule.severity;
    if is_default { rule.severity_on_change } else { diagnostic.severity }
}

/// How often the findings whose place the change does not touch stood in the tree before.
fn known_before(change: &Change<'_>, before: &Repository<'_>, settings: &Settings, open: &[&Diagnostic]) -> Known {
    let mut wanted = Wanted::new();
    let mut needs_all = false;
    for diagnostic in open {
        wanted.entry(diagnostic.rule).or_default().insert(change.path_before(&diagnostic.path));
        // Whether a suppression was used, only all rules together can tell.
        needs_all |= rules::find(diagnostic.rule).is_some_and(|rule| matches!(rule.check, Check::BuiltIn));
    }
    let mut found = judge(before, settings, (!needs_all).then_some(&wanted));
    suppression::apply(before, settings, &mut found);
    sort(&mut found);
    counted(found)
}

/// How often each of them stands there.
pub(crate) fn counted(diagnostics: Vec<Diagnostic>) -> Known {
    let mut known = Known::default();
    for diagnostic in diagnostics {
        *known.entry((diagnostic.rule, diagnostic.path, diagnostic.message)).or_insert(0) += 1;
    }
    known
}

/// Whether the finding is about a text of which a syntax error tells already; one error per place is
/// enough. A rule that knows the repair (`@alice` as a login) tells more than the syntax error does.
fn is_broken(repository: &Repository<'_>, finding: &Finding) -> bool {
    if finding.fixes.iter().any(|fix| fix.applicability == Applicability::Safe) {
        return false;
    }
    let errors = repository.find(&finding.path).map_or(&[][..], |file| file.source.document().errors_near(finding.range));
    errors.iter().any(|error| error.range.start() < finding.range.end() && finding.range.start() < error.range.end())
}

/// The finding with its severity; `None` where the rule is off for the file.
pub(crate) fn diagnostic(rule: &'static Rule, finding: Finding, settings: &Settings) -> Option<Diagnostic> {
    let severity = match settings.levels.level(rule, &finding.path) {
        Level::Off => return None,
        Level::Default => finding.severity.unwrap_or(rule.severity),
        Level::At(severity) => severity,
    };
    let Finding { path, range, message, help, related, fixes, .. } = finding;
    Some(Diagnostic { rule: rule.name, severity, path, range, message, help, related, fixes, changed: None })
}
