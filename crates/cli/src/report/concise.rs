//! `concise`: one line a finding, `path:line:col severity rule message`.

use std::io::{self, Write};

use anstyle::Style;

use super::{NOT_FROM_THIS_CHANGE, Report, full::severity_style, visible};
use crate::terminal::Appearance;

pub(crate) fn write(report: &Report<'_>, appearance: &Appearance, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        let diagnostic = finding.diagnostic;
        let (path, start) = (visible(report.name(&diagnostic.path)), finding.span.start);
        let (severity, rule, message) = (diagnostic.severity, diagnostic.rule, visible(&diagnostic.message));
        let mark = if finding.is_old() { format!(" {NOT_FROM_THIS_CHANGE}") } else { String::new() };
        let style = if appearance.color { severity_style(severity) } else { Style::new() };
        writeln!(out, "{path}:{}:{} {style}{severity}{style:#} {rule} {message}{mark}", start.line, start.column)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::super::{Format, testing::Sample};

    #[test]
    fn one_line_each() {
        assert_data_eq!(
            Sample::new().print(Format::Concise),
            str![[r#"
registry.k8s.io/images/k8s-staging-widget/images.yaml:4:5 warning digest-not-visible digest `sha256:1bb` is not double-quoted; the promoter promotes nothing
registry.k8s.io/images/k8s-staging-widget/images.yaml:4:18 error tag-on-two-digests tag `v1.0.0` is on two digests; the promoter stops with 'overlapping edges'
registry.k8s.io/images/k8s-staging-widget/images.yaml:7:20 error tag-syntax tag `€1` is no tag: 50% <wrong>, "odd" & more
registry.k8s.io/images/k8s-staging-wïdget 2/OWNERS:2:9 hint trailing-whitespace blanks at the end of the line, after `al␛ice`
registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml:2:9 info header-comment the header names another project

"#]]
        );
    }
}
