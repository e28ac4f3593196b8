//! One mistake is told once, however much follows from it: what is said of the good tree with one file changed.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use promolint_analysis::fixing::{Choice, fix_all};
use promolint_analysis::{Applicability, Diagnostic, Policy, Settings, check};

mod common;
use common::{good, good_tree, snapshot};

const IMAGES: &str = "registry.k8s.io/images/k8s-staging-widget/images.yaml";
const MANIFEST: &str = "registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml";

fn settings() -> Settings {
    Settings { policy: Policy::builtin(), ..Settings::default() }
}

/// What is said of the good tree with this file in it.
fn found(path: &str, text: &str) -> Vec<Diagnostic> {
    let mut tree = good_tree();
    tree.insert(path.to_owned(), text.to_owned());
    check(&snapshot(&tree), &settings())
}

/// `rule line-line: message` of all that is said.
fn told(path: &str, text: &str) -> Vec<String> {
    let line = |offset: u32| text[..offset as usize].lines().count().max(1);
    let tell = |diagnostic: Diagnostic| {
        let (first, last) = (line(diagnostic.range.start() + 1), line(diagnostic.range.end()));
        let place = if first == last { first.to_string() } else { format!("{first}-{last}") };
        format!("{} {place}: {}", diagnostic.rule, diagnostic.message)
    };
    found(path, text).into_iter().map(tell).collect()
}

/// The file with all fixes that are as sure as that.
fn fixed(path: &str, text: &str, applicability: Applicability) -> String {
    let mut tree = good_tree();
    tree.insert(path.to_owned(), text.to_owned());
    let fixed = fix_all(&snapshot(&tree), &settings(), &Choice { applicability, is_wanted: &|_| true });
    fixed.snapshot.get(path).unwrap().text().to_owned()
}

/// An entry with a digest and a tag of that number.
fn entry(number: u64) -> String {
    let digest = format!("{:016x}", (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)).repeat(4);
    format!("    \"sha256:{digest}\": [\"v1.{number}.0\"]\n")
}

fn entries(numbers: impl IntoIterator<Item = u64>) -> String {
    numbers.into_iter().map(entry).collect()
}

fn image(numbers: impl IntoIterator<Item = u64>) -> String {
    format!("- name: widget\n  dmap:\n{}", entries(numbers))
}

#[test]
fn a_block_that_was_pasted_twice() {
    let useless = "of widget repeat earlier ones, tags and all; they are useless";
    assert_eq!(told(IMAGES, &image(0..20).repeat(2)), [format!("same-entry-twice 25-44: these 20 entries {useless}")]);
    // Over repeated items of one name too.
    let items: String = (0..3).map(|number| image([number])).collect();
    assert_eq!(told(IMAGES, &items.repeat(2)), [format!("same-entry-twice 12-18: these 3 entries {useless}")]);
    // What is new in between, or not repeated as a whole, parts them.
    let parted = image(0..6) + &image([0, 1, 7, 2, 3, 8, 4]);
    let single = "same-entry-twice 17: tag `v1.4.0` of widget is listed twice for the same digest; one of them is useless";
    assert_eq!(
        told(IMAGES, &parted),
        [
            format!("same-entry-twice 11-12: these 2 entries {useless}"),
            format!("same-entry-twice 14-15: these 2 entries {useless}"),
            single.to_owned()
        ]
    );
    let found = found(IMAGES, &image(0..20).repeat(2));
    assert_eq!(found[0].related.len(), 1);
    assert_eq!(found[0].related[0].range.start() as usize, image(0..1).find("\"v1.0.0").unwrap());
}

#[test]
fn entries_that_were_pasted_twice_into_one_image() {
    let refused = "the promoter refuses the whole file";
    let text = image((0..20).chain(0..20));
    assert_eq!(
        told(IMAGES, &text),
        [format!("duplicate-key 23-42: these 20 entries of `dmap` repeat earlier ones, tags and all; {refused}")]
    );
    assert_eq!(fixed(IMAGES, &text, Applicability::Safe), image(0..20));
    // A comment belongs to people.
    let commented = image(0..3) + "    # pasted\n" + &entry(0) + &entry(1).replace('\n', " # again\n");
    assert_eq!(told(IMAGES, &commented).len(), 1);
    assert_eq!(fixed(IMAGES, &commented, Applicability::Safe), commented);
    assert_eq!(fixed(IMAGES, &commented, Applicability::Suggested), image(0..3) + "    # pasted\n");
    // One with other tags is another matter.
    let differing = image(0..4) + &entries(0..2) + &entry(2).replace("v1", "v2") + &entry(3);
    assert_eq!(told(IMAGES, &differing).len(), 3, "{:#?}", told(IMAGES, &differing));
    assert_eq!(fixed(IMAGES, &differing, Applicability::Safe), image(0..4) + &entry(2).replace("v1", "v2"));
}

