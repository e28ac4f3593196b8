//! Hover, navigation, symbols, lenses and folds, by kind of file.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod tree;

use promolint_lsp::features::symbols::{self, Symbol};
use promolint_lsp::features::{lenses, structure};
use promolint_syntax::TextRange;
use tree::{GROUPS, IMAGES, MANIFEST, OWNERS, Tree};

const STORES: &str = "artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml";
const OTHER_STORES: &str = "artifacts/filestores/k8s-staging-other/filepromoter-manifest.yaml";
const FILES: &str = "artifacts/manifests/k8s-staging-tool/v1.2.3.yaml";
const MORE_FILES: &str = "artifacts/manifests/k8s-staging-tool/v1.3.0.yaml";
const TAGS: &str = "releasing/image_tags.yaml";
const KUBEFLOW: &str = "images:
- name: gcr.io/kubeflow-images-public/board
  versions:
  - digest: sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9
    tags:
    - v0.4.0
    - v0.10.0
- name: gcr.io/kubeflow-images-public/katib
  versions:
  - digest: sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9
    tags:
    - v0.4.0
";

fn outline(symbols: &[Symbol]) -> String {
    let written = |symbol: &Symbol| {
        assert!(symbol.children.iter().all(|child| symbol.range.contains_range(child.range)), "{symbol:?}");
        let name = symbol.name.rsplit('/').next().unwrap().chars().take(10).collect::<String>();
        if symbol.children.is_empty() { name } else { format!("{name}({})", outline(&symbol.children)) }
    };
    symbols.iter().map(written).collect::<Vec<_>>().join(" ")
}

#[test]
fn hovers() {
    let tree = Tree::with(&[
        (TAGS, KUBEFLOW),
        (OTHER_STORES, "filestores:\n- base: gs://k8s-staging-other\n  src: true\n- base: gs://k8s-artifacts-prod/binaries/tool\n"),
        (
            MORE_FILES,
            "files:\n- name: a\n  sha256: ad28f6a371968eb9bd9a083235ed6b35e99f5e75b857bb35f7ad6ff4c4e763cb\n- name: v1.2.3/linux/arm64/tool\n",
        ),
    ]);
    for (path, word, parts) in [
        (TAGS, "bo|ard", &["**gcr.io/kubeflow-images-public/board**", "1 digest with 2 tags"][..]),
        (TAGS, "digest: sha|256", &["Tags: `v0.4.0`, `v0.10.0`", "`gcr.io/kubeflow-images-public/katib` in `releasing/image_tags.yaml`"]),
        (TAGS, "v0|.4", &["docker pull gcr.io/kubeflow-images-public/board:v0.4.0", "The same tag is on 1 other image."]),
        (STORES, "gs://k8s-stag|ing", &["Source", "2 file manifests of this project", "Approved by `bob`"]),
        (
            STORES,
            "gs://k8s-art|ifacts",
            &["production, written by `k8s-infra-promoter@", "Also in:\n- `artifacts/filestores/k8s-staging-other/"],
        ),
        (STORES, "service-account: k8s-infra|", &["The policy's account for files", "On 1 destination in 1 manifest\n"]),
        (MANIFEST, "service-account: k8s-infra|", &["The policy's account for images", "On 44 destinations in 2 manifests"]),
        (MANIFEST, "name: gcr.io/k8s|", &["Source: staging", "Approved by `alice`, `widget-maintainers` ([OWNERS](<file://"]),
        (IMAGES, "name: wid|get\n", &["3 digests with 3 tags", "Pulled as `registry.k8s.io/widget/widget`", "([OWNERS](<file://"]),
        (
            FILES,
            "v1.2.3/linux/a|md64",
            &[
                "From:\n- `gs://k8s-staging-tool/releases/v1.2.3/linux/amd64/tool`",
                "Promoted to:\n- `gs://k8s-artifacts-prod/binaries/tool/v1.2.3/linux/amd64/tool`",
                "The same sha256 also for:\n- `a` in `artifacts/manifests/k8s-staging-tool/v1.3.0.yaml`",
            ],
        ),
        (
            FILES,
            "sha256: af|",
            &["**v1.2.3/linux/arm64/tool**", "The same path also in:\n- `artifacts/manifests/k8s-staging-tool/v1.3.0.yaml`"],
        ),
        (OWNERS, "c|arol", &["**carol**\n\nMember of `widget-maintainers`\n\nNamed in 3 files"]),
    ] {
        let text = tree.hover(path, word);
        assert!(parts.iter().all(|part| text.contains(part)), "{path} {word}:\n{text}");
    }
}

#[test]
fn hovers_hold_any_name() {
    let tree = Tree::with(&[(IMAGES, "- name: \"a`b\\nc\"\n  dmap:\n    \"sha256:0\": [\"v`1\", v*2]\n")]);
    for (word, parts) in [
        ("a|`b", &["**`` a`b\\nc ``**"][..]),
        ("sha|256", &["**`` a`b\\nc ``** `sha256:0`", "Tags: `` v`1 ``, `v*2`"]),
        ("v|`1", &["**`` a`b\\nc:v`1 ``**"]),
    ] {
        let text = tree.hover(IMAGES, word);
        assert!(parts.iter().all(|part| text.contains(part)) && !text.contains("docker pull"), "{word}:\n{text}");
    }
}

