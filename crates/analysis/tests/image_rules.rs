//! images.yaml: mistakes as people make them, and what must pass.
//!
//! Findings are compared as `severity rule: place`, where the place is the underlined text.

use std::sync::Arc;

use promolint_analysis::policy::LeadingV;
use promolint_analysis::{FileKind, Policy, Settings, Snapshot, SourceFile, check, check_change};

/// What is told of the images of a file that stands alone.
fn told(text: &str) -> Vec<String> {
    let file = SourceFile::new("registry.k8s.io/images/k8s-staging-widget/images.yaml", FileKind::Images, text);
    let snapshot = Snapshot::new(vec![Arc::new(file)], false);
    let settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    let found = check(&snapshot, &settings);
    found.iter().map(|found| format!("{} {}: {}", found.severity, found.rule, &text[found.range.to_usize()])).collect()
}

/// A digest that differs for each number, in quotes.
fn digest(number: u64) -> String {
    let hex = format!("{:016x}", (number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    format!("\"sha256:{}\"", hex.repeat(4))
}

#[test]
fn digests_without_tags() {
    let (a, b) = (digest(1), digest(2));
    for (tags, severity) in [
        (["[\"v1\"]", ""], Some("warning")),
        (["[\"v1\"]", "#[\"v2\"]"], Some("warning")),
        (["[\"v1\"]", "# as it is"], Some("warning")),
        (["[\"v1\"]", "[]"], None),
        (["[]", ""], Some("hint")),
        (["[]", "# [\"v2\"]"], Some("warning")),
        (["[]", "# [v2, latest]"], Some("warning")),
        (["[]", "## ['latest']"], Some("warning")),
        (["[]", "# not yet: [\"v2\"]"], Some("hint")),
        (["[]", "null # [\"v2\"]"], Some("hint")),
        (["[]", "# [sic]"], Some("hint")),
        (["[]", "# []"], Some("hint")),
        (["[]", "# [\"v2\""], Some("hint")),
        (["[]", "# [\"v2\"] is to come"], Some("hint")),
    ] {
        let text = format!("- name: widget\n  dmap:\n    {a}: {}\n    {b}: {}\n", tags[0], tags[1]);
        let text = text.replace(": \n", ":\n");
        let expected: Vec<String> = severity.map(|severity| format!("{severity} missing-dmap: {b}")).into_iter().collect();
        assert_eq!(told(&text), expected, "{text}");
    }
}

#[test]
fn similar_digests() {
    let one = digest(1);
    // The start is that of another digest too; the end is mistyped.
    let other = format!("{}{}\"", &one[..40], "01234567".repeat(4));
    let mistyped = format!("{}{}\"", &one[..71], if one.ends_with("0\"") { '1' } else { '0' });
    let text = |digests: &[&String]| {
        digests
            .iter()
            .enumerate()
            .fold("- name: widget\n  dmap:\n".to_owned(), |text, (n, digest)| format!("{text}    {digest}: [\"v1.{n}\"]\n"))
    };
    assert_eq!(told(&text(&[&one, &other])), [""; 0]);
    assert_eq!(told(&text(&[&other, &one, &mistyped])), [format!("warning similar-digest: {mistyped}")]);
}

#[test]
fn a_leading_v_that_is_required() {
    let images = |tags: &[&str]| {
        let lines = tags.iter().zip(0..).map(|(tag, n)| format!("    {}: [\"{tag}\"]\n", digest(n)));
        format!("- name: widget\n  dmap:\n{}", lines.collect::<String>())
    };
    let mut policy = Policy::builtin();
    policy.images.leading_v = LeadingV::Required;
    let settings = Settings { policy, ..Settings::default() };
    let snapshot = |text: String| {
        let file = SourceFile::new("registry.k8s.io/images/k8s-staging-widget/images.yaml", FileKind::Images, text);
        Snapshot::new(vec![Arc::new(file)], false)
    };
    let (before, after) = (snapshot(images(&["1.0.0", "1.0.1", "1.0.2"])), snapshot(images(&["1.0.0", "1.0.1", "1.0.2", "v1.0.3"])));
    let found = check_change(&before, &after, &settings);
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|found| found.message.contains("does not start with `v`, but the policy requires it")), "{found:?}");
}

#[test]
fn names_with_a_registry() {
    for (name, expected) in [
        ("gcr.io/k8s-staging-widget/agent", Some("error")),
        ("registry.example.com/agent", Some("warning")),
        ("widget.v2/agent", None),
        ("charts/widget.io", None),
    ] {
        let text = format!("- name: {name}\n  dmap:\n    {}: [\"v1.0\"]\n", digest(1));
        let expected: Vec<String> = expected.map(|severity| format!("{severity} image-name: {name}")).into_iter().collect();
        assert_eq!(told(&text), expected, "{text}");
    }
}
