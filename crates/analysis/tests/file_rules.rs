//! Mistakes in the promotion of files, each in a small tree: what is told, and on which line.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use promolint_analysis::file::kind_of_named_file;
use promolint_analysis::{Category, Diagnostic, FileKind, Policy, Settings, Snapshot, SourceFile, check, rules};
use promolint_syntax::apply_edits;

const ACCOUNT: &str = "k8s-infra-promoter@k8s-artifacts-prod.iam.gserviceaccount.com";

/// A tree of two projects with three releases each, all of it right.
struct Tree(BTreeMap<String, String>);

impl Tree {
    fn good() -> Self {
        let mut tree = Self(BTreeMap::new());
        for project in ["tool", "gadget"] {
            let staging = format!("- base: gs://k8s-staging-{project}/releases/\n  src: true\n");
            let production = format!("- base: gs://k8s-artifacts-prod/binaries/{project}/\n  service-account: {ACCOUNT}\n");
            tree.filestores(project, &format!("filestores:\n{staging}{production}"));
            for version in ["v1.1.0", "v1.2.0-rc.1", "v1.2.0"] {
                let platforms = ["linux/amd64", "linux/arm64", "windows/amd64"];
                let files = platforms.map(|platform| format!("{version}/{platform}/{project}"));
                tree.manifest(project, version, &manifest(files.iter().map(String::as_str)));
            }
        }
        tree
    }

    fn filestores(&mut self, project: &str, text: &str) {
        self.0.insert(format!("artifacts/filestores/k8s-staging-{project}/filepromoter-manifest.yaml"), text.to_owned());
    }

    fn manifest(&mut self, project: &str, name: &str, text: &str) {
        self.0.insert(format!("artifacts/manifests/k8s-staging-{project}/{name}.yaml"), text.to_owned());
    }

    /// Replaces a text in one file, in which it stands.
    fn edit(&mut self, path: &str, from: &str, to: &str) {
        let text = self.0.get_mut(&format!("artifacts/{path}")).expect("a file of the tree");
        assert!(text.contains(from), "{path} has no {from:?}");
        *text = text.replace(from, to);
    }

    fn check(&self) -> (Snapshot, Vec<Diagnostic>) {
        let files = self.0.iter().filter_map(|(path, text)| {
            let kind = kind_of_named_file(path, text)?;
            Some(Arc::new(SourceFile::new(path.as_str(), kind, text.as_str())))
        });
        let snapshot = Snapshot::new(files.collect(), true);
        let settings = Settings { policy: Policy::builtin(), ..Settings::default() };
        let is_ours = |rule: &str| rules::find(rule).is_some_and(|rule| rule.category == Category::Files);
        let mut found = check(&snapshot, &settings);
        found.retain(|diagnostic| is_ours(diagnostic.rule));
        (snapshot, found)
    }

    /// Each fix takes its finding away and brings no other.
    fn assert_fixes_help(&self) {
        let (_, found) = self.check();
        for (diagnostic, fix) in found.iter().flat_map(|diagnostic| diagnostic.fixes.iter().map(move |fix| (diagnostic, fix))) {
            let mut mended = Self(self.0.clone());
            let text = mended.0.get_mut(&*diagnostic.path).expect("a file of the tree");
            let edits: Vec<_> = fix.edits.iter().map(|edit| edit.edit.clone()).collect();
            *text = apply_edits(text, &edits).expect("edits that fit");
            let text = text.clone();
            let left = mended.check().1;
            assert!(left.len() < found.len(), "{}: {left:#?}\n{text}", fix.title);
        }
    }

    /// `rule name-of-file:line` of all findings.
    fn found(&self) -> Vec<String> {
        let (snapshot, found) = self.check();
        let place = |path: &str, offset: u32| {
            let line = snapshot.get(path).expect("a file of the tree").lines().line(offset) + 1;
            let short = path.trim_start_matches("artifacts/").replace("k8s-staging-", "").replace("/filepromoter-manifest.yaml", "");
            format!("{short}:{line}")
        };
        found
            .iter()
            .map(|diagnostic| {
                let mut told = format!("{} {}", diagnostic.rule, place(&diagnostic.path, diagnostic.range.start()));
                for related in &diagnostic.related {
                    let _ = write!(told, " < {}", place(&related.path, related.range.start()));
                }
                told
            })
            .collect()
    }
}

