//! Versions in the names of manifests and in the paths of files.

/// A version: `v1.28.4`, `1.24.0-alpha.5`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Release<'a> {
    /// `1.28.4`
    numbers: &'a str,
    /// What stands behind the numbers: `alpha.5`, `rc.0`; may be empty.
    suffix: &'a str,
    /// All of it, with the `v`.
    pub(super) text: &'a str,
    /// Where it starts in the text that it was found in.
    pub(super) start: usize,
}

impl<'a> Release<'a> {
    /// The version that the name of a manifest carries; `None` where there is none, or more than one.
    pub(super) fn of_manifest(file_name: &'a str) -> Option<Self> {
        let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
        if let Some(whole) = Self::whole(stem) {
            return Some(whole).filter(|whole| versions_in(whole.suffix).next().is_none());
        }
        let mut versions = versions_in(stem);
        versions.next().filter(|_| versions.next().is_none())
    }

    /// A text that is a version from end to end.
    fn whole(text: &'a str) -> Option<Self> {
        let start = text.len() - text.strip_prefix(['v', 'V']).unwrap_or(text).len();
        let end = start + numbers_length(&text[start..])?;
        let suffix = text[end..].trim_start_matches(['-', '+', '_', '.']);
        let is_joined = !suffix.is_empty() && text.len() - end == suffix.len();
        (!is_joined || is_prerelease(suffix)).then_some(Self { numbers: &text[start..end], suffix, text, start: 0 })
    }

    /// Whether two versions can be meant to be the same. The leading `v` and the punctuation of the
    /// suffix count for nothing; `1.28` stands for all of its patches; what is no alpha, beta or
    /// candidate (`-1`, `-eks`) may be there or not.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let (mut own, mut others) = (self.numbers.split('.'), other.numbers.split('.'));
        let (own_count, other_count) = (own.clone().count(), others.clone().count());
        let is_minor = own_count.min(other_count) < 3 && own_count != other_count;
        let same_numbers = loop {
            match (own.next(), others.next()) {
                (Some(own), Some(other)) if own.trim_start_matches('0') == other.trim_start_matches('0') => {}
                (None, None) => break true,
                (None, Some(_)) | (Some(_), None) => break is_minor,
                _ => break false,
            }
        };
        let letters = |suffix: &'a str| suffix.chars().filter(|letter| letter.is_alphanumeric()).map(|letter| letter.to_ascii_lowercase());
        let is_loose = |suffix: &str, other: &str| other.is_empty() && !is_prerelease(suffix);
        let same_suffix = is_minor
            || letters(self.suffix).eq(other
                .suffix
                .chars()
                .filter(|letter| letter.is_alphanumeric())
                .map(|letter| letter.to_ascii_lowercase()))
            || is_loose(self.suffix, other.suffix)
            || is_loose(other.suffix, self.suffix);
        same_numbers && same_suffix
    }
}

/// The versions in a path: directories that are one, and those inside other names.
pub(super) fn versions_of_path(path: &str) -> Vec<Release<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    let directories = path.rfind('/').unwrap_or(0);
    for part in path.split('/') {
        match Release::whole(part).filter(|_| start < directories) {
            Some(whole) => found.push(Release { start, ..whole }),
            None => found.extend(versions_in(part).map(|version| Release { start: start + version.start, ..version })),
        }
        start += part.len() + 1;
    }
    found
}

/// The path without some versions, and without the directories that they leave empty.
pub(super) fn without_versions(path: &str, versions: &[Release<'_>]) -> String {
    let mut rest = String::with_capacity(path.len());
    let mut at = 0;
    for version in versions {
        rest.push_str(&path[at..version.start]);
        at = version.start + version.text.len();
        if rest.is_empty() || rest.ends_with('/') {
            at += usize::from(path[at..].starts_with('/'));
        }
    }
    rest.push_str(&path[at..]);
    rest
}

/// The versions inside a name: `1.18.0` of `crictl-v1.18.0-linux-386.tar.gz`.
fn versions_in(name: &str) -> impl Iterator<Item = Release<'_>> {
    let bytes = name.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at;
            at += 1;
            let digits = start + usize::from(matches!(bytes[start], b'v' | b'V'));
            if start > 0 && (bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] == b'.') || !name.is_char_boundary(digits) {
                continue;
            }
            let Some(length) = numbers_length(&name[digits..]) else { continue };
            let end = digits + length;
            let suffix = prerelease_length(&name[end..]);
            if suffix == 0 && bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
                continue;
            }
            at = end + suffix;
            let suffix = name[end..at].trim_start_matches(['-', '.', '_', '+']);
            return Some(Release { numbers: &name[digits..end], suffix, text: &name[start..at], start });
        }
        None
    })
}

