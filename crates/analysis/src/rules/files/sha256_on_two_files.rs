use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt, HashSet};

use super::Project;
use super::release::{versions_of_path, without_versions};
use crate::model::FileEntry;
use crate::repository::{File, Repository};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// Two files of a manifest do not have the same hash.
    ///
    /// One of the two entries was copied and its hash not changed, so its promotion fails. Files that
    /// have the same content on purpose are left alone: those that share a hash in other manifests of the
    /// project too, and the same file in several releases.
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
            if key.0 != key.1 {
                pairs.entry(key).or_default().push(Pair { file, first, second });
            }
        }
    }
    pairs
}

fn tell(pair: &Pair<'_, '_>, findings: &mut Findings) {
    let (Some((first, _)), Some((second, _)), Some(hash)) = (pair.first.named_hash(), pair.second.named_hash(), &pair.second.sha256) else {
        return;
    };
    let message = format!("`{}` has the sha256 of `{}`, so one of them is not promoted", second.escape_debug(), first.escape_debug());
    let finding = Finding::new(pair.file.source, hash.range(), message).help("compute the hash of each file in the staging bucket");
    findings.push(finding.related(pair.file.source, pair.first.range(), "the same sha256"));
}
