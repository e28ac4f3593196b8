//! What is to be copied to where it was not sent before: entries times destinations.

use std::rc::Rc;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::super::{Change, Entry, entries};
use super::{Summary, unseen};
use crate::model::PromoterManifest;
use crate::repository::{File, Repository};

/// Number of the place in production, digest, tag.
type Copy<'c> = (usize, &'c str, &'c str);

/// Numbers of places in production: many entries go to the same ones.
#[derive(Default)]
struct Places(HashMap<String, usize>);

impl Places {
    /// A file's entries, each with the places that it goes to, in the order of the registries.
    fn of<'c>(&mut self, file: &'c File<'c>, registries: &[&str]) -> Vec<(Entry<'c>, Rc<[usize]>)> {
        let mut last: Option<(&str, Rc<[usize]>)> = None;
        let mut found = Vec::new();
        for entry in entries::all(file) {
            let places = match &last {
                Some((name, places)) if *name == entry.name() => Rc::clone(places),
                _ => registries.iter().map(|registry| self.number(format!("{registry}/{}", entry.name()))).collect(),
            };
            last = Some((entry.name(), Rc::clone(&places)));
            found.push((entry, places));
        }
        found
    }

    fn number(&mut self, place: String) -> usize {
        let next = self.0.len();
        *self.0.entry(place).or_insert(next)
    }
}

/// Counts the copies that the change asks for, seen and unseen ones.
pub(super) fn count(change: &Change<'_>, summary: &mut Summary) {
    let affected = affected(change);
    let mut places = Places::default();
    let known = known(change, &affected, &mut places);
    let new: HashSet<_> = change.entries.added.iter().map(|entry| (&**entry.file.source.path(), entry.key())).collect();
    let mut made: HashSet<Copy<'_>> = HashSet::new();
    for (_, file) in affected {
        let Some(promoter) = change.after.promoter_of(file) else { continue };
        let registries: Vec<&str> = registries(promoter).collect();
        let productions: Vec<String> = registries.iter().map(|registry| change.after.production_name(registry)).collect();
        let mut counts = vec![(0, 0); registries.len()];
        let mut untouched: HashSet<&str> = HashSet::new();
        for (entry, places) in places.of(file, &registries) {
            let is_seen = unseen::reason(change, &entry).is_none();
            for (place, (seen, unseen)) in places.iter().zip(&mut counts) {
                let copy = (*place, entry.digest(), entry.tag_str());
                if known.contains(&copy) || !made.insert(copy) {
                    continue;
                }
                *(if is_seen { seen } else { unseen }) += 1;
                if !is_seen && !new.contains(&(&**file.source.path(), entry.key())) {
                    untouched.insert(entry.digest());
                }
            }
        }
        for (production, (seen, unseen)) in productions.into_iter().zip(counts) {
            for (count, promotions) in [(seen, &mut summary.promotions), (unseen, &mut summary.unseen_promotions)] {
                if count > 0 {
                    *promotions.entry(production.clone()).or_default() += count;
                }
            }
        }
        if !untouched.is_empty() {
            summary.untouched.push((file.source.path().to_string(), untouched.len()));
        }
    }
}

/// Files of live trees that list other images than before or send them elsewhere, each with what it was.
fn affected<'c>(change: &'c Change<'c>) -> Vec<(Option<&'c File<'c>>, &'c File<'c>)> {
    let mut affected = Vec::new();
    for file in change.after.files.iter().filter(|file| !file.is_frozen && !file.image_list().is_empty()) {
        let before = match change.file(file.source.path()) {
            Some(changed) => changed.before.map(|id| change.before.file(id)),
            None => change.before.find(file.source.path()),
        };
        let before = before.filter(|before| !before.is_frozen);
        let (old, new) = (before.and_then(|before| change.before.promoter_of(before)), change.after.promoter_of(file));
        let is_same_promoter = match (old, new) {
            (Some(old), Some(new)) => std::ptr::eq(old, new) || registries(old).eq(registries(new)),
            (None, None) => true,
            _ => false,
        };
        if before.is_none_or(|before| !std::ptr::eq(before.source, file.source)) || !is_same_promoter {
            affected.push((before, file));
        }
    }
    affected
}

/// What was copied already, as far as it concerns the files that are affected.
fn known<'c>(change: &'c Change<'c>, affected: &[(Option<&'c File<'c>>, &'c File<'c>)], places: &mut Places) -> HashSet<Copy<'c>> {
    let mut files: HashMap<&str, &File<'_>> = HashMap::new();
    let gone = change.files.iter().filter_map(|file| file.before).map(|id| change.before.file(id));
    for file in affected.iter().filter_map(|(before, _)| *before).chain(gone.filter(|file| !file.is_frozen)) {
        files.insert(file.source.path(), file);
    }
    let mut known = HashSet::new();
    for file in files.into_values() {
        let registries: Vec<&str> = change.before.promoter_of(file).into_iter().flat_map(registries).collect();
        for (entry, places) in places.of(file, &registries) {
            known.extend(places.iter().map(|place| (*place, entry.digest(), entry.tag_str())));
        }
    }
    known
}

/// The names of a manifest's destinations.
fn registries<'m>(promoter: &'m PromoterManifest<'_>) -> impl Iterator<Item = &'m str> {
    promoter.destinations().filter(|registry| registry.name.is_some()).map(|registry| registry.name_str().trim_end_matches('/'))
}

impl Repository<'_> {
    /// The production path of a registry, regions left open, as people read it.
    pub(super) fn production_name(&self, registry: &str) -> String {
        let path = self.production_path(registry);
        crate::repository::join(path.registry, path.sub_path).trim_end_matches('/').to_owned()
    }
}
