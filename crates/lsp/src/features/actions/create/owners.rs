//! OWNERS for a directory that has none.

use promolint_analysis::FileKind;
use promolint_analysis::repository::Place;

use super::project;
use crate::features::subject::people;
use crate::session::state::State;

const HEADER: &str = "# See the OWNERS docs at https://go.k8s.io/owners\n\n";

/// The people that the project has in another tree; else the aliases that are named after it; else nobody.
pub(super) fn text(state: &State, directory: &str) -> String {
    elsewhere(state, directory).or_else(|| of_aliases(state, directory)).unwrap_or_else(|| {
        format!("{HEADER}# Who approves what the project promotes: logins, or aliases of OWNERS_ALIASES.\napprovers: []\n")
    })
}

fn elsewhere(state: &State, directory: &str) -> Option<String> {
    let is_of_project = |path: &str| Place::parse(path).is_some_and(|place| place.directory == directory && place.name == "OWNERS");
    let mut files = state.snapshot().files().iter();
    files.find(|file| file.kind() == FileKind::Owners && is_of_project(file.path())).map(|file| file.text().to_owned())
}

fn of_aliases(state: &State, directory: &str) -> Option<String> {
    let project = project(state, directory);
    let suffixes = &state.judging.settings.policy.owners.alias_suffixes;
    let is_named_after = |name: &&str| name.strip_prefix(project).is_some_and(|rest| suffixes.iter().any(|suffix| suffix == rest));
    let names: Vec<&str> = people::aliases(state).map(|(_, list)| list.key.as_str()).filter(is_named_after).collect();
    let (reviewers, approvers): (Vec<&str>, Vec<&str>) = names.into_iter().partition(|name| name.ends_with("-reviewers"));
    let list = |key: &str, names: &[&str]| if names.is_empty() { String::new() } else { format!("{key}:\n- {}\n", names.join("\n- ")) };
    (!approvers.is_empty()).then(|| format!("{HEADER}{}{}", list("approvers", &approvers), list("reviewers", &reviewers)))
}
