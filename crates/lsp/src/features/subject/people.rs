//! People and aliases, in OWNERS and `OWNERS_ALIASES`. Their letter case does not matter.

use promolint_analysis::model::{Model, NameList, Role, Word};
use promolint_analysis::{FilePath, SourceFile};

use crate::features::Place;
use crate::session::state::State;

/// Uses and definitions of an alias or login.
pub fn words<'s>(state: &'s State, name: &str) -> Vec<(&'s FilePath, &'s Word<'s>)> {
    let mut found = Vec::new();
    for file in state.snapshot().files() {
        let (Model::Owners(owners) | Model::OwnersAliases(owners)) = &file.reading().model else { continue };
        for list in owners.lists.iter().filter(|list| list.role != Role::Labels) {
            let keys = (list.role == Role::Members).then_some(&list.key);
            let words = keys.into_iter().chain(&list.names).filter(|word| word.value.eq_ignore_ascii_case(name));
            found.extend(words.map(|word| (file.path(), word)));
        }
    }
    found
}

/// The places of [`words`].
pub fn places(state: &State, name: &str) -> Vec<Place> {
    words(state, name).into_iter().map(|(path, word)| Place::new(path, word.inner_range())).collect()
}

/// All aliases, with the files that define them.
pub fn aliases(state: &State) -> impl Iterator<Item = (&SourceFile, &NameList<'_>)> {
    state.snapshot().files().iter().flat_map(|file| {
        let lists = if let Model::OwnersAliases(aliases) = &file.reading().model { aliases.lists.as_slice() } else { &[] };
        lists.iter().map(|list| (&**file, list))
    })
}

/// Where an alias is defined.
pub fn alias<'s>(state: &'s State, name: &str) -> Option<(&'s SourceFile, &'s NameList<'s>)> {
    aliases(state).find(|(_, list)| list.key.value.eq_ignore_ascii_case(name))
}
