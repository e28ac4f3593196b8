//! `sarif`: SARIF 2.1.0, for GitHub code scanning and other viewers.
//!
//! Artifacts are relative to `%SRCROOT%`, which each viewer knows for itself.

use std::fmt::Write as _;
use std::io::{self, Write};

use promolint_analysis::{Applicability, Diagnostic, FileEdit, FilePath, Fix, Rule, Severity, rules};
use serde_json::{Value, json};

use super::fingerprint::Fingerprints;
use super::{Cursor, Finding, HOME, Report, Span, TOOL, VERSION, rule_url};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut fingerprints = Fingerprints::default();
    let results = report.findings.iter().map(|finding| result(report, finding, &fingerprints.of(report, finding)));
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": TOOL,
                "version": VERSION,
                "informationUri": HOME,
                "rules": rules::ALL.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": report.summary.problems.is_empty(),
                "toolExecutionNotifications": notifications(report),
            }],
            "results": results.collect::<Vec<_>>(),
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.name,
        "shortDescription": {"text": rule.summary()},
        "fullDescription": {"text": rule.summary()},
        "help": {"text": crate::markdown::plain(rule.documentation), "markdown": rule.documentation.trim()},
        "helpUri": rule_url(rule.name),
        "defaultConfiguration": {"enabled": rule.enabled, "level": level(rule.severity)},
        "properties": {"category": rule.category.name(), "tags": [rule.category.name()]},
    })
}

fn result(report: &Report<'_>, finding: &Finding<'_>, fingerprint: &str) -> Value {
    let diagnostic = finding.diagnostic;
    let message = match &diagnostic.help {
        Some(help) => format!("{}\n{help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let mut result = json!({
        "ruleId": diagnostic.rule,
        "level": level(diagnostic.severity),
        "message": {"text": message},
        "locations": [{"physicalLocation": physical_location(report, &diagnostic.path, finding.span)}],
        "partialFingerprints": {"promolint/v1": fingerprint},
    });
    if let Some(changed) = diagnostic.changed {
        result["baselineState"] = if changed { "new" } else { "unchanged" }.into();
    } else if report.summary.compared.is_some() {
        // What the baseline knows is not reported, so the rest is new to it.
        result["baselineState"] = "new".into();
    }
    if let Some(index) = rules::ALL.iter().position(|rule| rule.name == diagnostic.rule) {
        result["ruleIndex"] = index.into();
    }
    if !diagnostic.related.is_empty() {
        result["relatedLocations"] = related_locations(report, diagnostic);
    }
    // SARIF means fixes to be applied; what is for people to read only is none.
    let fixes = diagnostic.fixes.iter().filter(|fix| fix.applicability > Applicability::DisplayOnly);
    let fixes: Vec<_> = fixes.map(|found| fix(report, found)).collect();
    if !fixes.is_empty() {
        result["fixes"] = fixes.into();
    }
    result
}

fn related_locations(report: &Report<'_>, diagnostic: &Diagnostic) -> Value {
    let locations = diagnostic.related.iter().enumerate().map(|(id, related)| {
        let span = report.span(&related.path, related.range);
        json!({
            "id": id,
            "physicalLocation": physical_location(report, &related.path, span),
            "message": {"text": related.message},
        })
    });
    locations.collect()
}

fn fix(report: &Report<'_>, fix: &Fix) -> Value {
    let mut paths: Vec<&FilePath> = fix.edits.iter().map(|edit| &edit.path).collect();
    paths.sort();
    paths.dedup();
    let change = |path: &FilePath| {
        let mut cursor = Cursor::default();
        let replacement = |FileEdit { edit, .. }: &FileEdit| {
            json!({
                "deletedRegion": region(cursor.span(report.snapshot, path, edit.range)),
                "insertedContent": {"text": edit.text},
            })
        };
        let edits = fix.edits.iter().filter(|edit| edit.path == *path);
        json!({"artifactLocation": artifact(report.name(path)), "replacements": edits.map(replacement).collect::<Vec<_>>()})
    };
    json!({
        "description": {"text": fix.title},
        "artifactChanges": paths.into_iter().map(change).collect::<Vec<_>>(),
    })
}

