//! What a finding is known by when lines move.

use crate::diagnostic::Diagnostic;

/// Tells findings apart without saying on which line they stand: rule, path and message. Several findings can
/// have the same one; then their number, or their order, tells them apart.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Fingerprint {
    /// The file, with `/`, relative to a directory that the user of the fingerprint chooses.
    pub path: String,
    /// Name of the rule.
    pub rule: String,
    /// What it says. Messages hold neither lines nor counts.
    pub message: String,
}

impl Fingerprint {
    /// The fingerprint of a finding, with the path as the snapshot has it.
    pub fn of(diagnostic: &Diagnostic) -> Self {
        Self { path: diagnostic.path.to_string(), rule: diagnostic.rule.to_owned(), message: diagnostic.message.clone() }
    }

    /// 32 hexadecimal digits for reports, the same everywhere and in every version. `ordinal` counts equal findings from 0.
    pub fn digits(&self, ordinal: u32) -> String {
        format!("{:032x}", hash(&[&self.rule, &self.path, &self.message], ordinal))
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
