//! Names for findings that stay the same when lines move.

use std::collections::HashMap;

use promolint_analysis::Fingerprint;

use super::{Finding, Report};

/// Makes fingerprints; equal findings of one file are told apart by their order.
#[derive(Default)]
pub(crate) struct Fingerprints {
    seen: HashMap<Fingerprint, u32>,
}

impl Fingerprints {
    /// The finding's fingerprint: 32 hexadecimal digits over rule, path as the user would write it, and message.
    pub(crate) fn of(&mut self, report: &Report<'_>, finding: &Finding<'_>) -> String {
        let diagnostic = finding.diagnostic;
        let fingerprint = Fingerprint { path: report.name(&diagnostic.path).to_owned(), ..Fingerprint::of(diagnostic) };
        let repeated = self.seen.entry(fingerprint.clone()).or_default();
        let ordinal = *repeated;
        *repeated += 1;
        fingerprint.digits(ordinal)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Sample;
    use super::*;

    #[test]
    fn fingerprints_differ_and_survive_moved_lines() {
        let (sample, moved) = (Sample::new(), Sample::moved_down());
        let (report, moved) = (sample.report(), moved.report());
        let all = |report: &Report<'_>| {
            let mut fingerprints = Fingerprints::default();
            report.findings.iter().map(|finding| fingerprints.of(report, finding)).collect::<Vec<_>>()
        };
        let before = all(&report);
        assert_eq!(before, all(&moved));
        let mut unique = before.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), before.len());
    }
}
