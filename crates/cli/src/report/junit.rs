//! `junit`: one suite a file, one case a finding; a failure is what fails the run.
//!
//! Findings below `--fail-on` are passed cases with a note, so that a green run shows no failures
//! in Prow. What could not be read is an error.

use std::io::{self, Write};

use super::summary::Problem;
use super::xml::Xml;
use super::{Finding, Report, TOOL};

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let problems = &report.summary.problems;
    let failures = failures(report, &report.findings);
    // A report without any case reads as "did not run".
    let tests = report.findings.len() + problems.len() + 1;
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<testsuites name="{TOOL}" tests="{tests}" failures="{failures}" errors="{}">"#, problems.len())?;
    writeln!(out, r#"  <testsuite name="{TOOL}" tests="{}" failures="0" errors="{}">"#, problems.len() + 1, problems.len())?;
    writeln!(out, r#"    <testcase name="{}" classname="{TOOL}"/>"#, super::summary::plural(report.summary.files, "file"))?;
    for Problem { path, message } in problems {
        writeln!(out, r#"    <testcase name="{}" classname="{TOOL}">"#, Xml(path))?;
        writeln!(out, r#"      <error message="{}"/>"#, Xml(message))?;
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")?;
    for findings in report.by_file() {
        let name = Xml(report.name(&findings[0].diagnostic.path));
        let failures = self::failures(report, findings);
        writeln!(out, r#"  <testsuite name="{name}" tests="{}" failures="{failures}" errors="0">"#, findings.len())?;
        for finding in findings {
            case(report, finding, &name, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn case(report: &Report<'_>, finding: &Finding<'_>, path: &Xml<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (diagnostic, start) = (finding.diagnostic, finding.span.start);
    let (rule, severity, message) = (diagnostic.rule, diagnostic.severity, Xml(&diagnostic.message));
    let (line, column) = (start.line, start.column);
    writeln!(out, r#"    <testcase name="{rule} {line}:{column}" classname="{path}" file="{path}" line="{line}">"#)?;
    let fails = severity >= report.fail_on;
    if fails {
        write!(out, r#"      <failure type="{severity}" message="{message}">"#)?;
    } else {
        write!(out, "      <system-out>")?;
    }
    write!(out, "{path}:{line}:{column} {severity} {rule} {message}")?;
    if let Some(help) = &diagnostic.help {
        write!(out, "\n{}", Xml(help))?;
    }
    writeln!(out, "\n{}</{}>", super::rule_url(rule), if fails { "failure" } else { "system-out" })?;
    writeln!(out, "    </testcase>")
}

fn failures(report: &Report<'_>, findings: &[Finding<'_>]) -> usize {
    findings.iter().filter(|finding| finding.diagnostic.severity >= report.fail_on).count()
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::super::{Format, Problem, testing::Sample};

    #[test]
    fn failures_are_what_fails_the_run() {
        let mut sample = Sample::new();
        sample.problems.push(Problem { path: "gone.yaml".to_owned(), message: "No such file".to_owned() });
        assert_data_eq!(sample.print(Format::Junit), str![[]]);
    }
}
