use promolint_syntax::{Node, TextRange};

use crate::diagnostic::Severity;
use crate::file::SourceFile;
use crate::model::{DigestEntry, Model, Tag};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// An image without digests promotes nothing.
    ///
    /// A name with nothing behind it is a warning: the digests were surely forgotten. So is a digest without a tag
    /// list where others of the image have tags, or where the list became a comment. An empty `dmap:` and other
    /// digests without a tag list are legal, and only hinted at; `[]` says that there shall be no tag.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "missing-dmap",
        category: Images,
        severity: Warning,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    // Plain manifests must have it, which missing-key says.
    let Model::Images(file) = context.file.model else { return };
    for image in &file.images {
        let Some(name) = &image.name else { continue };
        let key = image.node.as_mapping().and_then(|mapping| mapping.entry("dmap"));
        match (key, &image.digests) {
            (None, None) if has_only_a_name(image.node) => {
                let message = format!("{} has no `dmap`; nothing is promoted for it", name.value);
                findings.push(Finding::new(context.source(), name.range(), message).help("add `dmap:` with the digests and their tags"));
            }
            (Some(key), Some(digests)) if digests.entries.is_empty() && is_intact(digests.node) => {
                let message = format!("`dmap` of {} is empty; nothing is promoted for it", name.value);
                let finding = Finding::new(context.source(), key.key.range(), message).severity(Severity::Hint);
                findings.push(finding.help("add the digests, or remove the entry"));
            }
            _ => {}
        }
        let has_tags = image.entries().any(|entry| !entry.tags.is_empty());
        for entry in image.entries().filter(|entry| entry.tags_node.is_null()) {
            findings.push(without_tags(context.source(), &name.value, entry, has_tags));
        }
    }
}

/// A digest with nothing behind it. `others_have` tells whether digests of the image have tags.
fn without_tags(source: &SourceFile, image: &str, entry: &DigestEntry<'_>, others_have: bool) -> Finding {
    let line_end = source.lines().line_range(source.text(), source.lines().line(entry.digest.range().start())).end();
    let behind = source.slice(TextRange::new(entry.digest.range().end(), line_end));
    let is_comment = is_lost_list(behind);
    let (message, help) = if is_comment {
        ("behind `#` is a comment; it is promoted without a tag", "take away the `#`")
    } else {
        ("is missing; it is promoted without a tag", "add its tags, or `[]` if it shall have none")
    };
    let finding = Finding::new(source, entry.digest.range(), format!("the tag list of a digest of {image} {message}")).help(help);
    if others_have || is_comment { finding } else { finding.severity(Severity::Hint) }
}

/// Whether nothing but a comment stands behind a digest, and that is a list of tags.
fn is_lost_list(behind: &str) -> bool {
    let Some((before, comment)) = behind.split_once('#') else { return false };
    let comment = comment.trim_start_matches(['#', ' ', '\t']).trim_end();
    let list = comment.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
    before.chars().all(|char| matches!(char, ':' | ' ' | '\t')) && list.is_some_and(|list| list.split(',').any(is_tag))
}

/// Whether an item of a list is meant as a tag: in quotes, or a word like a version.
fn is_tag(item: &str) -> bool {
    let item = item.trim();
    let in_quotes = ['"', '\''].into_iter().find_map(|quote| item.strip_prefix(quote)?.strip_suffix(quote));
    let is_plain_tag = || Tag::parse(item).is_some() && item.contains(|char: char| char.is_ascii_digit());
    in_quotes.map_or_else(is_plain_tag, |tag| Tag::parse(tag).is_some())
}

/// Whether the entry says nothing but a name; a mistyped `dmap` is told by unknown-key.
fn has_only_a_name(node: Node<'_>) -> bool {
    node.as_mapping().is_some_and(|mapping| mapping.node().children().count() == 2)
}

/// Whether nothing of it was lost to a syntax error.
fn is_intact(node: Node<'_>) -> bool {
    node.children().next().is_none()
}
