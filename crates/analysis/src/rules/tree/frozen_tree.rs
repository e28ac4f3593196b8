use foldhash::HashSet;

use promolint_syntax::{Node, Sequence, TextRange};

use crate::file::FileKind;
use crate::history::{Change, Entry};
use crate::model::{DigestEntry, ImagesFile};
use crate::repository::{File, FileId, Repository, join};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// Something was added to a closed tree that the live tree lacks.
    ///
    /// Nothing is promoted from the closed tree any more: an image added there never arrives, and an approver
    /// added there can approve nothing. Where a change is judged (`--since`), whatever it adds there is told,
    /// even if the live tree has it too.
    ///
    /// ## Bad
    /// ```yaml k8s.gcr.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v9.0.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "frozen-tree",
        category: Tree,
        severity: Error,
        in_frozen_trees: true,
        check: Check::Repository(check),
        check_change: check_change,
    }
}

fn check(repository: &Repository<'_>, findings: &mut Findings) {
    for tree in repository.image_trees.iter().filter(|tree| tree.is_frozen) {
        let Some(live_root) = &tree.live_root else { continue };
        let live = repository.image_trees.iter().find(|other| other.root == *live_root);
        // Whatever project it belongs to there: projects are renamed, and images move between them.
        let live_files = live.into_iter().flat_map(|live| live.projects.values()).filter_map(|project| project.images);
        let known: HashSet<Key<'_>> =
            live_files.filter_map(|id| repository.file(id).images()).flat_map(entries).map(|(key, _)| key).collect();
        for (directory, project) in &tree.projects {
            let counterpart = live.and_then(|live| live.projects.get(directory)).copied().unwrap_or_default();
            if let Some(images) = project.images {
                check_images(repository, live_root, directory, images, &known, findings);
            }
            if let Some(owners) = project.owners {
                check_owners(repository, live_root, directory, owners, counterpart.owners, findings);
            }
        }
    }
}

/// Whatever a change adds below a closed tree, but what is told of the tree as it stands anyway.
fn check_change(change: &Change<'_>, findings: &mut Findings) {
    if !change.files_after().any(|(_, file)| file.is_frozen) {
        return;
    }
    let mut told = Findings::default();
    check(change.after, &mut told);
    let places: HashSet<(&str, TextRange)> = told.found.iter().map(|finding| (&*finding.path, finding.range)).collect();
    let is_told = |file: &File<'_>, range| places.contains(&(&**file.source.path(), range));
    let mut entries: Vec<&Entry<'_>> = change.entries.added.iter().filter(|entry| entry.file.is_frozen).collect();
    // One finding for a digest with several tags.
    entries.dedup_by(|a, b| std::ptr::eq(a.promoted, b.promoted));
    for entry in entries.into_iter().filter(|entry| !is_told(entry.file, entry.promoted.range())) {
        let tag = entry.tag.map_or_else(String::new, |tag| format!(":{}", tag.value));
        let message = format!("{}{tag} was added to the closed tree, from which nothing is promoted any more", entry.name());
        let finding = Finding::new(entry.file.source, entry.promoted.range(), message);
        findings.push(finding.help("add it to the live tree only"));
    }
    for (changed, file) in change.files_after().filter(|(_, file)| file.is_frozen && file.image_list().is_empty()) {
        if file.source.kind() == FileKind::Owners {
            let before: Vec<String> = changed.before.map(|id| lower_names(change.before.file(id))).unwrap_or_default();
            for name in names(file).into_iter().filter(|name| !before.contains(&name.value().to_lowercase())) {
                if !is_told(file, name.range()) {
                    let message = format!("`{}` was added to the closed tree, where there is nothing to approve", name.value());
                    findings.push(Finding::new(file.source, name.range(), message).help("add the name in the live tree only"));
                }
            }
            continue;
        }
        let lines = changed.touched.iter().flat_map(Clone::clone);
        let mut added = lines.map(|line| file.source.lines().line_range(file.source.text(), line));
        let is_content = |range: &TextRange| {
            let line = file.source.slice(*range).trim();
            !line.is_empty() && !line.starts_with('#')
        };
        let is_told = told.found.iter().any(|finding| finding.path == *file.source.path());
        let Some(first) = added.find(is_content).filter(|_| !is_told) else { continue };
        let message = "this was added to the closed tree, where it has no effect any more";
        findings.push(Finding::new(file.source, first, message).help("make the change in the live tree only"));
    }
}

fn check_images(
    repository: &Repository<'_>,
    live_root: &str,
    directory: &str,
    frozen: FileId,
    known: &HashSet<Key<'_>>,
    findings: &mut Findings,
) {
    let frozen = repository.file(frozen);
    for ((name, digest, tag), entry) in frozen.images().into_iter().flat_map(entries) {
        if !known.contains(&(name, digest, tag)) {
            let message = format!("{name}:{tag} stands in the closed tree only; it is never promoted");
            let help = format!("move it to `{}`", join(live_root, &format!("images/{directory}/images.yaml")));
            findings.push(Finding::new(frozen.source, entry.range(), message).help(help));
        }
    }
}

/// Image, digest, tag.
type Key<'f> = (&'f str, &'f str, &'f str);

fn entries<'f>(file: &'f ImagesFile<'_>) -> impl Iterator<Item = (Key<'f>, &'f DigestEntry<'f>)> {
    let all = file.images.iter().flat_map(|image| image.entries().map(move |entry| (image, entry)));
    all.flat_map(|(image, entry)| entry.tags.iter().map(move |tag| ((image.name_str(), entry.digest.as_str(), tag.as_str()), entry)))
}

fn check_owners(
    repository: &Repository<'_>,
    live_root: &str,
    directory: &str,
    frozen: FileId,
    live: Option<FileId>,
    findings: &mut Findings,
) {
    let Some(live) = live else { return };
    let known: HashSet<String> = lower_names(repository.file(live)).into_iter().collect();
    let frozen = repository.file(frozen);
    for name in names(frozen).into_iter().filter(|name| !known.contains(&name.value().to_lowercase())) {
        let message = format!("`{}` is an owner in the closed tree only, where there is nothing to approve", name.value());
        let help = format!("add the name to `{}` instead", join(live_root, &format!("images/{directory}/OWNERS")));
        findings.push(Finding::new(frozen.source, name.range(), message).help(help));
    }
}

/// The same names in lower case, in which they are compared.
fn lower_names(file: &File<'_>) -> Vec<String> {
    names(file).into_iter().map(|name| name.value().to_lowercase()).collect()
}

/// Those who review or approve, or did once.
fn names<'a>(file: &File<'a>) -> Vec<Node<'a>> {
    let root = file.source.document().root().and_then(Node::as_mapping);
    let lists = ["approvers", "reviewers"].into_iter().filter_map(|key| root?.get(key)?.as_sequence());
    lists.flat_map(Sequence::items).filter_map(Node::as_scalar).collect()
}
