//! What is found, selected and left out, on small trees.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use promolint_analysis::FileKind;
use promolint_workspace::{ConfigurationChoice, Loaded, Request, StandardInput, configure, load};
use tempfile::TempDir;

const IMAGES: &str = "- name: widget\n  dmap: {}\n";
const PROMOTER: &str = "registries:\n- name: gcr.io/k8s-staging-widget\n  src: true\n";
const FILES: &str = "files:\n- name: v1/tool\n  sha256: x\n";

/// A directory with these files; a name that ends in `/` is a directory.
fn tree(files: &[(&str, &str)]) -> TempDir {
    let directory = TempDir::new().expect("a temporary directory");
    for (name, text) in files {
        let path = directory.path().join(name);
        if name.ends_with('/') {
            fs::create_dir_all(path).expect(name);
        } else {
            fs::create_dir_all(path.parent().expect(name)).expect(name);
            fs::write(path, text).expect(name);
        }
    }
    directory
}

/// A small repository as kubernetes/k8s.io is one.
fn repository() -> TempDir {
    tree(&[
        ("registry.k8s.io/images/k8s-staging-widget/images.yaml", IMAGES),
        ("registry.k8s.io/images/k8s-staging-widget/OWNERS", "approvers: [a]\n"),
        ("registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml", PROMOTER),
        ("artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml", "filestores: []\n"),
        ("artifacts/manifests/k8s-staging-tool/v1.yaml", FILES),
        ("k8s.gcr.io/gadget/manifest.yaml", "registries:\n- name: gcr.io/k8s-staging-gadget\n  src: true\nimages: []\n"),
        ("groups/sig-a/groups.yaml", "groups: []\n"),
        ("infra/gcp/infra.yaml", "infra: {}\n"),
        ("infra/gcp/terraform/x/registries.tf", "locals {}\n"),
        ("OWNERS_ALIASES", "aliases: {}\n"),
        ("apps/web/deployment.yaml", "apiVersion: apps/v1\nkind: Deployment\n"),
        ("README.md", "# x\n"),
    ])
}

fn request(directory: &Path, paths: &[&str]) -> Request {
    Request {
        directory: directory.to_owned(),
        paths: paths.iter().map(PathBuf::from).collect(),
        standard_input: None,
        configuration: ConfigurationChoice::Search,
        select: Vec::new(),
        ignore: Vec::new(),
        comparison: None,
        fixable: Vec::new(),
        unfixable: Vec::new(),
    }
}

fn loaded(directory: &Path, paths: &[&str]) -> Loaded {
    load(&request(directory, paths)).expect("no configuration, no error")
}

/// The files of the snapshot that were asked for, as the user would write them.
fn selected(loaded: &Loaded) -> Vec<String> {
    let files = loaded.snapshot.files().iter().filter(|file| loaded.is_selected(file.path()));
    files.map(|file| loaded.display_path(file.path())).collect()
}

fn problems(loaded: &Loaded) -> Vec<(String, ErrorKind)> {
    loaded.problems.iter().map(|problem| (problem.path.display().to_string(), problem.error.kind())).collect()
}

fn with_input(directory: &Path, path: &str, text: &str) -> Loaded {
    let input = Some(StandardInput { path: path.into(), bytes: text.into() });
    load(&Request { standard_input: input, ..request(directory, &[]) }).expect("no configuration, no error")
}

#[test]
fn a_whole_repository() {
    let repository = repository();
    let loaded = loaded(repository.path(), &["."]);
    let found: Vec<_> = loaded.snapshot.files().iter().map(|file| (&**file.path(), file.kind())).collect();
    assert_eq!(
        found,
        [
            ("OWNERS_ALIASES", FileKind::OwnersAliases),
            ("artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml", FileKind::FilePromoterManifest),
            ("artifacts/manifests/k8s-staging-tool/v1.yaml", FileKind::FileManifest),
            ("groups/sig-a/groups.yaml", FileKind::Groups),
            ("infra/gcp/infra.yaml", FileKind::Infra),
            ("infra/gcp/terraform/x/registries.tf", FileKind::RegistriesTf),
            ("k8s.gcr.io/gadget/manifest.yaml", FileKind::PlainManifest),
            ("registry.k8s.io/images/k8s-staging-widget/OWNERS", FileKind::Owners),
            ("registry.k8s.io/images/k8s-staging-widget/images.yaml", FileKind::Images),
            ("registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml", FileKind::PromoterManifest),
        ]
    );
    assert!(loaded.snapshot.complete);
    assert_eq!(selected(&loaded).len(), found.len());
    assert!(loaded.problems.is_empty() && loaded.skipped.is_empty());
    assert_eq!(loaded.root, repository.path());
}

