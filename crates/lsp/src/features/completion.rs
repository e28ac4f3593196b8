//! Completion: what can stand at a place, told from the lines around it.
//!
//! The tree is no help where something is half typed; indentation and keys are.

mod context;
mod documentation;
mod toml;

use std::collections::BTreeSet;

use promolint_analysis::model::{Image, Model, OwnersLevel, Role};
use promolint_analysis::policy::fill;
use promolint_analysis::repository::Place as TreePlace;
use promolint_analysis::{FileKind, Rule, SourceFile, rules};
use promolint_syntax::TextRange;

use crate::session::state::State;
use context::Context;

pub use toml::complete as complete_configuration;

/// What an item stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ItemKind {
    /// A key.
    Key,
    /// A value.
    Value,
    /// A person or an alias.
    Person,
    /// A rule or category.
    Rule,
    /// Several lines with places to fill in.
    Snippet,
}

/// Something that can stand at the place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// What is shown, and inserted where there is no other text.
    pub label: String,
    /// What it stands for.
    pub kind: ItemKind,
    /// What replaces [`Item::replaces`]; with `$1` in a snippet.
    pub text: String,
    /// What goes.
    pub replaces: TextRange,
    /// A few words.
    pub detail: String,
    /// In Markdown.
    pub documentation: String,
}

/// Everything that can stand at an offset.
pub fn complete(state: &State, file: &SourceFile, offset: u32) -> Vec<Item> {
    let context = Context::new(file.text(), offset);
    if let Some(comment) = context.comment {
        return in_comment(comment, &context);
    }
    match file.kind() {
        FileKind::Images => images(file, &context),
        FileKind::PromoterManifest | FileKind::PlainManifest => promoter(state, file, &context),
        FileKind::FilePromoterManifest => file_promoter(state, &context),
        FileKind::FileManifest => keyed(&context, &[("", &["files"]), ("files", &["name", "sha256"])]),
        FileKind::Owners => owners(state, &context),
        FileKind::OwnersAliases => aliases(state, &context),
        _ => Vec::new(),
    }
}

fn item(context: &Context<'_>, kind: ItemKind, text: &str, detail: &str) -> Item {
    Item {
        label: text.to_owned(),
        kind,
        text: text.to_owned(),
        replaces: context.word,
        detail: detail.to_owned(),
        documentation: String::new(),
    }
}

fn snippet(context: &Context<'_>, label: &str, text: &str, detail: &str) -> Item {
    Item { label: label.to_owned(), text: text.to_owned(), ..item(context, ItemKind::Snippet, label, detail) }
}

/// A rule with its page.
fn rule(replaces: TextRange, rule: &Rule) -> Item {
    Item {
        label: rule.name.to_owned(),
        kind: ItemKind::Rule,
        text: rule.name.to_owned(),
        replaces,
        detail: rule.category.name().to_owned(),
        documentation: rule.summary(),
    }
}

fn in_comment(comment: &str, context: &Context<'_>) -> Vec<Item> {
    let Some(list) = comment.find("allow(").filter(|_| comment.contains("promolint")) else {
        let is_start = comment.trim_start_matches('#').trim_start();
        let starts = is_start.is_empty() || "promolint".starts_with(is_start);
        return if starts {
            vec![snippet(context, "promolint: allow(…)", "promolint: allow(${1:rule}) ${2:reason}", "silence a rule, with a reason")]
        } else {
            Vec::new()
        };
    };
    if comment[list..].contains(')') {
        return Vec::new();
    }
    rules::ALL
        .iter()
        .filter(|candidate| candidate.category != promolint_analysis::Category::Suppression)
        .map(|found| rule(context.word, found))
        .collect()
}