fn notifications(report: &Report<'_>) -> Vec<Value> {
    let notification = |problem: &super::Problem| {
        json!({
            "level": "error",
            "message": {"text": format!("cannot read {}: {}", problem.path, problem.message)},
            "locations": [{"physicalLocation": {"artifactLocation": artifact(&problem.path)}}],
        })
    };
    report.summary.problems.iter().map(notification).collect()
}

fn physical_location(report: &Report<'_>, path: &FilePath, span: Span) -> Value {
    json!({"artifactLocation": artifact(report.name(path)), "region": region(span)})
}

fn region(Span { start, end }: Span) -> Value {
    json!({"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column})
}

fn artifact(path: &str) -> Value {
    if path.starts_with('/') {
        return json!({"uri": format!("file://{}", percent_encoded(path))});
    }
    // `..` in a reference that is resolved against a base is allowed; in our case it names what it should.
    json!({"uri": percent_encoded(path.trim_start_matches("./")), "uriBaseId": "%SRCROOT%"})
}

/// A path as a URI reference (RFC 3986).
fn percent_encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'@' | b'+' | b'=' => uri.push(char::from(byte)),
            other => {
                let _ = write!(uri, "%{other:02X}");
            }
        }
    }
    uri
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "note",
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, Problem, testing::Sample};
    use super::*;

    #[test]
    fn a_log_has_what_viewers_need() {
        let mut sample = Sample::new();
        sample.problems.push(Problem { path: "gone".to_owned(), message: "No such file".to_owned() });
        let log: Value = serde_json::from_str(&sample.print(Format::Sarif)).unwrap();
        let run = &log["runs"][0];
        assert_eq!(run["columnKind"], "unicodeCodePoints");
        assert_eq!(run["invocations"][0]["executionSuccessful"], false);
        let results = &run["results"];
        assert_eq!(
            results[2]["locations"][0]["physicalLocation"]["region"],
            json!({"startLine": 7, "startColumn": 20, "endLine": 7, "endColumn": 24})
        );
        assert_eq!(results[1]["relatedLocations"].as_array().unwrap().len(), 2);
        let replacements = &results[0]["fixes"][0]["artifactChanges"][0]["replacements"];
        assert_eq!(replacements[1]["deletedRegion"], json!({"startLine": 4, "startColumn": 15, "endLine": 4, "endColumn": 15}));
        assert_eq!(
            results[3]["locations"][0]["physicalLocation"]["artifactLocation"],
            json!({"uri": "registry.k8s.io/images/k8s-staging-w%C3%AFdget%202/OWNERS", "uriBaseId": "%SRCROOT%"})
        );
        assert_eq!(results[3]["level"], "note");
    }

    /// The official schema, as a package on crates.io carries it.
    fn schema() -> Value {
        let run = |program: &str, arguments: &[&str]| std::process::Command::new(program).args(arguments).output().unwrap().stdout;
        // Only what this platform needs was downloaded.
        let version = String::from_utf8(run("rustc", &["-vV"])).unwrap();
        let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let arguments = ["metadata", "--offline", "--format-version", "1", "--filter-platform", host, "--manifest-path", manifest];
        let metadata: Value = serde_json::from_slice(&run(env!("CARGO"), &arguments)).unwrap();
        let packages = metadata["packages"].as_array().unwrap();
        let package = packages.iter().find(|package| package["name"] == "serde-sarif").unwrap();
        let manifest = std::path::Path::new(package["manifest_path"].as_str().unwrap());
        let text = std::fs::read_to_string(manifest.with_file_name("src").join("schema.json")).unwrap();
        // A stray bracket in a pattern for language codes, which we do not print.
        serde_json::from_str(&text.replace("{2}]?$", "{2}$")).unwrap()
    }

    #[test]
    fn a_log_fits_the_schema() {
        let mut sample = Sample::new();
        sample.problems.push(Problem { path: "/gone".to_owned(), message: "No such file".to_owned() });
        let log: Value = serde_json::from_str(&sample.print(Format::Sarif)).unwrap();
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let errors: Vec<_> = validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        assert!(!validator.is_valid(&json!({"version": "2.1.0"})), "the schema judges");
    }
}