#[test]
fn a_part_is_judged_with_the_whole() {
    let repository = repository();
    let all = loaded(repository.path(), &[]).snapshot.files().len();
    let images = "registry.k8s.io/images/k8s-staging-widget/images.yaml";
    for (directory, paths, expected) in [
        ("", &[images][..], &[images][..]),
        ("registry.k8s.io", &["images/k8s-staging-widget"], &["images/k8s-staging-widget/OWNERS", "images/k8s-staging-widget/images.yaml"]),
        ("registry.k8s.io/images", &["../manifests/"], &["../manifests/k8s-staging-widget/promoter-manifest.yaml"]),
        ("registry.k8s.io/images/k8s-staging-widget", &["images.yaml"], &["images.yaml"]),
        (
            "apps",
            &["../artifacts/manifests", "../OWNERS_ALIASES"],
            &["../OWNERS_ALIASES", "../artifacts/manifests/k8s-staging-tool/v1.yaml"],
        ),
        ("", &["registry.k8s.io/images/k8s-staging-w"], &[]),
    ] {
        let loaded = loaded(&repository.path().join(directory), paths);
        assert_eq!(selected(&loaded), expected, "{directory} {paths:?}");
        if !expected.is_empty() {
            assert_eq!(loaded.snapshot.files().len(), all, "{directory} {paths:?}");
            assert_eq!(loaded.root, repository.path());
            assert!(loaded.snapshot.complete);
        }
    }
}

#[test]
fn the_root_is_the_nearest_mark() {
    let files = [
        ("deploy/live/images/a/images.yaml", IMAGES),
        ("deploy/live/manifests/a/promoter-manifest.yaml", PROMOTER),
        ("other/OWNERS", "approvers: [a]\n"),
    ];
    for (mark, root) in [
        // Without any, what was given, or the tree around it.
        (None, "deploy/live"),
        (Some((".git/HEAD", "")), ""),
        (Some(("promolint.toml", "")), ""),
        (Some(("deploy/promolint.toml", "")), "deploy"),
        (Some(("deploy/OWNERS_ALIASES", "aliases: {}\n")), "deploy"),
        (Some(("deploy/groups/groups.yaml", "")), "deploy"),
        (Some(("deploy/live/promolint.toml", "")), "deploy/live"),
        (Some(("OWNERS_ALIASES", "aliases: {}\n")), "deploy/live"),
    ] {
        let directory = tree(&[&files[..], mark.as_slice()].concat());
        let loaded = loaded(directory.path(), &["deploy/live/images/a"]);
        assert_eq!(loaded.root, directory.path().join(root).components().collect::<PathBuf>(), "{mark:?}");
        assert_eq!(selected(&loaded), ["deploy/live/images/a/images.yaml"], "{mark:?}");
    }
    // A configuration for a part of a repository takes nothing away from what is judged.
    let inner = [(".git/HEAD", ""), ("OWNERS_ALIASES", "aliases: {}\n"), ("deploy/live/promolint.toml", "ignore = ['tree']\n")];
    let directory = tree(&[&files[..], &inner[..]].concat());
    let part = loaded(directory.path(), &["deploy/live/images/a"]);
    assert_eq!(part.root, directory.path());
    assert!(part.snapshot.get("OWNERS_ALIASES").is_some());
    assert_eq!(part.configuration.files, [PathBuf::from("deploy/live/promolint.toml")]);
    assert_eq!(loaded(directory.path(), &["."]).configuration.files, [] as [PathBuf; 0]);
    // A tree that is given as a whole does not climb.
    let directory = tree(&files);
    assert_eq!(loaded(&directory.path().join("deploy/live"), &["."]).root, directory.path().join("deploy/live"));
    assert_eq!(loaded(directory.path(), &["."]).root, directory.path());
    // Two roots: both are read, and nothing beside them.
    let both = loaded(directory.path(), &["other", "deploy/live/images"]);
    assert_eq!(both.root, directory.path());
    assert_eq!(selected(&both), ["deploy/live/images/a/images.yaml", "other/OWNERS"]);
    assert_eq!(both.snapshot.files().len(), 3);
}

