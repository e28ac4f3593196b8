//! A change as others judge it: exit codes, reports, CI environments, hooks, `diff`.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const IMAGES: &str = "registry.k8s.io/images/k8s-staging-widget/images.yaml";
const OLD: &str = "sha256:0c7f1e2d4ba7a2f4be1e2ce2dd2d8f1a4c3a4fd6a5ce7a6d0f9b1ee0c6b1f2aa";
const NEW: &str = "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9";
const CI: [&str; 7] = [
    "JOB_TYPE",
    "PULL_BASE_SHA",
    "GITHUB_ACTIONS",
    "GITHUB_EVENT_NAME",
    "GITHUB_EVENT_PATH",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA",
    "GIT_INDEX_FILE",
];

fn promolint(directory: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_promolint"));
    for name in CI {
        command.env_remove(name);
    }
    command.current_dir(directory).args(arguments).envs(environment.iter().copied()).output().unwrap()
}

fn git(directory: &Path, arguments: &[&str]) -> String {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    let mut command = Command::new("git");
    command.env_remove("GIT_DIR").env_remove("GIT_INDEX_FILE");
    let output = command.current_dir(directory).args(identity).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn write_images(directory: &Path, entries: &[(&str, &str)]) {
    let list: Vec<String> = entries.iter().map(|(digest, tags)| format!("    \"{digest}\": [{tags}]\n")).collect();
    let list = list.concat();
    fs::write(directory.join(IMAGES), format!("- name: widget\n  dmap:\n{list}")).unwrap();
}

/// A repository with an old sin: a digest that is too short.
fn repository() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for half in ["images", "manifests"] {
        fs::create_dir_all(directory.path().join(format!("registry.k8s.io/{half}/k8s-staging-widget"))).unwrap();
    }
    fs::write(directory.path().join("promolint.toml"), "ignore = [\"tree\"]\n").unwrap();
    write_images(directory.path(), &[(OLD, "\"v1.0\", \"v1\""), (&OLD[..70], "\"v0.9\"")]);
    git(directory.path(), &["init", "-q"]);
    git(directory.path(), &["add", "-A"]);
    git(directory.path(), &["commit", "-qm", "base"]);
    directory
}

#[test]
fn old_sins_do_not_fail_a_change() {
    let tree = repository();
    let plain = promolint(tree.path(), &["check", "--no-since"], &[]);
    assert_eq!(plain.status.code(), Some(1), "{}", stdout(&plain));
    write_images(tree.path(), &[(NEW, "\"v1.1\""), (OLD, "\"v1.0\", \"v1\""), (&OLD[..70], "\"v0.9\"")]);
    let judged = promolint(tree.path(), &["check", "--since", "HEAD", "--format", "concise"], &[]);
    assert_eq!(judged.status.code(), Some(0));
    assert!(stdout(&judged).contains("(not from this change)"), "{}", stdout(&judged));
    assert!(stderr(&judged).starts_with("note: judged as a change since "), "{}", stderr(&judged));
    let full = promolint(tree.path(), &["check", "--since", "HEAD"], &[]);
    let full = stdout(&full);
    assert!(full.ends_with("No findings from this change in 1 file. Not from this change: 1 error.\n"), "{full}");
    let quiet = promolint(tree.path(), &["check", "--since", "HEAD", "--changed-only", "--quiet"], &[]);
    assert_eq!((stdout(&quiet), stderr(&quiet)), (String::new(), String::new()));
}

