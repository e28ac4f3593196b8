use foldhash::{HashMap, HashSet};

use promolint_syntax::{Node, Sequence, TextRange};

use crate::file::FileKind;
use crate::history::{Change, Entry};
use crate::model::{DigestEntry, Word};
use crate::repository::{File, ImageTree, Repository, join};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// Something was added to a closed tree that the live tree lacks.
    ///
    /// Nothing is promoted from the closed tree any more: an image added there never arrives, and an approver
    /// added there can approve nothing. Where a change is judged (`--since`), whatever it adds there is told,
    /// even if the live tree has it too; what it takes from the live tree or corrects there is not. In a run
    /// over a whole tree, an entry is told whose image the live tree has, but not its tag, and whose digest it has
    /// under no image.
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
        on_touched_lines: true,
        check: Check::Repository(check),
        check_change: check_change,
    }
}

fn check(repository: &Repository<'_>, findings: &mut Findings) {
    for tree in repository.image_trees.iter().filter(|tree| tree.is_frozen) {
        let Some(live_root) = &tree.live_root else { continue };
        let Some(live_tree) = repository.image_trees.iter().find(|other| other.root == *live_root) else { continue };
        let live: Vec<&File<'_>> = images(repository, live_tree).map(|(_, file)| file).collect();
        let mut unknown = Vec::new();
        let digests = Digests::new(&live);
        for (directory, frozen) in images(repository, tree) {
            // A project that the live tree has no more was retired there.
            let counterpart = live_tree.projects.get(directory).and_then(|project| project.images);
            if counterpart.is_some_and(|counterpart| !is_damaged(repository.file(counterpart))) {
                let entries = entries(frozen).filter(|(_, entry)| !digests.contain(entry.digest.as_str()));
                unknown.extend(entries.map(|(name, entry)| Added { frozen, directory, name, entry }));
            }
        }
        check_added(&unknown, &live, live_root, findings);
    }
}

/// An entry of a closed tree whose digest the live tree lacks.
struct Added<'f> {
    frozen: &'f File<'f>,
    directory: &'f str,
    name: &'f str,
    entry: &'f DigestEntry<'f>,
}

/// The digests of the live tree, whatever project and image they belong to there: projects are renamed, and images
/// move between them.
struct Digests<'f> {
    read: HashSet<&'f str>,
    /// The texts of files that cannot be read in full.
    damaged: Vec<&'f str>,
}

impl<'f> Digests<'f> {
    fn new(live: &[&'f File<'_>]) -> Self {
        let read = live.iter().flat_map(|file| entries(file)).map(|(_, entry)| entry.digest.as_str()).collect();
        let damaged = live.iter().filter(|file| is_damaged(file)).map(|file| file.source.text()).collect();
        Self { read, damaged }
    }

    fn contain(&self, digest: &str) -> bool {
        self.read.contains(digest) || self.damaged.iter().any(|text| text.contains(digest))
    }
}

/// Tells of entries that surely were never promoted: the live tree has the image, and neither the digest nor the tag
/// on another one. What was corrected or retired in the live tree is not to blame.
fn check_added(unknown: &[Added<'_>], live: &[&File<'_>], live_root: &str, findings: &mut Findings) {
    if unknown.is_empty() {
        return;
    }
    let names: HashSet<&str> = unknown.iter().map(|added| added.name).collect();
    let mut tags: HashMap<&str, HashSet<&str>> = HashMap::default();
    for (name, entry) in live.iter().flat_map(|file| entries(file)).filter(|(name, _)| names.contains(name)) {
        tags.entry(name).or_default().extend(entry.tags.iter().map(Word::as_str));
    }
    for Added { frozen, directory, name, entry } in unknown {
        let Some(known) = tags.get(name) else { continue };
        for tag in entry.tags.iter().filter(|tag| !known.contains(tag.as_str())) {
            let message = format!("{name}:{} stands in the closed tree only, from which nothing is promoted any more", tag.value);
            let help = format!("move it to `{}`", join(live_root, &format!("images/{directory}/images.yaml")));
            findings.push(Finding::new(frozen.source, entry.range(), message).help(help));
        }
    }
}

/// The images.yaml of a tree, with the directories of their projects.
fn images<'f>(repository: &'f Repository<'_>, tree: &'f ImageTree<'_>) -> impl Iterator<Item = (&'f str, &'f File<'f>)> {
    let projects = tree.projects.iter();
    projects.filter_map(|(directory, project)| Some((*directory, repository.file(project.images?))))
}

fn is_damaged(file: &File<'_>) -> bool {
    !file.source.document().errors().is_empty() || !file.problems.is_empty()
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

/// The digests of a file's images, with the names.
fn entries<'f>(file: &'f File<'_>) -> impl Iterator<Item = (&'f str, &'f DigestEntry<'f>)> {
    file.image_list().iter().flat_map(|image| image.entries().map(move |entry| (image.name_str(), entry)))
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
