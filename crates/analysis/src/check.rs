//! Runs the rules over a snapshot.

use crate::diagnostic::{Applicability, Diagnostic};
use crate::file::Snapshot;
use crate::repository::{FileContext, Repository};
use crate::rule::{Category, Check, Finding, Findings, Rule};
use crate::rules;
use crate::settings::{Level, Settings};
use crate::suppression;

/// All findings, sorted by path, place and rule. Deterministic.
pub fn check(snapshot: &Snapshot, settings: &Settings) -> Vec<Diagnostic> {
    let repository = Repository::new(snapshot, &settings.policy);
    let mut diagnostics = Vec::new();
    for rule in rules::ALL.iter().copied().filter(|rule| settings.levels.may_speak(rule)) {
        let mut findings = Findings::default();
        run(rule, &repository, &mut findings);
        diagnostics.extend(spoken(rule, findings, &repository, settings));
    }
    suppression::apply(&repository, settings, &mut diagnostics);
    sort(&mut diagnostics);
    diagnostics
}

pub(crate) fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| (&a.path, a.range, a.rule, &a.message).cmp(&(&b.path, b.range, b.rule, &b.message)));
    diagnostics.dedup();
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

fn run(rule: &Rule, repository: &Repository<'_>, findings: &mut Findings) {
    match rule.check {
        Check::File(check) => {
            for file in repository.files.iter().filter(|file| rule.in_frozen_trees || !file.is_frozen) {
                check(&FileContext { file, repository }, findings);
            }
        }
        Check::Repository(check) => check(repository, findings),
        Check::BuiltIn => {}
    }
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
    Some(Diagnostic { rule: rule.name, severity, path, range, message, help, related, fixes })
}
