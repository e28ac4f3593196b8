//! The state before a change, in real repositories: branches, the index, shallow clones, line breaks, hooks.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use promolint_analysis::{FileKind, SourceFile};
use promolint_workspace::git::{Before, Comparison, GitError, GitErrorKind};
use promolint_workspace::{ConfigurationChoice, DiskTree, Loaded, Request, Surroundings, load};
use tempfile::TempDir;

const WIDGET: &str = "registry.k8s.io/images/k8s-staging-widget/images.yaml";
const GADGET: &str = "registry.k8s.io/images/k8s-staging-gadget/images.yaml";

/// A repository with two projects and one commit.
struct Tree {
    directory: TempDir,
}

impl Tree {
    fn new() -> Self {
        let tree = Self { directory: tempfile::tempdir().unwrap() };
        tree.git(&["init", "-q", "-b", "main"]);
        tree.write(WIDGET, "- name: widget\n  dmap: {}\n");
        tree.write(GADGET, "- name: gadget\n  dmap: {}\n");
        tree.write("registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml", "registries: []\n");
        tree.write("README.md", "about\n");
        tree.commit("base");
        tree
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn git(&self, arguments: &[&str]) -> String {
        git(self.path(), arguments)
    }

    fn commit(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn since(&self, revision: &str) -> Loaded {
        self.load(Comparison::Since(revision.to_owned()))
    }

    fn load(&self, comparison: Comparison) -> Loaded {
        load_at(self.path(), comparison)
    }
}

fn run_git(directory: &Path, arguments: &[&str]) -> Output {
    let identity =
        ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false", "-c", "protocol.file.allow=always"];
    let mut command = Command::new("git");
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
        command.env_remove(name);
    }
    command.current_dir(directory).args(identity).args(arguments).output().unwrap()
}

fn git(directory: &Path, arguments: &[&str]) -> String {
    let output = run_git(directory, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn load_at(directory: &Path, comparison: Comparison) -> Loaded {
    load(&Request {
        directory: directory.to_owned(),
        paths: Vec::new(),
        standard_input: None,
        configuration: ConfigurationChoice::Isolated,
        select: Vec::new(),
        fixable: Vec::new(),
        unfixable: Vec::new(),
        ignore: Vec::new(),
        comparison: Some(comparison),
    })
    .unwrap()
}

fn before(loaded: &Loaded) -> &Before {
    loaded.before.as_ref().unwrap().as_ref().unwrap()
}

fn error(loaded: &Loaded) -> &GitError {
    loaded.before.as_ref().unwrap().as_ref().unwrap_err()
}

fn text_before<'l>(loaded: &'l Loaded, path: &str) -> Option<&'l str> {
    before(loaded).snapshot.get(path).map(|file| file.text())
}

fn is_same(loaded: &Loaded, path: &str) -> bool {
    Arc::ptr_eq(before(loaded).snapshot.get(path).unwrap(), loaded.snapshot.get(path).unwrap())
}

#[test]
fn changed_new_moved_and_deleted_files() {
    let tree = Tree::new();
    tree.write(WIDGET, "- name: widget\n  dmap:\n");
    let untracked = "registry.k8s.io/images/k8s-staging-new/images.yaml";
    tree.write(untracked, "[]\n");
    fs::remove_file(tree.path().join(GADGET)).unwrap();
    let manifest = "registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml";
    let loaded = tree.since("HEAD");
    assert_eq!(text_before(&loaded, WIDGET), Some("- name: widget\n  dmap: {}\n"));
    assert_eq!(text_before(&loaded, GADGET), Some("- name: gadget\n  dmap: {}\n"));
    assert!(loaded.snapshot.get(GADGET).is_none() && text_before(&loaded, untracked).is_none());
    assert!(is_same(&loaded, manifest));
    // A directory that is gone as a whole still tells what its files were.
    fs::remove_dir_all(tree.path().join("registry.k8s.io/images")).unwrap();
    assert!(text_before(&tree.since("HEAD"), WIDGET).is_some());
}

#[test]
fn a_change_that_the_index_does_not_notice() {
    // Case mv-secretstore-v0022: the same size, and times that were kept.
    let tree = Tree::new();
    let path = tree.path().join(WIDGET);
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    tree.write(WIDGET, "- name: gizmos\n  dmap: {}\n");
    fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    assert_eq!(text_before(&tree.since("HEAD"), WIDGET), Some("- name: widget\n  dmap: {}\n"));
}

#[test]
fn a_branch_is_not_judged_for_what_others_added() {
    let tree = Tree::new();
    tree.git(&["switch", "-qc", "topic"]);
    tree.write(WIDGET, "- name: widget\n  dmap:\n");
    tree.commit("topic");
    tree.git(&["switch", "-q", "main"]);
    tree.write(GADGET, "- name: gadget\n  dmap:\n");
    tree.commit("others");
    tree.git(&["switch", "-q", "topic"]);
    let loaded = tree.since("main");
    assert!(is_same(&loaded, GADGET) && !is_same(&loaded, WIDGET));
    // The merge into main that CI checks out.
    let head = tree.git(&["rev-parse", "HEAD"]);
    tree.git(&["switch", "-q", "main"]);
    tree.git(&["merge", "-q", "--no-ff", "-m", "merge", "topic"]);
    let loaded = tree.load(Comparison::PullRequest { base: "0".repeat(40), head });
    assert!(is_same(&loaded, GADGET) && !is_same(&loaded, WIDGET));
}

#[test]
fn a_branch_finds_the_one_that_it_left() {
    let commit = |loaded: &Loaded| before(loaded).commit.clone().unwrap();
    let tree = Tree::new();
    let base = tree.git(&["rev-parse", "HEAD"]);
    // On the main branch: what is not committed.
    assert!(base.starts_with(&commit(&tree.load(Comparison::Branch))));
    tree.git(&["checkout", "-q", "-b", "topic"]);
    tree.write(WIDGET, "- name: widget\n");
    tree.commit("topic");
    assert!(base.starts_with(&commit(&tree.load(Comparison::Branch))));
    // A fork whose main branch lags behind the one that the topic was cut from.
    tree.git(&["checkout", "-q", "main"]);
    tree.write("README.md", "more\n");
    let upstream = tree.commit("upstream");
    tree.git(&["update-ref", "refs/remotes/upstream/main", "HEAD"]);
    tree.git(&["update-ref", "refs/remotes/origin/main", &base]);
    tree.git(&["reset", "-q", "--hard", &base]);
    tree.git(&["checkout", "-q", "-b", "second", &upstream]);
    tree.write(WIDGET, "- name: second\n");
    tree.commit("second");
    let loaded = tree.load(Comparison::Branch);
    assert!(upstream.starts_with(&commit(&loaded)));
    assert_eq!(text_before(&loaded, WIDGET), Some("- name: widget\n  dmap: {}\n"));
    assert!(is_same(&loaded, GADGET));
}

#[test]
fn a_standing_tree_is_compared_once_a_commit() {
    let tree = Tree::new();
    let surroundings = Surroundings::of_directory(tree.path());
    let disk = DiskTree::read(&surroundings, None);
    let open = |path: &str, text: &str| vec![Arc::new(SourceFile::new(path, FileKind::Images, text))];
    let read = |open, known| disk.before(&Comparison::Branch, open, known).unwrap();
    let first = read(open(WIDGET, "- name: edited\n"), None).unwrap();
    assert_eq!(first.snapshot.get(WIDGET).unwrap().text(), "- name: widget\n  dmap: {}\n");
    assert!(std::ptr::eq(&raw const **first.snapshot.get(GADGET).unwrap(), &raw const *disk.files()[GADGET]));
    assert!(read(Vec::new(), first.commit.as_deref()).is_none());
    // What is open and the same is not kept twice, and a file that is open only is new.
    let same = open(WIDGET, "- name: widget\n  dmap: {}\n");
    let before = read(same.clone(), None).unwrap();
    assert!(std::ptr::eq(&raw const **before.snapshot.get(WIDGET).unwrap(), &raw const *same[0]));
    let new = "registry.k8s.io/images/k8s-staging-new/images.yaml";
    assert!(read(open(new, "- name: new\n"), None).unwrap().snapshot.get(new).is_none());
    // Gone from the disk, but open.
    fs::remove_file(tree.path().join(WIDGET)).unwrap();
    assert!(read(open(WIDGET, "- name: edited\n"), None).unwrap().snapshot.get(WIDGET).is_some());
    tree.commit("second");
    assert!(read(Vec::new(), first.commit.as_deref()).is_some());
}

/// The disk can be ahead of what was read of it.
#[test]
fn what_stood_before_does_not_come_from_a_memory_that_lags() {
    for format in ["sha1", "sha256"] {
        let tree = Tree::new();
        fs::remove_dir_all(tree.path().join(".git")).unwrap();
        tree.git(&["init", "-q", "-b", "main", &format!("--object-format={format}")]);
        tree.commit("base");
        tree.write(WIDGET, "- name: of-another-branch\n");
        let disk = DiskTree::read(&Surroundings::of_directory(tree.path()), None);
        tree.git(&["checkout", "-q", "."]);
        let before = disk.before(&Comparison::Branch, Vec::new(), None).unwrap().unwrap();
        assert_eq!(before.snapshot.get(WIDGET).unwrap().text(), "- name: widget\n  dmap: {}\n");
        assert!(std::ptr::eq(&raw const **before.snapshot.get(GADGET).unwrap(), &raw const *disk.files()[GADGET]));
    }
}

/// To git, a quote at its start makes a path another one.
#[test]
fn a_path_that_starts_with_a_quote() {
    let tree = Tree::new();
    let quoted = "\"odd/OWNERS";
    tree.write(quoted, "approvers:\n- alice\n");
    tree.commit("quoted");
    let loaded = tree.since("HEAD");
    assert_eq!(text_before(&loaded, quoted), Some("approvers:\n- alice\n"));
    assert!(is_same(&loaded, WIDGET));
}

#[test]
fn what_is_staged() {
    let tree = Tree::new();
    tree.write(WIDGET, "- name: staged\n");
    tree.git(&["add", "-A"]);
    tree.write(WIDGET, "- name: later\n");
    tree.write(GADGET, "- name: unstaged\n");
    tree.write("registry.k8s.io/images/k8s-staging-new/images.yaml", "[]\n");
    let loaded = tree.load(Comparison::Staged);
    assert_eq!(loaded.snapshot.get(WIDGET).unwrap().text(), "- name: staged\n");
    assert_eq!(text_before(&loaded, WIDGET), Some("- name: widget\n  dmap: {}\n"));
    assert!(is_same(&loaded, GADGET));
    assert!(loaded.snapshot.get("registry.k8s.io/images/k8s-staging-new/images.yaml").is_none());
    // A file that is gone from disk and still staged.
    fs::remove_file(tree.path().join(GADGET)).unwrap();
    assert!(tree.load(Comparison::Staged).snapshot.get(GADGET).is_some());
}

#[test]
fn before_the_first_commit() {
    let tree = Tree { directory: tempfile::tempdir().unwrap() };
    tree.git(&["init", "-q"]);
    tree.write(WIDGET, "- name: widget\n  dmap: {}\n");
    tree.git(&["add", "-A"]);
    let loaded = tree.load(Comparison::Staged);
    assert!(before(&loaded).commit.is_none() && before(&loaded).snapshot.files().is_empty());
    assert!(loaded.snapshot.get(WIDGET).is_some());
}

#[test]
fn a_shallow_clone_says_what_to_fetch() {
    let tree = Tree::new();
    let base = tree.git(&["rev-parse", "HEAD"]);
    tree.write(WIDGET, "- name: widget\n  dmap:\n");
    tree.commit("change");
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", tree.path().display());
    git(clone.path(), &["clone", "-q", "--depth=1", &url, "clone"]);
    let clone = clone.path().join("clone");
    let loaded = load_at(&clone, Comparison::Since("HEAD~1".to_owned()));
    assert_eq!(error(&loaded).kind, GitErrorKind::Unreadable);
    assert_eq!(error(&loaded).help.as_deref(), Some("fetch it: git fetch --deepen=1 origin"));
    let loaded = load_at(&clone, Comparison::Since(base.clone()));
    let command = format!("git fetch --depth=1 origin {base}");
    assert_eq!(error(&loaded).help.as_deref(), Some(format!("fetch it: {command}").as_str()));
    // What it says helps; the two commits have nothing in common here.
    git(tree.path(), &["config", "uploadpack.allowAnySHA1InWant", "true"]);
    git(&clone, &command.split(' ').skip(1).collect::<Vec<_>>());
    let loaded = load_at(&clone, Comparison::Since(base));
    assert!(before(&loaded).note.as_ref().unwrap().contains("too shallow"));
    assert!(!is_same(&loaded, WIDGET) && is_same(&loaded, GADGET));
}

#[test]
fn a_partial_clone_fetches_what_is_needed() {
    let tree = Tree::new();
    tree.write(WIDGET, "- name: widget\n  dmap:\n");
    tree.commit("change");
    tree.git(&["config", "uploadpack.allowFilter", "true"]);
    tree.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", tree.path().display());
    git(clone.path(), &["clone", "-q", "--filter=blob:none", &url, "clone"]);
    let loaded = load_at(&clone.path().join("clone"), Comparison::Since("HEAD~1".to_owned()));
    assert_eq!(text_before(&loaded, WIDGET), Some("- name: widget\n  dmap: {}\n"));
}

#[test]
fn what_cannot_be_compared() {
    let tree = Tree::new();
    assert_eq!(error(&tree.since("no-such")).kind, GitErrorKind::Usage);
    assert_eq!(error(&tree.since("--upload-pack=x")).kind, GitErrorKind::Usage);
    let unknown = error(&tree.since(&"a".repeat(40))).help.clone().unwrap();
    assert!(unknown.contains("git fetch origin aaaa"), "{unknown}");
    let nowhere = tempfile::tempdir().unwrap();
    assert_eq!(error(&load_at(nowhere.path(), Comparison::Staged)).kind, GitErrorKind::NoRepository);
}

#[test]
fn line_breaks_of_a_checkout_are_no_change() {
    let tree = Tree::new();
    tree.git(&["config", "core.autocrlf", "true"]);
    tree.write(WIDGET, "- name: widget\r\n  dmap: {}\r\n");
    tree.write(GADGET, "- name: gadget\r\n  dmap: {}\r\n- name: more\r\n");
    let loaded = tree.since("HEAD");
    assert!(is_same(&loaded, WIDGET));
    assert_eq!(text_before(&loaded, GADGET), Some("- name: gadget\r\n  dmap: {}\r\n"));
    // Without a conversion they are one.
    tree.git(&["config", "core.autocrlf", "false"]);
    assert_eq!(text_before(&tree.since("HEAD"), WIDGET), Some("- name: widget\n  dmap: {}\n"));
}

#[test]
fn a_linked_worktree_and_a_directory_below() {
    let tree = Tree::new();
    let place = tempfile::tempdir().unwrap();
    let linked: PathBuf = place.path().join("linked");
    tree.git(&["worktree", "add", "-q", "--detach", linked.to_str().unwrap()]);
    fs::write(linked.join(WIDGET), "[]\n").unwrap();
    let loaded = load_at(&linked.join("registry.k8s.io/images"), Comparison::Since("HEAD".to_owned()));
    assert_eq!(text_before(&loaded, WIDGET), Some("- name: widget\n  dmap: {}\n"));
    // A root of its own below the repository's.
    tree.write("trees/OWNERS_ALIASES", "aliases: {}\n");
    tree.write("trees/registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml", "registries: []\n");
    tree.write(&format!("trees/{WIDGET}"), "- name: below\n");
    tree.commit("below");
    tree.write(&format!("trees/{WIDGET}"), "- name: changed\n");
    let loaded = load_at(&tree.path().join("trees"), Comparison::Since("HEAD".to_owned()));
    assert_eq!(text_before(&loaded, WIDGET), Some("- name: below\n"));
    assert!(before(&loaded).snapshot.get("README.md").is_none());
}

#[test]
fn a_sparse_checkout_deletes_nothing() {
    let tree = Tree::new();
    tree.git(&["sparse-checkout", "set", "registry.k8s.io/images/k8s-staging-widget"]);
    let loaded = tree.since("HEAD");
    assert!(loaded.snapshot.get(GADGET).is_none() && text_before(&loaded, GADGET).is_none());
    assert!(is_same(&loaded, WIDGET));
}

#[test]
fn the_policy_before_a_change_of_the_configuration() {
    let tree = Tree::new();
    let load = || {
        let directory = tree.path().to_owned();
        load(&Request { directory, comparison: Some(Comparison::Since("HEAD".to_owned())), ..Request::default() }).unwrap()
    };
    let policy = |loaded: &Loaded| loaded.before.as_ref().unwrap().as_ref().unwrap().policy.clone();
    let configured =
        |regions: &str| format!("[policy]\nbase = 'none'\n[policy.images]\nregions = {regions}\ndestinations = ['<region>.example']\n");
    tree.write("promolint.toml", &configured("['a']"));
    // A configuration that was not there says nothing of what was in force.
    assert_eq!(policy(&load()), None);
    tree.commit("configuration");
    assert_eq!(policy(&load()), None);
    tree.write("promolint.toml", &(configured("['a']") + "# the same\n"));
    assert_eq!(policy(&load()), None);
    tree.write("promolint.toml", &configured("['a', 'b']"));
    assert_eq!(policy(&load()).unwrap().images.regions, ["a"]);
    // What no longer can be read is left alone.
    tree.write("promolint.toml", "nonsense = 1\n");
    tree.commit("broken");
    tree.write("promolint.toml", &configured("['a', 'b']"));
    assert_eq!(policy(&load()), None);
}

#[test]
fn revisions_that_are_not_there_are_told_with_a_way_out() {
    let tree = Tree::new();
    let help = error(&tree.since("HEAD~1")).help.clone().unwrap();
    assert!(help.contains("does not reach back that far"), "{help}");
    assert_eq!(error(&tree.since("nothing")).help, None);
    tree.git(&["checkout", "-q", "-b", "work"]);
    let clone = tempfile::tempdir().unwrap();
    let from = format!("file://{}", tree.path().display());
    git(clone.path(), &["clone", "-q", "--single-branch", "--branch", "work", &from, "clone"]);
    let clone = clone.path().join("clone");
    let help = error(&load_at(&clone, Comparison::Since("main".to_owned()))).help.clone().unwrap();
    assert!(help.contains("git fetch origin main:refs/remotes/origin/main, and name origin/main"), "{help}");
    git(&clone, &["fetch", "-q", "origin", "main:refs/remotes/origin/main"]);
    assert!(load_at(&clone, Comparison::Since("origin/main".to_owned())).before.unwrap().is_ok());
}