/// What is said of the good manifest with this text replaced.
fn told_of_manifest(from: &str, to: &str) -> Vec<String> {
    let text = good(MANIFEST).replacen(from, to, 1);
    assert_ne!(text, good(MANIFEST));
    told(MANIFEST, &text)
}

/// The good manifest with this text replaced, and then the suggested fixes.
fn fixed_manifest(from: &str, to: &str) -> String {
    fixed(MANIFEST, &good(MANIFEST).replacen(from, to, 1), Applicability::Suggested)
}

#[test]
fn a_header_comment_that_disagrees() {
    let of_header = |told: Vec<String>| told.into_iter().filter(|told| told.starts_with("header-comment")).collect::<Vec<_>>();
    // The source is mistyped, or the comment was copied.
    let names = "header-comment 1: the comment names project";
    assert_eq!(
        of_header(told_of_manifest("name: gcr.io/k8s-staging-widget", "name: gcr.io/k8s-staging-wigdet")),
        [format!("{names} `widget`, but the source is `wigdet`")]
    );
    let header = |text: &str| told_of_manifest(good(MANIFEST).lines().next().unwrap(), text);
    let copied = "# google group for gcr.io/k8s-staging-gizmo is k8s-infra-staging-gizmo@kubernetes.io";
    assert_eq!(header(copied), [format!("{names} `gizmo`, but the source is `widget`")]);
    assert_eq!(header(&copied.replace(" is ", "\n# is ")), [format!("{names} `gizmo`, but the source is `widget`")]);
    // A third one is another mistake.
    assert_eq!(header(&copied.replace("staging-gizmo@", "staging-gadget@")).len(), 2);
    assert_eq!(header(&copied.replacen("gizmo", "widget", 1)).len(), 1);
}

#[test]
fn a_manifest_without_a_source() {
    let none = "no registry is the source; the promoter stops";
    assert_eq!(told_of_manifest("src: true", "src: false"), [format!("source-count 4: {none}")]);
    assert_eq!(told_of_manifest("  src: true\n", ""), [format!("source-count 3: {none}")]);
    assert_eq!(told_of_manifest("src: true", "src:"), [format!("source-count 4: {none}")]);
    let wrong = |what: &str| [format!("wrong-type 4: `src` must be true or false, not {what}; the promoter refuses the whole file")];
    assert_eq!(told_of_manifest("src: true", "src: \"true\""), wrong("the text `true`"));
    assert_eq!(told_of_manifest("src: true", "src: maybe"), wrong("the text `maybe`"));
    assert_eq!(told_of_manifest("src: true", "src: 1"), wrong("the number `1`"));
    assert_eq!(fixed_manifest("src: true", "src: false"), good(MANIFEST));
    assert_eq!(fixed_manifest("src: true", "src: \"true\""), good(MANIFEST));
    // What cannot be read is neither missing nor false.
    let syntax = |line: usize| format!("yaml-syntax {line}: a blank is missing behind the `:`; the promoter refuses the whole file");
    assert_eq!(told_of_manifest("src: true", "src:true"), [syntax(4)]);
    assert_eq!(told_of_manifest("service-account: ", "service-account:"), [syntax(6)]);
    // A registry that is neither staging nor production stays wrong by itself.
    assert_eq!(told_of_manifest("gcr.io/k8s-staging-widget\n  src: true", "example.org/widget").len(), 3);
    // With another source, it is a destination.
    let two = "src: true\n- name: gcr.io/k8s-staging-gadget";
    assert_eq!(told_of_manifest("src: true", two).len(), 2);
}