#[test]
fn a_file_without_surroundings_stands_alone() {
    let directory = tree(&[("a.yaml", IMAGES), ("b.yaml", IMAGES), ("images.yaml", ""), ("values.yaml", "a: b\n"), ("notes.txt", "")]);
    for (path, kind) in [("a.yaml", FileKind::Images), ("images.yaml", FileKind::Images)] {
        let loaded = loaded(directory.path(), &[path]);
        assert_eq!(loaded.snapshot.files().len(), 1, "{path}");
        assert_eq!(loaded.snapshot.files()[0].kind(), kind, "{path}");
        assert_eq!(selected(&loaded), [path]);
        assert!(!loaded.snapshot.complete);
    }
    // What is no promotion file is never passed over in silence when it was named.
    let loaded = loaded(directory.path(), &["values.yaml", "notes.txt", "a.yaml"]);
    assert_eq!(loaded.skipped, [Path::new("notes.txt"), Path::new("values.yaml")]);
    assert_eq!(selected(&loaded), ["a.yaml"]);
    assert!(loaded.problems.is_empty());
}

#[test]
fn standard_input_stands_in_for_a_file() {
    let repository = repository();
    let path = "registry.k8s.io/images/k8s-staging-widget/images.yaml";
    let all = loaded(repository.path(), &[]).snapshot.files().len();
    let replaced = with_input(repository.path(), path, "- name: typed\n");
    assert_eq!(replaced.snapshot.get(path).expect(path).text(), "- name: typed\n");
    assert_eq!(replaced.snapshot.files().len(), all);
    assert_eq!(selected(&replaced), [path]);
    assert!(replaced.snapshot.complete);

    // A new file in a tree, seen from inside it.
    let new = with_input(&repository.path().join("registry.k8s.io/images"), "k8s-staging-new/images.yaml", IMAGES);
    assert_eq!(new.snapshot.files().len(), all + 1);
    assert_eq!(selected(&new), ["k8s-staging-new/images.yaml"]);
    assert!(new.snapshot.complete);

    // Where there is no tree, the name tells what the text is, and nothing is missed.
    for (path, text, kind) in [
        ("live/images/a/images.yaml", "[", FileKind::Images),
        ("live/manifests/a/promoter-manifest.yaml", "", FileKind::PromoterManifest),
        ("plain/promoter-manifest.yaml", "", FileKind::PlainManifest),
        ("x/filestores/a/filepromoter-manifest.yaml", "", FileKind::FilePromoterManifest),
        ("x/manifests/a/v1.2.3.yaml", "", FileKind::FileManifest),
        ("stdin.yaml", FILES, FileKind::FileManifest),
    ] {
        let empty = TempDir::new().expect("a temporary directory");
        let loaded = with_input(empty.path(), path, text);
        assert_eq!(loaded.snapshot.files().len(), 1, "{path}");
        assert_eq!(loaded.snapshot.files()[0].kind(), kind, "{path}");
        assert_eq!(selected(&loaded), [path]);
        assert!(!loaded.snapshot.complete, "{path}");
    }
    // In a repository without that tree, the other trees have nothing to do with it.
    let alone = with_input(repository.path(), "elsewhere/images/a/images.yaml", IMAGES);
    assert_eq!((alone.snapshot.files().len(), alone.snapshot.complete), (1, false));

    let foreign = with_input(repository.path(), "apps/web/deployment.yaml", "kind: Deployment\n");
    assert_eq!(foreign.skipped, [Path::new("apps/web/deployment.yaml")]);
    let directory = with_input(repository.path(), ".", "");
    assert_eq!(problems(&directory), [(".".to_owned(), ErrorKind::IsADirectory)]);
}