#[test]
fn a_moved_tag_fails_in_every_format() {
    let tree = repository();
    write_images(tree.path(), &[(NEW, "\"v1.1\", \"v1\""), (OLD, "\"v1.0\""), (&OLD[..70], "\"v0.9\"")]);
    let report = |format: &str| {
        let output = promolint(tree.path(), &["check", "--since", "HEAD", "--format", format], &[]);
        assert_eq!(output.status.code(), Some(1), "{format}");
        stdout(&output)
    };
    let json: Value = serde_json::from_str(&report("json")).unwrap();
    let changed: Vec<_> =
        json["diagnostics"].as_array().unwrap().iter().map(|found| (found["rule"].as_str(), found["changed"].as_bool())).collect();
    assert_eq!(changed, [(Some("tag-moved"), Some(true)), (Some("digest-syntax"), Some(false))]);
    let sarif: Value = serde_json::from_str(&report("sarif")).unwrap();
    let states: Vec<_> = sarif["runs"][0]["results"].as_array().unwrap().iter().map(|result| result["baselineState"].as_str()).collect();
    assert_eq!(states, [Some("new"), Some("unchanged")]);
    assert!(report("junit").contains("failures=\"1\""));
    let github = report("github");
    assert_eq!(github.matches("::error").count(), 1, "{github}");
    assert!(github.contains("1 finding not from this change"), "{github}");
}

#[test]
fn a_ci_system_names_the_base() {
    let tree = repository();
    let base = git(tree.path(), &["rev-parse", "HEAD"]);
    write_images(tree.path(), &[(NEW, "\"v1.0\""), (OLD, "\"v1\"")]);
    git(tree.path(), &["commit", "-qam", "move"]);
    let prow = [("JOB_TYPE", "presubmit"), ("PULL_BASE_SHA", base.as_str())];
    let output = promolint(tree.path(), &["check"], &prow);
    assert!(stdout(&output).contains("tag-moved"), "{}", stdout(&output));
    assert!(stderr(&output).contains("(Prow presubmit)"), "{}", stderr(&output));
    assert!(!stdout(&promolint(tree.path(), &["check", "--no-since"], &prow)).contains("tag-moved"));
    let output = promolint(tree.path(), &["check", "--format", "concise"], &[("JOB_TYPE", "postsubmit")]);
    assert!(stdout(&output).contains("tag-moved"));
    // A base that is not here: what to fetch, and the way out.
    let missing = "a".repeat(40);
    let output = promolint(tree.path(), &["check"], &[("CI_MERGE_REQUEST_DIFF_BASE_SHA", missing.as_str())]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("git fetch origin aaaa") && stderr(&output).contains("--no-since"), "{}", stderr(&output));
    // Elsewhere, the CI's repository is of no interest.
    let elsewhere = tempfile::tempdir().unwrap();
    assert_eq!(promolint(elsewhere.path(), &["check"], &prow).status.code(), Some(0));
}