#[test]
fn a_destination_that_is_marked_as_a_source() {
    let name = "asia-south1-docker.pkg.dev/k8s-artifacts-prod/images/widget";
    let told = told_of_manifest(&format!("{name}\n"), &format!("{name}\n  src: true\n"));
    let message = format!("`{name}` is a destination, and marked as a source too; a manifest has exactly one source");
    assert_eq!(told, [format!("source-count 8: {message}")]);
    // Even if it stands first.
    let first = format!("- name: {name}\n  src: true\n- name: gcr.io/k8s-staging-widget\n");
    assert_eq!(told_of_manifest("- name: gcr.io/k8s-staging-widget\n", &first), [format!("source-count 4: {message}")]);
}

#[test]
fn a_destination_with_another_sub_path() {
    let name = |sub_path: &str| format!("asia-south1-docker.pkg.dev/k8s-artifacts-prod/images/{sub_path}\n");
    for wrong in ["wigdet", "gizmo", "widget/widget"] {
        let (from, to) = (name("widget"), name(wrong));
        let message = format!("`{}` stands where `{}` is missing; the images are not served from there", to.trim_end(), from.trim_end());
        assert_eq!(told_of_manifest(&from, &to), [format!("missing-destination 7: {message}")]);
        assert_eq!(fixed_manifest(&from, &to), good(MANIFEST));
    }
    // Beside the right one, nothing is missing.
    let beside = format!(
        "{}  service-account: k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com\n- name: {}",
        name("gizmo"),
        name("widget")
    );
    let told = told_of_manifest(&name("widget"), &beside);
    assert!(told.len() == 1 && told[0].starts_with("destination-subpath 7"), "{told:?}");
    // Two in one region: one of them takes the place.
    let twice = beside.replace("/widget", "/gadget");
    let told = told_of_manifest(&name("widget"), &twice);
    assert_eq!(
        told.iter().map(|told| told.split(':').next().unwrap()).collect::<Vec<_>>(),
        ["missing-destination 7", "destination-subpath 9"]
    );
}

#[test]
fn slips_in_writing_an_entry() {
    let digest = format!("sha256:{}", &entry(1)[12..76]);
    let right = format!("    \"{digest}\": [\"v1.1.0\"]\n");
    assert_eq!(right, entry(1));
    let with = |line: &str| image([0]) + line + &entry(2);
    let no_blank = "yaml-syntax 4: a blank is missing behind the `:`; the promoter refuses the whole file";
    let swapped = "digest-syntax 4: tag `v1.1.0` stands in the digest's place, and the digest in the tag's; nothing is promoted for it";
    for (line, expected, is_mended) in [
        (format!("    \"{digest}\":[\"v1.1.0\"]\n"), no_blank, false),
        (format!("    {digest}:[v1.1.0]\n"), no_blank, false),
        (
            format!("    \"{digest}: [\"v1.1.0\"]\n"),
            "yaml-syntax 4: the quote that is open here is closed too late; the promoter refuses the whole file",
            false,
        ),
        (
            format!("    {digest}\": [\"v1.1.0\"]\n"),
            "digest-syntax 4: a quote stands behind the digest, but none before it; nothing is promoted for it",
            true,
        ),
        (
            format!("    \"{digest}\": [v1.1.0\"]\n"),
            "tag-syntax 4: a quote stands behind tag `v1.1.0`, but none before it; no registry takes it",
            true,
        ),
        (format!("    \"v1.1.0\": [\"{digest}\"]\n"), swapped, true),
        (format!("    v1.1.0: [{digest}]\n"), swapped, true),
        (format!("    v1.1.0: {digest}\n"), swapped, true),
    ] {
        assert_eq!(told(IMAGES, &with(&line)), [expected], "{line}");
        let mended = fixed(IMAGES, &with(&line), Applicability::Suggested);
        assert_eq!(mended.replace("[v1.1.0]", "[\"v1.1.0\"]") == with(&right), is_mended, "{mended}");
    }
    let nameless = image([0]).replace("name: ", "name:");
    assert_eq!(told(IMAGES, &nameless), ["yaml-syntax 1: a blank is missing behind the `:`; the promoter refuses the whole file"]);
    // Half a key, and a colon that is no key's.
    for half in [format!("    {digest}\n"), "    https://example.org\n".to_owned()] {
        assert_eq!(
            told(IMAGES, &with(&half)),
            ["yaml-syntax 4: `:` and a blank are missing after this key; the promoter refuses the whole file"]
        );
    }
}
