//! Aliases, logins, and what is declared beside them.

use std::collections::BTreeSet;

use promolint_analysis::model::{NameList, Role, Word};
use promolint_analysis::repository::{FileId, Repository};

use crate::features::subject::people;
use crate::features::text::{code, codes, counted, title};
use crate::session::state::State;

pub(super) fn alias(state: &State, list: &NameList<'_>) -> String {
    let uses = people::words(state, list.key.as_str()).len().saturating_sub(1);
    let members = if list.names.is_empty() { "nobody".to_owned() } else { codes(list.names.iter().map(Word::as_str)) };
    format!("{} (alias)\n\n{members}\n\nNamed in {}\n", title(list.key.as_str()), counted(uses, "place"))
}

pub(super) fn login(state: &State, name: &str) -> String {
    let places = people::places(state, name);
    let files: BTreeSet<&str> = places.iter().map(|place| &*place.path).collect();
    let of = people::aliases(state).filter(|(_, list)| list.names.iter().any(|member| member.value.eq_ignore_ascii_case(name)));
    let aliases = codes(of.map(|(_, list)| list.key.as_str()));
    let member = if aliases.is_empty() { String::new() } else { format!("Member of {aliases}\n\n") };
    format!("{}\n\n{member}Named in {}\n", title(name), counted(files.len(), "file"))
}

/// A group or project.
pub(super) fn declared(state: &State, word: &str) -> Option<String> {
    let repository = state.repository();
    let facts = &repository.facts;
    if facts.groups.as_ref().is_some_and(|groups| groups.contains_key(word)) {
        return Some(format!("{}\n\nA declared Google group\n", title(word)));
    }
    if let Some(folder) = facts.registries.as_ref().and_then(|registries| registries.get(word)) {
        let group = code(folder.value);
        return Some(format!("{}\n\nA folder of the shared staging project; {group} may push\n", title(word)));
    }
    let is_project = facts.projects.as_ref().is_some_and(|projects| projects.contains_key(word));
    is_project.then(|| format!("{}\n\nA declared staging project\n", title(word)))
}

/// Who approves what a project changes, with a link to its OWNERS; empty where it has none.
pub(super) fn approvers(state: &State, repository: &Repository<'_>, owners: Option<FileId>) -> String {
    use promolint_analysis::model::Model;
    let Some(source) = owners.map(|id| repository.file(id).source) else { return String::new() };
    let (Model::Owners(owners), Some(uri)) = (&source.reading().model, state.uri(source.path())) else { return String::new() };
    let lists = owners.lists.iter().filter(|list| list.role == Role::Approvers);
    let names: BTreeSet<&str> = lists.flat_map(|list| &list.names).map(Word::as_str).collect();
    let names = if names.is_empty() { "nobody".to_owned() } else { codes(names) };
    format!("Approved by {names} ([OWNERS](<{}>))\n\n", uri.as_str())
}