/// Length of two to four numbers with dots between them, at the start of a text.
fn numbers_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut count = 0;
    let mut at = 0;
    while count < 4 {
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            // The dot belongs to what follows: `1.2.tar.gz`.
            at -= usize::from(count > 0);
            break;
        }
        count += 1;
        at += digits;
        if count == 4 || bytes.get(at) != Some(&b'.') {
            break;
        }
        at += 1;
    }
    (count >= 2).then_some(at)
}

fn is_prerelease(suffix: &str) -> bool {
    ["alpha", "beta", "rc", "dev", "pre"]
        .iter()
        .any(|word| suffix.len() >= word.len() && suffix.as_bytes()[..word.len()].eq_ignore_ascii_case(word.as_bytes()))
}

/// Length of `-alpha.5`, `-rc1`, `rc.0` at the start of a text; 0 if there is none.
fn prerelease_length(text: &str) -> usize {
    let separator = usize::from(text.starts_with(['-', '.', '_', '+']));
    if !is_prerelease(&text[separator..]) {
        return 0;
    }
    let bytes = text.as_bytes();
    let mut at = separator + bytes[separator..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    // A number, perhaps with a separator before it.
    let digits = |at: usize| bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if at < bytes.len() && matches!(bytes[at], b'.' | b'-') && digits(at + 1) > 0 {
        at += 1;
    }
    at + digits(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(path: &str) -> Vec<&str> {
        versions_of_path(path).into_iter().map(|version| version.text).collect()
    }

    #[test]
    fn versions_in_paths() {
        for (path, expected) in [
            ("v1.28.4/linux/amd64/tool-linux-amd64", &["v1.28.4"][..]),
            ("1.24.0-alpha.5/images/kops-amd64.tar.gz", &["1.24.0-alpha.5"]),
            ("v1.18.0/crictl-v1.18.0-linux-386.tar.gz", &["v1.18.0", "v1.18.0"]),
            ("v1.2.3/tool-1.2.3-rc.1-linux.zip", &["v1.2.3", "1.2.3-rc.1"]),
            ("tool_1.2.3rc1_linux", &["1.2.3rc1"]),
            ("release-1.2/tool-v3.tar.gz", &["1.2"]),
            ("cloud-provider-aws-v1.27.0.tar.gz", &["v1.27.0"]),
            ("v1.28.4-eks.1/tool", &["v1.28.4-eks.1"]),
            ("linux/amd64/tool", &[]),
            ("python3.9/mips64le/x86_64/utils.tar.gz", &[]),
            ("7.zip", &[]),
            ("1.2.3", &["1.2.3"]),
            ("v1.2.3", &["v1.2.3"]),
            ("é1.2/ü", &["1.2"]),
            ("", &[]),
        ] {
            assert_eq!(texts(path), expected, "{path}");
        }
    }

    #[test]
    fn versions_of_manifests() {
        for (name, expected) in [
            ("v1.28.4.yaml", Some("v1.28.4")),
            ("1.24.0-alpha.5.yaml", Some("1.24.0-alpha.5")),
            ("kops-1.18.0.yaml", Some("1.18.0")),
            ("1.18.0-to-1.18.3.yaml", None),
            ("backfill.yaml", None),
            ("2024.yaml", None),
        ] {
            assert_eq!(Release::of_manifest(name).map(|release| release.text), expected, "{name}");
        }
    }

    #[test]
    fn sameness() {
        let same = |manifest: &str, path: &str| {
            Release::of_manifest(&format!("{manifest}.yaml")).expect("a version").is_same(&versions_of_path(path)[0])
        };
        for (manifest, path) in [
            ("v1.28.4", "1.28.4/x"),
            ("1.28.4", "v1.28.4/x"),
            ("v1.30.0-rc.0", "v1.30.0-rc0/x"),
            ("v1.28", "v1.28.4/x"),
            ("v1.28", "v1.28.4-rc.1/x"),
            ("v1.28.4", "v1.28/x"),
            ("v1.28.4-1", "v1.28.4/x"),
            ("v1.28.4-windows", "v1.28.4/x"),
        ] {
            assert!(same(manifest, path), "{manifest} {path}");
        }
        for (manifest, path) in [
            ("v1.28.4", "v1.28.40/x"),
            ("v1.28.4", "v1.28.3/x"),
            ("1.18.0", "1.18.0-beta.1/x"),
            ("1.18.0-beta.1", "1.18.0-beta.2/x"),
            ("1.24.0-alpha.5", "1.23.2/x"),
            ("1.18.0-beta.1", "1.18.0/x"),
        ] {
            assert!(!same(manifest, path), "{manifest} {path}");
        }
    }

    #[test]
    fn paths_without_versions() {
        for (path, expected) in [
            ("v1.2.3/linux/tool", "linux/tool"),
            ("a/v1.2.3/tool", "a/tool"),
            ("v1.2.3/crictl-v1.2.3-linux", "crictl--linux"),
            ("tool", "tool"),
        ] {
            assert_eq!(without_versions(path, &versions_of_path(path)), expected, "{path}");
        }
    }
}
