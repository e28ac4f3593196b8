//! What can stand in a promoter manifest, of images or of files.

use std::collections::BTreeSet;

use promolint_analysis::SourceFile;
use promolint_analysis::model::{Model, PromoterManifest, Registry};
use promolint_analysis::policy::{Policy, fill};
use promolint_analysis::repository::Place as TreePlace;

use super::cursor::Cursor;
use super::place::{Dash, Place};
use super::{Item, ItemKind, escaped, keys, lists};

/// In the list of registries.
pub(super) fn registries(policy: &Policy, file: &SourceFile, cursor: &Cursor<'_>, place: &Place) -> Vec<Item> {
    let Model::Promoter(promoter) = &file.reading().model else { return Vec::new() };
    let has_source = promoter.sources().any(|source| !cursor.is_at(source.node.range()));
    let missing = missing(policy, file, promoter, cursor);
    let mut items = Vec::new();
    match cursor.key() {
        None => {
            items.extend(keys::in_items(cursor, place, &entry_keys("name", place, has_source)));
            items.extend(destinations(policy, cursor, place, &missing));
        }
        Some("name") => {
            if !has_source && !place.siblings.contains("service-account") {
                let project = project(policy, file);
                let sources = policy.images.sources.iter().map(|source| fill(&source.pattern, project));
                items.extend(sources.filter_map(|name| lists::value(cursor, &name, "source")));
            }
            items.extend(missing.iter().filter_map(|name| lists::value(cursor, name, "destination still missing")));
        }
        Some("service-account") => {
            let accounts = policy.images.service_accounts.iter();
            items.extend(accounts.filter_map(|account| lists::value(cursor, account, "the account that promotes images")));
        }
        Some("src") => items.extend(lists::value(cursor, "true", "")),
        _ => {}
    }
    items
}

/// In the list of filestores.
pub(super) fn filestores(policy: &Policy, file: &SourceFile, cursor: &Cursor<'_>, place: &Place) -> Vec<Item> {
    let Model::FilePromoter(promoter) = &file.reading().model else { return Vec::new() };
    let has_source = promoter.filestores.iter().any(|store| store.is_source && !cursor.is_at(store.node.range()));
    let values = |values: &[String], detail: &str| values.iter().filter_map(|value| lists::value(cursor, value, detail)).collect();
    match cursor.key() {
        None => keys::in_items(cursor, place, &entry_keys("base", place, has_source)),
        Some("base") => {
            let schemes: Vec<String> = policy.files.schemes.iter().map(|scheme| format!("{scheme}://")).collect();
            values(&schemes, "")
        }
        Some("service-account") => values(&policy.files.service_accounts, "the account that promotes files"),
        Some("src") => lists::value(cursor, "true", "").into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The keys of a source or of a destination: no entry is both.
fn entry_keys(first: &'static str, place: &Place, has_source: bool) -> Vec<&'static str> {
    let (is_source, is_destination) = (place.siblings.contains("src"), place.siblings.contains("service-account"));
    let mut keys = vec![first];
    keys.extend((!is_source).then_some("service-account"));
    keys.extend((!is_destination && !has_source).then_some("src"));
    keys
}

fn project<'f>(policy: &Policy, file: &'f SourceFile) -> &'f str {
    TreePlace::parse(file.path()).and_then(|place| policy.images.directory_project(place.directory)).unwrap_or("")
}

/// The production registries that lack, of each sub-path in the manifest.
fn missing(policy: &Policy, file: &SourceFile, promoter: &PromoterManifest<'_>, cursor: &Cursor<'_>) -> Vec<String> {
    // What is being typed is no registry yet.
    let complete = |registry: &&Registry<'_>| registry.name.as_ref().is_some_and(|name| !cursor.is_at(name.range()));
    let present: BTreeSet<&str> = promoter.registries.iter().filter(complete).map(Registry::name_str).collect();
    let known = promoter.destinations().filter(complete).filter_map(|registry| policy.images.destination(registry.name_str()));
    let mut sub_paths: BTreeSet<&str> = known.map(|destination| destination.sub_path).collect();
    if sub_paths.is_empty() {
        sub_paths.insert(project(policy, file));
    }
    let all = sub_paths.iter().flat_map(|sub_path| policy.images.all_destinations(sub_path));
    all.filter(|name| !present.contains(name.as_str())).collect()
}

/// All destinations that are missing, as entries.
fn destinations(policy: &Policy, cursor: &Cursor<'_>, place: &Place, missing: &[String]) -> Option<Item> {
    let is_free = cursor.is_whole_entry(place) && cursor.typed.is_unquoted();
    let has_keys = place.dash == Dash::Written && ["name", "src", "service-account"].iter().any(|key| place.siblings.contains(*key));
    let dash = place.item(&cursor.style.dash()).filter(|_| is_free && !has_keys && !missing.is_empty())?;
    let account = policy.images.service_accounts.first().map_or("", String::as_str);
    let quote = cursor.style.quote.map(String::from).unwrap_or_default();
    let blanks = cursor.blanks(cursor.column(&dash));
    let entry =
        |name: &String| format!("name: {quote}{}{quote}\n{blanks}service-account: {quote}{}{quote}", escaped(name), escaped(account));
    let entries: Vec<String> = missing.iter().map(entry).collect();
    let text = format!("{dash}{}", entries.join(&format!("\n{}", cursor.style.dash())));
    let item = Item::new(ItemKind::Snippet, "destinations", cursor.replace(&text)).snippet(None);
    Some(Item { detail: "all destinations that are still missing".to_owned(), ..item })
}
