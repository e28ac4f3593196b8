//! What a baseline knows, keeps back and misses, on small trees.

use std::fs;
use std::path::{Path, PathBuf};

use promolint_analysis::{Diagnostic, check};
use promolint_workspace::{Baseline, BaselineError, Compared, ConfigurationChoice, Loaded, Request, load};
use tempfile::TempDir;

const WIDGET: &str = "images/k8s-staging-widget/images.yaml";
const GADGET: &str = "images/k8s-staging-gadget/images.yaml";
/// Two equal findings, `digest-not-visible`.
const UNQUOTED: &str = "\
- name: widget
  dmap:
    sha256:8bf0ff32daef1b3a98356964097b2f05f265a72c943ece8f3a9ddf56251f16f8: [\"v1.0.0\"]
    sha256:e31954ea95dd11eb81d1fd538c88190d3c0fe475410f9a3bb02a46d7306fc30b: [\"v1.0.1\"]
";
const THIRD: &str = "    sha256:6cf8f61513ac844139e931fb75009bf8f0352f06ff438f8522b7c53e9a69dbbe: [\"v1.1.0\"]\n";

struct Tree(TempDir);

impl Tree {
    fn new() -> Self {
        let tree = Self(TempDir::new().expect("a temporary directory"));
        fs::create_dir_all(tree.0.path().join("manifests")).expect("a directory");
        tree.write(WIDGET, UNQUOTED);
        tree.write(GADGET, UNQUOTED);
        tree
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect(name)).expect(name);
        fs::write(path, text).expect(name);
    }

    /// What is found in these paths, as seen from `directory`.
    fn check(&self, directory: &str, paths: &[&str]) -> (Loaded, Vec<Diagnostic>) {
        self.check_with(directory, paths, &["digest-not-visible"])
    }

    fn check_with(&self, directory: &str, paths: &[&str], select: &[&str]) -> (Loaded, Vec<Diagnostic>) {
        let request = Request {
            directory: self.0.path().join(directory),
            paths: paths.iter().map(PathBuf::from).collect(),
            standard_input: None,
            comparison: None,
            configuration: ConfigurationChoice::Isolated,
            select: select.iter().map(|rule| (*rule).to_owned()).collect(),
            ignore: Vec::new(),
        };
        let loaded = load(&request).expect("no configuration, no error");
        let mut diagnostics = check(&loaded.snapshot, &loaded.settings);
        diagnostics.retain(|diagnostic| loaded.is_selected(&diagnostic.path));
        (loaded, diagnostics)
    }

    /// Writes what is known today.
    fn know_all(&self) {
        let (loaded, diagnostics) = self.check("", &[]);
        assert_eq!(diagnostics.len(), 4);
        let mut baseline = Baseline::empty(&loaded, Path::new("known.toml"));
        baseline.update(&loaded, &diagnostics);
        assert_eq!(baseline.count(), 4);
        self.write("known.toml", &baseline.text());
    }

    fn compare(&self, directory: &str, paths: &[&str], known: &str) -> (Vec<Diagnostic>, Compared) {
        let (loaded, mut diagnostics) = self.check(directory, paths);
        let baseline = Baseline::read(&loaded, Path::new(known)).expect("a baseline");
        let compared = baseline.take_known(&loaded, &mut diagnostics);
        (diagnostics, compared)
    }
}

#[test]
fn what_is_known_stays_known_when_lines_move() {
    let tree = Tree::new();
    tree.know_all();
    tree.write(WIDGET, &format!("# moved\n\n{UNQUOTED}"));
    let (new, compared) = tree.compare("", &[], "known.toml");
    assert_eq!((new.len(), compared), (0, Compared { known: 4, gone: 0 }));
}

#[test]
fn it_means_the_same_from_any_directory() {
    let tree = Tree::new();
    tree.know_all();
    let (new, compared) = tree.compare("images/k8s-staging-widget", &["../k8s-staging-gadget"], "../../known.toml");
    assert_eq!((new.len(), compared), (0, Compared { known: 2, gone: 0 }), "widget was not asked for and is not gone");
}

#[test]
fn one_more_of_the_same_is_new_once() {
    let tree = Tree::new();
    tree.know_all();
    tree.write(WIDGET, &format!("{UNQUOTED}{THIRD}"));
    let (new, compared) = tree.compare("", &[], "known.toml");
    assert_eq!((new.len(), compared), (1, Compared { known: 4, gone: 0 }));
}

#[test]
fn what_is_repaired_or_deleted_is_gone() {
    let tree = Tree::new();
    tree.know_all();
    tree.write(WIDGET, "- name: widget\n  dmap: {}\n");
    fs::remove_file(tree.0.path().join(GADGET)).expect("it is there");
    let (new, compared) = tree.compare("", &[], "known.toml");
    assert_eq!((new.len(), compared), (0, Compared { known: 0, gone: 4 }));
    let (_, compared) = tree.compare("", &[WIDGET], "known.toml");
    assert_eq!(compared.gone, 2, "only what was judged");
    let (loaded, mut diagnostics) = tree.check_with("", &[], &["tag-syntax"]);
    let baseline = Baseline::read(&loaded, Path::new("known.toml")).expect("a baseline");
    assert_eq!(baseline.take_known(&loaded, &mut diagnostics).gone, 0, "the rule was off");
}

#[test]
fn a_part_is_written_anew_and_the_rest_stays() {
    let tree = Tree::new();
    tree.know_all();
    tree.write(WIDGET, "- name: widget\n  dmap: {}\n");
    tree.write(GADGET, "- name: gadget\n  dmap: {}\n");
    let (loaded, diagnostics) = tree.check("", &[WIDGET]);
    let mut baseline = Baseline::read(&loaded, Path::new("known.toml")).expect("a baseline");
    baseline.update(&loaded, &diagnostics);
    assert_eq!(baseline.count(), 2);
    assert!(baseline.text().contains(GADGET) && !baseline.text().contains(WIDGET), "{}", baseline.text());
}

#[test]
fn a_file_outside_its_tree_is_not_counted_twice() {
    let tree = Tree(TempDir::new().expect("a temporary directory"));
    tree.write(WIDGET, UNQUOTED);
    let (loaded, diagnostics) = tree.check("", &[WIDGET]);
    assert!(!loaded.snapshot.complete && diagnostics.len() == 2);
    let mut baseline = Baseline::empty(&loaded, Path::new("known.toml"));
    baseline.update(&loaded, &diagnostics);
    baseline.update(&loaded, &diagnostics);
    assert_eq!(baseline.count(), 2);
}

#[test]
fn an_unknown_rule_is_gone() {
    let tree = Tree::new();
    tree.write("known.toml", &format!("version = 1\n[[findings]]\npath = '{WIDGET}'\nrule = 'renamed'\nmessage = 'x'\n"));
    assert_eq!(tree.compare("", &[], "known.toml").1, Compared { known: 0, gone: 1 });
}

#[test]
fn a_baseline_that_cannot_be_used_is_told() {
    let tree = Tree::new();
    let (loaded, _) = tree.check("", &[]);
    assert!(
        matches!(Baseline::read(&loaded, Path::new("none.toml")), Err(BaselineError::Unreadable(problem)) if problem.path == Path::new("none.toml"))
    );
    tree.write("sub/known.toml", "version = 1\nfindings = 3\n");
    let Err(BaselineError::Damaged(error)) = Baseline::read(&loaded, Path::new("sub/known.toml")) else { panic!("it is damaged") };
    assert_eq!(error.to_string(), "sub/known.toml:2:12: expected a list of tables, found integer");
}
