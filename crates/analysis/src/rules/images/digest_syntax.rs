use crate::diagnostic::Applicability;
use crate::fixing::Repair;
use crate::model::{Digest, DigestEntry, DigestFlaw, Word};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A digest must be `sha256:` and 64 lower-case hex digits.
    ///
    /// The promoter looks a digest up in staging and passes over what it does not find there, so a
    /// mistyped digest is green and the image never arrives.
    ///
    /// The fix puts a digest and its tag into each other's places, or writes a quote that is missing.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df": ["v1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "digest-syntax",
        category: Images,
        severity: Error,
        fix: Suggested,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    for entry in super::all_entries(context.file) {
        let Err(flaw) = Digest::parse(&entry.digest.value) else { continue };
        findings.push(if super::is_swapped(entry) { swapped(context, entry) } else { flawed(context, &entry.digest, &flaw) });
    }
    for digest in super::all_versions(context.file).filter_map(|version| version.digest.as_ref()) {
        findings.found.extend(Digest::parse(&digest.value).err().map(|flaw| flawed(context, digest, &flaw)));
    }
}

fn flawed(context: &FileContext<'_>, digest: &Word<'_>, flaw: &DigestFlaw) -> Finding {
    if let Some(bare) = super::without_half_a_pair(digest).filter(|bare| Digest::parse(bare).is_ok()) {
        let message = "a quote stands behind the digest, but none before it; nothing is promoted for it";
        let finding = Finding::new(context.source(), digest.range(), message).help("put a `\"` before the digest");
        return finding.fix(Applicability::Suggested, "quote the digest", Repair::quoted(digest.node, bare));
    }
    let message = match flaw {
        DigestFlaw::Empty => "an empty digest; nothing is promoted for it".to_owned(),
        flaw => format!("`{}` is no digest: {flaw}; nothing is promoted for it", super::shorten(&digest.value)),
    };
    let is_typographic = digest.value.contains(['\u{201c}', '\u{201d}', '\u{201e}']);
    let help = if is_typographic { "the quotes are typographic ones; write `\"`" } else { help(flaw) };
    Finding::new(context.source(), digest.range(), message).help(help)
}

/// A tag before its digest.
fn swapped(context: &FileContext<'_>, entry: &DigestEntry<'_>) -> Finding {
    let message =
        format!("tag `{}` stands in the digest's place, and the digest in the tag's; nothing is promoted for it", entry.digest.value);
    let finding = Finding::new(context.source(), entry.range(), message).help("write the digest first, and the tags in brackets behind it");
    let tag = &entry.digest.value;
    let repair = match entry.tags.as_slice() {
        [] => Repair::quoted(entry.digest.node, &entry.tags_node.value()).map(|key| [key, Repair::quoted_list(entry.tags_node, tag)]),
        [digest] => Repair::quoted(entry.digest.node, &digest.value).and_then(|key| Some([key, Repair::quoted(digest.node, tag)?])),
        _ => None,
    };
    finding.fix(Applicability::Suggested, "let them change places", repair.map(Repair::all))
}

fn help(flaw: &DigestFlaw) -> &'static str {
    match flaw {
        DigestFlaw::Prefix(_) => "write `sha256:` before the hex digits",
        DigestFlaw::UpperCase => "write the hex digits in lower case",
        DigestFlaw::Blank => "remove the blanks",
        _ => "copy the whole digest again from staging",
    }
}
