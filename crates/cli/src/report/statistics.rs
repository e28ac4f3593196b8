//! How often each rule spoke.

use std::cmp::Reverse;
use std::io::{self, Write};

use super::Report;

/// A table, most frequent rule first.
pub(crate) fn write_statistics(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut rows: Vec<_> = report.summary.rules.iter().collect();
    rows.sort_by_key(|((rule, severity), count)| (Reverse(**count), Reverse(*severity), *rule));
    for ((rule, severity), count) in rows {
        writeln!(out, "{count:>7}  {severity:7}  {rule}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::super::testing::{Sample, printed};

    #[test]
    fn frequent_rules_come_first() {
        let sample = Sample::new();
        let table = printed(|out| super::write_statistics(&sample.report(), out));
        assert_data_eq!(
            table,
            str![[r#"
      1  error    tag-on-two-digests
      1  error    tag-syntax
      1  warning  digest-not-visible
      1  info     header-comment
      1  hint     trailing-whitespace

"#]]
        );
    }
}
