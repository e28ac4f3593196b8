//! What files beside the trees declare: Google groups, staging projects, registries.

use std::collections::BTreeMap;

use promolint_syntax::{Node, TextRange};

use super::{File, FileId};
use crate::file::FileKind;

/// Declared names with their places. `None` where no file of the kind is there: then nothing can be
/// said of what is missing in it.
#[derive(Debug, Default)]
pub struct Facts<'a> {
    /// Addresses of the groups in `groups/**/groups.yaml`.
    pub groups: Option<BTreeMap<&'a str, Declared<'a>>>,
    /// Projects below `infra.staging.projects` of infra.yaml.
    pub projects: Option<BTreeMap<&'a str, Declared<'a>>>,
    /// Folders of the shared staging project in registries.tf; the value is the group's address.
    pub registries: Option<BTreeMap<&'a str, Declared<'a>>>,
}

/// Where a name is declared.
#[derive(Clone, Copy, Debug)]
pub struct Declared<'a> {
    /// In this file.
    pub file: FileId,
    /// At this place.
    pub range: TextRange,
    /// What it is declared to be, where that matters.
    pub value: &'a str,
}

impl<'a> Facts<'a> {
    pub(super) fn new(files: &[File<'a>]) -> Self {
        let mut facts = Self::default();
        for (id, file) in files.iter().enumerate() {
            let root = file.source.document().root();
            match file.source.kind() {
                FileKind::Groups => read_groups(id, root, facts.groups.get_or_insert_default()),
                FileKind::Infra => read_projects(id, root, &mut facts.projects),
                FileKind::RegistriesTf => read_registries(id, file, facts.registries.get_or_insert_default()),
                _ => {}
            }
        }
        facts
    }
}

fn read_groups<'a>(file: FileId, root: Option<Node<'a>>, groups: &mut BTreeMap<&'a str, Declared<'a>>) {
    let list = root.and_then(Node::as_mapping).and_then(|root| root.get("groups")).and_then(Node::as_sequence);
    for group in list.into_iter().flat_map(promolint_syntax::Sequence::items).filter_map(Node::as_mapping) {
        if let Some(address) = group.get("email-id").and_then(Node::as_scalar) {
            let range = address.inner_range();
            groups.insert(address.document().slice(range), Declared { file, range, value: "" });
        }
    }
}

fn read_projects<'a>(file: FileId, root: Option<Node<'a>>, projects: &mut Option<BTreeMap<&'a str, Declared<'a>>>) {
    let mut node = root;
    for key in ["infra", "staging", "projects"] {
        node = node.and_then(Node::as_mapping).and_then(|mapping| mapping.get(key));
    }
    let Some(list) = node.and_then(Node::as_mapping) else { return };
    let projects = projects.get_or_insert_default();
    for entry in list.entries() {
        let range = entry.key.inner_range();
        projects.insert(entry.key.document().slice(range), Declared { file, range, value: "" });
    }
}

/// Lines `name = "group:…"` between `registries = {` and its `}`.
fn read_registries<'a>(file: FileId, source: &File<'a>, registries: &mut BTreeMap<&'a str, Declared<'a>>) {
    let text: &'a str = source.source.text();
    let mut start = 0_u32;
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        let code = line.split("//").next().unwrap_or_default().split('#').next().unwrap_or_default();
        let (name, value) = code.split_once('=').map_or((code.trim(), ""), |(name, value)| (name.trim(), value.trim()));
        match (inside, name, value) {
            (false, "registries", value) if value.starts_with('{') => inside = true,
            (true, "}", _) => inside = false,
            (true, name, value) if !value.is_empty() => {
                let name = name.trim_matches('"');
                let at = start + u32::try_from(line.find(name).unwrap_or(0)).unwrap_or(0);
                let range = TextRange::new(at, at + u32::try_from(name.len()).unwrap_or(0));
                let value = value.trim_matches(|character| matches!(character, '"' | ','));
                registries.insert(name, Declared { file, range, value: value.strip_prefix("group:").unwrap_or(value) });
            }
            _ => {}
        }
        start += u32::try_from(line.len()).unwrap_or(0);
    }
}
