//! Where manifests promote to, and did not before.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Change;
use super::DestinationChange;
use crate::model::{Model, Registry};
use crate::repository::{File, Repository};

/// The manifests with other destinations. What one manifest hands over to another that is new went there before.
pub(super) fn changed(change: &Change<'_>) -> Vec<DestinationChange> {
    let mut found = Vec::new();
    let (mut came, mut went) = (BTreeSet::new(), BTreeSet::new());
    for file in &change.files {
        let side = |repository: &Repository<'_>, id: Option<usize>| {
            let file = id.map(|id| repository.file(id)).filter(|file| !file.is_frozen);
            file.map(|file| destinations(repository, file)).unwrap_or_default()
        };
        let (old, new) = (side(change.before, file.before), side(change.after, file.after));
        let added: BTreeMap<String, String> = new.iter().filter(|(name, _)| !old.contains_key(*name)).map(owned).collect();
        let removed: BTreeMap<String, String> = old.iter().filter(|(name, _)| !new.contains_key(*name)).map(owned).collect();
        if file.before.is_none() {
            came.extend(added.keys().cloned());
        }
        if file.after.is_none() {
            went.extend(removed.keys().cloned());
        }
        found.push((change.path(file).to_string(), added, removed, file.before.is_none(), file.after.is_none()));
    }
    let told = |(path, mut added, mut removed, is_new, is_gone): (String, BTreeMap<_, _>, BTreeMap<_, _>, bool, bool)| {
        added.retain(|name, _| !(is_new && went.contains(name)));
        removed.retain(|name, _| !(is_gone && came.contains(name)));
        DestinationChange { path, added: by_production(added), removed: by_production(removed) }
    };
    found.into_iter().map(told).filter(|change| !change.added.is_empty() || !change.removed.is_empty()).collect()
}

/// Names of registries or bases of filestores, with the production path of each.
fn destinations(repository: &Repository<'_>, file: &File<'_>) -> BTreeMap<String, String> {
    match file.model {
        Model::Promoter(promoter) => {
            let named = promoter.destinations().filter(|registry| registry.name.is_some()).map(Registry::name_str);
            named.map(|name| (name.to_owned(), repository.production_name(name))).collect()
        }
        Model::FilePromoter(promoter) => {
            let bases = promoter.destinations().filter_map(|filestore| filestore.base.as_ref());
            bases.map(|base| (base.value.to_string(), base.value.to_string())).collect()
        }
        _ => BTreeMap::new(),
    }
}

fn owned((name, production): (&String, &String)) -> (String, String) {
    (name.clone(), production.clone())
}

fn by_production(names: BTreeMap<String, String>) -> BTreeMap<String, Vec<String>> {
    let mut grouped: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, production) in names {
        grouped.entry(production).or_default().push(name);
    }
    grouped
}
