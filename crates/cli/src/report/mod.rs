//! Reports: the findings of a run, made ready for printing, and one file for each format.
//!
//! [`Report::new`] decides what is shown, looks up every place once and counts; a format is a
//! function from a [`Report`] to text.

mod checkstyle;
mod concise;
mod fingerprint;
mod full;
mod github;
mod gitlab;
mod json;
mod junit;
mod markdown;
mod place;
mod rdjson;
mod sarif;
mod statistics;
mod summary;
#[cfg(test)]
mod testing;
mod visible;
mod xml;

use std::collections::BTreeMap;
use std::io::{self, Write};

use clap::ValueEnum;
use promolint_analysis::{Diagnostic, FilePath, Severity, Snapshot};
use promolint_syntax::TextRange;

pub(crate) use full::severity_style;
pub(crate) use place::{Cursor, Position, Span};
pub(crate) use statistics::write_statistics;
pub(crate) use summary::{Problem, Summary, plural};
pub(crate) use visible::visible;

use crate::terminal::Appearance;

/// Name of the program in reports.
pub(crate) const TOOL: &str = env!("CARGO_PKG_NAME");
/// Its version.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Its home.
pub(crate) const HOME: &str = env!("CARGO_PKG_REPOSITORY");

pub(crate) use promolint_analysis::rule::page_url as rule_url;

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: each finding with the lines it is about
    Full,
    /// One line a finding
    Concise,
    /// The complete report, for programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations in GitHub Actions
    Github,
    /// GitLab Code Quality
    Gitlab,
    /// `JUnit` XML, for Prow and other CI systems
    Junit,
    /// Checkstyle XML
    Checkstyle,
    /// Reviewdog diagnostics
    Rdjson,
    /// A table, for job summaries
    Markdown,
}

impl Format {
    /// Its name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Checkstyle => "checkstyle",
            Self::Rdjson => "rdjson",
            Self::Markdown => "markdown",
        }
    }

    /// Whether people read it, so that a summary may stand among the findings.
    pub(crate) fn is_for_people(self) -> bool {
        matches!(self, Self::Full | Self::Concise)
    }

    /// Prints a report.
    pub(crate) fn write(self, report: &Report<'_>, appearance: &Appearance, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Full => full::write(report, appearance, out),
            Self::Concise => concise::write(report, appearance, out),
            Self::Json => json::write(report, out),
            Self::Sarif => sarif::write(report, out),
            Self::Github => github::write(report, out),
            Self::Gitlab => gitlab::write(report, out),
            Self::Junit => junit::write(report, out),
            Self::Checkstyle => checkstyle::write(report, out),
            Self::Rdjson => rdjson::write(report, out),
            Self::Markdown => markdown::write(report, out),
        }
    }
}

/// What a run found, ready for printing.
pub(crate) struct Report<'a> {
    /// What is shown, sorted by path and place.
    pub(crate) findings: Vec<Finding<'a>>,
    /// Counts over everything, shown or not.
    pub(crate) summary: Summary,
    /// The mildest severity that fails the run.
    pub(crate) fail_on: Severity,
    /// Whether findings are all that is printed.
    pub(crate) quiet: bool,
    snapshot: &'a Snapshot,
    /// Every path that a finding names, as the user would write it.
    names: BTreeMap<&'a FilePath, String>,
}

/// A diagnostic and where it stands.
pub(crate) struct Finding<'a> {
    /// The diagnostic.
    pub(crate) diagnostic: &'a Diagnostic,
    /// Its place.
    pub(crate) span: Span,
}

impl Finding<'_> {
    /// Whether it does not belong to the change that is judged.
    pub(crate) fn is_old(&self) -> bool {
        self.diagnostic.changed == Some(false)
    }
}

/// How findings that do not belong to the change are marked for people.
pub(crate) const NOT_FROM_THIS_CHANGE: &str = "(not from this change)";

/// What is to be shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// The mildest severity that fails the run.
    pub(crate) fail_on: Severity,
    /// The most findings that are shown; 0 for all.
    pub(crate) limit: usize,
    /// Whether findings are all that is printed.
    pub(crate) quiet: bool,
}

impl<'a> Report<'a> {
    /// Prepares `diagnostics`, which are sorted by path and place.
    /// `name` turns a path of the snapshot into the one that the user would write.
    pub(crate) fn new(
        snapshot: &'a Snapshot,
        diagnostics: &'a [Diagnostic],
        files: usize,
        problems: Vec<Problem>,
        name: &dyn Fn(&str) -> String,
        options: Options,
    ) -> Self {
        let mut summary = Summary::new(diagnostics, files, problems);
        let shown = gravest(diagnostics, options.limit);
        summary.not_shown = diagnostics.len() - shown.len();
        let mut cursor = Cursor::default();
        let findings = shown.into_iter().map(|diagnostic| {
            let span = cursor.span(snapshot, &diagnostic.path, diagnostic.range);
            Finding { diagnostic, span }
        });
        let findings: Vec<_> = findings.collect();
        let mut names = BTreeMap::new();
        let mut add = |path: &'a FilePath| {
            names.entry(path).or_insert_with(|| name(path));
        };
        for Finding { diagnostic, .. } in &findings {
            add(&diagnostic.path);
            diagnostic.related.iter().for_each(|related| add(&related.path));
            diagnostic.fixes.iter().flat_map(|fix| &fix.edits).for_each(|edit| add(&edit.path));
        }
        Self { findings, summary, fail_on: options.fail_on, quiet: options.quiet, snapshot, names }
    }

    /// A path as the user would write it, with `/`.
    pub(crate) fn name<'p>(&'p self, path: &'p FilePath) -> &'p str {
        self.names.get(path).map_or(&**path, String::as_str)
    }

    /// The text of a file, if it is at hand.
    pub(crate) fn text(&self, path: &FilePath) -> Option<&'a str> {
        self.snapshot.get(path).map(|file| file.text())
    }

    /// A place outside the usual order: a related one, an edit.
    pub(crate) fn span(&self, path: &FilePath, range: TextRange) -> Span {
        Cursor::default().span(self.snapshot, path, range)
    }

    /// The findings of each file.
    pub(crate) fn by_file(&self) -> impl Iterator<Item = &[Finding<'a>]> {
        self.findings.chunk_by(|a, b| a.diagnostic.path == b.diagnostic.path)
    }
}

/// The `limit` gravest, those of the change first, in their old order.
fn gravest(diagnostics: &[Diagnostic], limit: usize) -> Vec<&Diagnostic> {
    if limit == 0 || diagnostics.len() <= limit {
        return diagnostics.iter().collect();
    }
    let mut order: Vec<usize> = (0..diagnostics.len()).collect();
    order.sort_by_key(|at| (diagnostics[*at].changed == Some(false), std::cmp::Reverse(diagnostics[*at].severity)));
    order.truncate(limit);
    order.sort_unstable();
    order.into_iter().map(|at| &diagnostics[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_are_kept_in_order() {
        let sample = testing::Sample::new();
        let kept = gravest(&sample.diagnostics, 2);
        assert!(kept.iter().all(|diagnostic| diagnostic.severity == Severity::Error));
        assert_eq!(gravest(&sample.diagnostics, 0).len(), sample.diagnostics.len());
    }
}
