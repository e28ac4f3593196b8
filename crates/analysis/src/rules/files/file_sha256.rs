use crate::diagnostic::{Applicability, Severity};
use crate::fixing::Repair;
use crate::model::{Digest, FileEntry, Word, is_sha256};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// `sha256` holds 64 lower-case hex digits and nothing else.
    ///
    /// Anything else makes the promoter stop before it promotes a file of any project; upper-case
    /// letters pass its check, but are compared with lower-case ones when the file is copied, which
    /// then fails. A hash of digits alone needs quotes: without them YAML reads a number.
    ///
    /// The hash of an empty file is told as a warning: it is what a failed download leaves behind.
    ///
    /// ## Bad
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: sha256:ad28f6a371968eb9bd9a083235ed6b35e99f5e75b857bb35f7ad6ff4c4e763cb
    /// ```
    ///
    /// ## Good
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: ad28f6a371968eb9bd9a083235ed6b35e99f5e75b857bb35f7ad6ff4c4e763cb
    /// ```
    ///
    /// ## Fix
    /// Safe where the 64 digits are there: it takes off `sha256:`, writes lower case, or adds quotes.
    pub static RULE = {
        name: "file-sha256",
        category: Files,
        severity: Error,
        fix: Safe,
        check: Check::File(check),
    }
}

/// SHA-256 of no bytes at all.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Lengths of other hashes, in hex digits.
const OTHER_HASHES: [(usize, &str); 5] = [(32, "MD5"), (40, "SHA-1"), (56, "SHA-224"), (96, "SHA-384"), (128, "SHA-512")];

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let Some(manifest) = context.file.file_manifest() else { return };
    for file in &manifest.files {
        let Some(hash) = &file.sha256 else { continue };
        if is_sha256(&hash.value) && hash.value != EMPTY && !is_monotonous(&hash.value) {
            continue;
        }
        findings.push(finding(context, file, hash));
    }
}

fn finding(context: &FileContext<'_>, file: &FileEntry<'_>, hash: &Word<'_>) -> Finding {
    let name = file.name.as_ref().map_or_else(|| "a file".to_owned(), |name| format!("`{}`", name.value.escape_debug()));
    let tell = |message: String| Finding::new(context.source(), hash.range(), message);
    let mend = |finding: Finding, text: &str, applicability, title: &str| finding.fix(applicability, title, Repair::text(hash.node, text));
    // What stands there, where YAML made a number of it.
    let written = hash.node.as_scalar().map_or("", |scalar| scalar.document().slice(scalar.inner_range()));
    if is_sha256(written) && !is_monotonous(written) && written != hash.value {
        let finding = tell(format!("without quotes, YAML reads the sha256 of {name} as a number, so the promoter refuses the manifest"));
        return mend(finding.help("quote it"), written, Applicability::Safe, "quote the hash");
    }
    if hash.value == EMPTY {
        let finding = tell(format!("the sha256 of {name} is the one of an empty file, so the file itself is refused"));
        return finding.help("compute the hash from the file in the staging bucket").severity(Severity::Warning);
    }
    let text = if hash.value.contains(char::is_whitespace) { hash.value.as_ref() } else { written };
    let lower = text.trim().to_ascii_lowercase();
    if is_sha256(&lower) && lower != text.trim() {
        let finding = tell(format!(
            "the sha256 of {name} has upper-case letters; the promoter compares it with lower-case ones and refuses the file"
        ));
        return mend(finding.help("write lower-case letters"), &lower, Applicability::Safe, "write lower-case letters");
    }
    let bare = ["sha256:", "sha256=", "sha256-"].iter().find_map(|prefix| lower.strip_prefix(prefix)).map(str::trim);
    if let Some(bare) = bare.filter(|bare| is_sha256(bare)) {
        let prefix = &lower[..7];
        let finding = tell(format!("the sha256 of {name} starts with `{prefix}`, so the promoter refuses the manifest"));
        return mend(finding.help("write the 64 hex digits only"), bare, Applicability::Safe, &format!("take off `{prefix}`"));
    }
    let first = lower.split_whitespace().next().unwrap_or_default();
    if is_sha256(first) && first != lower {
        let finding = tell(format!("the sha256 of {name} has more than the hash in it, so the promoter refuses the manifest"));
        return mend(finding.help("write the 64 hex digits only"), first, Applicability::Suggested, "keep the hash only");
    }
    let finding = tell(format!("the sha256 of {name} is wrong: {}, so the promoter refuses {}", flaw(&lower), refused(&lower)));
    finding.help("compute it with `sha256sum` from the file in the staging bucket")
}

/// One digit over and over, as in placeholders.
fn is_monotonous(text: &str) -> bool {
    text.bytes().all(|byte| byte == text.as_bytes()[0])
}

fn refused(text: &str) -> &'static str {
    if is_sha256(text) { "the file" } else { "the manifest" }
}

fn flaw(text: &str) -> String {
    let is_hex = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let other = OTHER_HASHES.iter().find(|(length, _)| is_hex && text.len() == *length);
    if let Some((length, hash)) = other {
        return format!("its {length} hex digits are those of a {hash}");
    }
    let bare = text.strip_prefix("sha256:").unwrap_or(text);
    Digest::parse(&format!("sha256:{bare}")).map_or_else(|flaw| flaw.to_string(), |_| "it is not as it should be".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flaws_are_named() {
        let hex = "0123456789abcdef".repeat(4);
        for (text, expected) in [
            (hex[1..].to_owned(), "it has 63 of 64 hex digits"),
            (format!("{hex}0"), "it has 65 hex digits, 1 too many"),
            (format!("{}x", &hex[1..]), "`x` is no hex digit"),
            (hex[..40].to_owned(), "its 40 hex digits are those of a SHA-1"),
            ("todo".to_owned(), "it is a placeholder"),
            ("0".repeat(64), "it is a placeholder"),
            (format!("sha256:{}", &hex[1..]), "it has 63 of 64 hex digits"),
        ] {
            assert_eq!(flaw(&text), expected, "{text}");
        }
    }
}
