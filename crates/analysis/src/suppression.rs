//! Comments that silence rules: `# promolint: allow(rule-a, rule-b) reason`.
//!
//! Such a comment counts for its line; on a line of its own, for the next line with content; before
//! the first value of a file, for the whole file. A finding belongs to the line that it starts on.

mod comment;

use foldhash::{HashMap, HashMapExt};

use promolint_syntax::TextRange;

use crate::check::diagnostic;
use crate::diagnostic::{Diagnostic, FilePath};
use crate::file::SourceFile;
use crate::repository::{File, Repository};
use crate::rule::{Category, Finding, Rule};
use crate::rules::{self, suppression as reports};
use crate::settings::{Level, Settings};

pub(crate) use comment::{Allow, Flaw};

/// A comment that silences rules.
pub(crate) struct Suppression<'a> {
    pub(crate) file: &'a SourceFile,
    pub(crate) comment: TextRange,
    pub(crate) allow: Allow<'a>,
    /// Those of its names that are rules.
    pub(crate) rules: Vec<AllowedRule<'a>>,
    scope: Scope,
}

/// A rule that a comment silences.
pub(crate) struct AllowedRule<'a> {
    pub(crate) name: &'a str,
    pub(crate) rule: &'static Rule,
    is_used: bool,
}

/// For which findings a comment counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    File,
    /// Those that start on this line, from 0; `None` where no line with content follows.
    Line(Option<u32>),
}

/// Drops what is silenced and reports suppressions that are wrong, unused or expired.
pub(crate) fn apply(repository: &Repository<'_>, settings: &Settings, diagnostics: &mut Vec<Diagnostic>) {
    let mut reported: Vec<(&'static Rule, Finding)> = Vec::new();
    let mut suppressions: HashMap<FilePath, Vec<Suppression<'_>>> = HashMap::new();
    for file in &repository.files {
        let mut found = Vec::new();
        for range in file.source.document().comments().iter().copied() {
            match comment::parse(file.source.slice(range)) {
                None => {}
                Some(Err(flaw)) => reported.push((&reports::syntax::RULE, reports::syntax::not_read(file.source, range, &flaw))),
                Some(Ok(allow)) => found.extend(suppression(file, range, allow, settings, &mut reported)),
            }
        }
        if !found.is_empty() {
            suppressions.insert(file.source.path().clone(), found);
        }
    }
    if !suppressions.is_empty() {
        diagnostics.retain(|diagnostic| !suppressions.get_mut(&diagnostic.path).is_some_and(|all| silence(diagnostic, all)));
    }
    for file in repository.files.iter().filter(|file| !file.is_frozen && file.source.document().errors().is_empty()) {
        for suppression in suppressions.get(file.source.path()).into_iter().flatten() {
            let unused = unused(suppression, repository, settings);
            if !unused.is_empty() {
                reported.push((&reports::unused::RULE, reports::unused::finding(suppression, &unused)));
            }
        }
    }
    let is_frozen = |path: &FilePath| repository.find(path).is_some_and(|file| file.is_frozen);
    let reported = reported.into_iter().filter(|(_, finding)| !is_frozen(&finding.path));
    diagnostics.extend(reported.filter_map(|(rule, finding)| diagnostic(rule, finding, settings)));
}

/// What a well-formed comment silences; its names that are no rules, a missing reason and its end are reported.
fn suppression<'a>(
    file: &File<'a>,
    comment: TextRange,
    allow: Allow<'a>,
    settings: &Settings,
    reported: &mut Vec<(&'static Rule, Finding)>,
) -> Option<Suppression<'a>> {
    let source = file.source;
    let mut rules = Vec::new();
    for (name, range) in &allow.names {
        let range = within(comment, range);
        match rules::find(name) {
            None => reported.push((&reports::syntax::RULE, reports::syntax::unknown_rule(source, comment, range, name))),
            Some(rule) if rule.category == Category::Suppression => {
                reported.push((&reports::syntax::RULE, reports::syntax::not_silenced(source, range, name)));
            }
            Some(rule) => rules.push(AllowedRule { name, rule, is_used: false }),
        }
    }
    if !allow.has_reason {
        reported.push((&reports::syntax::RULE, reports::syntax::no_reason(source, comment)));
        return None;
    }
    let suppression = Suppression { file: source, comment, rules, scope: scope(source, comment), allow };
    if let Some(until) = suppression.allow.until.filter(|until| settings.today.is_some_and(|today| today > *until)) {
        reported.push((&reports::expired::RULE, reports::expired::finding(&suppression, until)));
        return None;
    }
    Some(suppression)
}

/// A range of a comment's text in its file.
pub(crate) fn within(comment: TextRange, range: &std::ops::Range<usize>) -> TextRange {
    let offset = |at: usize| comment.start() + u32::try_from(at).unwrap_or(0);
    TextRange::new(offset(range.start), offset(range.end))
}

/// Whether a comment at this place silences what starts at an offset.
pub fn covers(source: &SourceFile, comment: TextRange, offset: u32) -> bool {
    match scope(source, comment) {
        Scope::File => true,
        Scope::Line(line) => line == Some(source.lines().line(offset)),
    }
}

fn scope(source: &SourceFile, comment: TextRange) -> Scope {
    if source.document().root().is_none_or(|root| comment.start() < root.range().start()) {
        return Scope::File;
    }
    let (text, lines) = (source.text(), source.lines());
    let line = lines.line(comment.start());
    let before = &text[lines.line_start(line) as usize..comment.start() as usize];
    if !before.trim().is_empty() {
        return Scope::Line(Some(line));
    }
    let has_content = |line: &u32| {
        let content = source.slice(lines.line_range(text, *line)).trim_start();
        !content.is_empty() && !content.starts_with('#')
    };
    Scope::Line((line + 1..lines.line_count()).find(has_content))
}

/// Whether one of the comments silences the finding; that one is used then, the nearest first.
fn silence(diagnostic: &Diagnostic, suppressions: &mut [Suppression<'_>]) -> bool {
    let Some(source) = suppressions.first().map(|suppression| suppression.file) else { return false };
    let line = source.lines().line(diagnostic.range.start());
    for scope in [Scope::Line(Some(line)), Scope::File] {
        let near = suppressions.iter_mut().filter(|suppression| suppression.scope == scope);
        if let Some(allowed) = near.flat_map(|suppression| &mut suppression.rules).find(|allowed| allowed.rule.name == diagnostic.rule) {
            allowed.is_used = true;
            return true;
        }
    }
    false
}

/// The rules that had nothing to say where a comment silences them.
fn unused<'s, 'a>(suppression: &'s Suppression<'a>, repository: &Repository<'_>, settings: &Settings) -> Vec<&'s AllowedRule<'a>> {
    // Where files are missing, only what a file says by itself is certain.
    let is_judged = |rule: &Rule| {
        let is_certain = repository.is_complete || rule.category == Category::Form;
        // What silences a finding about a change stays when the change is history.
        let is_certain = is_certain && rule.change_check().is_none();
        is_certain && settings.levels.level(rule, suppression.file.path()) != Level::Off
    };
    suppression.rules.iter().filter(|allowed| !allowed.is_used && is_judged(allowed.rule)).collect()
}
