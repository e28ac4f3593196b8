//! `gitlab`: the Code Quality report that GitLab shows in merge requests.

use std::io::{self, Write};

use promolint_analysis::Severity;
use serde::Serialize;

use super::Report;
use super::fingerprint::Fingerprints;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'a str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut fingerprints = Fingerprints::default();
    let issues = report.findings.iter().map(|finding| {
        let diagnostic = finding.diagnostic;
        Issue {
            description: format!("{}: {}", diagnostic.rule, diagnostic.message),
            check_name: diagnostic.rule,
            fingerprint: fingerprints.of(report, finding),
            severity: match diagnostic.severity {
                Severity::Error => "critical",
                Severity::Warning => "major",
                Severity::Info => "minor",
                Severity::Hint => "info",
            },
            location: Location {
                path: report.name(&diagnostic.path),
                lines: Lines { begin: finding.span.start.line, end: finding.span.end.line },
            },
        }
    });
    serde_json::to_writer_pretty(&mut *out, &issues.collect::<Vec<_>>())?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::{Format, testing::Sample};

    #[test]
    fn issues_have_what_gitlab_requires() {
        let issues: Value = serde_json::from_str(&Sample::new().print(Format::Gitlab)).unwrap();
        let severities: Vec<_> = issues.as_array().unwrap().iter().map(|issue| issue["severity"].as_str().unwrap()).collect();
        assert_eq!(severities, ["major", "critical", "critical", "info", "minor"]);
        for issue in issues.as_array().unwrap() {
            assert_eq!(issue["fingerprint"].as_str().unwrap().len(), 32);
            assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
            assert!(issue["location"]["path"].as_str().unwrap().starts_with("registry.k8s.io/"));
        }
    }
}
