//! The process as others see it: pipes, exit codes, files, colours.

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

fn promolint(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_promolint"));
    command.args(arguments).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    // The tests may themselves run in a CI system.
    for name in ["JOB_TYPE", "GITHUB_ACTIONS", "CI_MERGE_REQUEST_DIFF_BASE_SHA"] {
        command.env_remove(name);
    }
    command
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_closed_pipe_ends_the_run_quietly() {
    let mut child = promolint(&["completions", "bash"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = promolint(&["man"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("cannot write to standard output"), "{}", stderr(&output));
}

#[test]
fn several_reports_in_one_run() {
    let directory = tempfile::tempdir().unwrap();
    let images = directory.path().join("images/k8s-staging-widget");
    fs::create_dir_all(&images).unwrap();
    fs::create_dir_all(directory.path().join("manifests/k8s-staging-widget")).unwrap();
    fs::write(images.join("images.yaml"), "[]\n").unwrap();
    let arguments = ["check", "--exit-zero", "--format", "json", "--output", "sarif=lint.sarif", "--output", "junit=junit.xml"];
    let output = promolint(&arguments).current_dir(directory.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(output.stdout.starts_with(b"{\n  \"version\": 1"));
    assert!(fs::read_to_string(directory.path().join("lint.sarif")).unwrap().contains("\"2.1.0\""));
    assert!(fs::read_to_string(directory.path().join("junit.xml")).unwrap().contains("<testsuites"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_goes_into_a_pipe_that_stands_as_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let output = promolint(&["check", "--quiet", "--output", "json=/dev/stderr"]).current_dir(directory.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).starts_with('{'), "{}", stderr(&output));
}

#[test]
fn standard_input_is_read() {
    let arguments = ["check", "--format", "json", "--stdin-filename", "images/k8s-staging-widget/images.yaml", "-"];
    let directory = tempfile::tempdir().unwrap();
    let mut child = promolint(&arguments).current_dir(directory.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"- name: widget\n  dmap: {}\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("\"files\": 1"));
}

/// A tree with one error.
fn broken_tree() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let images = directory.path().join("images/k8s-staging-widget");
    fs::create_dir_all(&images).expect("a directory");
    fs::write(images.join("images.yaml"), "- name: widget\n  dmap:\n    \"sha256:1\": [\"v1.0.0\"]\n").expect("a file");
    directory
}

#[test]
fn under_prow_the_junit_report_is_written_by_itself() {
    let (tree, artifacts) = (broken_tree(), tempfile::tempdir().unwrap());
    let run = |artifacts: &std::path::Path, arguments: &[&str]| {
        let mut command = promolint(&["check", "--quiet"]);
        command.args(arguments).current_dir(tree.path()).env("JOB_NAME", "lint").env("PROW_JOB_ID", "1").env("ARTIFACTS", artifacts);
        command.output().unwrap()
    };
    let report = artifacts.path().join("junit_promolint.xml");
    assert_eq!(run(artifacts.path(), &["--output", "junit=mine.xml"]).status.code(), Some(1));
    assert!(!report.exists() && tree.path().join("mine.xml").exists());
    assert_eq!(run(artifacts.path(), &[]).status.code(), Some(1));
    assert!(fs::read_to_string(&report).unwrap().contains("<failure"));

    // Without it, the dashboard shows a run that found nothing.
    let output = run(&artifacts.path().join("none"), &["--exit-zero"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("junit_promolint.xml"), "{}", stderr(&output));
}

#[test]
fn a_baseline_hides_what_is_known_and_tells_what_is_gone() {
    let tree = broken_tree();
    let run = |arguments: &[&str]| promolint(arguments).current_dir(tree.path()).output().unwrap();
    fs::write(tree.path().join("promolint.toml"), "baseline = 'known.toml'\n").unwrap();
    assert_eq!(run(&["check"]).status.code(), Some(3), "the configured baseline is not there");
    assert_eq!(run(&["check", "--no-baseline"]).status.code(), Some(1));

    let written = run(&["baseline"]);
    assert_eq!((written.status.code(), stderr(&written).as_str()), (Some(0), ""));
    let known = String::from_utf8_lossy(&written.stdout).into_owned();
    assert!(known.starts_with("known.toml knows "), "{known}");
    assert_eq!(run(&["check"]).status.code(), Some(0));
    assert_eq!(run(&["check", "--no-baseline"]).status.code(), Some(1));

    let images = tree.path().join("images/k8s-staging-widget/images.yaml");
    fs::write(&images, "- name: widget\n  dmap: {}\n").unwrap();
    let report = run(&["check", "--format", "json"]);
    assert!(String::from_utf8_lossy(&report.stdout).contains("\"gone\": 1"), "{report:?}");
    assert!(stderr(&report).contains("of the baseline is gone: run `promolint baseline`"), "{report:?}");

    fs::write(tree.path().join("known.toml"), "version = 9\n").unwrap();
    let damaged = run(&["check"]);
    assert_eq!(damaged.status.code(), Some(2));
    assert!(stderr(&damaged).starts_with("error: known.toml:1:11: the baseline has an unknown version"), "{}", stderr(&damaged));
}

#[test]
fn colours_follow_option_and_environment() {
    let colored = |arguments: &[&str], variable: Option<&str>| {
        let mut command = promolint(arguments);
        command.args(["explain", "no-such-rule"]);
        if let Some(variable) = variable {
            command.env(variable, "1");
        }
        stderr(&command.output().unwrap()).contains('\x1b')
    };
    assert!(!colored(&[], None), "no terminal, no colours");
    assert!(colored(&["--color", "always"], None));
    assert!(colored(&[], Some("CLICOLOR_FORCE")));
    assert!(!colored(&["--color", "never"], Some("CLICOLOR_FORCE")));
    assert!(!colored(&[], Some("NO_COLOR")));
    assert!(colored(&["--color", "always"], Some("NO_COLOR")));
}

/// A directory with one images.yaml.
fn images(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let directory = tempfile::tempdir().expect("a directory for the test");
    let images = directory.path().join("images/k8s-staging-widget");
    fs::create_dir_all(&images).expect("a directory for the test");
    fs::create_dir_all(directory.path().join("manifests")).expect("a directory for the test");
    let file = images.join("images.yaml");
    fs::write(&file, text).expect("a directory for the test");
    (directory, file)
}

#[test]
fn formatting_writes_what_it_shows() {
    let (directory, file) = images("- name: widget  \n- name: gadget");
    let run = |arguments: &[&str]| {
        let output = promolint(arguments).current_dir(directory.path()).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let name = "images/k8s-staging-widget/images.yaml";
    assert_eq!(
        run(&["fmt", "--check"]),
        (Some(1), format!("would be reformatted: {name}\n1 file would be reformatted, 0 left unchanged\n"))
    );
    assert_eq!(run(&["fmt", "--diff", "-q"]).0, Some(1));
    assert_eq!(fs::read_to_string(&file).unwrap(), "- name: widget  \n- name: gadget");
    assert_eq!(run(&["fmt"]), (Some(0), format!("reformatted: {name}\n1 file reformatted, 0 left unchanged\n")));
    assert_eq!(fs::read_to_string(&file).unwrap(), "- name: widget\n- name: gadget\n");
    assert_eq!(run(&["fmt"]), (Some(0), "0 files reformatted, 1 left unchanged\n".to_owned()));
    assert_eq!(run(&["fmt", "--quiet", "--style", "promoter"]), (Some(0), String::new()));
    assert_eq!(fs::read_to_string(&file).unwrap(), "- name: gadget\n- name: widget\n");
}

#[test]
fn formatting_refuses_and_leaves_the_file_alone() {
    let (directory, file) = images("- name: [  \n");
    let output = promolint(&["fmt"]).current_dir(directory.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("images.yaml stays as it is: it has a syntax error"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(&file).unwrap(), "- name: [  \n");
}

#[test]
fn standard_input_is_formatted_to_standard_output() {
    let format = |name: &str, input: &str| {
        let mut child = promolint(&["fmt", "--stdin-filename", name, "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .current_dir(std::env::temp_dir())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    assert_eq!(format("images/k8s-staging-widget/images.yaml", "- name: a  "), (Some(0), "- name: a\n".to_owned()));
    // A pipe loses nothing, but what cannot be formatted is not passed off as formatted.
    assert_eq!(format("notes.txt", "a  \n"), (Some(0), "a  \n".to_owned()));
    assert_eq!(format("images/k8s-staging-widget/images.yaml", "- name: ["), (Some(3), String::new()));
}
