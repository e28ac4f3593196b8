//! `rdjson`: Reviewdog diagnostics. Columns count bytes, from 1.

use std::io::{self, Write};

use promolint_analysis::{Diagnostic, Fix, Severity};
use promolint_syntax::{TextEdit, TextRange, apply_edits};
use serde::Serialize;

use super::{Position, Report, Span, rule_url};

#[derive(Serialize)]
struct DiagnosticResult<'a> {
    source: Source,
    diagnostics: Vec<RdDiagnostic<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct RdDiagnostic<'a> {
    message: &'a str,
    location: Location<'a>,
    severity: &'a str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
    #[serde(skip_serializing_if = "Vec::is_empty", rename = "relatedLocations")]
    related_locations: Vec<RelatedLocation<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    range: RdRange,
}

#[derive(Serialize)]
struct RdRange {
    start: RdPosition,
    end: RdPosition,
}

#[derive(Serialize)]
struct RdPosition {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    url: String,
}

#[derive(Serialize)]
struct Suggestion {
    range: RdRange,
    text: String,
}

#[derive(Serialize)]
struct RelatedLocation<'a> {
    message: &'a str,
    location: Location<'a>,
}

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let diagnostics = report.findings.iter().map(|finding| {
        let diagnostic = finding.diagnostic;
        let related_locations = diagnostic.related.iter().map(|related| RelatedLocation {
            message: &related.message,
            location: Location { path: report.name(&related.path), range: range(report.span(&related.path, related.range)) },
        });
        RdDiagnostic {
            message: &diagnostic.message,
            location: Location { path: report.name(&diagnostic.path), range: range(finding.span) },
            severity: match diagnostic.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
                Severity::Info | Severity::Hint => "INFO",
            },
            code: Code { value: diagnostic.rule, url: rule_url(diagnostic.rule) },
            suggestions: diagnostic.fixes.iter().filter_map(|fix| suggestion(report, diagnostic, fix)).collect(),
            related_locations: related_locations.collect(),
        }
    });
    let source = Source { name: super::TOOL, url: super::HOME };
    serde_json::to_writer_pretty(&mut *out, &DiagnosticResult { source, diagnostics: diagnostics.collect() })?;
    writeln!(out)
}

/// Reviewdog takes several suggestions as a choice, so the edits of a fix become one: from the
/// first to the last, with what stays between them. A fix in other files cannot be expressed.
fn suggestion(report: &Report<'_>, diagnostic: &Diagnostic, fix: &Fix) -> Option<Suggestion> {
    let text = report.text(&diagnostic.path)?;
    if fix.edits.iter().any(|edit| edit.path != diagnostic.path) {
        return None;
    }
    let ranges = fix.edits.iter().map(|edit| edit.edit.range);
    let cover = ranges.reduce(TextRange::cover)?;
    let moved = |range: TextRange| TextRange::new(range.start() - cover.start(), range.end() - cover.start());
    let edits: Vec<_> = fix.edits.iter().map(|edit| TextEdit::replace(moved(edit.edit.range), edit.edit.text.clone())).collect();
    let text = apply_edits(text.get(cover.to_usize())?, &edits).ok()?;
    Some(Suggestion { range: range(report.span(&diagnostic.path, cover)), text })
}

fn range(span: Span) -> RdRange {
    let position = |Position { line, byte_column, .. }: Position| RdPosition { line, column: byte_column };
    RdRange { start: position(span.start), end: position(span.end) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{Format, testing::Sample};

    #[test]
    fn columns_are_bytes_and_a_fix_is_one_suggestion() {
        let report: Value = serde_json::from_str(&Sample::new().print(Format::Rdjson)).unwrap();
        let diagnostics = &report["diagnostics"];
        assert_eq!(
            diagnostics[0]["suggestions"],
            json!([{
                "range": {"start": {"line": 4, "column": 5}, "end": {"line": 4, "column": 15}},
                "text": "\"sha256:1bb\""
            }])
        );
        assert_eq!(diagnostics[2]["location"]["range"], json!({"start": {"line": 7, "column": 20}, "end": {"line": 7, "column": 26}}));
        assert_eq!(diagnostics[1]["relatedLocations"][1]["location"]["range"]["start"]["line"], 2);
        assert_eq!(diagnostics[3]["severity"], "INFO");
    }
}
