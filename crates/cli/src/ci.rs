//! Which change a CI system is judging, told by its environment.

use std::path::Path;

use promolint_workspace::git::Comparison;
use serde_json::Value;

/// The change that a CI system names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// What the files are to be compared with.
    pub(crate) comparison: Comparison,
    /// Who says so: "Prow presubmit".
    pub(crate) named_by: &'static str,
}

/// Looks at the environment; `read` reads a file that it names.
pub(crate) fn detect(variable: &dyn Fn(&str) -> Option<String>, read: &dyn Fn(&Path) -> Option<String>) -> Option<Found> {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    prow(&variable).or_else(|| github(&variable, read)).or_else(|| gitlab(&variable))
}

/// Whether a CI system says that a change is judged, whatever it tells of the base.
pub(crate) fn is_change(variable: &dyn Fn(&str) -> Option<String>) -> bool {
    let is = |name: &str, values: &[&str]| variable(name).is_some_and(|value| values.contains(&value.as_str()));
    is("JOB_TYPE", &["presubmit", "batch"])
        || is("GITHUB_ACTIONS", &["true"]) && is("GITHUB_EVENT_NAME", &["pull_request", "pull_request_target", "merge_group"])
}

fn prow(variable: &dyn Fn(&str) -> Option<String>) -> Option<Found> {
    let (revision, named_by) = match variable("JOB_TYPE")?.as_str() {
        "presubmit" => (variable("PULL_BASE_SHA")?, "Prow presubmit"),
        "batch" => (variable("PULL_BASE_SHA")?, "Prow batch"),
        "postsubmit" => ("HEAD^".to_owned(), "Prow postsubmit"),
        _ => return None,
    };
    Some(Found { comparison: Comparison::Since(revision), named_by })
}

fn github(variable: &dyn Fn(&str) -> Option<String>, read: &dyn Fn(&Path) -> Option<String>) -> Option<Found> {
    variable("GITHUB_ACTIONS").filter(|value| value == "true")?;
    let event = || serde_json::from_str::<Value>(&read(Path::new(&variable("GITHUB_EVENT_PATH")?))?).ok();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match variable("GITHUB_EVENT_NAME")?.as_str() {
        "pull_request" | "pull_request_target" => {
            let event = event()?;
            let (base, head) = (text(&event["pull_request"]["base"]["sha"])?, text(&event["pull_request"]["head"]["sha"])?);
            Some(Found { comparison: Comparison::PullRequest { base, head }, named_by: "GitHub pull request" })
        }
        "merge_group" => {
            let base = text(&event()?["merge_group"]["base_sha"])?;
            Some(Found { comparison: Comparison::Since(base), named_by: "GitHub merge queue" })
        }
        _ => None,
    }
}

fn gitlab(variable: &dyn Fn(&str) -> Option<String>) -> Option<Found> {
    let base = variable("CI_MERGE_REQUEST_DIFF_BASE_SHA")?;
    Some(Found { comparison: Comparison::Since(base), named_by: "GitLab merge request" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ci_systems_name_their_base() {
        let since = |revision: &str, named_by| Some(Found { comparison: Comparison::Since(revision.to_owned()), named_by });
        let pull_request = Some(Found {
            comparison: Comparison::PullRequest { base: "b".to_owned(), head: "h".to_owned() },
            named_by: "GitHub pull request",
        });
        let event = r#"{"pull_request": {"base": {"sha": "b"}, "head": {"sha": "h"}}, "merge_group": {"base_sha": "m"}}"#;
        let github = |name| vec![("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_NAME", name), ("GITHUB_EVENT_PATH", "/event")];
        for (environment, expected) in [
            (vec![], None),
            (vec![("JOB_TYPE", "presubmit"), ("PULL_BASE_SHA", "abc")], since("abc", "Prow presubmit")),
            (vec![("JOB_TYPE", "batch"), ("PULL_BASE_SHA", "abc")], since("abc", "Prow batch")),
            (vec![("JOB_TYPE", "presubmit"), ("PULL_BASE_SHA", "")], None),
            (vec![("JOB_TYPE", "postsubmit"), ("PULL_BASE_SHA", "abc")], since("HEAD^", "Prow postsubmit")),
            (vec![("JOB_TYPE", "periodic")], None),
            (vec![("PULL_BASE_SHA", "abc")], None),
            (github("pull_request"), pull_request),
            (github("merge_group"), since("m", "GitHub merge queue")),
            (github("push"), None),
            (vec![("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_NAME", "pull_request"), ("GITHUB_EVENT_PATH", "/none")], None),
            (vec![("CI_MERGE_REQUEST_DIFF_BASE_SHA", "g")], since("g", "GitLab merge request")),
        ] {
            let variable = |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            let read = |path: &Path| (path == Path::new("/event")).then(|| event.to_owned());
            assert!(detect(&variable, &read).is_none_or(|found| is_change(&variable) || !found.named_by.starts_with("GitHub")));
            assert_eq!(detect(&variable, &read), expected, "{environment:?}");
        }
    }
}