/// The keys that can stand under each parent, those left out that stand there already.
fn keyed(context: &Context<'_>, schema: &[(&str, &[&str])]) -> Vec<Item> {
    if context.key.is_some() {
        return Vec::new();
    }
    let parent = context.parents.first().map_or("", String::as_str);
    let keys = schema.iter().filter(|(name, _)| *name == parent).flat_map(|(_, keys)| *keys);
    let free = keys.filter(|key| !context.siblings.contains(**key));
    free.map(|key| {
        let lists =
            ["registries", "images", "filestores", "files", "dmap", "approvers", "reviewers", "aliases", "filters", "options", "labels"];
        let text = if lists.contains(key) { format!("{key}:") } else { format!("{key}: ") };
        let documentation = documentation::of(key).to_owned();
        Item { text, documentation, ..item(context, ItemKind::Key, key, "") }
    })
    .collect()
}

fn images(file: &SourceFile, context: &Context<'_>) -> Vec<Item> {
    let mut items = keyed(context, &[("", &["name", "dmap"])]);
    if context.parents.is_empty() && !context.is_value() {
        let dash = if context.is_item { "" } else { "- " };
        let text = format!("{dash}name: ${{1:image}}\n  dmap:\n    \"sha256:${{2:digest}}\": [\"${{3:v1.0.0}}\"]");
        items.push(snippet(context, "image", &text, "an image with a digest and a tag"));
        if context.is_item || context.indentation == 0 && context.siblings.is_empty() {
            items.retain(|item| item.label != "dmap");
        }
    }
    let in_digests = context.parents.first().is_some_and(|parent| parent == "dmap");
    if in_digests && context.key.is_none() && !context.in_brackets {
        items.push(snippet(context, "digest", "\"sha256:${1:digest}\": [\"${2:v1.0.0}\"]", "a digest with a tag"));
    }
    let is_tag = context.key.as_deref().is_some_and(|key| key.contains("sha256"))
        || context.parents.first().is_some_and(|parent| parent.starts_with("sha256"));
    if is_tag {
        items.extend(sibling_tags(file, context));
    }
    items
}

/// Tags that other images of the file have and this one has not.
fn sibling_tags(file: &SourceFile, context: &Context<'_>) -> Vec<Item> {
    let images = file.image_list();
    let offset = context.word.start();
    let own = images.iter().rfind(|image| image.node.range().start() <= offset);
    let tags =
        |image: &Image<'_>| image.entries().flat_map(|entry| &entry.tags).map(|tag| tag.as_str().to_owned()).collect::<BTreeSet<_>>();
    let known = own.map(tags).unwrap_or_default();
    let others: BTreeSet<String> = images.iter().flat_map(tags).filter(|tag| !known.contains(tag) && !tag.is_empty()).collect();
    others.iter().rev().map(|tag| item(context, ItemKind::Value, tag, "on other images of this file")).collect()
}

fn promoter(state: &State, file: &SourceFile, context: &Context<'_>) -> Vec<Item> {
    let policy = &state.judging.settings.policy;
    let top: &[&str] = if file.kind() == FileKind::PlainManifest { &["registries", "images"] } else { &["registries"] };
    let mut items = keyed(context, &[("", top), ("registries", &["name", "service-account", "src"]), ("images", &["name", "dmap"])]);
    let in_registries = context.parents.first().is_some_and(|parent| parent == "registries");
    let Model::Promoter(promoter) = &file.reading().model else { return items };
    let present: BTreeSet<&str> = promoter.registries.iter().map(promolint_analysis::model::Registry::name_str).collect();
    let project = TreePlace::parse(file.path()).and_then(|place| policy.images.directory_project(place.directory)).unwrap_or("");
    let mut sub_paths: BTreeSet<&str> = promoter
        .destinations()
        .filter_map(|registry| policy.images.destination(registry.name_str()))
        .map(|destination| destination.sub_path)
        .collect();
    if sub_paths.is_empty() {
        sub_paths.insert(project);
    }
    let missing: Vec<String> = sub_paths
        .iter()
        .flat_map(|sub_path| policy.images.all_destinations(sub_path))
        .filter(|name| !present.contains(name.as_str()))
        .collect();
    let account = policy.images.service_accounts.first().map_or("", String::as_str);
    match context.key.as_deref() {
        Some("name") if in_registries => {
            if promoter.sources().next().is_none() {
                let sources = policy.images.sources.iter().map(|source| fill(&source.pattern, project));
                items.extend(sources.map(|name| item(context, ItemKind::Value, &name, "source")));
            }
            items.extend(missing.iter().map(|name| item(context, ItemKind::Value, name, "destination still missing")));
        }
        Some("service-account") => {
            items.extend(
                policy
                    .images
                    .service_accounts
                    .iter()
                    .map(|account| item(context, ItemKind::Value, account, "the account that promotes images")),
            );
        }
        Some("src") => items.push(item(context, ItemKind::Value, "true", "")),
        None if in_registries && context.siblings.is_empty() && !missing.is_empty() => {
            let entries: Vec<String> = missing.iter().map(|name| format!("name: {name}\n  service-account: {account}")).collect();
            let dash = if context.is_item { "" } else { "- " };
            let text = format!("{dash}{}\n", entries.join("\n- "));
            items.push(snippet(context, "destinations", &text, "all destinations that are still missing"));
        }
        _ => {}
    }
    items
}

