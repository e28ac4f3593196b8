use crate::file::FileKind;
use crate::repository::{Half, Repository};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A project with filestores has files to promote.
    ///
    /// The promoter reads the manifests of all projects before it copies anything. A project whose
    /// `manifests/<dir>/` is missing or lists no file makes it stop, and no file of any project is
    /// promoted until there is one.
    ///
    /// ## Bad
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml absent
    /// ```
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.3.0.yaml absent
    /// ```
    ///
    /// ## Good
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: ad28f6a371968eb9bd9a083235ed6b35e99f5e75b857bb35f7ad6ff4c4e763cb
    /// ```
    pub static RULE = {
        name: "filestore-without-files",
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
        for (directory, project) in tree.projects.iter().filter(|(_, project)| project.manifests.is_empty()) {
            let Some(promoter) = project.promoter.map(|id| repository.file(id)) else { continue };
            // Manifests further down are read too.
            let is_below = |below: &str| below.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'));
            let has_manifests = repository.live_files(FileKind::FileManifest).any(|file| {
                file.place.is_some_and(|place| place.root == tree.root && place.half == Half::Manifests && is_below(place.directory))
            });
            let filestores = promoter.file_promoter().map_or(&[][..], |manifest| &manifest.filestores);
            if let (false, Some(first)) = (has_manifests, filestores.first()) {
                let message =
                    format!("`manifests/{directory}/` lists no file, so the promoter stops before it promotes any project's files");
                let finding = Finding::new(promoter.source, first.range(), message);
                findings.push(finding.help("add the first release's file manifest together with the filestores"));
            }
        }
    }
}
