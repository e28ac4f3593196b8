//! The analysis takes any text for any kind of file: no panic, findings in bounds and in order, fixes
//! that can be applied.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use promolint_analysis::{FileKind, Policy, Settings, Snapshot, SourceFile, check};
use promolint_syntax::apply_edits;
use proptest::prelude::*;

const PLACES: [(FileKind, &str); 11] = [
    (FileKind::Images, "registry.k8s.io/images/k8s-staging-widget/images.yaml"),
    (FileKind::PromoterManifest, "registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml"),
    (FileKind::PlainManifest, "plain/promoter-manifest.yaml"),
    (FileKind::FilePromoterManifest, "artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml"),
    (FileKind::FileManifest, "artifacts/manifests/k8s-staging-tool/v1.2.3.yaml"),
    (FileKind::Owners, "registry.k8s.io/images/k8s-staging-widget/OWNERS"),
    (FileKind::OwnersAliases, "OWNERS_ALIASES"),
    (FileKind::Groups, "groups/sig-example/groups.yaml"),
    (FileKind::Infra, "infra/gcp/infra.yaml"),
    (FileKind::RegistriesTf, "infra/gcp/terraform/k8s-staging-images/registries.tf"),
    (FileKind::ImageTags, "releasing/image_tags.yaml"),
];

fn good(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/good");
    let read = |path: &str| fs::read_to_string(root.join(path)).expect("a file of the good tree");
    // Two kinds have no file in the good tree.
    match path {
        "releasing/image_tags.yaml" => "images:\n- name: a\n  versions:\n  - digest: sha256:ab\n    tags: [v1]\n".to_owned(),
        "plain/promoter-manifest.yaml" => format!("{}images:\n{}", read(PLACES[1].1), read(PLACES[0].1)),
        path => read(path),
    }
}

/// All places hold the good tree's text but one, which holds `bytes`.
fn judge(place: usize, bytes: &[u8]) {
    let file = |(number, (kind, path)): (usize, &(FileKind, &str))| {
        let file =
            if number == place { SourceFile::from_bytes(*path, *kind, bytes.to_vec()) } else { SourceFile::new(*path, *kind, good(path)) };
        Arc::new(file)
    };
    let snapshot = Snapshot::new(PLACES.iter().enumerate().map(file).collect(), true);
    let settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    let diagnostics = check(&snapshot, &settings);
    assert!(diagnostics.is_sorted_by_key(|diagnostic| (diagnostic.path.clone(), diagnostic.range)));
    for diagnostic in &diagnostics {
        let text = snapshot.get(&diagnostic.path).expect("a file of the snapshot").text();
        assert!(text.get(diagnostic.range.to_usize()).is_some(), "{diagnostic:?}");
        for related in &diagnostic.related {
            assert!(snapshot.get(&related.path).expect("a file").text().get(related.range.to_usize()).is_some(), "{diagnostic:?}");
        }
        for fix in &diagnostic.fixes {
            let edits: Vec<_> = fix.edits.iter().filter(|edit| edit.path == diagnostic.path).map(|edit| edit.edit.clone()).collect();
            assert!(apply_edits(text, &edits).is_ok(), "{diagnostic:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(place in 0..PLACES.len(), bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        judge(place, &bytes);
    }

    #[test]
    fn yaml_like_text(place in 0..PLACES.len(), text in "([-a-z?:#&*!|>'\"\\[\\]{},%@` \t\n]|name|dmap|registries|files|approvers|sha256:|\r\n|é|2001-12-14T21:59:43\\+|[0-9TZ]){0,120}") {
        judge(place, text.as_bytes());
    }

    /// The good file with a stretch replaced.
    #[test]
    fn damaged_files(place in 0..PLACES.len(), at in any::<prop::sample::Index>(), cut in 0..40_usize, put in "[-a-z0-9:#'\"\\[\\]{}, \t\n\r]{0,6}") {
        let mut bytes = good(PLACES[place].1).into_bytes();
        let start = at.index(bytes.len() + 1);
        let end = (start + cut).min(bytes.len());
        bytes.splice(start..end, put.bytes());
        judge(place, &bytes);
    }
}
