//! Names for findings that stay the same when lines move.

use std::collections::HashMap;

use super::{Finding, Report};

/// Makes fingerprints; equal findings of one file are told apart by their order.
#[derive(Default)]
pub(crate) struct Fingerprints {
    seen: HashMap<u128, u32>,
}

impl Fingerprints {
    /// The finding's fingerprint: 32 hexadecimal digits over rule, path and message.
    pub(crate) fn of(&mut self, report: &Report<'_>, finding: &Finding<'_>) -> String {
        let diagnostic = finding.diagnostic;
        let parts = [diagnostic.rule, report.name(&diagnostic.path), &diagnostic.message];
        let hash = hash(&parts, 0);
        let repeated = self.seen.entry(hash).or_default();
        let ordinal = *repeated;
        *repeated += 1;
        format!("{:032x}", if ordinal == 0 { hash } else { self::hash(&parts, ordinal) })
    }
}

/// FNV-1a in 128 bits: the same everywhere and in every version, which the standard library's is not.
fn hash(parts: &[&str], ordinal: u32) -> u128 {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013B;
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let ordinal = ordinal.to_le_bytes();
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff])).chain(ordinal);
    bytes.fold(BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME))
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