/// A manifest with a hash of its own for each file.
fn manifest<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut text = "files:\n".to_owned();
    for name in names {
        let _ = writeln!(text, "- name: {name}\n  sha256: {}", hash(name));
    }
    text
}

fn hash(seed: &str) -> String {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for byte in seed.bytes() {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (0..4).fold(String::new(), |mut text, round: u32| {
        let _ = write!(text, "{:016x}", state.rotate_left(round * 13).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        text
    })
}

#[track_caller]
fn expect(change: impl FnOnce(&mut Tree), expected: &[&str]) {
    let mut tree = Tree::good();
    change(&mut tree);
    assert_eq!(tree.found(), expected);
    tree.assert_fixes_help();
}

#[test]
fn a_good_tree_is_clean() {
    expect(|_| {}, &[]);
}

#[test]
fn sources() {
    let stores = "filestores/k8s-staging-tool/filepromoter-manifest.yaml";
    expect(|tree| tree.edit(stores, "  src: true\n", ""), &["filestore-source-count filestores/tool:2"]);
    expect(|tree| tree.edit(stores, "src: true", "src: false"), &["filestore-source-count filestores/tool:3"]);
    expect(|tree| tree.edit(stores, "src:", "scr:"), &["filestore-source-count filestores/tool:3"]);
    expect(
        |tree| tree.edit(stores, "  service-account", "  src: true\n  service-account"),
        &["filestore-source-count filestores/tool:2", "filestore-source-count filestores/tool:5 < filestores/tool:3"],
    );
    // What cannot be read may be the source, and is told by another rule.
    expect(|tree| tree.edit(stores, "src: true", "src: [true]"), &[]);
    expect(|tree| tree.edit(stores, "src: true", "src: \"true\""), &[]);
    // One filestore only.
    let one = "filestores:\n- base: gs://k8s-staging-tool/releases/\n  src: true\n";
    expect(|tree| tree.filestores("tool", one), &["filestore-source-count filestores/tool:2"]);
    expect(|tree| tree.filestores("tool", "filestores: []\n"), &[]);
}

#[test]
fn bases() {
    let stores = "filestores/k8s-staging-tool/filepromoter-manifest.yaml";
    for wrong in [
        "gs:/k8s-staging-tool/releases/",
        "GS://k8s-staging-tool/releases/",
        "https://storage.googleapis.com/k8s-staging-tool/releases/",
        "gcs://k8s-staging-tool/",
        "k8s-staging-tool/releases/",
        "\" gs://k8s-staging-tool/releases/\"",
        "gs://",
        "gs:///releases",
        "gs://K8s-staging-tool/releases",
        "gs://k8s-staging-tool//releases",
        "gs://k8s-staging-tool/../releases",
        "gs://k8s-staging-tool/releases#x",
    ] {
        expect(|tree| tree.edit(stores, "gs://k8s-staging-tool/releases/", wrong), &["filestore-base filestores/tool:2"]);
    }
    for right in ["gs://k8s-staging-tool", "gs://k8s-staging-tool/a/b", "s3://k8s-staging-tool/x/", "gs://tool.example.com/x"] {
        expect(|tree| tree.edit(stores, "gs://k8s-staging-tool/releases/", right), &[]);
    }
}

#[test]
fn service_accounts() {
    let stores = "filestores/k8s-staging-tool/filepromoter-manifest.yaml";
    let told = &["filestore-service-account filestores/tool:5"];
    let images = "k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com";
    for wrong in [images, "k8s-infra-promotor@k8s-artifacts-prod.iam.gserviceaccount.com", "someone", "\"\""] {
        expect(|tree| tree.edit(stores, ACCOUNT, wrong), told);
    }
    expect(|tree| tree.edit(stores, "service-account", "service-acount"), told);
    let line = format!("  service-account: {ACCOUNT}\n");
    expect(|tree| tree.edit(stores, &line, ""), &["filestore-service-account filestores/tool:4"]);
    expect(|tree| tree.edit(stores, &line, "  service-account: ~\n"), told);
    // Of the wrong type: another rule's.
    expect(|tree| tree.edit(stores, ACCOUNT, "[a]"), &[]);
    // Mirrors in S3 have none.
    expect(|tree| tree.edit(stores, &line, &format!("{line}- base: s3://mirror/binaries/tool/\n")), &[]);
}

#[test]
fn other_peoples_places() {
    let stores = "filestores/k8s-staging-tool/filepromoter-manifest.yaml";
    expect(|tree| tree.edit(stores, "gs://k8s-staging-tool/", "gs://k8s-staging-gadget/"), &["filestore-mismatch filestores/tool:2"]);
    expect(|tree| tree.edit(stores, "binaries/tool/", "binaries/gadget"), &["filestore-mismatch filestores/tool:4 < filestores/gadget:4"]);
    expect(
        |tree| tree.edit(stores, "gs://k8s-artifacts-prod/binaries/tool/", "gs://k8s-staging-tool/releases"),
        &["duplicate-filestore filestores/tool:4 < filestores/tool:2", "filestore-mismatch filestores/tool:4"],
    );
    let twice = format!("- base: gs://k8s-artifacts-prod/binaries/tool\n  service-account: {ACCOUNT}\n");
    expect(
        |tree| tree.edit(stores, "filestores:\n", &format!("filestores:\n{twice}")),
        &["duplicate-filestore filestores/tool:6 < filestores/tool:2"],
    );
}

#[test]
fn staging_buckets_have_a_pattern_of_their_own() {
    let mut settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    settings.policy.images.directory = "<project>".to_owned();
    let stores = |source: &str, destination: &str| {
        let text = format!(
            "filestores:\n- base: gs://{source}/tool/\n  src: true\n- base: gs://{destination}/tool/\n  service-account: {ACCOUNT}\n"
        );
        let path = "artifacts/filestores/tool/filepromoter-manifest.yaml";
        Snapshot::new(vec![Arc::new(SourceFile::new(path, FileKind::FilePromoterManifest, text))], true)
    };
    let told = |settings: &Settings, snapshot: &Snapshot| {
        let found = check(snapshot, settings).into_iter().filter(|diagnostic| diagnostic.rule == "filestore-mismatch");
        found.map(|diagnostic| (diagnostic.message, diagnostic.help)).collect::<Vec<_>>()
    };
    assert_eq!(told(&settings, &stores("acme-staging", "acme-prod")), []);
    settings.policy.files.staging_bucket = "acme-<project>-in".to_owned();
    assert_eq!(told(&settings, &stores("acme-tool-in", "acme-prod")), []);
    assert!(told(&settings, &stores("acme-tool-in", "acme-tool-in"))[0].0.contains("is a staging bucket"));
    let foreign = told(&settings, &stores("acme-other-in", "acme-prod"));
    assert_eq!(foreign[0].1.as_deref(), Some("read from `gs://acme-tool-in/`"));
    settings.policy.files.staging_bucket.clear();
    assert_eq!(told(&settings, &stores("acme-other-in", "acme-tool-in")), []);
}

#[test]
fn mixed_files() {
    let path = "manifests/k8s-staging-tool/v1.2.0.yaml";
    let stores = "filestores:\n- base: gs://a\nfiles:\n";
    expect(|tree| tree.edit(path, "files:\n", stores), &["filestore-files-mixed manifests/tool/v1.2.0.yaml:1"]);
    expect(|tree| tree.edit(path, "files:\n", "filestores: []\nfiles:\n"), &[]);
}

#[test]
fn directories_without_a_counterpart() {
    expect(
        |tree| tree.manifest("toll", "v1.3.0", &manifest(["v1.3.0/linux/amd64/tool"])),
        &["file-manifest-without-filestore manifests/toll/v1.3.0.yaml:2"],
    );
    expect(|tree| tree.0.retain(|path, _| !path.contains("manifests/k8s-staging-tool/")), &["filestore-without-files filestores/tool:2"]);
}

#[test]
fn names() {
    let path = "manifests/k8s-staging-tool/v1.2.0.yaml";
    let name = "v1.2.0/linux/amd64/tool";
    for wrong in ["/v1.2.0/linux/amd64/tool", "v1.2.0//linux/amd64/tool", "v1.2.0/linux/../amd64/tool", "'v1.2.0\\linux\\amd64\\tool'"] {
        expect(
            |tree| tree.edit(path, &format!("name: {name}\n"), &format!("name: {wrong}\n")),
            &["file-name manifests/tool/v1.2.0.yaml:2"],
        );
    }
    expect(|tree| tree.edit(path, &format!("name: {name}\n"), "name:\n"), &[]);
}

#[test]
fn hashes() {
    let path = "manifests/k8s-staging-tool/v1.2.0.yaml";
    let right = hash("v1.2.0/linux/amd64/tool");
    let told = &["file-sha256 manifests/tool/v1.2.0.yaml:3"];
    for wrong in [
        right[1..].to_owned(),
        format!("{right}0"),
        format!("sha256:{right}"),
        right.to_uppercase(),
        format!("\"{right} \""),
        format!("{right} tool"),
        "1234567890".repeat(7)[..64].to_owned(),
        "0".repeat(64),
        "TODO".to_owned(),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".to_owned(),
    ] {
        expect(|tree| tree.edit(path, &right, &wrong), told);
    }
    expect(|tree| tree.edit(path, &right, &format!("\"{right}\"")), &[]);
    expect(|tree| tree.edit(path, &right, &format!("\"{}\"", &"1234567890".repeat(7)[..64])), &[]);
    expect(|tree| tree.edit(path, &right, ""), &[]);
}

#[test]
fn copied_entries() {
    let path = "manifests/k8s-staging-tool/v1.2.0.yaml";
    let (amd64, arm64) = ("v1.2.0/linux/amd64/tool", "v1.2.0/linux/arm64/tool");
    expect(|tree| tree.edit(path, arm64, amd64), &["duplicate-file manifests/tool/v1.2.0.yaml:4 < manifests/tool/v1.2.0.yaml:2"]);
    expect(
        |tree| tree.edit(path, &hash(arm64), &hash(amd64)),
        &["sha256-on-two-files manifests/tool/v1.2.0.yaml:5 < manifests/tool/v1.2.0.yaml:2"],
    );
    // Texts that lie in several directories, and a second name of one binary.
    let same = |first: &str, second: &str| {
        let text = manifest([first, second, "v1.3.0/linux/other"]).replace(&hash(second), &hash(first));
        let mut tree = Tree::good();
        tree.manifest("tool", "v1.3.0", &text);
        tree.found().len()
    };
    for (first, second, told) in [
        ("v1.3.0/linux/amd64/LICENSE", "v1.3.0/linux/arm64/LICENSE", 0),
        ("v1.3.0/a/NOTICE.txt", "v1.3.0/b/NOTICE.txt", 0),
        ("v1.3.0/a/README.md", "v1.3.0/b/README.md", 0),
        ("v1.3.0/linux/amd64/tool-linux-amd64", "v1.3.0/linux/amd64/tool", 0),
        ("v1.3.0/tool.tar.gz", "v1.3.0/tool-v1.3.0.tar.gz", 0),
        ("v1.3.0/tool.exe", "v1.3.0/tool-windows-amd64.exe", 0),
        ("v1.3.0/tool-linux-amd64", "v1.3.0/tool-linux-arm64", 1),
        ("v1.3.0/tool-linux-arm", "v1.3.0/tool-linux-arm64", 1),
        ("v1.3.0/tool", "v1.3.0/tool-agent", 1),
        ("v1.3.0/LICENSE", "v1.3.0/NOTICE", 1),
        ("v1.3.0/linux/tool", "v1.3.0/tool-linux", 1),
    ] {
        assert_eq!(same(first, second), told, "{first} {second}");
    }
    // In two manifests, it is on purpose.
    expect(
        |tree| {
            tree.edit(path, &hash(arm64), &hash(amd64));
            tree.edit("manifests/k8s-staging-tool/v1.1.0.yaml", &hash("v1.1.0/linux/arm64/tool"), &hash("v1.1.0/linux/amd64/tool"));
        },
        &[],
    );
}

#[test]
fn versions() {
    let path = "manifests/k8s-staging-tool/v1.2.0.yaml";
    let one = "file-version-mismatch manifests/tool/v1.2.0.yaml:4";
    // One entry.
    expect(|tree| tree.edit(path, "v1.2.0/linux/arm64", "linux/arm64"), &[one]);
    expect(|tree| tree.edit(path, "v1.2.0/linux/arm64", "v1.20.0/linux/arm64"), &[one]);
    expect(
        |tree| tree.edit(path, "v1.2.0/linux/arm64", "v1.1.0/linux/arm64"),
        &["file-conflict manifests/tool/v1.2.0.yaml:4 < manifests/tool/v1.1.0.yaml:4", one],
    );
    // All of them.
    let all = "file-version-mismatch manifests/tool/v1.2.0.yaml:2";
    expect(|tree| tree.edit(path, "v1.2.0/", ""), &[all]);
    expect(|tree| tree.edit(path, "v1.2.0/", "v1.2.0-rc.2/"), &[all]);
    // Two releases in one.
    expect(|tree| tree.edit(path, "v1.2.0/windows", "v1.2.0-rc.2/windows"), &["file-version-mismatch manifests/tool/v1.2.0.yaml:6"]);
    // The leading `v` is no matter, nor a file that other manifests do not know.
    expect(|tree| tree.edit(path, "v1.2.0/", "1.2.0/"), &[]);
    expect(|tree| tree.edit(path, "v1.2.0/linux/arm64/tool", "channels/stable.txt"), &[]);
    // Several releases on purpose.
    let (old, new) = ("v1.0.0/linux/amd64/tool", "v1.0.1/linux/amd64/tool");
    expect(|tree| tree.manifest("tool", "backfill", &manifest([old, new])), &[]);
    expect(|tree| tree.manifest("tool", "v1.0", &manifest([old, new])), &[]);
    // A project without versions in its paths.
    let bare = |tree: &mut Tree| {
        tree.0.retain(|path, _| !path.contains("manifests/k8s-staging-tool/"));
        tree.manifest("tool", "v1.0.0", &manifest(["a/tool"]));
        tree.manifest("tool", "v1.0.1", &manifest(["b/tool"]));
    };
    expect(bare, &[]);
}

#[test]
fn versions_in_file_names() {
    let right = ["v1.3.0"; 4];
    let distinct = |versions: [&str; 4]| {
        let files = ["386", "amd64", "arm", "s390x"].iter().zip(versions);
        files.map(|(arch, version)| format!("v1.3.0/tool-{version}-linux-{arch}.tar.gz")).collect::<Vec<_>>()
    };
    let with = |versions: [&str; 4]| {
        let files = distinct(versions);
        move |tree: &mut Tree| tree.manifest("tool", "v1.3.0", &manifest(files.iter().map(String::as_str)))
    };
    expect(with(right), &[]);
    expect(with(["v1.3.0", "v1.2.9", "v1.3.0", "v1.3.0"]), &["file-version-mismatch manifests/tool/v1.3.0.yaml:4"]);
    // Another program's versions.
    expect(with(["v3.5.1", "v3.5.1", "v3.5.1", "v3.5.1"]), &[]);
}

#[test]
fn conflicts() {
    // No version anywhere: the last manifest is named, with the others.
    expect(
        |tree| {
            tree.manifest(
                "tool",
                "a",
                "files:\n- name: install.sh\n  sha256: 5c61adf9d4f0cd4f8f8d7f3d3e0a1b4c2f6a8e9b7d5c3b1a0f9e8d7c6b5a4938\n",
            );
            tree.manifest(
                "tool",
                "b",
                "files:\n- name: install.sh\n  sha256: 4c61adf9d4f0cd4f8f8d7f3d3e0a1b4c2f6a8e9b7d5c3b1a0f9e8d7c6b5a4938\n",
            );
            tree.manifest(
                "tool",
                "c",
                "files:\n- name: install.sh\n  sha256: 5c61adf9d4f0cd4f8f8d7f3d3e0a1b4c2f6a8e9b7d5c3b1a0f9e8d7c6b5a4938\n",
            );
        },
        &["file-conflict manifests/tool/c.yaml:2 < manifests/tool/a.yaml:2 < manifests/tool/b.yaml:2"],
    );
    // The same hash is no conflict.
    let copy = manifest(["v1.2.0/linux/amd64/tool"]);
    expect(|tree| tree.manifest("tool", "again", &copy), &[]);
    // Two projects, one of which promotes into the place of the other.
    expect(
        |tree| {
            tree.edit("filestores/k8s-staging-tool/filepromoter-manifest.yaml", "binaries/tool/", "binaries/");
            tree.manifest("tool", "v1.3.0", &manifest(["gadget/v1.2.0/linux/amd64/gadget"]));
        },
        &[
            "file-conflict manifests/tool/v1.3.0.yaml:2 < manifests/gadget/v1.2.0.yaml:2",
            "file-version-mismatch manifests/tool/v1.3.0.yaml:2",
        ],
    );
}

#[test]
fn platforms() {
    let path = "manifests/k8s-staging-tool/v1.2.0.yaml";
    let told = &["file-os-arch manifests/tool/v1.2.0.yaml:6"];
    expect(|tree| tree.edit(path, "windows/amd64/tool", "windows/amd64/tool-linux-amd64"), told);
    expect(|tree| tree.edit(path, "windows/amd64/tool", "darwin/amd64/tool.exe"), told);
    expect(|tree| tree.edit(path, "windows/amd64/tool", "windows/amd64/tool-windows-amd64.exe"), &[]);
}
