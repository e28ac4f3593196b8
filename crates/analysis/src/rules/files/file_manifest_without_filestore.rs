use promolint_syntax::TextRange;

use crate::model::FileEntry;
use crate::repository::{File, Repository};
use crate::rule::{Check, Finding, Findings, declare_rule};
use crate::suggest::closest;

declare_rule! {
    /// A directory with file manifests has filestores of the same name.
    ///
    /// The promoter goes through `filestores/` and looks for the manifests of each directory that it
    /// finds there. A directory that stands below `manifests/` only is never read, and its files are
    /// never promoted; nothing tells so.
    ///
    /// ## Bad
    /// ```yaml artifacts/manifests/k8s-staging-toll/v1.4.0.yaml
    /// files:
    /// - name: v1.4.0/linux/amd64/tool
    ///   sha256: ad28f6a371968eb9bd9a083235ed6b35e99f5e75b857bb35f7ad6ff4c4e763cb
    /// ```
    ///
    /// ## Good
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.4.0.yaml
    /// files:
    /// - name: v1.4.0/linux/amd64/tool
    ///   sha256: ad28f6a371968eb9bd9a083235ed6b35e99f5e75b857bb35f7ad6ff4c4e763cb
    /// ```
    pub static RULE = {
        name: "file-manifest-without-filestore",
        category: Files,
        severity: Warning,
        check: Check::Repository(check),
    }
}

fn check(repository: &Repository<'_>, findings: &mut Findings) {
    if !repository.is_complete {
        return;
    }
    for tree in &repository.file_trees {
        let with_filestores = || tree.projects.iter().filter(|(_, project)| project.promoter.is_some()).map(|(directory, _)| *directory);
        for (directory, project) in tree.projects.iter().filter(|(_, project)| project.promoter.is_none()) {
            let Some(first) = project.manifests.first().map(|id| repository.file(*id)) else { continue };
            let message = format!(
                "there is no `filestores/{directory}/filepromoter-manifest.yaml`, so the files of `manifests/{directory}/` are never promoted"
            );
            let finding = Finding::new(first.source, first_line(first), message);
            findings.push(match closest(directory, with_filestores()) {
                Some(meant) => finding.help(format!("did you mean `manifests/{meant}/`?")),
                None => finding.help("add the filestores, or move the manifests to the directory of their project"),
            });
        }
    }
}

/// The first entry, or the first line of the file.
fn first_line(file: &File<'_>) -> TextRange {
    let entry = file.file_manifest().and_then(|manifest| manifest.files.first());
    entry.map_or_else(|| file.source.lines().line_range(file.source.text(), 0), FileEntry::range)
}
