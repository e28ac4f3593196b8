use crate::model::is_image_name;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// The name of an image must be a path below its registry: lower-case words with `.`, `_`, `-`
    /// between them, parted by `/`.
    ///
    /// Registries know no other names, so there is nothing to promote. A tag or a registry does
    /// not belong into the name: tags stand behind the digest, the registry in the promoter manifest.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: Widget:v1.2.0
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "image-name",
        category: Images,
        severity: Error,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    for name in context.file.image_list().iter().filter_map(|image| image.name.as_ref()) {
        let shown = name.value.escape_debug();
        if !is_image_name(&name.value) {
            let message = format!("`{shown}` is no valid image name; no registry knows it");
            let help = "write lower-case letters and digits with `.`, `_`, `-` or `/` between them";
            findings.push(Finding::new(context.source(), name.range(), message).help(help));
        } else if context.policy().images.source(&name.value).is_some() {
            let message = format!("`{shown}` names the registry too, below which the promoter looks for the image");
            let help = "write the name without the registry, which stands in the promoter manifest";
            findings.push(Finding::new(context.source(), name.range(), message).help(help));
        }
    }
}
