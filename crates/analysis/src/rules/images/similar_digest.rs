use foldhash::{HashMap, HashMapExt};

use crate::model::{Digest, Word};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A digest differs from another one of the file in one character, or in two that are swapped.
    ///
    /// No two images come that near by chance: one of the two is mistyped. The promoter does not find it in
    /// staging and passes over it, so the job is green and the image never arrives.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df8": ["v1.2.1"]
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:0c7f1e2d4ba7a2f4be1e2ce2dd2d8f1a4c3a4fd6a5ce7a6d0f9b1ee0c6b1f2aa": ["v1.2.1"]
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "similar-digest",
        category: Images,
        severity: Warning,
        check: Check::File(check),
    }
}

/// So many digits at the start and at the end tell digests apart. Whatever is replaced, and whichever neighbours are
/// swapped: one of the two stays the same.
const TELLING: usize = 16;

/// So many digests with equal digits are remembered: already two are none by chance.
const FEW: usize = 4;

/// Different digests with the same digits.
type Few<'f> = [Option<&'f Word<'f>>; FEW];

type ByDigits<'f> = HashMap<u128, Few<'f>>;

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let mut starts = ByDigits::with_capacity(super::all_digests(context.file).count());
    let mut ends = ByDigits::with_capacity(starts.capacity());
    for digest in super::all_digests(context.file).filter(|digest| Digest::parse(digest.as_str()).is_ok()) {
        let digits = digest.as_str().as_bytes();
        let digits = digits.strip_prefix(b"sha256:").unwrap_or(digits);
        let (Some(start), Some(end)) = (digits.first_chunk::<TELLING>(), digits.last_chunk::<TELLING>()) else { continue };
        if is_made_up(start) {
            continue;
        }
        let with_start = remember(starts.entry(u128::from_ne_bytes(*start)).or_default(), digest);
        let with_end = remember(ends.entry(u128::from_ne_bytes(*end)).or_default(), digest);
        let mut others = with_start.into_iter().chain(with_end).flatten();
        let Some(other) = others.find(|other| is_near(other.as_str(), digest.as_str())) else { continue };
        let message = format!(
            "`{}` and another digest of the file, `{}`, are one typing mistake apart; nothing is promoted for the mistyped one",
            super::shorten(digest.as_str()),
            super::shorten(other.as_str())
        );
        let finding = Finding::new(context.source(), digest.range(), message).help("copy the digests again from staging");
        findings.push(finding.related(context.source(), other.range(), "the other one"));
    }
}

/// Puts a digest beside those with the same digits, if it is not there and has room, and returns the others.
fn remember<'f>(few: &mut Few<'f>, digest: &'f Word<'f>) -> Few<'f> {
    let others = *few;
    let is_same = |other: &&Word<'_>| other.value == digest.value;
    if !others.iter().flatten().any(is_same)
        && let Some(free) = few.iter_mut().find(|place| place.is_none())
    {
        *free = Some(digest);
    }
    others
}

/// Digests that are counted up, as in tests and examples: no hash begins with so many equal digits.
fn is_made_up(start: &[u8]) -> bool {
    start.iter().all(|digit| *digit == start[0])
}

/// Whether two digests differ in one character, or in two neighbours that are swapped.
fn is_near(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let differing: Vec<usize> = (0..a.len().min(b.len())).filter(|at| a[*at] != b[*at]).take(3).collect();
    match differing[..] {
        [_] => true,
        [first, second] => second == first + 1 && a[first] == b[second] && a[second] == b[first],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_digests() {
        for (a, b, near) in [
            ("0123", "0123", false),
            ("0123", "0124", true),
            ("0123", "0132", true),
            ("0123", "1023", true),
            ("0123", "0321", false),
            ("0123", "0145", false),
        ] {
            assert_eq!(is_near(a, b), near, "{a} {b}");
        }
    }
}
