//! images.yaml: mistakes as people make them, and what must pass.
//!
//! Findings are compared as `severity rule: place`, where the place is the underlined text.

use std::sync::Arc;

use promolint_analysis::{FileKind, Policy, Settings, Snapshot, SourceFile, check};

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
        (["[]", "# not yet: [\"v2\"]"], Some("hint")),
    ] {
        let text = format!("- name: widget\n  dmap:\n    {a}: {}\n    {b}: {}\n", tags[0], tags[1]);
        let text = text.replace(": \n", ":\n");
        let expected: Vec<String> = severity.map(|severity| format!("{severity} missing-dmap: {b}")).into_iter().collect();
        assert_eq!(told(&text), expected, "{text}");
    }
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
