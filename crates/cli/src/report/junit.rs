//! `junit`: one suite a file, one case a finding; a failure is what fails the run.
//!
//! Findings below `--fail-on`, and those that do not belong to the change that is judged, are passed
//! cases with a note, so that a green run shows no failures in Prow. What could not be read is an error.

use std::io::{self, Write};

use super::summary::Problem;
use super::xml::Xml;
use super::{Finding, NOT_FROM_THIS_CHANGE, Report, TOOL};

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
    writeln!(out, r#"    <testcase name="{rule} {line}:{column}" classname="{path}">"#)?;
    let fails = fails(report, finding);
    if fails {
        write!(out, r#"      <failure type="{severity}" message="{message}">"#)?;
    } else {
        write!(out, "      <system-out>")?;
    }
    write!(out, "{path}:{line}:{column} {severity} {rule} {message}")?;
    if finding.is_old() {
        write!(out, " {NOT_FROM_THIS_CHANGE}")?;
    }
    if let Some(help) = &diagnostic.help {
        write!(out, "\n{}", Xml(help))?;
    }
    writeln!(out, "\n{}</{}>", super::rule_url(rule), if fails { "failure" } else { "system-out" })?;
    writeln!(out, "    </testcase>")
}

fn fails(report: &Report<'_>, finding: &Finding<'_>) -> bool {
    !finding.is_old() && finding.diagnostic.severity >= report.fail_on
}

fn failures(report: &Report<'_>, findings: &[Finding<'_>]) -> usize {
    findings.iter().filter(|finding| fails(report, finding)).count()
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::super::{Format, Problem, testing::Sample};

    #[test]
    fn failures_are_what_fails_the_run() {
        let mut sample = Sample::new();
        sample.problems.push(Problem { path: "gone.yaml".to_owned(), message: "No such file".to_owned() });
        assert_data_eq!(
            sample.print(Format::Junit),
            str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="promolint" tests="7" failures="2" errors="1">
  <testsuite name="promolint" tests="2" failures="0" errors="1">
    <testcase name="3 files" classname="promolint"/>
    <testcase name="gone.yaml" classname="promolint">
      <error message="No such file"/>
    </testcase>
  </testsuite>
  <testsuite name="registry.k8s.io/images/k8s-staging-widget/images.yaml" tests="3" failures="2" errors="0">
    <testcase name="digest-not-visible 4:5" classname="registry.k8s.io/images/k8s-staging-widget/images.yaml">
      <system-out>registry.k8s.io/images/k8s-staging-widget/images.yaml:4:5 warning digest-not-visible digest `sha256:1bb` is not double-quoted; the promoter promotes nothing
Quote the digest.
https://github.com/promolint/promolint/blob/main/docs/rules/digest-not-visible.md</system-out>
    </testcase>
    <testcase name="tag-on-two-digests 4:18" classname="registry.k8s.io/images/k8s-staging-widget/images.yaml">
      <failure type="error" message="tag `v1.0.0` is on two digests; the promoter stops with &apos;overlapping edges&apos;">registry.k8s.io/images/k8s-staging-widget/images.yaml:4:18 error tag-on-two-digests tag `v1.0.0` is on two digests; the promoter stops with &apos;overlapping edges&apos;
https://github.com/promolint/promolint/blob/main/docs/rules/tag-on-two-digests.md</failure>
    </testcase>
    <testcase name="tag-syntax 7:20" classname="registry.k8s.io/images/k8s-staging-widget/images.yaml">
      <failure type="error" message="tag `€1` is no tag: 50% &lt;wrong&gt;, &quot;odd&quot; &amp; more">registry.k8s.io/images/k8s-staging-widget/images.yaml:7:20 error tag-syntax tag `€1` is no tag: 50% &lt;wrong&gt;, &quot;odd&quot; &amp; more
https://github.com/promolint/promolint/blob/main/docs/rules/tag-syntax.md</failure>
    </testcase>
  </testsuite>
  <testsuite name="registry.k8s.io/images/k8s-staging-wïdget 2/OWNERS" tests="1" failures="0" errors="0">
    <testcase name="trailing-whitespace 2:9" classname="registry.k8s.io/images/k8s-staging-wïdget 2/OWNERS">
      <system-out>registry.k8s.io/images/k8s-staging-wïdget 2/OWNERS:2:9 hint trailing-whitespace blanks at the end of the line, after `al␛ice`
https://github.com/promolint/promolint/blob/main/docs/rules/trailing-whitespace.md</system-out>
    </testcase>
  </testsuite>
  <testsuite name="registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml" tests="1" failures="0" errors="0">
    <testcase name="header-comment 2:9" classname="registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml">
      <system-out>registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml:2:9 info header-comment the header names another project
https://github.com/promolint/promolint/blob/main/docs/rules/header-comment.md</system-out>
    </testcase>
  </testsuite>
</testsuites>

"#]]
        );
    }

    #[test]
    fn it_is_well_formed() {
        let mut sample = Sample::new();
        for diagnostic in &mut sample.diagnostics {
            diagnostic.message = "\0\u{8}\x1b<![CDATA[ ]]> &amp; \u{fffe}\u{ffff}\r\n\t\"'".to_owned();
        }
        let xml = sample.print(Format::Junit);
        assert!(roxmltree::Document::parse(&xml).is_ok(), "{xml}");
    }
}
