use foldhash::{HashMap, HashMapExt};

use crate::model::Word;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// The same digest with the same tag stands twice under one image name.
    ///
    /// One of them is useless, and often the digest or the tag of the other was meant to be new.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// - name: widget
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
        name: "same-entry-twice",
        category: Images,
        severity: Warning,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    // A digest repeated in one `dmap` is the business of duplicate-key.
    let mut seen: HashMap<(&str, &str, &str), (&Word<'_>, usize)> = HashMap::with_capacity(super::all_entries(context.file).count());
    for (number, image) in context.file.image_list().iter().enumerate() {
        for entry in image.entries() {
            for tag in &entry.tags {
                let key = (image.name_str(), entry.digest.as_str(), tag.as_str());
                let Some((first, first_image)) = seen.get(&key) else {
                    seen.insert(key, (tag, number));
                    continue;
                };
                let in_same_list = entry.tags.iter().any(|other| other.range() == first.range());
                if *first_image == number && !in_same_list {
                    continue;
                }
                let message =
                    format!("tag `{}` of {} is listed twice for the same digest; one of them is useless", tag.value, image.name_str());
                let finding =
                    Finding::new(context.source(), tag.range(), message).help("remove one, or put in the digest or tag that was meant");
                findings.push(finding.related(context.source(), first.range(), "the first one"));
            }
        }
    }
}
