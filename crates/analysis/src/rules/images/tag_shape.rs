use crate::diagnostic::Applicability;
use crate::model::{Tag, Version, Word};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A tag that is almost a version is probably mistyped: `v.1.2.3`, `V1.2.3`, `vv1.2.3`, `v1..2`.
    ///
    /// The tag is promoted as it stands, and cannot be taken back. `ver1.2.3`, `v1_2_3` and `v1.2.l` are told
    /// where they stand alone among the versions of their image; some projects name all their tags so.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v.1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "tag-shape",
        category: Images,
        severity: Warning,
        fix: Suggested,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let is_unusual = |tag: &&Word<'_>| !is_usual(&tag.value);
    for tag in super::all_tags(context.file).filter(is_unusual).filter(|tag| Tag::parse(&tag.value).is_some()) {
        if let Some(repaired) = repair(&tag.value) {
            findings.push(finding(context, tag, &repaired));
        }
    }
    for image in context.file.image_list() {
        let tags = || image.entries().flat_map(|entry| &entry.tags);
        let mut unusual = tags().filter(is_unusual).filter_map(|tag| Some((tag, repair_unusual(&tag.value)?)));
        let (Some((tag, repaired)), None) = (unusual.next(), unusual.next()) else { continue };
        if tags().any(|tag| Version::parse(&tag.value).is_some()) {
            findings.push(finding(context, tag, &repaired));
        }
    }
}

fn finding(context: &FileContext<'_>, tag: &Word<'_>, repaired: &str) -> Finding {
    let message = format!("tag `{}` looks like a mistyped version; it would be promoted as it stands", tag.value);
    let finding = Finding::new(context.source(), tag.range(), message).help(format!("did you mean `{repaired}`?"));
    let repair = super::renamed(context.file, tag, repaired);
    finding.fix(Applicability::Suggested, format!("write `{repaired}`"), repair)
}

/// Whether a tag is a version beyond doubt, `1.2.3` or `v1.2.3-rc.1`, as nearly all are: a look at the others costs more.
fn is_usual(tag: &str) -> bool {
    let bytes = tag.strip_prefix('v').unwrap_or(tag).as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    let behind_numbers = bytes.iter().find(|byte| !byte.is_ascii_digit() && **byte != b'.');
    first.is_ascii_digit()
        && last.is_ascii_alphanumeric()
        && behind_numbers.is_none_or(|byte| *byte == b'-')
        && bytes.windows(2).all(|pair| pair != b"..")
}

/// The version that was probably meant, where the tag is not quite one.
fn repair(tag: &str) -> Option<String> {
    let is_version_like =
        tag.trim_start_matches(['v', 'V', '.', '-', '_']).starts_with(|first: char| first.is_ascii_digit()) && tag.contains('.');
    if !is_version_like {
        return None;
    }
    let body = tag.trim_start_matches(['v', 'V']);
    let prefix = &tag[..tag.len() - body.len()];
    let is_well_formed = matches!(prefix, "" | "v") && body.starts_with(|first: char| first.is_ascii_digit());
    if is_well_formed && !tag.ends_with(['.', '-', '_']) && !tag.contains("..") {
        return None;
    }
    let mut repaired = tag.to_owned();
    if !prefix.is_empty() {
        repaired = format!("v{}", body.trim_start_matches(['.', '-', '_']));
    }
    while repaired.contains("..") {
        repaired = repaired.replace("..", ".");
    }
    let repaired = repaired.trim_end_matches(['.', '-', '_']);
    (repaired != tag).then(|| repaired.to_owned())
}

/// The version that was probably meant by a tag that may also be one of its image's own kind:
/// `ver1.2.3`, `v1_2_3`, and `v1.2.l` with a letter for a digit.
fn repair_unusual(tag: &str) -> Option<String> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let spelled_out = ["version", "ver", "release", "rel"].into_iter().find_map(|prefix| tag.strip_prefix(prefix));
    if let Some(rest) = spelled_out {
        let number = rest.trim_start_matches(['.', '-', '_']);
        return Version::parse(number).filter(|version| !version.has_v).map(|_| format!("v{number}"));
    }
    let body = tag.strip_prefix('v').unwrap_or(tag);
    let (release, rest) = body.split_at(body.find('-').unwrap_or(body.len()));
    let v = &tag[..tag.len() - body.len()];
    let parts: Vec<&str> = body.split('_').collect();
    if parts.len() == 3 && parts.iter().all(|part| is_number(part) && part.len() <= 3) {
        return Some(format!("{v}{}", parts.join(".")));
    }
    let digit = |part: &str| match part {
        "l" | "I" => Some("1"),
        "o" | "O" => Some("0"),
        _ => None,
    };
    let parts: Vec<&str> = release.split('.').collect();
    if parts.len() != 3 || !is_number(parts[0]) && !is_number(parts[1]) {
        return None;
    }
    let repaired: Option<Vec<&str>> = parts.iter().map(|part| if is_number(part) { Some(*part) } else { digit(part) }).collect();
    repaired.map(|parts| format!("{v}{}{rest}", parts.join("."))).filter(|repaired| repaired != tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repairs() {
        for (tag, repaired) in [
            ("v.0.10.2", Some("v0.10.2")),
            ("V2.2.4", Some("v2.2.4")),
            ("vv1.0.0", Some("v1.0.0")),
            ("v1..2", Some("v1.2")),
            ("v1.2.", Some("v1.2")),
            ("v1.2.3", None),
            ("1.10", None),
            ("bullseye-v1.5.1", None),
            ("v20240101-abc", None),
            ("c648595cd73a2d60", None),
        ] {
            assert_eq!(repair(tag).as_deref(), repaired, "{tag}");
            assert!(repaired.is_none() || !is_usual(tag), "{tag}");
        }
    }

    #[test]
    fn unusual_repairs() {
        for (tag, repaired) in [
            ("ver0.6.1", Some("v0.6.1")),
            ("release-1.2.0", Some("v1.2.0")),
            ("v0_6_1", Some("v0.6.1")),
            ("v0.6.l", Some("v0.6.1")),
            ("1.O.2-rc.1", Some("1.0.2-rc.1")),
            ("v1.2.3", None),
            ("v1.2.x", None),
            ("v20240101_1_2", None),
            ("version", None),
            ("go1.7-docker1.9.1", None),
        ] {
            assert_eq!(repair_unusual(tag).as_deref(), repaired, "{tag}");
            assert!(repaired.is_none() || !is_usual(tag), "{tag}");
        }
    }
}
