use crate::diagnostic::Severity;
use crate::model::{Word, is_image_name};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// The name of an image must be a path below its registry: lower-case words with `.`, `_`, `-`
    /// between them, parted by `/`.
    ///
    /// Registries know no other names, so there is nothing to promote. A tag or a registry does
    /// not belong into the name: tags stand behind the digest, the registry in the promoter manifest. A first part
    /// that looks like a registry's host is a warning, if it is no source that the policy knows.
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
            findings.push(with_registry(context, name));
        } else if starts_with_host(&name.value) {
            findings.push(with_registry(context, name).severity(Severity::Warning));
        }
    }
}

fn with_registry(context: &FileContext<'_>, name: &Word<'_>) -> Finding {
    let message = format!("`{}` names the registry too, below which the promoter looks for the image", name.value.escape_debug());
    let help = "write the name without the registry, which stands in the promoter manifest";
    Finding::new(context.source(), name.range(), message).help(help)
}

/// Whether a name begins as a reference with its registry does: `registry.example.com/widget`.
fn starts_with_host(name: &str) -> bool {
    let host = name.split_once('/').and_then(|(host, _)| host.rsplit_once('.'));
    host.is_some_and(|(_, top)| top.len() > 1 && top.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::starts_with_host;

    #[test]
    fn hosts() {
        for (name, expected) in [
            ("registry.k8s.io/widget", true),
            ("gcr.io/some-project/widget", true),
            ("widget", false),
            ("sig-storage/widget.io", false),
            ("v1.2/widget", false),
            ("widget.v2/agent", false),
        ] {
            assert_eq!(starts_with_host(name), expected, "{name}");
        }
    }
}
