//! `concise`: one line a finding, `path:line:col severity rule message`.

use std::io::{self, Write};

use anstyle::Style;

use super::{Report, full::severity_style, visible};
use crate::terminal::Appearance;

pub(crate) fn write(report: &Report<'_>, appearance: &Appearance, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        let diagnostic = finding.diagnostic;
        let (path, start) = (visible(report.name(&diagnostic.path)), finding.span.start);
        let (severity, rule, message) = (diagnostic.severity, diagnostic.rule, visible(&diagnostic.message));
        let style = if appearance.color { severity_style(severity) } else { Style::new() };
        writeln!(out, "{path}:{}:{} {style}{severity}{style:#} {rule} {message}", start.line, start.column)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::super::{Format, testing::Sample};

    #[test]
    fn one_line_each() {
        assert_data_eq!(Sample::new().print(Format::Concise), str![[]]);
    }
}
