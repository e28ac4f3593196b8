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
        assert_data_eq!(
            Sample::new().print(Format::Checkstyle),
            str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
  <file name="registry.k8s.io/images/k8s-staging-widget/images.yaml">
    <error line="4" column="5" severity="warning" message="digest `sha256:1bb` is not double-quoted; the promoter promotes nothing" source="promolint.digest-not-visible"/>
    <error line="4" column="18" severity="error" message="tag `v1.0.0` is on two digests; the promoter stops with &apos;overlapping edges&apos;" source="promolint.tag-on-two-digests"/>
    <error line="7" column="20" severity="error" message="tag `€1` is no tag: 50% &lt;wrong&gt;, &quot;odd&quot; &amp; more" source="promolint.tag-syntax"/>
  </file>
  <file name="registry.k8s.io/images/k8s-staging-wïdget 2/OWNERS">
    <error line="2" column="9" severity="info" message="blanks at the end of the line, after `al␛ice`" source="promolint.trailing-whitespace"/>
  </file>
  <file name="registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml">
    <error line="2" column="9" severity="info" message="the header names another project" source="promolint.header-comment"/>
  </file>
</checkstyle>

"#]]
        );
    }

    #[test]
    fn it_is_well_formed() {
        let mut sample = Sample::new();
        for diagnostic in &mut sample.diagnostics {
            diagnostic.message = "\0\u{8}\x1b<![CDATA[ ]]> &amp; \u{fffe}\u{ffff}\r\n\t\"'".to_owned();
        }
        let xml = sample.print(Format::Checkstyle);
        assert!(roxmltree::Document::parse(&xml).is_ok(), "{xml}");
    }
}
