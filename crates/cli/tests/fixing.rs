//! `check --fix` and `--diff` on disk: what is written, what is not, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

const IMAGES: &str = "\
- name: widget # the main one
  dmap:
    sha256:3eaa4fa167488a273689a9d85d568a04262dc2b2925815675ce865a56dafab59: ['v1.0.1'] 
";
const FIXED: &str = "\
- name: widget # the main one
  dmap:
    \"sha256:3eaa4fa167488a273689a9d85d568a04262dc2b2925815675ce865a56dafab59\": ['v1.0.1']
";

struct Tree {
    root: TempDir,
}

impl Tree {
    fn new(files: &[(&str, &str)]) -> Self {
        let tree = Self { root: tempfile::tempdir().unwrap() };
        fs::create_dir_all(tree.path("manifests")).unwrap();
        for (name, text) in files {
            let path = tree.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        tree
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_promolint"));
        command.arg("check").args(arguments).current_dir(self.root.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Names of the files in the directory of the widget.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("images/k8s-staging-widget")).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

const PLACE: &str = "images/k8s-staging-widget/images.yaml";
const OWNERS: &str = "images/k8s-staging-widget/OWNERS";

fn both() -> Tree {
    Tree::new(&[(PLACE, IMAGES), (OWNERS, "approvers:\n- alice ")])
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn files_are_fixed_and_what_is_left_is_reported() {
    let tree = both();
    let output = tree.run(&["--fix", "--ignore", "images-without-manifest"]);
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
    assert_eq!(stdout(&output), "No findings in 2 files. 4 fixed, 0 remaining.\n");
    assert_eq!((tree.text(PLACE).as_str(), tree.text(OWNERS).as_str()), (FIXED, "approvers:\n- alice\n"));
    assert_eq!(tree.names(), ["OWNERS", "images.yaml"]);
}

#[test]
fn only_what_was_asked_for_is_touched() {
    let tree = both();
    tree.run(&["--fix", OWNERS]);
    assert_eq!((tree.text(PLACE).as_str(), tree.text(OWNERS).as_str()), (IMAGES, "approvers:\n- alice\n"));
    tree.run(&["--unsafe-fixes"]);
    tree.run(&["--diff", "--fix"]);
    assert_eq!(tree.text(PLACE), IMAGES, "neither writes");
    fs::write(tree.path("promolint.toml"), "unfixable = ['images']\n").unwrap();
    tree.run(&["--fix"]);
    assert_eq!(tree.text(PLACE), IMAGES.replace(" \n", "\n"));
}

#[test]
fn a_file_that_changed_meanwhile_is_left_alone() {
    // Two names of one file: the second is written when the first one is already, and finds another text
    // than was read.
    let tree = Tree::new(&[(PLACE, IMAGES)]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("images.yaml", tree.path(OWNERS)).unwrap();
    #[cfg(unix)]
    {
        let output = tree.run(&["--fix"]);
        assert_eq!(output.status.code(), Some(3));
        assert_eq!(stderr(&output), format!("error: cannot fix {PLACE}: it was changed by somebody else meanwhile\n"));
        assert!(stdout(&output).contains("digest-not-visible"), "it is judged as it was read");
        assert_eq!(tree.text(PLACE), IMAGES.replace(" \n", "\n"));
        assert!(tree.path(OWNERS).is_symlink());
    }
}

#[test]
fn a_read_only_file_is_told_and_the_others_are_written() {
    let tree = both();
    let mut permissions = fs::metadata(tree.path(PLACE)).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(tree.path(PLACE), permissions).unwrap();
    let output = tree.run(&["--fix"]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(stderr(&output), format!("error: cannot fix {PLACE}: it is read-only\n"));
    assert_eq!((tree.text(PLACE).as_str(), tree.text(OWNERS).as_str()), (IMAGES, "approvers:\n- alice\n"));
    assert!(stdout(&output).contains("2 fixed"), "{}", stdout(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_text() {
    let tree = both();
    // No file may grow, as on a full disk.
    let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" check --fix --quiet";
    let mut command = Command::new("sh");
    let output = command.args(["-c", script, env!("CARGO_BIN_EXE_promolint")]).current_dir(tree.root.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains(&format!("cannot fix {PLACE}: ")), "{}", stderr(&output));
    assert_eq!((tree.text(PLACE).as_str(), tree.text(OWNERS).as_str()), (IMAGES, "approvers:\n- alice "));
    assert_eq!(tree.names(), ["OWNERS", "images.yaml"], "nothing is left behind");
}

#[test]
fn a_run_that_is_killed_leaves_the_old_or_the_new_text() {
    let line = |number: u32| format!("    sha256:{number:064x}: [\"v{number}.0.0\"]\n");
    let text = format!("- name: widget\n  dmap:\n{}", (0..2000).map(line).collect::<String>());
    let tree = Tree::new(&[(PLACE, &text)]);
    tree.run(&["--fix", "--quiet"]);
    let fixed = tree.text(PLACE);
    assert_ne!(fixed, text);
    for wait in 0..25 {
        fs::write(tree.path(PLACE), &text).unwrap();
        let mut child = tree.command(&["--fix", "--quiet"]).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait * 6));
        let _ = child.kill();
        child.wait().unwrap();
        let found = tree.text(PLACE);
        assert!(found == text || found == fixed, "neither old nor new after {} ms", wait * 6);
    }
}

#[test]
fn refusals_are_told() {
    let tree = Tree::new(&[(PLACE, IMAGES)]);
    fs::write(tree.path(PLACE), [IMAGES.as_bytes(), b"# \xff\n"].concat()).unwrap();
    let output = tree.run(&["--fix", "--select", "trailing-whitespace", "--fail-on", "warning"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stderr(&output),
        format!(
            "warning: {PLACE}:3: trailing-whitespace: not fixed: the file has bytes that are no UTF-8, and writing it would change them\n"
        )
    );
    assert!(fs::read(tree.path(PLACE)).unwrap().starts_with(IMAGES.as_bytes()));
}

fn piped(tree: &Tree, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = tree.command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn standard_input_comes_out_fixed() {
    let tree = both();
    let arguments = ["--fix", "--format", "concise", "--stdin-filename", PLACE, "-"];
    let output = piped(&tree, &arguments, IMAGES.replace("v1.0.1", "a b").as_bytes());
    assert_eq!(stdout(&output), FIXED.replace("v1.0.1", "a b"));
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("tag-syntax"), "{}", stderr(&output));
    assert_eq!(tree.text(PLACE), IMAGES, "the file is not written");
    // What is no promotion file, or no text, comes out as it came.
    let output = piped(&tree, &["--fix", "--stdin-filename", "notes.txt", "-"], b"notes \xff");
    assert_eq!(output.stdout, b"notes \xff");
    let output = piped(&tree, &["--fix", "--quiet", "--stdin-filename", PLACE, "-"], b"a: \xff ");
    assert_eq!(output.stdout, b"a: \xff ");
    let output = piped(&tree, &["--diff", "--quiet", "--stdin-filename", OWNERS, "-"], b"approvers: [a] \n");
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).ends_with("@@ -1 +1 @@\n-approvers: [a] \n+approvers: [a]\n"));
}

fn git(directory: &Path, arguments: &[&str], input: Option<&[u8]>) -> Option<Output> {
    let mut command = Command::new("git");
    command.args(["-c", "core.autocrlf=false", "-c", "user.name=a", "-c", "user.email=a@example.com"]).args(arguments);
    command.current_dir(directory).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    child.stdin.take().unwrap().write_all(input.unwrap_or_default()).unwrap();
    Some(child.wait_with_output().unwrap())
}

#[test]
fn git_applies_the_patch() {
    let crlf = IMAGES.replace('\n', "\r\n");
    let odd = "images/k8s-staging-wïdget 2/OWNERS";
    let files = [
        (PLACE, crlf.as_str()),
        (OWNERS, "approvers:\n- alice "),
        (odd, "approvers:\n- carol\n- '@bob'"),
        ("OWNERS_ALIASES", "aliases: {}\n"),
    ];
    let prefixed: Vec<(String, &str)> = files.iter().map(|(name, text)| (format!("registry/{name}"), *text)).collect();
    let prefixed: Vec<(&str, &str)> = prefixed.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    for below in ["", "registry", "registry/images"] {
        let tree = Tree::new(&prefixed);
        fs::create_dir_all(tree.path("registry/manifests")).unwrap();
        let Some(output) = git(tree.root.path(), &["init", "-q"], None) else {
            eprintln!("skipped: there is no git here");
            return;
        };
        assert!(output.status.success());
        let directory = tree.path(below);
        let run = |arguments: &[&str]| tree.command(arguments).current_dir(&directory).output().unwrap();
        let patch = run(&["--diff"]);
        assert_eq!(patch.status.code(), Some(1), "{}", stderr(&patch));
        let applied = git(&directory, &["apply", "--whitespace=nowarn"], Some(&patch.stdout)).unwrap();
        assert!(applied.status.success(), "{}\n{}", stderr(&applied), stdout(&patch));
        let patched: Vec<String> = prefixed.iter().map(|(name, _)| tree.text(name)).collect();
        for (name, text) in &prefixed {
            fs::write(tree.path(name), text).unwrap();
        }
        run(&["--fix"]);
        let fixed: Vec<String> = prefixed.iter().map(|(name, _)| tree.text(name)).collect();
        assert_eq!(patched, fixed, "in {below}");
        assert!(fixed[0].contains("\"sha256:3eaa"));
        assert_eq!(run(&["--diff"]).status.code(), Some(0));
    }
}