#[test]
fn misplaced_files_have_the_kind_they_should_have() {
    let directory = tree(&[
        ("live/images/a/promoter-manifest.yaml", PROMOTER),
        ("live/images/images.yaml", ""),
        ("live/manifests/a/promoter-manifest.yml", PROMOTER),
        ("live/manifests/b/images.yaml", IMAGES),
        // Half a tree: only what can be nothing else.
        ("half/images/a/images.yaml", "# No images yet\n"),
        ("half/images/b/images.yaml", "image: nginx\n"),
        ("chart/values.yaml", "registries: [a]\nimages: {a: b}\n"),
    ]);
    let found = loaded(directory.path(), &[]);
    let found: Vec<_> = found.snapshot.files().iter().map(|file| (&**file.path(), file.kind())).collect();
    assert_eq!(
        found,
        [
            ("half/images/a/images.yaml", FileKind::Images),
            ("live/images/a/promoter-manifest.yaml", FileKind::PromoterManifest),
            ("live/images/images.yaml", FileKind::Images),
            ("live/manifests/a/promoter-manifest.yml", FileKind::PromoterManifest),
            ("live/manifests/b/images.yaml", FileKind::Images),
        ]
    );
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_goes_on() {
    let directory = tree(&[
        ("live/images/a/images.yaml/", ""),
        ("live/images/b/images.yaml", IMAGES),
        ("live/images/c/images.yaml", ""),
        ("live/images/d/images.yaml", "\u{feff}\0"),
        ("live/manifests/", ""),
        ("other.yaml/", ""),
    ]);
    let found = loaded(directory.path(), &["live", "nowhere", "live/images/e/images.yaml"]);
    assert_eq!(
        problems(&found),
        [
            ("nowhere".to_owned(), ErrorKind::NotFound),
            ("live/images/e/images.yaml".to_owned(), ErrorKind::NotFound),
            ("live/images/a/images.yaml".to_owned(), ErrorKind::IsADirectory),
        ]
    );
    assert_eq!(selected(&found).len(), 3);
    assert!(!found.snapshot.complete, "an unreadable file is not a missing one");

    let nothing = loaded(directory.path(), &["nowhere"]);
    assert_eq!(problems(&nothing), [("nowhere".to_owned(), ErrorKind::NotFound)]);
    assert!(nothing.snapshot.files().is_empty() && selected(&nothing).is_empty());
}

#[test]
fn hidden_and_ignored_files_are_read_only_when_named() {
    let directory = tree(&[
        (".gitignore", "/generated/\n"),
        ("generated/live/images/a/images.yaml", IMAGES),
        ("generated/live/manifests/a/promoter-manifest.yaml", PROMOTER),
        (".hidden/images.yaml", IMAGES),
        ("node_modules/x/OWNERS", ""),
        ("target/CACHEDIR.TAG", ""),
        ("target/x/OWNERS", ""),
        (".git/OWNERS", ""),
        ("OWNERS", "approvers: [a]\n"),
    ]);
    assert_eq!(selected(&loaded(directory.path(), &[])), ["OWNERS"]);
    assert_eq!(selected(&loaded(directory.path(), &[".hidden/images.yaml"])), [".hidden/images.yaml"]);
    assert_eq!(selected(&loaded(directory.path(), &["target"])), ["target/x/OWNERS"]);
    let generated = ["generated/live/images/a/images.yaml", "generated/live/manifests/a/promoter-manifest.yaml"];
    assert_eq!(selected(&loaded(directory.path(), &["generated"])), generated);
}

#[cfg(unix)]
#[test]
fn symbolic_links_and_pipes() {
    use std::os::unix::fs::symlink;
    let directory = tree(&[("live/images/a/images.yaml", IMAGES), ("live/images/b/", ""), ("live/images/c/", ""), ("live/manifests/", "")]);
    let images = directory.path().join("live/images");
    symlink("../a/images.yaml", images.join("b/images.yaml")).expect("a link to a file");
    symlink("nowhere", images.join("c/images.yaml")).expect("a link to nothing");
    symlink("nowhere", images.join("c/other.yaml")).expect("a foreign link to nothing");
    symlink("..", images.join("loop")).expect("a link to a directory above");
    symlink("self", images.join("self")).expect("a link to itself");
    symlink("images.yaml", images.join("images.yaml")).expect("a link to itself with a telling name");
    let status = std::process::Command::new("mkfifo").arg(images.join("c/pipe.yaml")).status();
    assert!(status.is_ok_and(|status| status.success()));

    let found = loaded(directory.path(), &[]);
    assert_eq!(selected(&found), ["live/images/a/images.yaml", "live/images/b/images.yaml"]);
    let paths: Vec<_> = problems(&found).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["live/images/c/images.yaml", "live/images/images.yaml"]);
    // Named, a pipe is skipped, a link to a directory followed, and a link to nothing an error.
    let named = loaded(directory.path(), &["live/images/c/pipe.yaml", "live/images/loop", "live/images/c/other.yaml"]);
    assert_eq!(named.skipped, [Path::new("live/images/c/pipe.yaml")]);
    assert!(selected(&named).contains(&"live/images/loop/images/a/images.yaml".to_owned()), "{:?}", selected(&named));
    assert!(problems(&named).contains(&("live/images/c/other.yaml".to_owned(), ErrorKind::NotFound)));
}

