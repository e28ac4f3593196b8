//! `json`: everything, for programs. The shape is a promise; additions are allowed, changes raise `version`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use promolint_analysis::{FileEdit, Fix, Related, Severity};
use promolint_workspace::Compared;
use serde::Serialize;

use super::{Finding, Position, Report, Span, rule_url};

#[derive(Serialize)]
struct JsonReport<'a> {
    version: u32,
    diagnostics: Vec<JsonDiagnostic<'a>>,
    summary: JsonSummary<'a>,
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    rule: &'a str,
    severity: &'a str,
    path: &'a str,
    range: JsonRange,
    message: &'a str,
    help: Option<&'a str>,
    url: String,
    related: Vec<JsonRelated<'a>>,
    fixes: Vec<JsonFix<'a>>,
    /// Whether the judged change touches it; null without one.
    changed: Option<bool>,
}

#[derive(Serialize)]
struct JsonRange {
    start: JsonPosition,
    end: JsonPosition,
}

#[derive(Serialize)]
struct JsonPosition {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct JsonRelated<'a> {
    path: &'a str,
    range: JsonRange,
    message: &'a str,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    title: &'a str,
    applicability: &'a str,
    edits: Vec<JsonEdit<'a>>,
}

#[derive(Serialize)]
struct JsonEdit<'a> {
    path: &'a str,
    start: u32,
    end: u32,
    text: &'a str,
}

#[derive(Serialize)]
struct JsonSummary<'a> {
    files: usize,
    error: usize,
    warning: usize,
    info: usize,
    hint: usize,
    not_shown: usize,
    /// Null without one.
    baseline: Option<JsonBaseline>,
    rules: BTreeMap<&'a str, usize>,
    problems: Vec<JsonProblem<'a>>,
}

#[derive(Serialize)]
struct JsonBaseline {
    known: usize,
    gone: usize,
}

#[derive(Serialize)]
struct JsonProblem<'a> {
    path: &'a str,
    message: &'a str,
}

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let diagnostics = report.findings.iter().map(|finding| diagnostic(report, finding)).collect();
    serde_json::to_writer_pretty(&mut *out, &JsonReport { version: 1, diagnostics, summary: summary(report) })?;
    writeln!(out)
}

fn diagnostic<'r>(report: &'r Report<'_>, finding: &Finding<'r>) -> JsonDiagnostic<'r> {
    let diagnostic = finding.diagnostic;
    JsonDiagnostic {
        rule: diagnostic.rule,
        severity: diagnostic.severity.name(),
        path: report.name(&diagnostic.path),
        range: range(finding.span),
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
        url: rule_url(diagnostic.rule),
        related: diagnostic.related.iter().map(|place| related(report, place)).collect(),
        fixes: diagnostic.fixes.iter().map(|found| fix(report, found)).collect(),
        changed: diagnostic.changed,
    }
}

fn related<'r>(report: &'r Report<'_>, related: &'r Related) -> JsonRelated<'r> {
    let range = range(report.span(&related.path, related.range));
    JsonRelated { path: report.name(&related.path), range, message: &related.message }
}

fn fix<'r>(report: &'r Report<'_>, fix: &'r Fix) -> JsonFix<'r> {
    let edit = |FileEdit { path, edit }: &'r FileEdit| JsonEdit {
        path: report.name(path),
        start: edit.range.start(),
        end: edit.range.end(),
        text: &edit.text,
    };
    JsonFix { title: &fix.title, applicability: fix.applicability.name(), edits: fix.edits.iter().map(edit).collect() }
}

fn range(span: Span) -> JsonRange {
    let position = |Position { line, column, .. }: Position| JsonPosition { line, column };
    JsonRange { start: position(span.start), end: position(span.end) }
}

fn summary<'r>(report: &'r Report<'_>) -> JsonSummary<'r> {
    let summary = &report.summary;
    let mut rules = BTreeMap::new();
    for ((rule, _), count) in &summary.rules {
        *rules.entry(*rule).or_default() += count;
    }
    JsonSummary {
        files: summary.files,
        error: summary.count(Severity::Error),
        warning: summary.count(Severity::Warning),
        info: summary.count(Severity::Info),
        hint: summary.count(Severity::Hint),
        not_shown: summary.not_shown,
        baseline: summary.compared.map(|Compared { known, gone }| JsonBaseline { known, gone }),
        rules,
        problems: summary.problems.iter().map(|problem| JsonProblem { path: &problem.path, message: &problem.message }).collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{Format, testing::Sample};

    #[test]
    fn the_shape_is_the_promised_one() {
        let report: Value = serde_json::from_str(&Sample::new().print(Format::Json)).unwrap();
        assert_eq!(report["version"], 1);
        assert_eq!(
            report["diagnostics"][0],
            json!({
                "rule": "digest-not-visible",
                "severity": "warning",
                "path": "registry.k8s.io/images/k8s-staging-widget/images.yaml",
                "range": {"start": {"line": 4, "column": 5}, "end": {"line": 4, "column": 15}},
                "message": "digest `sha256:1bb` is not double-quoted; the promoter promotes nothing",
                "help": "Quote the digest.",
                "url": "https://github.com/promolint/promolint/blob/main/docs/rules/digest-not-visible.md",
                "related": [],
                "fixes": [{"title": "quote the digest", "applicability": "safe", "edits": [
                    {"path": "registry.k8s.io/images/k8s-staging-widget/images.yaml", "start": 56, "end": 56, "text": "\""},
                    {"path": "registry.k8s.io/images/k8s-staging-widget/images.yaml", "start": 66, "end": 66, "text": "\""},
                ]}],
                "changed": null,
            })
        );
        assert_eq!(report["diagnostics"][2]["range"], json!({"start": {"line": 7, "column": 20}, "end": {"line": 7, "column": 24}}));
        assert_eq!(report["summary"]["error"], 2);
        assert_eq!(report["summary"]["files"], 3);
        assert_eq!(report["summary"]["rules"]["tag-syntax"], 1);
    }
}