fn file_promoter(state: &State, context: &Context<'_>) -> Vec<Item> {
    let mut items = keyed(context, &[("", &["filestores"]), ("filestores", &["base", "src", "service-account"])]);
    let policy = &state.judging.settings.policy.files;
    match context.key.as_deref() {
        Some("service-account") => {
            items.extend(
                policy.service_accounts.iter().map(|account| item(context, ItemKind::Value, account, "the account that promotes files")),
            );
        }
        Some("src") => items.push(item(context, ItemKind::Value, "true", "")),
        Some("base") => items.extend(policy.schemes.iter().map(|scheme| item(context, ItemKind::Value, &format!("{scheme}://"), ""))),
        _ => {}
    }
    items
}

fn owners(state: &State, context: &Context<'_>) -> Vec<Item> {
    let parent = context.parents.first().map_or("", String::as_str);
    let role_keys = OwnersLevel::Filter.keys();
    let in_role = role_keys.contains(&parent) || context.key.as_deref().is_some_and(|key| role_keys.contains(&key));
    if in_role {
        let is_label = parent == "labels" || context.key.as_deref() == Some("labels");
        return names(state, context, is_label);
    }
    let mut items = keyed(context, &[("", OwnersLevel::Top.keys()), ("options", OwnersLevel::Options.keys())]);
    if context.parents.len() > 1 && context.parents[1] == "filters" {
        items.extend(keyed(context, &[(parent, role_keys)]));
    }
    if parent.is_empty() && context.siblings.is_empty() && context.key.is_none() {
        items.push(snippet(context, "OWNERS", "approvers:\n- ${1:alias}\nreviewers:\n- ${2:alias}\n", "an OWNERS file"));
    }
    items
}

fn aliases(state: &State, context: &Context<'_>) -> Vec<Item> {
    match context.parents.len() {
        0 => keyed(context, &[("", &["aliases"])]),
        2 => names(state, context, false),
        _ => Vec::new(),
    }
}

/// Aliases, logins or labels that are known in the tree, those in use most first.
fn names(state: &State, context: &Context<'_>, labels: bool) -> Vec<Item> {
    let mut known: std::collections::BTreeMap<String, (usize, bool)> = std::collections::BTreeMap::new();
    for file in state.snapshot().files() {
        let (Model::Owners(owners) | Model::OwnersAliases(owners)) = &file.reading().model else { continue };
        for list in owners.lists.iter().filter(|list| (list.role == Role::Labels) == labels) {
            if list.role == Role::Members {
                known.entry(list.key.value.to_string()).or_default().1 = true;
            }
            for name in &list.names {
                known.entry(name.value.to_string()).or_default().0 += 1;
            }
        }
    }
    let mut known: Vec<(String, (usize, bool))> = known.into_iter().filter(|(name, _)| !name.is_empty()).collect();
    known.sort_by_key(|(name, (count, is_alias))| (!is_alias, std::cmp::Reverse(*count), name.clone()));
    let detail = |is_alias| match (labels, is_alias) {
        (true, _) => "label",
        (_, true) => "alias",
        _ => "login",
    };
    known.iter().map(|(name, (_, is_alias))| item(context, ItemKind::Person, name, detail(*is_alias))).collect()
}
