//! promoter-manifest.yaml for a project that has images only.

use std::fmt::Write as _;

use promolint_analysis::policy::{DeclaredIn, SourcePolicy, fill};
use promolint_analysis::repository::Repository;

/// From the project's staging to every production registry, as the policy has it; none where it names no registries.
pub(super) fn text(repository: &Repository<'_>, directory: &str) -> Option<String> {
    let policy = &repository.policy.images;
    let own_name = policy.directory_project(directory).unwrap_or(directory);
    let project = policy.source_exceptions.get(directory).map_or(own_name, String::as_str);
    let source = fill(&source(repository, project)?.pattern, project);
    let sub_paths = policy.sub_path_exceptions.get(directory).cloned().unwrap_or_else(|| vec![own_name.to_owned()]);
    let destinations: Vec<String> = sub_paths.iter().flat_map(|sub_path| policy.all_destinations(sub_path)).collect();
    if destinations.is_empty() {
        return None;
    }
    let mut text = String::new();
    let group = repository.group_of(project);
    if !group.is_empty() {
        let _ = writeln!(text, "# google group for {source} is {group}");
    }
    let _ = write!(text, "registries:\n- name: {source}\n  src: true\n");
    for name in destinations {
        let _ = writeln!(text, "- name: {name}");
        let account = policy.service_accounts.first();
        text.extend(account.map(|account| format!("  service-account: {account}\n")));
    }
    Some(text)
}

/// The kind of source that the project is declared as; else the last one of the policy that its name fits.
fn source<'p>(repository: &Repository<'p>, project: &str) -> Option<&'p SourcePolicy> {
    let policy = &repository.policy.images;
    let facts = &repository.facts;
    let is_declared = |source: &&SourcePolicy| match source.declared_in {
        Some(DeclaredIn::Infra) => {
            facts.projects.as_ref().is_some_and(|projects| projects.contains_key(fill(&policy.directory, project).as_str()))
        }
        Some(DeclaredIn::Registries) => facts.registries.as_ref().is_some_and(|registries| registries.contains_key(project)),
        None => false,
    };
    let fits = |source: &&SourcePolicy| source.name_limit.is_none_or(|limit| project.len() <= limit);
    policy.sources.iter().find(is_declared).or_else(|| policy.sources.iter().rfind(fits))
}
