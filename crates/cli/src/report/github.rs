//! `github`: workflow commands that GitHub Actions turns into annotations of the changed lines.

use std::io::{self, Write};

use promolint_analysis::Severity;

use super::Report;
use super::summary::plural;

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    // GitHub shows few annotations; those of the change must be among them.
    for finding in report.findings.iter().filter(|finding| !finding.is_old()) {
        let (diagnostic, span) = (finding.diagnostic, finding.span);
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info | Severity::Hint => "notice",
        };
        write!(out, "::{command} file={},line={}", property(report.name(&diagnostic.path)), span.start.line)?;
        // Columns are allowed within one line only.
        if span.start.line == span.end.line {
            write!(out, ",endLine={},col={},endColumn={}", span.end.line, span.start.column, span.end.column)?;
        } else {
            write!(out, ",endLine={}", span.end.line)?;
        }
        write!(out, ",title={}::{}", property(&format!("{} {}", super::TOOL, diagnostic.rule)), data(&diagnostic.message))?;
        if let Some(help) = &diagnostic.help {
            write!(out, "%0A{}", data(help))?;
        }
        writeln!(out)?;
    }
    let old = report.findings.iter().filter(|finding| finding.is_old()).count();
    if old > 0 {
        writeln!(out, "::notice title={}::{} not from this change; the other formats show what", super::TOOL, plural(old, "finding"))?;
    }
    Ok(())
}

/// The message of a command ends with the line; `%` starts an escape.
fn data(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => escaped.push_str("%25"),
            '\n' => escaped.push_str("%0A"),
            '\r' => escaped.push_str("%0D"),
            other => escaped.push(super::visible::visible_character(other)),
        }
    }
    escaped
}

/// In properties, `:` and `,` have a meaning too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::super::{Format, testing::Sample};

    #[test]
    fn commands_are_escaped() {
        assert_data_eq!(
            Sample::new().print(Format::Github),
            str![[r#"
::warning file=registry.k8s.io/images/k8s-staging-widget/images.yaml,line=4,endLine=4,col=5,endColumn=15,title=promolint digest-not-visible::digest `sha256:1bb` is not double-quoted; the promoter promotes nothing%0AQuote the digest.
::error file=registry.k8s.io/images/k8s-staging-widget/images.yaml,line=4,endLine=4,col=18,endColumn=26,title=promolint tag-on-two-digests::tag `v1.0.0` is on two digests; the promoter stops with 'overlapping edges'
::error file=registry.k8s.io/images/k8s-staging-widget/images.yaml,line=7,endLine=7,col=20,endColumn=24,title=promolint tag-syntax::tag `€1` is no tag: 50%25 <wrong>, "odd" & more
::notice file=registry.k8s.io/images/k8s-staging-wïdget 2/OWNERS,line=2,endLine=2,col=9,endColumn=11,title=promolint trailing-whitespace::blanks at the end of the line, after `al␛ice`
::notice file=registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml,line=2,endLine=2,col=9,endColumn=35,title=promolint header-comment::the header names another project

"#]]
        );
        assert_eq!(super::property("a:b,c%\nd"), "a%3Ab%2Cc%25%0Ad");
    }
}
