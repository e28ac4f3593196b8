use crate::diagnostic::Applicability;
use crate::fixing::Repair;
use crate::model::{Tag, Word};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A tag must match `\w[\w.-]{0,127}`.
    ///
    /// Registries refuse any other tag, so the promotion fails – after the merge, where it blocks
    /// everybody. The usual cause is two tags in one pair of quotes.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0,v1.2"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0", "v1.2"]
    /// ```
    pub static RULE = {
        name: "tag-syntax",
        category: Images,
        severity: Error,
        fix: Suggested,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    // Where a digest and its tag are swapped, digest-syntax tells it.
    let entries = super::all_entries(context.file).filter(|entry| !entry.tags.iter().all(is_valid) && !super::is_swapped(entry));
    let tagged = super::all_versions(context.file).flat_map(|version| &version.tags);
    for tag in entries.flat_map(|entry| &entry.tags).chain(tagged).filter(|tag| !is_valid(tag)) {
        if let Some(bare) = super::without_half_a_pair(tag).filter(|bare| Tag::parse(bare).is_some()) {
            let message = format!("a quote stands behind tag `{bare}`, but none before it; no registry takes it");
            let repair = super::renamed(context.file, tag, bare);
            let finding = Finding::new(context.source(), tag.range(), message).help("put a `\"` before the tag");
            findings.push(finding.fix(Applicability::Suggested, format!("write `{bare}`"), repair));
            continue;
        }
        let finding = Finding::new(context.source(), tag.range(), message(tag));
        if let Some(version) = with_dots(&tag.value) {
            let repair = super::renamed(context.file, tag, &version);
            let finding = finding.help(format!("did you mean `{version}`?"));
            findings.push(finding.fix(Applicability::Suggested, format!("write `{version}`"), repair));
            continue;
        }
        let bare = tag.value.trim_matches(['\u{201c}', '\u{201d}', '\u{201e}']);
        if bare.len() < tag.value.len() && Tag::parse(bare).is_some() {
            let repair = super::renamed(context.file, tag, bare);
            let finding = finding.help("the quotes are typographic ones; write `\"`");
            findings.push(finding.fix(Applicability::Suggested, format!("write `{bare}`"), repair));
            continue;
        }
        let joined: Option<Vec<&str>> = tag.value.contains(',').then(|| tag.value.split(',').map(str::trim).collect());
        findings.push(match joined.filter(|tags| tags.iter().all(|tag| Tag::parse(tag).is_some())) {
            Some(tags) => {
                let quoted: Vec<String> = tags.iter().map(|tag| format!("\"{tag}\"")).collect();
                let repair = Repair::split(context.source(), tag.node, &tags, |tag| format!("\"{tag}\""));
                let finding = finding.help("quote each tag by itself");
                finding.fix(Applicability::Suggested, format!("split into {}", quoted.join(", ")), repair)
            }
            None => finding.help("use letters, digits, `_`, `.` and `-`, starting with a letter, a digit or `_`, 128 at most"),
        });
    }
}

fn is_valid(tag: &Word<'_>) -> bool {
    Tag::parse(&tag.value).is_some()
}

/// A version with commas between its numbers, `v0,7,1`, with dots.
fn with_dots(tag: &str) -> Option<String> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_version = tag.contains(',') && tag.strip_prefix('v').unwrap_or(tag).split([',', '.']).all(is_number);
    is_version.then(|| tag.replace(',', "."))
}

fn message(tag: &Word<'_>) -> String {
    match tag.value.as_ref() {
        "" => "an empty tag; no registry takes it".to_owned(),
        value => format!("`{}` is no valid tag; no registry takes it", value.escape_debug()),
    }
}
