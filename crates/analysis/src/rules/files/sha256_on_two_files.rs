use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt, HashSet};

use super::Project;
use super::file_os_arch::Platform;
use super::release::{versions_of_path, without_versions};
use crate::model::FileEntry;
use crate::repository::{File, Repository};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// Two files of a manifest do not have the same hash.
    ///
    /// One of the two entries was copied and its hash not changed, so its promotion fails. Files that
    /// have the same content on purpose are left alone: those that share a hash in other manifests of the
    /// project too, the same file in several releases, texts that lie in several directories (`LICENSE`,
    /// `README.md`), and a file that has a second name beside its
    /// own with the platform or the version in it (`tool` and `tool-linux-amd64`).
    ///
    /// ## Bad
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: ad28f6a371968eb9bd9a083235ed6b35e99f5e75b857bb35f7ad6ff4c4e763cb
    /// - name: v1.2.3/linux/arm64/tool
    ///   sha256: ad28f6a371968eb9bd9a083235ed6b35e99f5e75b857bb35f7ad6ff4c4e763cb
    /// ```
    ///
    /// ## Good
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: ad28f6a371968eb9bd9a083235ed6b35e99f5e75b857bb35f7ad6ff4c4e763cb
    /// - name: v1.2.3/linux/arm64/tool
    ///   sha256: afef129426043a7c6d52106da0b2e101505e9d1e1b873539fceb8d238c5dedfb
    /// ```
    pub static RULE = {
        name: "sha256-on-two-files",
        category: Files,
        severity: Warning,
        check: Check::Repository(check),
    }
}

/// Two entries of a manifest with one hash.
struct Pair<'r, 'a> {
    file: &'r File<'a>,
    first: &'r FileEntry<'a>,
    second: &'r FileEntry<'a>,
}

fn check(repository: &Repository<'_>, findings: &mut Findings) {
    for project in super::projects(repository) {
        for pairs in pairs(&project).into_values() {
            let manifests: HashSet<&str> = pairs.iter().map(|pair| &**pair.file.source.path()).collect();
            if manifests.len() == 1 {
                for pair in &pairs {
                    tell(pair, findings);
                }
            }
        }
    }
}

/// The pairs, by what their names are without versions.
fn pairs<'r, 'a>(project: &Project<'r, 'a>) -> BTreeMap<(String, String), Vec<Pair<'r, 'a>>> {
    let mut pairs: BTreeMap<(String, String), Vec<Pair<'r, 'a>>> = BTreeMap::new();
    for (_, file) in &project.manifests {
        let Some(manifest) = file.file_manifest() else { continue };
        let mut known: HashMap<&str, &FileEntry<'a>> = HashMap::with_capacity(manifest.files.len());
        for second in &manifest.files {
            let Some((second_name, hash)) = second.named_hash() else { continue };
            let first = *known.entry(hash).or_insert(second);
            let Some((first_name, _)) = first.named_hash().filter(|(first_name, _)| *first_name != second_name) else { continue };
            let bare = |name: &str| without_versions(name, &versions_of_path(name));
            let key = (bare(first_name), bare(second_name));
            if key.0 != key.1 && !are_twins(first_name, second_name) {
                pairs.entry(key).or_default().push(Pair { file, first, second });
            }
        }
    }
    pairs
}

/// Whether two files may well have one content: a text in two directories, or one file under two names in a
/// directory, of which one says the platform or the version too.
fn are_twins(first: &str, second: &str) -> bool {
    let split = |name| str::rsplit_once(name, '/').unwrap_or(("", name));
    let ((first_directory, first), (second_directory, second)) = (split(first), split(second));
    if first == second {
        return is_text(first);
    }
    let (short, long) = if first.len() < second.len() { (first, second) } else { (second, first) };
    let start = short.bytes().zip(long.bytes()).take_while(|(a, b)| a == b).count();
    if !short.is_char_boundary(start) {
        return false;
    }
    let end = short.len() - start;
    let says_more = long.ends_with(&short[start..])
        && long.is_char_boundary(start)
        && long[start..long.len() - end].split(['-', '_', '.']).all(|word| {
            let number = word.strip_prefix('v').unwrap_or(word);
            Platform::of(word).is_some() || matches!(word, "x86") || number.bytes().all(|byte| byte.is_ascii_digit())
        });
    // `arm` does not make `arm64`.
    let is_separator = |at: usize| matches!(long.as_bytes().get(at), Some(b'-' | b'_' | b'.'));
    let is_separated = is_separator(start) || start > 0 && is_separator(start - 1);
    first_directory == second_directory && says_more && is_separated
}

/// A text that people read, by its name.
fn is_text(name: &str) -> bool {
    let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
    let word = stem.to_ascii_uppercase();
    let is_known = ["LICENSE", "LICENCE", "NOTICE", "README", "COPYING", "AUTHORS", "CHANGELOG"].contains(&word.as_str());
    is_known || matches!(extension, "txt" | "md")
}

fn tell(pair: &Pair<'_, '_>, findings: &mut Findings) {
    let (Some((first, _)), Some((second, _)), Some(hash)) = (pair.first.named_hash(), pair.second.named_hash(), &pair.second.sha256) else {
        return;
    };
    let message = format!("`{}` has the sha256 of `{}`, so one of them is not promoted", second.escape_debug(), first.escape_debug());
    let finding = Finding::new(pair.file.source, hash.range(), message).help("compute the hash of each file in the staging bucket");
    findings.push(finding.related(pair.file.source, pair.first.range(), "the same sha256"));
}
