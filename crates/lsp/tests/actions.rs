//! Code actions beside the fixes.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod tree;

use promolint_lsp::features::actions::Action;
use tree::{IMAGES, MANIFEST, OWNERS, Tree};

const TOOL_OWNERS: &str = "artifacts/manifests/k8s-staging-tool/OWNERS";
const D: &str = "\"sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9\"";
const E: &str = "\"sha256:8cff51b1610b36d9d57e996899817e1f9e80d9739d3afe6199cd510caf5efaa8\"";

fn find<'a>(actions: &'a [Action], title: &str) -> &'a Action {
    let titles: Vec<&str> = actions.iter().map(|action| action.title.as_str()).collect();
    actions.iter().find(|action| action.title.starts_with(title)).unwrap_or_else(|| panic!("no {title} in {titles:#?}"))
}

#[test]
fn what_is_missing_is_created() {
    let aliases = "aliases:\n  widget-approvers:\n  - alice\n  widget-reviewers:\n  - bob\n  other-approvers:\n  - bob\n";
    let header = "# See the OWNERS docs at https://go.k8s.io/owners\n\n";
    for (missing, finding, files, expected, rules) in [
        // Two aliases are named after the project.
        (
            OWNERS,
            IMAGES,
            &[("OWNERS_ALIASES", aliases)][..],
            Some("approvers:\n- widget-approvers\nreviewers:\n- widget-reviewers\n"),
            &[][..],
        ),
        // The project has people in another tree.
        (
            OWNERS,
            IMAGES,
            &[(
                "artifacts/manifests/k8s-staging-widget/OWNERS",
                "# See the OWNERS docs at https://go.k8s.io/owners\n\napprovers:\n- carol\n",
            )],
            Some("approvers:\n- carol\n"),
            &[],
        ),
        // Nobody knows.
        (TOOL_OWNERS, "artifacts/manifests/k8s-staging-tool/v1.2.3.yaml", &[], None, &["owners-empty"]),
    ] {
        let tree = Tree::without(&[missing], files);
        let actions = tree.actions(finding, "|");
        let created = tree.after(missing, find(&actions, &format!("Create {missing}")));
        if let Some(expected) = expected {
            assert_eq!(created, format!("{header}{expected}"));
        }
        let tree = Tree::with(&[files, &[(missing, &*created)]].concat());
        assert_eq!(tree.rules(missing), rules, "{created}");
    }
}

#[test]
fn a_manifest_is_created_as_the_policy_has_it() {
    let good = Tree::with(&[]);
    for directory in ["k8s-staging-widget", "k8s-staging-gadget"] {
        let images = format!("registry.k8s.io/images/{directory}/images.yaml");
        let manifest = format!("registry.k8s.io/manifests/{directory}/promoter-manifest.yaml");
        let tree = Tree::without(&[&manifest], &[]);
        let actions = tree.actions(&images, "|");
        let created = tree.after(&manifest, find(&actions, &format!("Create {manifest}")));
        assert_eq!(created, good.state().file(&manifest).unwrap().text());
    }
}

#[test]
fn images_are_created_without_any() {
    let tree = Tree::without(&[IMAGES], &[]);
    let created = tree.after(IMAGES, find(&tree.actions(MANIFEST, "|registries"), &format!("Create {IMAGES}")));
    assert!(created.contains("# - name: widget\n"), "{created}");
    assert_eq!(Tree::with(&[(IMAGES, &created)]).rules(IMAGES), ["empty-images-file"]);
}

#[test]
fn a_suppression_needs_its_reason() {
    let text = format!("\u{feff}- name: widget\n  dmap:\n    {D}: [\"v 1\"]\n");
    for (title, start) in
        [("Allow `tag-syntax` in this file", "\u{feff}# promolint: allow(tag-syntax) "), ("Allow `tag-syntax` here", "\u{feff}- name")]
    {
        let tree = Tree::with(&[(IMAGES, &text)]);
        let silenced = tree.after(IMAGES, find(&tree.actions(IMAGES, "v| 1"), title));
        assert!(silenced.starts_with(start), "{silenced}");
        let tree = Tree::with(&[(IMAGES, &silenced)]);
        assert!(tree.rules(IMAGES).contains(&"suppression-syntax") && tree.rules(IMAGES).contains(&"tag-syntax"), "{silenced}");
        let tree = Tree::with(&[(IMAGES, &silenced.replace("TODO: say why", "released so"))]);
        assert_eq!(tree.rules(IMAGES), [""; 0], "{silenced}");
    }
}

#[test]
fn an_image_is_sorted_from_anywhere_in_it() {
    let rising = format!("  dmap:\n    {D}: [\"v1.0.0\"]\n    {E}: [\"v1.1.0\"]\n");
    let text =
        format!("- name: widget\n{rising}- name: tool\n{rising}- name: gadget\n  dmap:\n    {E}: [\"v1.1.0\"]\n    {D}: [\"v1.0.0\"]\n");
    let tree = Tree::with(&[(IMAGES, &text)]);
    for place in ["|- name: gadget", "- name: gad|get", "gadget\n  dm|ap", "gadget\n  dmap:\n    \"sha|256"] {
        let sorted = tree.after(IMAGES, find(&tree.actions(IMAGES, place), "Sort the digests of `gadget`"));
        assert!(sorted.ends_with(&rising), "{sorted}");
    }
    let has_sort = |place| tree.actions(IMAGES, place).iter().any(|action| action.title.starts_with("Sort"));
    assert!(!has_sort("name: wid|get\n"));
}

#[test]
fn titles_tell_actions_apart() {
    let tree = Tree::with(&[(OWNERS, "approvers: [alice, bob, bob, bob, alice]\n")]);
    let titles: Vec<String> = tree.actions(OWNERS, "al|ice").into_iter().map(|action| action.title).collect();
    let mut different = titles.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), titles.len(), "{titles:#?}");
    assert!(titles.contains(&"Remove the repeated `bob` (at 1:25)".to_owned()), "{titles:#?}");
    assert!(titles.contains(&"Remove the repeated `alice`".to_owned()), "{titles:#?}");
}
