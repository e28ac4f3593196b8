//! Hover: what is known of the thing under the cursor.

mod account;
mod files;
mod people;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use promolint_analysis::model::{Digest, DigestEntry, Image, Registry, Tag, Word, is_image_name};
use promolint_analysis::repository::{Place as TreePlace, Repository};
use promolint_analysis::rule::page_url;
use promolint_analysis::siblings::TagsByImage;
use promolint_analysis::{FilePath, Rule, SourceFile};
use promolint_syntax::TextRange;

use super::listed::{self, Listed, ListedDigest};
use super::navigation::project;
use super::subject::{self, Subject};
use super::text::{code, codes, counted, title};
use crate::session::state::State;

/// What is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hover {
    /// What it is about.
    pub range: TextRange,
    /// In Markdown.
    pub text: String,
    /// A digest whose history may be asked for, to stand at the end.
    pub history_of: Option<String>,
}

/// What is known of what stands at an offset.
pub fn hover(state: &State, file: &SourceFile, offset: u32) -> Option<Hover> {
    let found = subject::at(file, offset)?;
    let text = match &found {
        Subject::Digest(image, entry, digest) => self::digest(state, file, *image, *entry, digest),
        Subject::Tag(Listed::Image(image), tag) => self::tag(state, file, image, tag),
        Subject::Tag(image, tag) => tagged(file, *image, tag),
        Subject::Image(image, _) => self::image(state, file, *image),
        Subject::Registry(registry, name) => self::registry(state, file, registry, name),
        Subject::Account(account) => account::account(state, account),
        Subject::Filestore(filestore, base) => files::filestore(state, file, filestore, base),
        Subject::File(entry, _) | Subject::Sha256(entry, _) => files::file(state, file, entry),
        Subject::Person(_, name) => match subject::people::alias(state, name.as_str()) {
            Some((_, list)) => people::alias(state, list),
            None => people::login(state, name.as_str()),
        },
        Subject::Alias(list) => people::alias(state, list),
        Subject::Declared(_, word) => people::declared(state, word)?,
        Subject::Rule(_, rule) => self::rule(rule),
    };
    let history_of = if let Subject::Digest(_, _, digest) = &found { Some(digest.value.clone().into_owned()) } else { None };
    Some(Hover { range: found.range(), text, history_of })
}

/// The page of a rule.
pub fn rule(rule: &Rule) -> String {
    format!("### {}\n\n{}\n\n[{}]({})", rule.name, rule.documentation.trim(), rule.name, page_url(rule.name))
}

