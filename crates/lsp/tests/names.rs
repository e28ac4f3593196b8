//! Renaming, and the words that references are found by.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod tree;

use tree::{GROUPS, IMAGES, MANIFEST, OWNERS, Tree};

#[test]
fn a_name_keeps_its_meaning() {
    let tree = Tree::with(&[(IMAGES, "- name: widget\n- name: 'gadget'\n- name: \"widget\"\n")]);
    for (new, quoted) in [("true", "\"true\""), ("123", "\"123\""), ("null", "\"null\""), ("1.0", "\"1.0\""), ("a/b", "a/b")] {
        let renamed = tree.rename(IMAGES, "wid|get", new).unwrap();
        assert_eq!(renamed, [(IMAGES.to_owned(), format!("- name: {quoted}\n- name: 'gadget'\n- name: \"{new}\"\n"))]);
        if new.contains('/') {
            continue;
        }
        let renamed = tree.rename(OWNERS, "widget-main|tainers", new).unwrap();
        let text = |path: &str| &renamed.iter().find(|(other, _)| other == path).unwrap().1;
        assert!(text(OWNERS).contains(&format!("- {quoted}\n")), "{}", text(OWNERS));
        assert!(text("OWNERS_ALIASES").contains(&format!("  {quoted}:\n")), "{}", text("OWNERS_ALIASES"));
    }
}

#[test]
fn names_that_cannot_be() {
    let tree = Tree::with(&[]);
    for (path, word, new, why) in [
        (IMAGES, "name: wid|get\n", "-", "is no image name"),
        (IMAGES, "name: wid|get\n", "..", "is no image name"),
        (IMAGES, "name: wid|get\n", "/x", "is no image name"),
        (IMAGES, "name: wid|get\n", "Widget", "is no image name"),
        (IMAGES, "name: wid|get\n", "gcr.io/k8s-staging-widget/x", "names the registry too"),
        (IMAGES, "name: wid|get\n", "widget-arm64", "already"),
        (OWNERS, "widget-main|tainers", "sig-example-leads", "there is an alias"),
        (OWNERS, "widget-main|tainers", "Bob", "is the name of somebody"),
        (OWNERS, "widget-main|tainers", "-", "is no name of an alias"),
        (OWNERS, "widget-main|tainers", "a b", "is no name of an alias"),
        (OWNERS, "a|lice", "x", "only aliases and images"),
    ] {
        let refused = tree.rename(path, word, new).unwrap_err();
        assert!(refused.contains(why), "{new}: {refused}");
    }
    assert!(tree.rename(OWNERS, "widget-main|tainers", "Widget-Maintainers").is_ok(), "another letter case is the same name");
}

#[test]
fn a_group_is_not_found_within_another() {
    let tree = Tree::with(&[(
        GROUPS,
        "groups:\n  - email-id: leads@kubernetes.io\n    # leads@kubernetes.io.\n  - email-id: sig-x-leads@kubernetes.io\n",
    )]);
    let places = |lines: &[u32]| lines.iter().map(|line| format!("{GROUPS}:{line}")).collect::<Vec<_>>();
    assert_eq!(tree.references(GROUPS, "email-id: le|ads@"), places(&[2, 3]));
    assert_eq!(tree.references(GROUPS, "x-le|ads@"), places(&[4]));
    assert_eq!(tree.definition(GROUPS, "# le|ads@"), places(&[2]));
}

#[test]
fn a_rule_is_not_found_within_another() {
    let text = "# promolint: allow(filestore-service-account, service-account) old\n";
    let tree = Tree::with(&[(MANIFEST, text)]);
    assert_eq!(tree.highlights(MANIFEST, ", service-|account"), 1);
}
