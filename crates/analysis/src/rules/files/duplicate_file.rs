use foldhash::{HashMap, HashMapExt};

use crate::model::{FileEntry, Word};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A file stands once in a manifest.
    ///
    /// A name that stands twice usually was copied and not changed, so that another file is missing. With
    /// two hashes, one of them is wrong and its promotion fails.
    ///
    /// ## Bad
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: ad28f6a371968eb9bd9a083235ed6b35e99f5e75b857bb35f7ad6ff4c4e763cb
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: afef129426043a7c6d52106da0b2e101505e9d1e1b873539fceb8d238c5dedfb
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
        name: "duplicate-file",
        category: Files,
        severity: Error,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let Some(manifest) = context.file.file_manifest() else { return };
    let mut known: HashMap<&str, &FileEntry<'_>> = HashMap::with_capacity(manifest.files.len());
    for file in &manifest.files {
        let Some(name) = &file.name else { continue };
        let Some(first) = known.get(name.as_str()) else {
            known.insert(name.as_str(), file);
            continue;
        };
        let hash = |file: &FileEntry<'_>| file.sha256.as_ref().map(|hash: &Word<'_>| hash.value.to_ascii_lowercase());
        let shown = name.value.escape_debug();
        let message = if hash(first) == hash(file) {
            format!("`{shown}` stands in this manifest already, so the file that was meant here is not promoted")
        } else {
            format!("`{shown}` stands in this manifest with another sha256 already, and the promotion of one of the two fails")
        };
        let finding = Finding::new(context.source(), name.range(), message).help("name the file that was meant, or take the entry out");
        findings.push(finding.related(context.source(), first.range(), "first here"));
    }
}
