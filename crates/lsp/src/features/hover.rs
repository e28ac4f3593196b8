//! Hover: what is known of the thing under the cursor.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use promolint_analysis::model::{Digest, DigestEntry, Image, NameList, Registry, Word};
use promolint_analysis::policy::fill;
use promolint_analysis::repository::{Place as TreePlace, Repository};
use promolint_analysis::rule::page_url;
use promolint_analysis::siblings::TagsByImage;
use promolint_analysis::{FilePath, Rule, SourceFile};
use promolint_syntax::TextRange;

use super::navigation::project;
use super::subject::{self, Subject};
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
    let range = found.range();
    let (text, history_of) = match found {
        Subject::Digest(image, entry) => (digest(state, file, image, entry), Some(entry.digest.value.clone().into_owned())),
        Subject::Tag(image, _, tag) => (self::tag(state, file, image, tag), None),
        Subject::Image(image, _) => (self::image(state, file, image), None),
        Subject::Registry(_, registry, name) => (self::registry(state, registry, name), None),
        Subject::Person(_, name) => match subject::alias_definition(state, name.as_str()) {
            Some((_, list)) => (alias(state, list), None),
            None => (login(state, name.as_str()), None),
        },
        Subject::Alias(list) => (alias(state, list), None),
        Subject::Declared(_, word) => (declared(state, word)?, None),
        Subject::Rule(_, rule) => (self::rule(rule), None),
    };
    Some(Hover { range, text, history_of })
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

