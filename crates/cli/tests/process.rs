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