#[test]
fn a_pull_request_of_github() {
    let tree = repository();
    let base = git(tree.path(), &["rev-parse", "HEAD"]);
    write_images(tree.path(), &[(NEW, "\"v1.0\""), (OLD, "\"v1\"")]);
    git(tree.path(), &["commit", "-qam", "move"]);
    let head = git(tree.path(), &["rev-parse", "HEAD"]);
    let event = tree.path().join("event.json");
    fs::write(&event, format!(r#"{{"pull_request": {{"base": {{"sha": "{base}"}}, "head": {{"sha": "{head}"}}}}}}"#)).unwrap();
    let event = event.to_str().unwrap();
    let github = [("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_NAME", "pull_request"), ("GITHUB_EVENT_PATH", event)];
    let output = promolint(tree.path(), &["check", "--format", "github"], &github);
    assert!(stdout(&output).contains("tag-moved"), "{}{}", stdout(&output), stderr(&output));
}

#[cfg(unix)]
#[test]
fn a_hook_judges_what_is_committed() {
    use std::os::unix::fs::PermissionsExt;
    let tree = repository();
    let hook = tree.path().join(".git/hooks/pre-commit");
    fs::write(&hook, format!("#!/bin/sh\nexec '{}' check --staged --changed-only\n", env!("CARGO_BIN_EXE_promolint"))).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    write_images(tree.path(), &[(NEW, "\"v1.0\""), (OLD, "\"v1\"")]);
    let commit = |directory: &Path, arguments: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "x"];
        Command::new("git").current_dir(directory).args(identity).args(arguments).env_remove("GIT_INDEX_FILE").output().unwrap()
    };
    // Nothing is staged but what the commit takes itself, from an index of its own, in a directory below.
    let output = commit(&tree.path().join("registry.k8s.io"), &["-a"]);
    assert!(!output.status.success() && stderr(&output).contains("tag-moved"), "{}", stderr(&output));
    write_images(tree.path(), &[(NEW, "\"v1.1\""), (OLD, "\"v1.0\", \"v1\"")]);
    let output = commit(tree.path(), &["--", IMAGES]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn arguments_that_do_not_fit() {
    let tree = repository();
    for arguments in [
        &["check", "--since", "HEAD", "--staged"][..],
        &["check", "--since", "HEAD", "--no-since"],
        &["check", "--changed-only"],
        &["check", "--since", "no-such-revision"],
        &["diff", "no-such-revision"],
    ] {
        assert_eq!(promolint(tree.path(), arguments, &[]).status.code(), Some(2), "{arguments:?}");
    }
    let nowhere = tempfile::tempdir().unwrap();
    assert_eq!(promolint(nowhere.path(), &["check", "--since", "HEAD"], &[]).status.code(), Some(2));
    assert_eq!(promolint(nowhere.path(), &["diff"], &[]).status.code(), Some(2));
}

#[test]
fn a_revision_that_does_not_exist() {
    let tree = repository();
    let check = || promolint(tree.path(), &["check", "--since", "no-such-revision"], &[]);
    let without_remote = check();
    assert_eq!(without_remote.status.code(), Some(2));
    assert_eq!(stderr(&without_remote), "error: `no-such-revision` is no revision of this repository\n");
    git(tree.path(), &["remote", "add", "origin", "https://example.com/tree"]);
    let with_remote = check();
    assert_eq!(with_remote.status.code(), Some(2));
    let help = "git fetch origin no-such-revision:refs/remotes/origin/no-such-revision";
    assert!(stderr(&with_remote).contains(help), "{}", stderr(&with_remote));
}

#[test]
fn diff_tells_what_is_promoted() {
    let tree = repository();
    write_images(tree.path(), &[(NEW, "\"v1.1\""), (OLD, "\"v1.0\", \"v1\"")]);
    let output = promolint(tree.path(), &["diff"], &[]);
    assert!(stdout(&output).starts_with("Adds 1 digest to 1 image, moves nothing, removes nothing.\n"), "{}", stdout(&output));
    let json: Value = serde_json::from_str(&stdout(&promolint(tree.path(), &["diff", "HEAD", "--format", "json"], &[]))).unwrap();
    assert_eq!(json["images"][0]["added"][0]["tags"][0], "v1.1");
    git(tree.path(), &["commit", "-qam", "x"]);
    assert!(stdout(&promolint(tree.path(), &["diff"], &[])).starts_with("Adds no digests, moves nothing, removes nothing.\n"));
}

#[cfg(unix)]
#[test]
fn the_history_script_counts_merges() {
    let tree = repository();
    write_images(tree.path(), &[(OLD, "\"v1.0\", \"v1\"")]);
    git(tree.path(), &["commit", "-qam", "repair"]);
    for (branch, entries) in
        [("good", vec![(OLD, "\"v1.0\", \"v1\""), (NEW, "\"v1.1\"")]), ("bad", vec![(OLD, "\"v1.0\""), (NEW, "\"v1.1\", \"v1\"")])]
    {
        git(tree.path(), &["switch", "-qc", branch]);
        write_images(tree.path(), &entries);
        git(tree.path(), &["commit", "-qam", branch]);
        git(tree.path(), &["switch", "-q", "-"]);
        git(tree.path(), &["merge", "-q", "--no-ff", "-m", "merge", branch]);
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/history");
    let run = |arguments: &[&str]| Command::new(script).args(arguments).output();
    let Ok(output) = run(&[]) else {
        eprintln!("not run: there is no python3");
        return;
    };
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), "not run: no clone was named\n"));
    let output = run(&["--promolint", env!("CARGO_BIN_EXE_promolint"), tree.path().to_str().unwrap()]).unwrap();
    let counts = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{counts}{}", stderr(&output));
    assert!(counts.starts_with("2 merges judged, 0 could not be\ntag-moved                    1 merges   500.0"), "{counts}");
}
