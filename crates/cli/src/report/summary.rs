//! Counts of a run.

use std::collections::BTreeMap;
use std::fmt;

use promolint_analysis::{Diagnostic, Severity};
use promolint_workspace::Compared;

/// What could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// As the user would write it.
    pub(crate) path: String,
    /// Why.
    pub(crate) message: String,
}

/// What was fixed, and what could be.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FixCounts {
    /// How many findings were fixed; none where nothing was to be.
    pub(crate) fixed: Option<usize>,
    /// How many could be with the same options and `--fix`.
    pub(crate) fixable: usize,
    /// How many more with `--unsafe-fixes`.
    pub(crate) more: usize,
    /// Whether `--unsafe-fixes` is among the options.
    pub(crate) with_unsafe: bool,
}

impl FixCounts {
    /// How to have more fixed; none where nothing can be.
    pub(crate) fn hint(&self) -> Option<String> {
        let option = if self.with_unsafe { "--fix --unsafe-fixes" } else { "--fix" };
        match (self.fixable, self.more) {
            (0, 0) => None,
            (fixable, 0) => Some(format!("{fixable} fixable with {option}.")),
            (0, more) => Some(format!("{more} fixable with --fix --unsafe-fixes, after a look.")),
            (fixable, more) => Some(format!("{fixable} fixable with {option}, {more} more with --unsafe-fixes, after a look.")),
        }
    }
}

/// Counts over all findings, shown or not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Summary {
    /// Files that were judged.
    pub(crate) files: usize,
    /// What could not be read.
    pub(crate) problems: Vec<Problem>,
    /// Findings that are left out of the report.
    pub(crate) not_shown: usize,
    /// What was fixed and could be.
    pub(crate) fixes: FixCounts,
    /// What a baseline knows; none without one.
    pub(crate) compared: Option<Compared>,
    /// Findings by rule and severity.
    pub(crate) rules: BTreeMap<(&'static str, Severity), usize>,
    /// Whether a change is judged.
    pub(crate) is_of_change: bool,
    severities: [usize; 4],
    /// Those of them that do not belong to the change; none where a tree is judged as it stands.
    old: Option<[usize; 4]>,
}

impl Summary {
    /// Counts.
    pub(crate) fn new(diagnostics: &[Diagnostic], files: usize, problems: Vec<Problem>) -> Self {
        let mut summary = Self { files, problems, ..Self::default() };
        for diagnostic in diagnostics {
            summary.severities[diagnostic.severity as usize] += 1;
            if let Some(changed) = diagnostic.changed {
                summary.old.get_or_insert_default()[diagnostic.severity as usize] += usize::from(!changed);
            }
            *summary.rules.entry((diagnostic.rule, diagnostic.severity)).or_default() += 1;
        }
        summary
    }

    /// How many findings have this severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.severities[severity as usize]
    }

    /// What a baseline keeps back and what it lists in vain, if there is anything to say.
    pub(crate) fn baseline(&self) -> Option<String> {
        let Compared { known, gone } = self.compared?;
        let known = (known > 0).then(|| format!("{} not shown (baseline).", plural(known, "known finding")));
        let are = if gone == 1 { "is" } else { "are" };
        let gone = (gone > 0).then(|| format!("{gone} of the baseline {are} gone: run `promolint baseline`."));
        let sentences: Vec<_> = known.into_iter().chain(gone).collect();
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    /// How many of those do not belong to the change.
    pub(crate) fn count_old(&self, severity: Severity) -> usize {
        self.old.map_or(0, |old| old[severity as usize])
    }

    /// The gravest severity that was found, of what belongs to the change if one is judged.
    pub(crate) fn gravest(&self) -> Option<Severity> {
        Severity::ALL.into_iter().rev().find(|severity| self.count(*severity) > self.count_old(*severity))
    }
}

/// `2 errors, 1 warning in 75 files`, and what else is to be known.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = plural(self.files, "file");
        let new = listed(|severity| self.count(severity) - self.count_old(severity));
        let new = if new.is_empty() { "No findings" } else { &new };
        let origin = if self.is_of_change || self.old.is_some() { " from this change" } else { "" };
        write!(f, "{new}{origin} in {files}.")?;
        let old = listed(|severity| self.count_old(severity));
        if !old.is_empty() {
            write!(f, " Not from this change: {old}.")?;
        }
        if let Some(fixed) = self.fixes.fixed {
            write!(f, " {fixed} fixed, {} remaining.", self.severities.iter().sum::<usize>())?;
        }
        if self.not_shown > 0 {
            write!(f, " {} not shown (--max-diagnostics).", plural(self.not_shown, "finding"))?;
        }
        if let Some(baseline) = self.baseline() {
            write!(f, " {baseline}")?;
        }
        if !self.problems.is_empty() {
            write!(f, " {} could not be read.", plural(self.problems.len(), "path"))?;
        }
        Ok(())
    }
}

/// `2 errors, 1 warning`.
fn listed(count: impl Fn(Severity) -> usize) -> String {
    let counts = Severity::ALL.into_iter().rev().map(|severity| (count(severity), severity));
    let counts: Vec<_> = counts.filter(|(count, _)| *count > 0).map(|(count, severity)| plural(count, severity.name())).collect();
    counts.join(", ")
}

/// `1 file`, `2 files`.
pub(crate) fn plural(count: usize, word: &str) -> String {
    let ending = if count == 1 || word == "info" { "" } else { "s" };
    format!("{count} {word}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sentence_says_it() {
        let mut summary = Summary { files: 75, severities: [0, 0, 1, 2], ..Summary::default() };
        assert_eq!(summary.to_string(), "2 errors, 1 warning in 75 files.");
        assert_eq!(summary.gravest(), Some(Severity::Error));
        summary.compared = Some(Compared { known: 12, gone: 3 });
        let told = "2 errors, 1 warning in 75 files. 12 known findings not shown (baseline). 3 of the baseline are gone: run `promolint baseline`.";
        assert_eq!(summary.to_string(), told);
        summary.compared = Some(Compared { known: 0, gone: 1 });
        summary.severities = [0; 4];
        assert_eq!(summary.to_string(), "No findings in 75 files. 1 of the baseline is gone: run `promolint baseline`.");
        summary.compared = Some(Compared::default());
        summary.problems.push(Problem { path: "a".to_owned(), message: "b".to_owned() });
        assert_eq!(summary.to_string(), "No findings in 75 files. 1 path could not be read.");
    }
}
