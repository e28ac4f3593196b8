use crate::file::FileKind;
use crate::repository::{FileContext, Half, join};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// An OWNERS file below `manifests/` of a tree of images.
    ///
    /// Whoever it names could change where images come from and go to; that is for the owners of the tree.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/manifests/k8s-staging-widget/OWNERS
    /// approvers:
    /// - alice
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// approvers:
    /// - alice
    /// ```
    pub static RULE = {
        name: "owners-in-manifests",
        category: Tree,
        severity: Error,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let Some(place) = context.file.place.filter(|place| place.half == Half::Manifests) else { return };
    let has_files = context.repository.file_trees.iter().any(|tree| tree.root == place.root);
    let is_tree = context.repository.image_trees.iter().any(|tree| tree.root == place.root);
    if context.source().kind() == FileKind::Owners && is_tree && !has_files {
        let message = "an OWNERS file below manifests/ lets a project change its own sources and destinations";
        let help =
            format!("remove it; approvers of images belong in `{}`", join(place.root, &format!("images/{}/OWNERS", place.directory)));
        findings.push(Finding::new(context.source(), context.source().first_line(), message).help(help));
    }
}
