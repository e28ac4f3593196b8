//! Changes of thousands of entries: each is found again in steps, where to compare all with all takes minutes.

use std::fmt::Write as _;
use std::sync::Arc;

use promolint_analysis::file::kind_of_named_file;
use promolint_analysis::history::Summary;
use promolint_analysis::{Level, Policy, Settings, Snapshot, SourceFile, check_change, rules, summarize_change};

const IMAGES: &str = "registry.k8s.io/images/k8s-staging-widget/images.yaml";
const MANIFEST: &str = "registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml";
const TAG_LISTS: &str = "image_tags.yaml";
const COUNT: u64 = 3_000;

fn digest(number: u64) -> String {
    format!("sha256:{}", format!("{:016x}", (number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)).repeat(4))
}

/// `images.yaml` of names, digests and tags.
fn images(list: impl Iterator<Item = (u64, u64, &'static str)>) -> String {
    list.fold(String::new(), |mut text, (name, number, tag)| {
        let _ = writeln!(text, "- name: image-{name}\n  dmap:\n    \"{}\": [\"{tag}\"]", digest(number));
        text
    })
}

fn snapshot(path: &str, text: &str) -> Snapshot {
    let manifest = "registries:\n- name: gcr.io/k8s-staging-widget\n  src: true\n\
         - name: us-west1-docker.pkg.dev/k8s-artifacts-prod/images/widget\n  service-account: a@b\n";
    let file = |path: &str, text: &str| Arc::new(SourceFile::new(path, kind_of_named_file(path, text).expect("a promotion file"), text));
    Snapshot::new(vec![file(MANIFEST, manifest), file(path, text)], true)
}

/// What a rule finds, with the text where it tells of it.
fn told(before: &str, after: &str, rule: &str) -> Vec<(String, String)> {
    let mut settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    for other in rules::ALL.iter().filter(|other| other.name != rule) {
        settings.levels.rules.insert(other.name, Level::Off);
    }
    let found = check_change(&snapshot(IMAGES, before), &snapshot(IMAGES, after), &settings);
    found.into_iter().map(|found| (found.message, after[found.range.to_usize()].to_owned())).collect()
}

fn summarized(path: &str, before: &str, after: &str) -> Summary {
    let settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    summarize_change(&snapshot(path, before), &snapshot(path, after), &settings)
}

#[test]
fn a_tag_of_many_images_moves() {
    let (before, after) = (images((0..COUNT).map(|n| (n, n, "v1"))), images((0..COUNT).map(|n| (n, n + COUNT, "v1"))));
    let told = told(&before, &after, "tag-moved");
    assert_eq!(told.len(), 3_000);
    for (n, (message, _)) in told.iter().enumerate() {
        assert!(message.starts_with(&format!("tag `v1` of image-{n} was promoted")), "{message}");
    }
    assert_eq!(summarized(IMAGES, &before, &after).totals().moved, told.len());
}

#[test]
fn a_digest_of_many_images_gets_other_names() {
    let (before, after) = (images((0..COUNT).map(|n| (n, 0, "v1"))), images((COUNT..2 * COUNT).map(|n| (n, 0, "v1"))));
    let told = told(&before, &after, "entry-removed");
    assert_eq!(told.len(), 3_000);
    assert!(told.iter().all(|(message, _)| message.contains("its digest is promoted as another image")));
    assert_eq!(summarized(IMAGES, &before, &after).totals().removed, told.len());
}

#[test]
fn every_second_image_is_removed() {
    let all = || (0..COUNT).map(|n| (n, n, "v1"));
    let told = told(&images(all()), &images(all().filter(|(n, ..)| n % 2 == 0)), "entry-removed");
    assert_eq!(told.len(), 1_500);
    let is_behind = |(message, text): &(String, String)| {
        let number = |text: &str| text.split_once("image-")?.1.split(|end: char| !end.is_ascii_digit()).next()?.parse::<u64>().ok();
        number(message) == number(text).map(|n| n + 1)
    };
    assert!(told.iter().all(is_behind), "{:?}", told[0]);
}

#[test]
fn tags_of_many_versions_move() {
    let versions = |from: u64, tagged: u64| {
        (0..COUNT).fold(String::from("images:\n- name: a\n  versions:\n"), |mut text, n| {
            let tags = if n < tagged { format!("v{n}") } else { String::new() };
            let _ = writeln!(text, "  - digest: {}\n    tags: [{tags}]", digest(from + n));
            text
        })
    };
    let totals = summarized(TAG_LISTS, &versions(0, 2_000), &versions(COUNT, 2_000)).totals();
    assert_eq!((totals.added, totals.moved, totals.removed), (3_000, 2_000, 1_000));
}