#[test]
fn a_large_file_is_read() {
    let directory = tree(&[("live/manifests/", "")]);
    let path = directory.path().join("live/images/a/images.yaml");
    fs::create_dir_all(path.parent().expect("it has one")).expect("created");
    fs::write(&path, "# padding, padding, padding, padding, padding\n".repeat(1 << 20)).expect("written");
    assert_eq!(selected(&loaded(directory.path(), &[])), ["live/images/a/images.yaml"]);
    // Beyond the limit; the file has holes instead of content.
    fs::File::create(&path).and_then(|file| file.set_len((256 << 20) + 1)).expect("extended");
    assert_eq!(problems(&loaded(directory.path(), &[])), [("live/images/a/images.yaml".to_owned(), ErrorKind::FileTooLarge)]);
}

#[test]
fn the_nearest_configuration_counts() {
    let directory = tree(&[
        ("promolint.toml", "[policy]\nbase = 'none'\n"),
        ("repo/.git/HEAD", ""),
        ("repo/a/OWNERS", ""),
        ("repo/b/promolint.toml", ""),
        ("repo/b/OWNERS", ""),
        ("broken.toml", "select = 1\n"),
    ]);
    let files = |paths: &[&str], choice: ConfigurationChoice| {
        let request = Request { configuration: choice, ..request(&directory.path().join("repo"), paths) };
        configure(&request).map(|(configuration, _)| configuration.files)
    };
    assert_eq!(files(&["a"], ConfigurationChoice::Search), Ok(vec![PathBuf::from("../promolint.toml")]));
    assert_eq!(files(&["b/OWNERS"], ConfigurationChoice::Search), Ok(vec![PathBuf::from("b/promolint.toml")]));
    assert_eq!(files(&["a", "b"], ConfigurationChoice::Search), Ok(vec![PathBuf::from("../promolint.toml")]));
    assert_eq!(files(&["a"], ConfigurationChoice::Isolated), Ok(vec![]));
    let error = files(&["a"], ConfigurationChoice::File("../broken.toml".into())).expect_err("broken");
    assert_eq!(error.to_string(), "../broken.toml:1:10: expected a list of strings, found integer");
    let error = files(&["a"], ConfigurationChoice::File("none.toml".into())).expect_err("missing");
    assert!(error.to_string().starts_with("none.toml: the configuration cannot be read: "), "{error}");
}
