//! `checkstyle`: the XML that many CI systems and editors read.

use std::io::{self, Write};

use promolint_analysis::Severity;

use super::Report;
use super::xml::Xml;

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<checkstyle version="4.3">"#)?;
    for findings in report.by_file() {
        writeln!(out, r#"  <file name="{}">"#, Xml(report.name(&findings[0].diagnostic.path)))?;
        for finding in findings {
            let (diagnostic, start) = (finding.diagnostic, finding.span.start);
            let severity = match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info | Severity::Hint => "info",
            };
            write!(out, r#"    <error line="{}" column="{}" severity="{severity}" "#, start.line, start.column)?;
            writeln!(out, r#"message="{}" source="{}.{}"/>"#, Xml(&diagnostic.message), super::TOOL, diagnostic.rule)?;
        }
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</checkstyle>")
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::super::{Format, testing::Sample};

    #[test]
    fn files_with_errors() {
        assert_data_eq!(Sample::new().print(Format::Checkstyle), str![[]]);
    }
}