fn digest(state: &State, file: &SourceFile, image: &Image<'_>, entry: &DigestEntry<'_>) -> String {
    let repository = state.repository();
    let mut text = format!("**{}** `{}`\n\n", image.name_str(), entry.digest.as_str());
    let tags: Vec<String> = entry.tags.iter().map(|tag| format!("`{}`", tag.as_str())).collect();
    if tags.is_empty() {
        text.push_str("No tags: it can be pulled by digest only.\n\n");
    } else {
        let _ = write!(text, "Tags: {}\n\n", tags.join(", "));
    }
    let promoted = not_promoted(file, entry).map_or_else(|| promoted_to(destinations(&repository, file.path()).len()), str::to_owned);
    let _ = write!(text, "{promoted}\n\n");
    let mut elsewhere: BTreeMap<&FilePath, BTreeSet<&str>> = BTreeMap::new();
    for other in state.snapshot().files() {
        for candidate in other.image_list() {
            let holds = candidate.entries().any(|other| other.digest.value == entry.digest.value);
            if holds && (other.path() != file.path() || candidate.node.id() != image.node.id()) {
                elsewhere.entry(other.path()).or_default().insert(candidate.name_str());
            }
        }
    }
    if !elsewhere.is_empty() {
        text.push_str("Also under:\n");
        for (path, names) in elsewhere {
            let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
            let _ = writeln!(text, "- {} in {path}", names.join(", "));
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
        1 => "Promoted to 1 destination.".to_owned(),
        count => format!("Promoted to {count} destinations."),
    }
}

/// Where an image is pulled from: the tree is named after the registry's public address.
fn public_name(state: &State, file: &SourceFile, image: &str) -> Option<String> {
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
    let mut text = format!("**{}:{}**\n\n", image.name_str(), tag.as_str());
    if let Some(name) = public_name(state, file, image.name_str()) {
        let _ = write!(text, "```sh\ndocker pull {name}:{}\n```\n\n", tag.as_str());
    }
    let tags = TagsByImage::of(file.image_list());
    let others = tags.names().filter(|name| *name != image.name_str() && tags.has(name, tag.as_str()));
    let names: BTreeSet<&str> = others.collect();
    let lack = tags.lacking(&state.judging.settings.policy.images, image.name_str(), tag.as_str());
    let list = |names: &BTreeSet<&str>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if !names.is_empty() {
        let _ = write!(text, "The same tag is on {}.\n\n", list(&names));
    }
    if !lack.is_empty() {
        let _ = write!(text, "It is not on {}.\n\n", list(&lack));
    }
    text
}

fn image(state: &State, file: &SourceFile, image: &Image<'_>) -> String {
    let mut text = format!("**{}**\n\n", image.name_str());
    let entries = image.entries().count();
    let tags: usize = image.entries().map(|entry| entry.tags.len()).sum();
    let _ = write!(text, "{entries} digests with {tags} tags\n\n");
    if let Some(name) = public_name(state, file, image.name_str()) {
        let _ = write!(text, "Pulled as `{name}`\n\n");
    }
    let _ = write!(text, "{}\n\n", promoted_to(destinations(&state.repository(), file.path()).len()));
    text
}

fn registry(state: &State, registry: &Registry<'_>, name: &Word<'_>) -> String {
    let policy = &state.judging.settings.policy;
    let mut text = format!("**{}**\n\n", name.as_str());
    if let Some(source) = policy.images.source(name.as_str()) {
        let repository = state.repository();
        let declared = repository.facts.registries.as_ref().and_then(|registries| registries.get(source.project));
        let group = declared.map_or_else(|| fill(&policy.groups.pattern, source.project), |declared| declared.value.to_owned());
        let _ = write!(text, "Source: staging of project `{}`\n\n", source.project);
        if !group.is_empty() {
            let exists = repository.facts.groups.as_ref().map(|groups| groups.contains_key(group.as_str()));
            let note = if exists == Some(false) { " (not declared)" } else { "" };
            let _ = write!(text, "Group that may push: `{group}`{note}\n\n");
        }
    } else if let Some(destination) = policy.images.destination(name.as_str()) {
        text.push_str("Production registry");
        if !destination.region.is_empty() {
            let _ = write!(text, " in region `{}`", destination.region);
        }
        let _ = if destination.sub_path.is_empty() {
            write!(text, ", at its root\n\n")
        } else {
            write!(text, ", sub-path `{}`\n\n", destination.sub_path)
        };
        if let Some(account) = &registry.service_account {
            let _ = write!(text, "Written by `{}`\n\n", account.as_str());
        }
    } else {
        text.push_str("Neither a known source nor a production registry.\n\n");
    }
    text
}

fn alias(state: &State, list: &NameList<'_>) -> String {
    let members: Vec<String> = list.names.iter().map(|name| format!("`{}`", name.as_str())).collect();
    let uses = subject::people(state, list.key.as_str()).len().saturating_sub(1);
    let members = if members.is_empty() { "nobody".to_owned() } else { members.join(", ") };
    format!("**{}** (alias)\n\n{members}\n\nNamed in {uses} places\n", list.key.as_str())
}

fn login(state: &State, name: &str) -> String {
    let places = subject::people(state, name);
    let files: BTreeSet<&str> = places.iter().map(|place| &*place.path).collect();
    let aliases: Vec<String> = state
        .snapshot()
        .files()
        .iter()
        .filter_map(|file| match &file.reading().model {
            promolint_analysis::model::Model::OwnersAliases(aliases) => Some(aliases),
            _ => None,
        })
        .flat_map(|aliases| &aliases.lists)
        .filter(|list| list.names.iter().any(|member| member.value.eq_ignore_ascii_case(name)))
        .map(|list| format!("`{}`", list.key.as_str()))
        .collect();
    let member = if aliases.is_empty() { String::new() } else { format!("Member of {}\n\n", aliases.join(", ")) };
    format!("**{name}**\n\n{member}Named in {} files\n", files.len())
}

fn declared(state: &State, word: &str) -> Option<String> {
    let repository = state.repository();
    let facts = &repository.facts;
    if facts.groups.as_ref().is_some_and(|groups| groups.contains_key(word)) {
        return Some(format!("**{word}**\n\nA declared Google group\n"));
    }
    if let Some(folder) = facts.registries.as_ref().and_then(|registries| registries.get(word)) {
        return Some(format!("**{word}**\n\nA folder of the shared staging project; `{}` may push\n", folder.value));
    }
    let is_project = facts.projects.as_ref().is_some_and(|projects| projects.contains_key(word));
    is_project.then(|| format!("**{word}**\n\nA declared staging project\n"))
}