#[test]
fn navigation() {
    let tree = Tree::with(&[(TAGS, KUBEFLOW)]);
    let other = "registry.k8s.io/images/k8s-staging-widget/";
    assert_eq!(tree.definition(FILES, "v1.2.3/lin|ux"), [format!("{STORES}:1")]);
    assert_eq!(tree.definition(FILES, "sha256: a|d28"), [format!("{STORES}:1")]);
    assert_eq!(tree.definition(STORES, "gs://k8s-art|ifacts"), [format!("{FILES}:1"), format!("{MORE_FILES}:1")]);
    assert_eq!(
        tree.definition(MANIFEST, "name: gcr.io/k8s|"),
        ["infra/gcp/infra.yaml:5".to_owned(), format!("{GROUPS}:2"), format!("{other}OWNERS:1")]
    );
    assert_eq!(tree.definition(TAGS, "bo|ard"), [""; 0]);
    for (path, word, count) in [
        (TAGS, "digest: sha|256", 2),
        (TAGS, "v0|.4.0", 2),
        (TAGS, "v0|.10.0", 1),
        (TAGS, "bo|ard", 1),
        (FILES, "sha256: a|d28", 1),
        (FILES, "v1.2.3/lin|ux", 1),
        (STORES, "gs://k8s-art|ifacts", 1),
        (MANIFEST, "service-account: k8s-infra|", 44),
        (STORES, "service-account: k8s-infra|", 1),
    ] {
        assert_eq!(tree.references(path, word).len(), count, "{path} {word}");
    }
    assert_eq!(tree.highlights(TAGS, "v0|.4.0"), 2);
    assert_eq!(tree.highlights(MANIFEST, "service-account: k8s-infra|"), 22);
}

#[test]
fn outlines() {
    let groups = "groups:\n- email-id: a@x.io\n  members: [b@x.io]\n  owners:\n  - c@x.io\n- name: none\n";
    let tree = Tree::with(&[(TAGS, KUBEFLOW), (GROUPS, groups)]);
    let state = tree.state();
    for (path, expected) in [(TAGS, "board(sha256:5ab(v0.4.0 v0.10.0)) katib(sha256:5ab(v0.4.0))"), (GROUPS, "a@x.io(c@x.io b@x.io)")] {
        assert_eq!(outline(&symbols::symbols(state.file(path).unwrap())), expected);
    }
    let found = |query: &str| symbols::search(&state, query).into_iter().filter(|symbol| *symbol.place.path == *TAGS).count();
    assert_eq!((found("board"), found("v0.4.0"), found("sha256:5ab6")), (1, 2, 2));
}

#[test]
fn lenses_and_hints() {
    let tags = "[\"v1.0.0-rc.2\", \"v1.0.0-rc.10\", \"v1.0.0-rc.1\"]";
    let tree = Tree::with(&[(TAGS, KUBEFLOW), (IMAGES, &format!("- name: widget\n  dmap:\n    \"sha256:0\": {tags}\n"))]);
    let state = tree.state();
    let titles = |path: &str| lenses::lenses(&state, state.file(path).unwrap()).into_iter().map(|lens| lens.title).collect::<Vec<_>>();
    assert_eq!(titles(IMAGES)[1..], ["1 digest, newest tag v1.0.0-rc.10"]);
    assert_eq!(titles(TAGS)[1..], ["1 digest, newest tag v0.10.0", "1 digest, newest tag v0.4.0"]);
    assert!(titles(TAGS)[0].ends_with("in this file"), "{:?}", titles(TAGS));
    let hints = lenses::hints(&state, state.file(STORES).unwrap(), TextRange::new(0, 999));
    assert_eq!(hints.into_iter().map(|hint| hint.label).collect::<Vec<_>>(), ["+1 destination"]);
}

#[test]
fn folds() {
    for (path, text, expected) in [
        // Images are folded into their first lines, digests into `dmap:`; a digest on one line does not fold.
        (
            IMAGES,
            "# a\n# b\n\n- name: w\n  dmap:\n    \"sha256:0\": [\"v1\"]\n    \"sha256:1\":\n    - v2\n- name: x\n  dmap:\n    \"sha256:2\": []\n",
            &[(4, 8), (5, 8), (7, 8), (9, 11), (10, 11), (1, 2)][..],
        ),
        (MANIFEST, "registries:\n- name: a\n  src: true\n- name: b\n", &[(1, 4), (2, 3)]),
        (OWNERS, "approvers:\n- a\n\nreviewers: [\n  b\n]\n", &[(1, 2), (4, 6)]),
    ] {
        let tree = Tree::with(&[(path, text)]);
        let state = tree.state();
        let file = state.file(path).unwrap();
        let line = |offset| file.lines().line(offset) + 1;
        let found: Vec<(u32, u32)> = structure::folds(file).iter().map(|fold| (line(fold.range.start()), line(fold.range.end()))).collect();
        assert_eq!(found, expected, "{text}");
    }
}
