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
        if !name.value.split('/').all(is_component) {
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

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn is_component(text: &str) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let ends_well = bytes.first().is_some_and(is_word) && bytes.last().is_some_and(is_word);
    ends_well
        && bytes.split(is_word).all(|separator| match separator {
            [] | [b'.' | b'_'] | [b'_', b'_'] => true,
            dashes => dashes.iter().all(|byte| *byte == b'-'),
        })
}

#[cfg(test)]
mod tests {
    use super::is_component;

    #[test]
    fn components() {
        for good in ["a", "e2e-test-images", "a.b", "a_b", "a__b", "a--b", "0"] {
            assert!(is_component(good), "{good}");
        }
        for bad in ["", "A", "a:b", "a b", "-a", "a-", "a..b", "a___b", "a.-b", "é"] {
            assert!(!is_component(bad), "{bad}");
        }
    }
}