/// Where the images of a file go: the production registries with sub-path.
fn destinations(repository: &Repository<'_>, path: &FilePath) -> Vec<String> {
    let Some(file) = repository.find(path) else { return Vec::new() };
    let manifest = if file.promoter().is_some() {
        Some(file)
    } else {
        project(repository, path).and_then(|project| project.manifest).map(|id| repository.file(id))
    };
    let promoter = manifest.and_then(|file| file.promoter());
    promoter
        .iter()
        .flat_map(|promoter| promoter.destinations())
        .map(|registry| registry.name_str().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

fn digest(state: &State, file: &SourceFile, image: Listed<'_>, entry: ListedDigest<'_>, digest: &Word<'_>) -> String {
    let mut text = format!("{} {}\n\n", title(image.name_str()), code(digest.as_str()));
    if entry.tags.is_empty() {
        text.push_str("No tags: it can be pulled by digest only.\n\n");
    } else {
        let _ = write!(text, "Tags: {}\n\n", codes(entry.tags.iter().map(Word::as_str)));
    }
    if let Listed::Image(image) = image {
        let unseen = image.entries().find(|entry| entry.digest.range() == digest.range()).and_then(|entry| not_promoted(file, entry));
        let promoted = unseen.map_or_else(|| promoted_to(destinations(&state.repository(), file.path()).len()), str::to_owned);
        let _ = write!(text, "{promoted}\n\n");
    }
    let mut elsewhere: BTreeMap<&FilePath, BTreeSet<&str>> = BTreeMap::new();
    for other in state.snapshot().files() {
        for candidate in listed::images(other) {
            let holds = candidate.digests().filter_map(|entry| entry.digest).any(|other| other.value == digest.value);
            if holds && (other.path() != file.path() || candidate.node().id() != image.node().id()) {
                elsewhere.entry(other.path()).or_default().insert(candidate.name_str());
            }
        }
    }
    if !elsewhere.is_empty() {
        text.push_str("Also under:\n");
        for (path, names) in elsewhere {
            let _ = writeln!(text, "- {} in {}", codes(names), code(path));
        }
    }
    text
}

/// Why nothing is promoted for a digest: what `digest-syntax` and `digest-not-visible` find.
fn not_promoted(file: &SourceFile, entry: &DigestEntry<'_>) -> Option<&'static str> {
    if Digest::parse(&entry.digest.value).is_err() {
        return Some("Nothing is promoted: it is no whole digest.");
    }
    let line = |entry: &DigestEntry<'_>| file.lines().line(entry.digest.range().start());
    let entries = file.image_list().iter().flat_map(Image::entries).filter(|other| Digest::parse(&other.digest.value).is_ok());
    let first = entries.into_iter().find(|other| line(other) == line(entry));
    let is_first = first.is_none_or(|first| first.digest.range() == entry.digest.range());
    (!is_first || !entry.has_visible_quotes())
        .then_some("Nothing is promoted: the promoter sees one digest on each changed line, and only in double quotes.")
}

fn promoted_to(count: usize) -> String {
    match count {
        0 => "No manifest says where it goes.".to_owned(),
        count => format!("Promoted to {}.", counted(count, "destination")),
    }
}

/// Where an image is pulled from: the tree is named after the registry's public address.
fn public_name(state: &State, file: &SourceFile, image: &str) -> Option<String> {
    if !is_image_name(image) {
        return None;
    }
    let place = TreePlace::parse(file.path())?;
    let host = place.root.rsplit('/').next().filter(|host| host.contains('.'))?;
    let repository = state.repository();
    let policy = &state.judging.settings.policy.images;
    let destinations = destinations(&repository, file.path());
    // Of several sub-paths the shortest: the others are kept for older names.
    let sub_path = destinations
        .iter()
        .filter_map(|name| policy.destination(name))
        .map(|destination| destination.sub_path)
        .min_by_key(|path| path.len())?;
    Some(if sub_path.is_empty() { format!("{host}/{image}") } else { format!("{host}/{sub_path}/{image}") })
}

fn tag(state: &State, file: &SourceFile, image: &Image<'_>, tag: &Word<'_>) -> String {
    let mut text = format!("{}\n\n", title(&format!("{}:{}", image.name_str(), tag.as_str())));
    if let Some(name) = public_name(state, file, image.name_str()).filter(|_| Tag::parse(tag.as_str()).is_some()) {
        let _ = write!(text, "```sh\ndocker pull {name}:{}\n```\n\n", tag.as_str());
    }
    let tags = TagsByImage::of(file.image_list());
    let others = tags.names().filter(|name| *name != image.name_str() && tags.has(name, tag.as_str()));
    let names: BTreeSet<&str> = others.collect();
    let lack = tags.lacking(&state.judging.settings.policy.images, image.name_str(), tag.as_str());
    let list = |names: &BTreeSet<&str>| codes(names.iter().copied());
    if !names.is_empty() {
        let _ = write!(text, "The same tag is on {}.\n\n", list(&names));
    }
    if !lack.is_empty() {
        let _ = write!(text, "It is not on {}.\n\n", list(&lack));
    }
    text
}

/// A tag in `image_tags.yaml`, where the same one is on nearly all images of a release.
fn tagged(file: &SourceFile, image: Listed<'_>, tag: &Word<'_>) -> String {
    let mut text = format!("{}\n\n", title(&format!("{}:{}", image.name_str(), tag.as_str())));
    if is_image_name(image.name_str()) && Tag::parse(tag.as_str()).is_some() {
        let _ = write!(text, "```sh\ndocker pull {}:{}\n```\n\n", image.name_str(), tag.as_str());
    }
    let has = |other: &Listed<'_>| other.node().id() != image.node().id() && other.tags().any(|other| other.value == tag.value);
    let others = listed::images(file).filter(has).count();
    let _ = write!(text, "The same tag is on {}.\n\n", counted(others, "other image"));
    text
}

fn image(state: &State, file: &SourceFile, image: Listed<'_>) -> String {
    let mut text = format!("{}\n\n", title(image.name_str()));
    let (digests, tags) = (image.digests().count(), image.tags().count());
    let _ = write!(text, "{} with {}\n\n", counted(digests, "digest"), counted(tags, "tag"));
    if let Listed::Image(_) = image {
        let repository = state.repository();
        if let Some(name) = public_name(state, file, image.name_str()) {
            let _ = write!(text, "Pulled as {}\n\n", code(&name));
        }
        let _ = write!(text, "{}\n\n", promoted_to(destinations(&repository, file.path()).len()));
        text.push_str(&people::approvers(state, &repository, project(&repository, file.path()).and_then(|project| project.owners)));
    }
    text
}

fn registry(state: &State, file: &SourceFile, registry: &Registry<'_>, name: &Word<'_>) -> String {
    let policy = &state.judging.settings.policy;
    let mut text = format!("{}\n\n", title(name.as_str()));
    if let Some(source) = policy.images.source(name.as_str()) {
        let repository = state.repository();
        let group = repository.group_of(source.project);
        let _ = write!(text, "Source: staging of project {}\n\n", code(source.project));
        if !group.is_empty() {
            let exists = repository.facts.groups.as_ref().map(|groups| groups.contains_key(group.as_str()));
            let note = if exists == Some(false) { " (not declared)" } else { "" };
            let _ = write!(text, "Group that may push: {}{note}\n\n", code(&group));
        }
        text.push_str(&people::approvers(state, &repository, project(&repository, file.path()).and_then(|project| project.owners)));
    } else if let Some(destination) = policy.images.destination(name.as_str()) {
        text.push_str("Production registry");
        if !destination.region.is_empty() {
            let _ = write!(text, " in region {}", code(destination.region));
        }
        let _ = if destination.sub_path.is_empty() {
            write!(text, ", at its root\n\n")
        } else {
            write!(text, ", sub-path {}\n\n", code(destination.sub_path))
        };
        if let Some(account) = &registry.service_account {
            let _ = write!(text, "Written by {}\n\n", code(account.as_str()));
        }
    } else {
        text.push_str("Neither a known source nor a production registry.\n\n");
    }
    text
}
