use std::collections::BTreeMap;

use foldhash::HashSet;
use promolint_syntax::TextRange;

use crate::history::Change;
use crate::model::{FileEntry, FilePromoterManifest, Filestore, Word};
use crate::repository::{File, Repository};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A file that was promoted must keep its content.
    ///
    /// A file in production is overwritten when its sha256 changes: what people downloaded and verified under
    /// that name is replaced. The rule needs the state before the change, so it speaks only where a change
    /// is judged (`--since`).
    ///
    /// ## Bad
    /// ```yaml before artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: 7946b3c481167abc95763d78a6513912a4d80724603b52d2fca57dfc86090099
    /// ```
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: 5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9
    /// ```
    ///
    /// ## Good
    /// ```yaml before artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: 7946b3c481167abc95763d78a6513912a4d80724603b52d2fca57dfc86090099
    /// ```
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: 7946b3c481167abc95763d78a6513912a4d80724603b52d2fca57dfc86090099
    /// ```
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.4.yaml
    /// files:
    /// - name: v1.2.4/linux/amd64/tool
    ///   sha256: 5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9
    /// ```
    pub static RULE = {
        name: "sha256-changed",
        category: History,
        severity: Error,
        check: Check::Change(check),
    }
}

/// The sha256s that one file in production has by the manifests, with their places.
type Contents<'c> = BTreeMap<String, Vec<(&'c File<'c>, &'c FileEntry<'c>, &'c str)>>;

fn check(change: &Change<'_>, findings: &mut Findings) {
    let changed = || change.files.iter();
    let before = contents(change.before, changed().filter_map(|file| Some(change.before.file(file.before?))));
    if before.is_empty() {
        return;
    }
    let after = contents(change.after, changed().filter_map(|file| Some(change.after.file(file.after?))));
    // One file in production has an address for each destination; an entry is told once.
    let mut told: HashSet<(&str, TextRange)> = HashSet::default();
    for (address, new) in &after {
        let Some(old) = before.get(address) else { continue };
        // Where the old content is listed still, two manifests are in conflict; that is told elsewhere.
        if old.iter().any(|(.., hash)| new.iter().any(|(.., other)| hash == other)) {
            continue;
        }
        for (file, entry, _) in new {
            let is_new = |hash: &&Word<'_>| told.insert((file.source.path(), hash.range()));
            let Some(hash) = entry.sha256.as_ref().filter(is_new) else { continue };
            let name = entry.name.as_ref().map_or("", |name| name.as_str());
            let message = format!("`{}` was promoted with another sha256; the file in production is overwritten", name.escape_debug());
            let help = "promote the new content under a new name, or restore the sha256";
            findings.push(Finding::new(file.source, hash.range(), message).help(help));
        }
    }
}

/// What the manifests among `files` promote, by its address in production.
fn contents<'c>(repository: &'c Repository<'c>, files: impl Iterator<Item = &'c File<'c>>) -> Contents<'c> {
    let mut contents = Contents::new();
    for file in files {
        let Some(manifest) = file.file_manifest() else { continue };
        let Some(place) = file.place else { continue };
        let tree = repository.file_trees.iter().find(|tree| tree.root == place.root);
        let promoter =
            tree.and_then(|tree| tree.projects.get(place.directory)?.promoter).and_then(|id| repository.file(id).file_promoter());
        let destinations = promoter.into_iter().flat_map(FilePromoterManifest::destinations).filter_map(Filestore::location);
        let mut addresses: Vec<String> = destinations.map(|location| location.join("")).collect();
        // Whatever its destinations are, a project is one place.
        addresses.push(format!("{}/{}/", place.root, place.directory));
        for entry in &manifest.files {
            let Some((name, hash)) = entry.named_hash() else { continue };
            for address in &addresses {
                contents.entry(format!("{address}{name}")).or_default().push((file, entry, hash));
            }
        }
    }
    contents
}
