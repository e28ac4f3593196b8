//! Folding, selection and links: what the shape of a file gives.

mod folds;

use promolint_analysis::SourceFile;
use promolint_analysis::model::Model;
use promolint_analysis::rule::page_url;
use promolint_analysis::rules;
use promolint_syntax::{NodeKind, TextRange};

pub use folds::{Fold, folds};

/// Ranges around an offset, innermost first, each larger than the one before.
pub fn selections(file: &SourceFile, offset: u32) -> Vec<TextRange> {
    let mut around: Vec<TextRange> = Vec::new();
    let mut node = file.document().root();
    while let Some(current) = node {
        around.push(current.range());
        around.push(current.inner_range());
        let children: Vec<_> = current.children().collect();
        let inside = children.iter().position(|child| child.range().touches(offset));
        if let (NodeKind::Mapping, Some(at)) = (current.kind(), inside) {
            let first = at - at % 2;
            let entry = children[first].range().cover(children.get(first + 1).map_or(children[first].range(), |value| value.range()));
            around.push(entry);
        }
        node = inside.map(|at| children[at]);
    }
    around.push(TextRange::new(0, u32::try_from(file.text().len()).unwrap_or(0)));
    around.retain(|range| range.touches(offset));
    around.sort_by_key(|range| range.len());
    around.dedup();
    // Each must hold the one before.
    let mut nested: Vec<TextRange> = Vec::new();
    for range in around {
        if nested.last().is_none_or(|inner| range.contains_range(*inner)) {
            nested.push(range);
        }
    }
    nested
}

/// A place that leads to a page on the web.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The text that leads there.
    pub range: TextRange,
    /// Where to.
    pub target: String,
    /// What is there.
    pub tooltip: String,
}

/// Registries that can be looked at in a browser, and the pages of rules in suppressions.
pub fn links(file: &SourceFile) -> Vec<Link> {
    let mut links = Vec::new();
    if let Model::Promoter(promoter) = &file.reading().model {
        for name in promoter.registries.iter().filter_map(|registry| registry.name.as_ref()) {
            let target = registry_page(name.as_str());
            links.extend(target.map(|target| Link { range: name.inner_range(), target, tooltip: "the registry's listing".to_owned() }));
        }
    }
    if let Model::FilePromoter(promoter) = &file.reading().model {
        for base in promoter.filestores.iter().filter_map(|filestore| filestore.base.as_ref()) {
            let bucket = base.as_str().strip_prefix("gs://").filter(|bucket| !bucket.is_empty());
            let target = bucket.map(|bucket| format!("https://console.cloud.google.com/storage/browser/{bucket}"));
            links.extend(target.map(|target| Link { range: base.inner_range(), target, tooltip: "the bucket's listing".to_owned() }));
        }
    }
    for comment in file.document().comments().iter().filter(|comment| file.slice(**comment).contains("promolint")) {
        let text = file.slice(*comment);
        for rule in rules::ALL {
            let Some(at) = text.find(rule.name).filter(|at| is_word(text, *at, rule.name.len())) else { continue };
            let start = comment.start() + u32::try_from(at).unwrap_or(0);
            let range = TextRange::new(start, start + u32::try_from(rule.name.len()).unwrap_or(0));
            links.push(Link { range, target: page_url(rule.name), tooltip: rule.summary() });
        }
    }
    links
}

fn is_word(text: &str, at: usize, length: usize) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '-';
    !text[..at].ends_with(is_part) && !text[at + length..].starts_with(is_part)
}

/// The page of a registry that people can browse.
fn registry_page(name: &str) -> Option<String> {
    let host = name.split('/').next()?;
    let is_google = host.ends_with("gcr.io") || host.ends_with("-docker.pkg.dev");
    let is_plain = name.chars().all(|character| character.is_ascii_alphanumeric() || "-._/".contains(character));
    (is_google && is_plain).then(|| format!("https://{name}"))
}
