//! `markdown`: counts and a table, gravest first, for the summaries of CI jobs.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::io::{self, Write};

use promolint_analysis::Severity;

use super::summary::{Problem, plural};
use super::{Finding, Report, TOOL, rule_url, visible};

/// GitHub drops a summary of more than 1 MiB; others have less patience.
const MOST_BYTES: usize = 512 * 1024;

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let summary = &report.summary;
    let fails = summary.gravest() >= Some(report.fail_on) || !summary.problems.is_empty();
    writeln!(out, "### {} {TOOL}: {}", if fails { "❌" } else { "✅" }, escaped(&summary.to_string()))?;
    if !summary.problems.is_empty() {
        writeln!(out)?;
    }
    for Problem { path, message } in &summary.problems {
        writeln!(out, "- cannot read {}: {}", code(path), escaped(message))?;
    }
    if report.findings.is_empty() {
        return Ok(());
    }
    let mut findings: Vec<_> = report.findings.iter().collect();
    findings.sort_by_key(|finding| Reverse(finding.diagnostic.severity));
    writeln!(out, "\n| | Finding | Where |\n|---|---|---|")?;
    let mut written = 0;
    for (at, finding) in findings.iter().enumerate() {
        let row = row(report, finding);
        written += row.len();
        if written > MOST_BYTES {
            return writeln!(out, "\n{} more in the log and in the other reports.", plural(findings.len() - at, "finding"));
        }
        out.write_all(row.as_bytes())?;
    }
    Ok(())
}

fn row(report: &Report<'_>, finding: &Finding<'_>) -> String {
    let (diagnostic, start) = (finding.diagnostic, finding.span.start);
    let sign = match diagnostic.severity {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Info | Severity::Hint => "ℹ️",
    };
    let help = diagnostic.help.as_deref().map(|help| format!("<br>{}", escaped(help))).unwrap_or_default();
    let message = escaped(&diagnostic.message);
    let place = code(&format!("{}:{}:{}", report.name(&diagnostic.path), start.line, start.column));
    let (severity, rule, url) = (diagnostic.severity, diagnostic.rule, rule_url(diagnostic.rule));
    format!("| {sign} {severity} | {message}{help}<br>[{rule}]({url}) | {place} |\n")
}

/// Text whose pairs of backticks are code, and in which nothing else has a meaning.
fn escaped(text: &str) -> String {
    let parts: Vec<_> = text.split('`').collect();
    let mut result = String::with_capacity(text.len() * 2);
    for (at, part) in parts.iter().enumerate() {
        let opens = at % 2 == 1;
        match opens {
            true if at + 1 < parts.len() => result.push_str(&code(part)),
            true => result.push_str(&entities(&format!("`{part}"))),
            false => result.push_str(&entities(part)),
        }
    }
    result
}

/// An HTML element, as backticks do not keep `|` from ending the cell.
fn code(text: &str) -> String {
    format!("<code>{}</code>", entities(text))
}

/// What Markdown or HTML would read as markup, or a forge as a mention or an issue, as character references.
fn entities(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' | '<' | '>' | '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' | '$' | '@' | '^' => {
                let _ = write!(result, "&#{};", u32::from(c));
            }
            other => result.push(other),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::super::{Format, Problem, testing::Sample};
    use super::*;

    #[test]
    fn the_gravest_comes_first_and_nothing_is_markup() {
        assert_data_eq!(
            Sample::new().print(Format::Markdown),
            str![[r####"
### ❌ promolint: 2 errors, 1 warning, 1 info, 1 hint in 3 files.

| | Finding | Where |
|---|---|---|
| ❌ error | tag <code>v1.0.0</code> is on two digests; the promoter stops with 'overlapping edges'<br>[tag-on-two-digests](https://github.com/promolint/promolint/blob/main/docs/rules/tag-on-two-digests.md) | <code>registry.k8s.io/images/k8s-staging-widget/images.yaml:4:18</code> |
| ❌ error | tag <code>€1</code> is no tag: 50% &#60;wrong&#62;, "odd" &#38; more<br>[tag-syntax](https://github.com/promolint/promolint/blob/main/docs/rules/tag-syntax.md) | <code>registry.k8s.io/images/k8s-staging-widget/images.yaml:7:20</code> |
| ⚠️ warning | digest <code>sha256:1bb</code> is not double-quoted; the promoter promotes nothing<br>Quote the digest.<br>[digest-not-visible](https://github.com/promolint/promolint/blob/main/docs/rules/digest-not-visible.md) | <code>registry.k8s.io/images/k8s-staging-widget/images.yaml:4:5</code> |
| ℹ️ info | the header names another project<br>[header-comment](https://github.com/promolint/promolint/blob/main/docs/rules/header-comment.md) | <code>registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml:2:9</code> |
| ℹ️ hint | blanks at the end of the line, after <code>al␛ice</code><br>[trailing-whitespace](https://github.com/promolint/promolint/blob/main/docs/rules/trailing-whitespace.md) | <code>registry.k8s.io/images/k8s-staging-wïdget 2/OWNERS:2:9</code> |

"####]]
        );
    }

    #[test]
    fn a_clean_run_is_one_line() {
        let mut sample = Sample::new();
        sample.diagnostics.clear();
        assert_eq!(sample.print(Format::Markdown), "### ✅ promolint: No findings in 3 files.\n");
        sample.problems.push(Problem { path: "a|b".to_owned(), message: "no".to_owned() });
        assert!(sample.print(Format::Markdown).ends_with("\n\n- cannot read <code>a&#124;b</code>: no\n"));
    }

    #[test]
    fn a_host_takes_the_longest_summary() {
        let mut sample = Sample::new();
        sample.diagnostics = sample.diagnostics.iter().cycle().take(20_000).cloned().collect();
        let text = sample.print(Format::Markdown);
        assert!(text.len() < 1024 * 1024, "{}", text.len());
        assert!(text.ends_with(" more in the log and in the other reports.\n"));
    }

    #[test]
    fn backticks_are_code() {
        assert_eq!(escaped("tag `a|b` of <x> `"), "tag <code>a&#124;b</code> of &#60;x&#62; &#96;");
    }
}
