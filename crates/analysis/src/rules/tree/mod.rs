//! promoter-manifest.yaml, and what belongs to it across the tree.

pub(super) mod destination_conflict;
pub(super) mod destination_subpath;
pub(super) mod duplicate_destination;
pub(super) mod empty_images_file;
pub(super) mod frozen_tree;
pub(super) mod group_missing;
pub(super) mod header_comment;
pub(super) mod images_without_manifest;
pub(super) mod misplaced_file;
pub(super) mod missing_destination;
pub(super) mod missing_images_file;
pub(super) mod missing_owners;
pub(super) mod owners_in_manifests;
pub(super) mod project_name_length;
pub(super) mod project_not_declared;
pub(super) mod service_account;
pub(super) mod source_count;
pub(super) mod source_directory_mismatch;
pub(super) mod unknown_destination;
pub(super) mod untrusted_source;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{PromoterManifest, Registry};
use crate::policy::{Destination, ImagePolicy, Source, fill};
use crate::repository::{Declared, FileContext, Place, Repository};
use crate::rule::Finding;
use crate::suggest::one_edit_apart;

/// The sources of the context's manifest.
fn sources<'a>(context: &FileContext<'a>) -> impl Iterator<Item = &'a Registry<'a>> {
    context.file.promoter().into_iter().flat_map(PromoterManifest::sources)
}

/// The destinations of the context's manifest, without a registry that was evidently meant as its source.
fn destinations<'a>(context: &FileContext<'a>) -> impl Iterator<Item = &'a Registry<'a>> {
    let policy = &context.policy().images;
    let has_source = sources(context).next().is_some();
    let destinations = context.file.promoter().into_iter().flat_map(PromoterManifest::destinations);
    destinations.filter(move |registry| has_source || !is_meant_as_source(policy, registry))
}

/// Whether a registry of a manifest without a source was evidently meant as that.
fn is_meant_as_source(policy: &ImagePolicy, registry: &Registry<'_>) -> bool {
    let is_staging = policy.may_be_source(registry.name_str()) && policy.destination(registry.name_str()).is_none();
    is_staging || registry.has_unread_source()
}

/// Whether all items of the context's manifest can be read: what a syntax error swallowed is not missing.
fn is_list_intact(context: &FileContext<'_>, promoter: &PromoterManifest<'_>) -> bool {
    let start = promoter.registries_entry.map_or(0, |list| list.key.range().start());
    context.source().document().errors().iter().all(|error| error.range.start() < start)
}

/// The sources of the context's manifest that the policy knows, with their registries.
fn known_sources<'a>(context: &FileContext<'a>) -> impl Iterator<Item = (&'a Registry<'a>, Source<'a, 'a>)> {
    let policy = &context.policy().images;
    sources(context).filter_map(move |registry| Some((registry, policy.source(registry.name_str())?)))
}

/// The destinations of the context's manifest that the policy knows, with their registries.
fn known_destinations<'a>(context: &FileContext<'a>) -> impl Iterator<Item = (&'a Registry<'a>, Destination<'a, 'a>)> {
    let policy = &context.policy().images;
    destinations(context).filter_map(move |registry| Some((registry, policy.destination(registry.name_str())?)))
}

/// Destinations that stand in place of missing ones: all others end in one sub-path, and in their regions there
/// is none with it. Each with the name that is missing.
fn strays<'a>(context: &FileContext<'a>) -> Vec<(&'a Registry<'a>, String)> {
    let Some(promoter) = context.file.promoter().filter(|promoter| is_list_intact(context, promoter)) else { return Vec::new() };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, destination) in known_destinations(context) {
        *counts.entry(destination.sub_path).or_default() += 1;
    }
    let Some((&main, &most)) = counts.iter().max_by_key(|(_, count)| **count).filter(|_| counts.len() > 1) else { return Vec::new() };
    // With a second one that many have, nobody knows which of them was meant.
    if counts.iter().any(|(sub_path, count)| *sub_path != main && count * 2 > most) {
        return Vec::new();
    }
    let meant = |destination: Destination<'_, '_>| {
        let registry = fill(destination.pattern, destination.region);
        if main.is_empty() { registry } else { format!("{registry}/{main}") }
    };
    let others = known_destinations(context).filter(|(_, destination)| destination.sub_path != main);
    let others = others.map(|(registry, destination)| (registry, meant(destination)));
    let is_there = |name: &str| promoter.destinations().any(|registry| registry.name_str() == name);
    let mut strays: Vec<(&Registry<'_>, String)> = others.filter(|(_, name)| !is_there(name)).collect();
    let mut taken = BTreeSet::new();
    strays.retain(|(_, name)| taken.insert(name.clone()));
    strays
}

/// The directory of the project that the context's file belongs to.
fn project_directory<'a>(context: &FileContext<'a>) -> Option<&'a str> {
    context.file.place.filter(Place::is_in_project).map(|place| place.directory)
}

/// Projects that the directory and the sources of a manifest name, exceptions included.
fn own_projects<'a>(context: &FileContext<'a>, policy: &'a ImagePolicy) -> Vec<&'a str> {
    let mut projects: Vec<&str> = known_sources(context).map(|(_, source)| source.project).collect();
    projects.extend(project_directory(context).and_then(|directory| policy.directory_project(directory)));
    projects
}

/// Adds the declared name that is one edit away, if there is one.
fn with_nearest<'a>(finding: Finding, repository: &Repository<'a>, name: &str, declared: &BTreeMap<&'a str, Declared<'a>>) -> Finding {
    let Some((near, place)) = declared.iter().find(|(other, _)| one_edit_apart(name, other)) else { return finding };
    let file = repository.file(place.file).source;
    finding.help(format!("did you mean `{near}`?")).related(file, place.range, format!("`{near}` is declared here"))
}
