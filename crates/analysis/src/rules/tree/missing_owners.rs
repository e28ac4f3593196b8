use crate::repository::{FileId, Repository, join};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A project's directory has no OWNERS file.
    ///
    /// Then nobody of the project can approve its promotions.
    ///
    /// ## Bad
    /// ```text registry.k8s.io/images/k8s-staging-widget/OWNERS absent
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "missing-owners",
        category: Tree,
        severity: Warning,
        check: Check::Repository(check),
    }
}

fn check(repository: &Repository<'_>, findings: &mut Findings) {
    if !repository.is_complete {
        return;
    }
    for tree in repository.live_image_trees() {
        for (directory, project) in &tree.projects {
            if let (Some(images), None) = (project.images, project.owners) {
                report(repository, images, &join(tree.root, &format!("images/{directory}/OWNERS")), findings);
            }
        }
    }
    for tree in &repository.file_trees {
        for (directory, project) in &tree.projects {
            if let (Some(manifest), None) = (project.manifests.first(), project.owners) {
                report(repository, *manifest, &join(tree.root, &format!("manifests/{directory}/OWNERS")), findings);
            }
        }
    }
}

fn report(repository: &Repository<'_>, file: FileId, expected: &str, findings: &mut Findings) {
    let source = repository.file(file).source;
    let place = source.first_line();
    let message = format!("`{expected}` is missing; nobody of the project can approve its promotions");
    findings.push(Finding::new(source, place, message).help("create it with the project's approvers"));
}
