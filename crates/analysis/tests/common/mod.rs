//! Trees for tests: the good one, the bad examples of all rules laid over it, and ways to damage files.

#![allow(dead_code, reason = "not every test needs all of it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use promolint_analysis::file::kind_of_named_file;
use promolint_analysis::{FileKind, Rule, Snapshot, SourceFile, rules};
use proptest::prelude::*;

pub(crate) const PLACES: [(FileKind, &str); 11] = [
    (FileKind::Images, "registry.k8s.io/images/k8s-staging-widget/images.yaml"),
    (FileKind::PromoterManifest, "registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml"),
    (FileKind::PlainManifest, "plain/promoter-manifest.yaml"),
    (FileKind::FilePromoterManifest, "artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml"),
    (FileKind::FileManifest, "artifacts/manifests/k8s-staging-tool/v1.2.3.yaml"),
    (FileKind::Owners, "registry.k8s.io/images/k8s-staging-widget/OWNERS"),
    (FileKind::OwnersAliases, "OWNERS_ALIASES"),
    (FileKind::Groups, "groups/sig-example/groups.yaml"),
    (FileKind::Infra, "infra/gcp/infra.yaml"),
    (FileKind::RegistriesTf, "infra/gcp/terraform/k8s-staging-images/registries.tf"),
    (FileKind::ImageTags, "releasing/image_tags.yaml"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/good")
}

/// The good text of a place.
pub(crate) fn good(path: &str) -> String {
    let read = |path: &str| fs::read_to_string(root().join(path)).expect("a file of the good tree");
    // Two kinds have no file in the good tree.
    match path {
        "releasing/image_tags.yaml" => "images:\n- name: a\n  versions:\n  - digest: sha256:ab\n    tags: [v1]\n".to_owned(),
        "plain/promoter-manifest.yaml" => format!("{}images:\n{}", read(PLACES[1].1), read(PLACES[0].1)),
        path => read(path),
    }
}

pub(crate) type Tree = BTreeMap<String, String>;

pub(crate) fn good_tree() -> Tree {
    let root = root();
    let mut tree = Tree::new();
    let mut open: Vec<PathBuf> = vec![root.clone()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).expect("a directory of the good tree") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(&root).expect("a path below it").to_str().expect("a plain name").to_owned();
                tree.insert(name, fs::read_to_string(path).expect("a file of the good tree"));
            }
        }
    }
    tree
}

/// What an example judges.
pub(crate) struct Example {
    pub(crate) tree: Tree,
    /// The tree before the change, where one is judged.
    pub(crate) before: Option<Tree>,
}

/// The good tree with the files of one section of a rule's page; `None` if the section has none.
pub(crate) fn example(rule: &Rule, section: &str) -> Option<Example> {
    let start = rule.documentation.find(&format!(" ## {section}\n"))?;
    let text = &rule.documentation[start + 4..];
    let text = &text[..text.find("\n ## ").unwrap_or(text.len())];
    let mut tree = good_tree();
    let mut before = None;
    let mut files = 0;
    let mut lines = text.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
    while let Some(line) = lines.next() {
        let Some(fence) = line.strip_prefix("```") else { continue };
        let mut words = fence.split_whitespace().skip(1);
        let mut body: String = lines.by_ref().take_while(|line| *line != "```").flat_map(|line| [line, "\n"]).collect();
        let Some(mut path) = words.next() else { continue };
        files += 1;
        let mut tree = &mut tree;
        if path == "before" {
            path = words.next().expect("the path of a file");
            tree = before.get_or_insert_with(good_tree);
        }
        match words.next() {
            Some("absent") => {
                tree.remove(path);
                continue;
            }
            Some("excerpt") => continue,
            Some("escaped") => {
                body.pop();
                body = body.replace("\\r", "\r").replace("\\t", "\t").replace("\\s", " ").replace("\\n", "\n");
            }
            _ => {}
        }
        tree.insert(path.to_owned(), body);
    }
    (files > 0).then_some(Example { tree, before })
}

pub(crate) fn snapshot(tree: &Tree) -> Snapshot {
    let files = tree.iter().filter_map(|(path, text)| {
        let kind = kind_of_named_file(path, text)?;
        Some(Arc::new(SourceFile::new(path.as_str(), kind, text.as_str())))
    });
    Snapshot::new(files.collect(), true)
}

/// The bad example of each rule.
pub(crate) fn bad_examples() -> impl Iterator<Item = (&'static Rule, Snapshot)> {
    rules::ALL.iter().filter_map(|rule| Some((*rule, snapshot(&example(rule, "Bad")?.tree))))
}

/// What happens to a file.
#[derive(Clone, Debug)]
pub(crate) enum Damage {
    /// A stretch is replaced.
    Stretch(prop::sample::Index, usize, String),
    /// A line is doubled.
    Twice(prop::sample::Index),
    /// Something is put at the ends of some lines.
    LineEnds(String, usize),
    /// A line is taken out, and put elsewhere.
    Moved(prop::sample::Index, prop::sample::Index),
    /// Several of these.
    All(Vec<Damage>),
}

impl Damage {
    pub(crate) fn apply(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        let lines = |bytes: &[u8]| -> Vec<Vec<u8>> { bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect() };
        match self {
            Self::Stretch(at, cut, put) => {
                let start = at.index(bytes.len() + 1);
                let end = (start + cut).min(bytes.len());
                bytes.splice(start..end, put.bytes());
                bytes
            }
            Self::Twice(at) => {
                let mut lines = lines(&bytes);
                if !lines.is_empty() {
                    let at = at.index(lines.len());
                    lines.insert(at, lines[at].clone());
                }
                lines.concat()
            }
            Self::LineEnds(end, every) => {
                let mut lines = lines(&bytes);
                for line in lines.iter_mut().step_by(*every) {
                    if line.ends_with(b"\n") {
                        line.pop();
                        line.extend(end.bytes());
                    }
                }
                lines.concat()
            }
            Self::Moved(from, to) => {
                let mut lines = lines(&bytes);
                if !lines.is_empty() {
                    let line = lines.remove(from.index(lines.len()));
                    lines.insert(to.index(lines.len() + 1), line);
                }
                lines.concat()
            }
            Self::All(all) => all.iter().fold(bytes, |bytes, damage| damage.apply(bytes)),
        }
    }
}

pub(crate) fn damaged() -> impl Strategy<Value = Damage> {
    let index = any::<prop::sample::Index>;
    let one = prop_oneof![
        (index(), 0..40_usize, "[-a-z0-9@:#'\"\\[\\]{}, \t\n\r]{0,6}").prop_map(|(at, cut, put)| Damage::Stretch(at, cut, put)),
        index().prop_map(Damage::Twice),
        (prop::sample::select(vec!["\r\n", " \n", "", "  # c \n", "\t\r\n", "\r", "\n\n"]), 1..4_usize)
            .prop_map(|(end, every)| Damage::LineEnds(end.to_owned(), every)),
        (index(), index()).prop_map(|(from, to)| Damage::Moved(from, to)),
    ];
    prop::collection::vec(one, 1..4).prop_map(Damage::All)
}
