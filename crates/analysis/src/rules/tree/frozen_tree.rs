use foldhash::HashSet;

use promolint_syntax::{Node, Sequence, TextRange};

use crate::file::FileKind;
use crate::history::{Change, Entry};
use crate::model::DigestEntry;
use crate::repository::{File, FileId, ImageTree, Repository, join};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// Something was added to a closed tree that the live tree lacks.
    ///
    /// Nothing is promoted from the closed tree any more: an image added there never arrives, and an approver
    /// added there can approve nothing. Where a change is judged (`--since`), whatever it adds there is told,
    /// even if the live tree has it too; what it takes from the live tree or corrects there is not. In a run
    /// over a whole tree, an entry is told whose image the live tree has, but neither its digest nor its tag.
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
        let live = Live::new(repository, live_tree);
        for (directory, project) in &tree.projects {
            // A project that the live tree has no more was retired there.
            let Some(counterpart) = live_tree.projects.get(directory).and_then(|project| project.images) else { continue };
            let Some(images) = project.images.filter(|_| !is_damaged(repository.file(counterpart))) else { continue };
            check_images(repository, live_root, directory, images, &live, findings);
        }
    }
}

/// What the live tree promotes, whatever project it belongs to there: projects are renamed, and images move
/// between them.
struct Live<'f> {
    /// Names of images with each of their digests, and with each of their tags.
    words: HashSet<(&'f str, &'f str)>,
    names: HashSet<&'f str>,
    /// The texts of files that cannot be read in full.
    damaged: Vec<&'f str>,
}

impl<'f> Live<'f> {
    fn new(repository: &'f Repository<'_>, tree: &ImageTree<'_>) -> Self {
        let mut live = Self { words: HashSet::default(), names: HashSet::default(), damaged: Vec::new() };
        for file in tree.projects.values().filter_map(|project| project.images).map(|id| repository.file(id)) {
            for (name, entry) in entries(file) {
                live.names.insert(name);
                live.words.insert((name, entry.digest.as_str()));
                live.words.extend(entry.tags.iter().map(|tag| (name, tag.as_str())));
            }
            if is_damaged(file) {
                live.damaged.push(file.source.text());
            }
        }
        live
    }

    /// Whether an entry surely was never promoted: the image is there, and neither the digest, be it with another
    /// tag, nor the tag on another one. What was corrected or retired in the live tree is not to blame.
    fn never_had(&self, name: &str, digest: &str, tag: &str) -> bool {
        self.names.contains(name)
            && !self.words.contains(&(name, digest))
            && !self.words.contains(&(name, tag))
            && !self.damaged.iter().any(|text| text.contains(digest))
    }
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

fn check_images(repository: &Repository<'_>, live_root: &str, directory: &str, frozen: FileId, live: &Live<'_>, findings: &mut Findings) {
    let frozen = repository.file(frozen);
    for (name, entry) in entries(frozen) {
        for tag in entry.tags.iter().filter(|tag| live.never_had(name, entry.digest.as_str(), tag.as_str())) {
            let message = format!("{name}:{} stands in the closed tree only, from which nothing is promoted any more", tag.value);
            let help = format!("move it to `{}`", join(live_root, &format!("images/{directory}/images.yaml")));
            findings.push(Finding::new(frozen.source, entry.range(), message).help(help));
        }
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
