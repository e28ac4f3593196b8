//! Changes: what belongs to them, and what the rules about them say. Names of real mistakes stand where a
//! test comes from one.

use std::fmt::Write as _;
use std::sync::Arc;

use promolint_analysis::file::kind_of_named_file;
use promolint_analysis::history::Summary;
use promolint_analysis::history::summary::FileFate;
use promolint_analysis::{
    Diagnostic, Level, Policy, Settings, Severity, Snapshot, SourceFile, check_change, check_change_of_policy, rules, summarize_change,
};

const WIDGET: &str = "registry.k8s.io/images/k8s-staging-widget/images.yaml";
const GADGET: &str = "registry.k8s.io/images/k8s-staging-gadget/images.yaml";
const FROZEN: &str = "k8s.gcr.io/images/k8s-staging-widget/images.yaml";
const MANIFEST: &str = "registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml";

type Files<'t> = &'t [(&'t str, String)];

fn digest(letter: char) -> String {
    format!("sha256:{}", format!("{letter}0").repeat(32))
}

/// `images.yaml` of lines like `widget a v1 v2`: image, digest, tags.
fn images(lines: &[&str]) -> String {
    let mut text = String::new();
    let mut last = "";
    for line in lines {
        let mut words = line.split(' ');
        let (name, letter) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if name != last {
            let _ = writeln!(text, "- name: {name}\n  dmap:");
        }
        last = name;
        let digest = if letter.len() == 1 { digest(letter.chars().next().unwrap_or('a')) } else { letter.to_owned() };
        let tags: Vec<String> = words.map(|tag| format!("\"{tag}\"")).collect();
        let _ = writeln!(text, "    \"{digest}\": [{}]", tags.join(", "));
    }
    text
}

fn manifest(project: &str, sub_path: &str) -> String {
    format!(
        "registries:\n- name: gcr.io/k8s-staging-{project}\n  src: true\n\
         - name: us-west1-docker.pkg.dev/k8s-artifacts-prod/images/{sub_path}\n  service-account: a@b\n"
    )
}

fn snapshot(files: Files<'_>, known: Option<&Snapshot>) -> Snapshot {
    let file = |(path, text): &(&str, String)| {
        let same = known.and_then(|known| known.get(path)).filter(|file| file.text() == text);
        same.cloned()
            .unwrap_or_else(|| Arc::new(SourceFile::new(*path, kind_of_named_file(path, text).expect("a promotion file"), text.as_str())))
    };
    Snapshot::new(files.iter().map(file).collect(), true)
}

fn judge(before: Files<'_>, after: Files<'_>, only: &[&str]) -> Vec<Diagnostic> {
    let mut settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    for rule in rules::ALL.iter().filter(|rule| !only.contains(&rule.name)) {
        settings.levels.rules.insert(rule.name, Level::Off);
    }
    let after = snapshot(after, None);
    check_change(&snapshot(before, Some(&after)), &after, &settings)
}

/// What the rules about images say: `rule severity message`.
fn told(before: Files<'_>, after: Files<'_>) -> Vec<String> {
    let found = judge(before, after, &["tag-moved", "entry-removed"]);
    assert!(found.iter().all(|diagnostic| diagnostic.changed == Some(true)));
    let short = |diagnostic: Diagnostic| {
        let start = diagnostic.message.split([';', ',']).next().unwrap_or_default().split(" was ").next().unwrap_or_default();
        format!("{} {} {start}", diagnostic.rule, diagnostic.severity)
    };
    found.into_iter().map(short).collect()
}

fn told_of(before: &[&str], after: &[&str]) -> Vec<String> {
    told(&[(WIDGET, images(before))], &[(WIDGET, images(after))])
}

#[test]
fn moves_of_tags() {
    // mv-kueue-v01: a floating tag.
    assert_eq!(told_of(&["w a v0.1.0 v0.1"], &["w b v0.1.1 v0.1", "w a v0.1.0"]), ["tag-moved error tag `v0.1` of w"]);
    // mv-secretstore-v0022: the digest replaced under its tag is told once.
    assert_eq!(told_of(&["w a v0.0.22"], &["w b v0.0.22"]), ["tag-moved error tag `v0.0.22` of w"]);
    // mv-nginx-c648595c: a move, and an entry that is gone.
    assert_eq!(told_of(&["w a v1", "w b v2"], &["w c v2"]), ["entry-removed error w:v1", "tag-moved error tag `v2` of w"]);
    // Half of the tags went to the new digest, the other is lost.
    assert_eq!(told_of(&["w a v1 v1.0"], &["w b v1"]), ["entry-removed error w:v1.0", "tag-moved error tag `v1` of w"]);
    // A mistyped digest in its place is told as that.
    assert_eq!(told_of(&["w a v1", "w b v2"], &["w a1b v1", "w b v2"]), [""; 0]);
    // A digest of 63 digits never was promoted.
    assert!(told_of(&[&format!("w {} v1", &digest('a')[..70])], &["w a v1"]).is_empty());
    // Two digests had the tag; one of them loses it.
    assert!(told_of(&["w a v1", "w b v1"], &["w b v1"]).is_empty());
}

#[test]
fn a_tag_moves_between_projects_with_one_destination() {
    let manifests = [
        (MANIFEST, manifest("widget", "shared")),
        ("registry.k8s.io/manifests/k8s-staging-gadget/promoter-manifest.yaml", manifest("gadget", "shared")),
    ];
    let with = |widget: &[&str], gadget: &[&str]| [&manifests[..], &[(WIDGET, images(widget)), (GADGET, images(gadget))]].concat();
    let (before, after) = (with(&["w a v1", "x b v1"], &[]), with(&["x b v1"], &["w c v1"]));
    assert_eq!(told(&before, &after), ["tag-moved error tag `v1` of w"]);
    // The same entry in the other project: nothing moved.
    assert!(told(&before, &with(&["x b v1"], &["w a v1"])).is_empty());
}

#[test]
fn what_is_no_removal() {
    for (before, after) in [
        (&["w a v1", "w b v2"][..], &["w b v2", "w a v1"][..]),
        // Split and joined names.
        (&["w a v1", "w b v2"], &["w a v1", "x c v1", "w b v2"]),
        (&["w a v1", "x c v1", "w b v2"], &["w b v2", "w a v1", "x c v1"]),
        // A corrected tag; a tag that moves by its nature.
        (&["w a V2.2.4"], &["w a v2.2.4"]),
        (&["w a v1.1", "w b v1.2", "w c v1.4", "w d v1.5", "w e 1.3"], &["w a v1.1", "w b v1.2", "w c v1.4", "w d v1.5", "w e v1.3"]),
        (&["w a v1 latest"], &["w a v1"]),
        // More tags, and the first one.
        (&["w a"], &["w a v1"]),
        // What never could be promoted.
        (&["w a v1", "w sha256:XXX v2"], &["w a v1"]),
        (&["w a v1 v1,v2"], &["w a v1"]),
    ] {
        assert!(told_of(before, after).is_empty(), "{before:?} {after:?}: {:?}", told_of(before, after));
    }
    let file = |path, lines: &[&str]| (path, images(lines));
    // To another file, and a renamed directory.
    assert!(told(&[file(WIDGET, &["w a v1", "x b v1"])], &[file(WIDGET, &["x b v1"]), file(GADGET, &["w a v1"])]).is_empty());
    assert!(told(&[file(WIDGET, &["w a v1"])], &[file(GADGET, &["w a v1"])]).is_empty());
    // From one tree to the one that replaces it.
    assert!(told(&[file(FROZEN, &["w a v1"])], &[file(WIDGET, &["w a v1"])]).is_empty());
    // A project that is retired as a whole.
    let project = [file(WIDGET, &["w a v1"]), (MANIFEST, manifest("widget", "widget"))];
    assert!(told(&project, &[file(GADGET, &[])]).is_empty());
}

#[test]
fn removals() {
    // ent-busybox-overwritten-live, ent-capi-v164-dropped-live
    assert_eq!(told_of(&["w a 1.29", "w c 1.28"], &["w b 1.29-1", "w c 1.28"]), ["entry-removed error w:1.29"]);
    assert_eq!(told_of(&["w a v1", "x b v1"], &["x b v1"]), ["entry-removed error w:v1"]);
    assert_eq!(told_of(&["w a v1 v1.0"], &["w a v1"]), ["entry-removed warning tag `v1.0`"]);
    // The new release with the old digest.
    assert_eq!(told_of(&["w a v0.5.1"], &["w a v0.5.3"]), ["entry-removed warning tag `v0.5.1`"]);
    assert_eq!(told_of(&["w a v0.5.1 v0.5"], &["w a v0.5.3 v0.5"]), ["entry-removed warning tag `v0.5.1`"]);
    assert_eq!(told_of(&["w a v1"], &["renamed a v1"]), ["entry-removed warning w:v1"]);
    assert_eq!(told_of(&["x c v1", "w a v1", "w b v2"], &["x c v1"]), ["entry-removed error w"]);
    // The list is gone, its manifest is not.
    let manifest = (MANIFEST, manifest("widget", "widget"));
    assert_eq!(told(&[(WIDGET, images(&["w a v1"])), manifest.clone()], &[manifest]), ["entry-removed error w:v1"]);
    // What cannot be read is not gone.
    let broken = images(&["w a v1"]).replace(']', "");
    assert!(told(&[(WIDGET, images(&["w a v1"]))], &[(WIDGET, broken)]).is_empty());
}

#[test]
fn additions_to_a_closed_tree() {
    // tree-npd: the live tree gets the entry too.
    let state = |lines: &[&str]| [(FROZEN, images(lines)), (WIDGET, images(&["w a v1", "w b v2"]))];
    let found = judge(&state(&["w a v1"]), &state(&["w a v1", "w b v2"]), &["frozen-tree"]);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].severity, &*found[0].path), (Severity::Error, FROZEN));
    // An entry that the live tree lacks is told once.
    assert_eq!(judge(&state(&["w a v1"]), &state(&["w a v1", "w c v3"]), &["frozen-tree"]).len(), 1);
    assert!(judge(&state(&["w a v1"]), &state(&["w a v1"]), &["frozen-tree"]).is_empty());
}

#[test]
fn an_architecture_with_the_digest_of_the_list() {
    // dig-dns-nodecache-amd64-copy
    let told = |before: &[&str], after: &[&str]| {
        judge(&[(WIDGET, images(before))], &[(WIDGET, images(after))], &["digest-under-two-images"]).len()
    };
    assert_eq!(told(&["w a v1", "w-amd64 b v1"], &["w a v1", "w c v2", "w-amd64 b v1", "w-amd64 c v2"]), 1);
    assert_eq!(told(&["w a v1", "w-amd64 b v1", "w-amd64 c v2"], &["w a v1", "w c v2", "w-amd64 b v1", "w-amd64 c v2"]), 1);
    // They always were the same.
    assert_eq!(told(&["w a v1", "w-amd64 a v1"], &["w a v1", "w c v2", "w-amd64 a v1", "w-amd64 c v2"]), 0);
    // An old one, and a new image for it.
    assert_eq!(told(&["w a v1"], &["w a v1", "w-amd64 a v1"]), 0);
}

#[test]
fn findings_of_the_change_and_old_ones() {
    let short = &digest('a')[..70];
    let visible = images(&["w b v1"]).replace("\"sha", "sha").replace("0\":", "0:");
    let before = [(WIDGET, images(&[&format!("w {short} v1")])), (GADGET, visible.clone())];
    let after =
        [(WIDGET, images(&[&format!("w {short} v1"), &format!("w {} v2", &digest('b')[..70])])), (GADGET, visible.clone() + "# more\n")];
    let found = judge(&before, &after, &["digest-syntax", "digest-not-visible"]);
    let marks: Vec<_> = found.iter().map(|diagnostic| (diagnostic.rule, diagnostic.severity, diagnostic.changed)).collect();
    let old = ("digest-not-visible", Severity::Warning, Some(false));
    assert_eq!(marks, [old, ("digest-syntax", Severity::Error, Some(false)), ("digest-syntax", Severity::Error, Some(true))]);
    // Stricter on what the change touches.
    let found = judge(&[], &[(GADGET, visible.clone())], &["digest-not-visible"]);
    assert_eq!((found[0].severity, found[0].changed), (Severity::Error, Some(true)));
    // A moved file did not change.
    let found = judge(&[(WIDGET, visible.clone())], &[(GADGET, visible)], &["digest-not-visible"]);
    assert_eq!((found[0].severity, found[0].changed), (Severity::Warning, Some(false)));
}

#[test]
fn a_finding_that_a_deletion_causes_belongs_to_the_change() {
    let widget = [(WIDGET, images(&["w a v1"])), (MANIFEST, manifest("widget", "widget"))];
    let found = judge(&widget, &widget[1..], &["missing-images-file"]);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].changed, &*found[0].path), (Some(true), MANIFEST));
    // A comment that silenced it, taken away.
    let short = images(&[&format!("w {} v1", &digest('a')[..70])]);
    let silenced = format!("# promolint: allow(digest-syntax) known\n{short}");
    let found = judge(&[(WIDGET, silenced)], &[(WIDGET, short)], &["digest-syntax"]);
    assert_eq!(found.iter().map(|diagnostic| diagnostic.changed).collect::<Vec<_>>(), [Some(true)]);
}

#[test]
fn a_change_can_be_allowed_where_it_is_told() {
    let after = images(&["w b v2"]).replace("- name", "# promolint: allow(entry-removed) never reached production\n- name");
    let all = ["entry-removed", "unused-suppression", "suppression-unused"];
    assert!(judge(&[(WIDGET, images(&["w a v1"]))], &[(WIDGET, after.clone())], &all).is_empty());
    // The comment stays when the change is history.
    assert!(judge(&[(WIDGET, after.clone())], &[(WIDGET, after)], &all).is_empty());
}

#[test]
fn the_summary_of_a_change() {
    let before = [(WIDGET, images(&["w a v1", "w b v2", "w c v3", "w d v4 old"])), (MANIFEST, manifest("widget", "widget"))];
    let after = [(WIDGET, images(&["w e v5 v5.0", "w b v2", "w a v1", "w d v4 more", "w f v3"])), (MANIFEST, manifest("widget", "widget"))];
    let settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    let now = snapshot(&after, None);
    let summary = summarize_change(&snapshot(&before, Some(&now)), &now, &settings);
    let totals = summary.totals();
    assert_eq!((totals.added, totals.images, totals.tagged, totals.moved, totals.removed, totals.resorted), (2, 1, 1, 1, 1, 1));
    // v5, v5.0, v3, more
    assert_eq!(summary.promotions.values().sum::<usize>(), 4);
    assert!(summary.unseen.is_empty() && summary.files.is_empty());
    // A tag on a block line of its own is not seen.
    let block = |tags: &str| format!("- name: w\n  dmap:\n    \"{}\":\n{tags}", digest('a'));
    let after = [(WIDGET, block("    - v1\n    - v2\n"))];
    let now = snapshot(&after, None);
    let summary = summarize_change(&snapshot(&[(WIDGET, block("    - v1\n"))], Some(&now)), &now, &settings);
    assert_eq!(summary.unseen.len(), 1);
}

fn summarized(before: Files<'_>, after: Files<'_>) -> Summary {
    let settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    let now = snapshot(after, None);
    summarize_change(&snapshot(before, Some(&now)), &now, &settings)
}

#[test]
fn new_destinations_are_summarized() {
    let listed = images(&["w a v1", "w b v2"]);
    let with = |manifest: String| [(WIDGET, listed.clone()), (MANIFEST, manifest)];
    let before = with(manifest("widget", "widget"));
    // A region more: nothing that the promoter's diff mode sees.
    let region = "- name: us-east1-docker.pkg.dev/k8s-artifacts-prod/images/widget\n  service-account: a@b\n";
    let summary = summarized(&before, &with(manifest("widget", "widget") + region));
    assert_eq!((summary.totals().destinations_added, summary.totals().destinations_removed), (1, 0));
    assert_eq!((summary.promotions.len(), summary.unseen_promotions.values().sum::<usize>()), (0, 2));
    assert_eq!(summary.untouched, [(WIDGET.to_owned(), 2)]);
    // Another sub-path.
    let summary = summarized(&before, &with(manifest("widget", "gizmo")));
    assert_eq!((summary.totals().destinations_added, summary.totals().destinations_removed), (1, 1));
    assert_eq!(summary.unseen_promotions.values().sum::<usize>(), 2);
    // A renamed directory that goes where the old one went.
    let (renamed, its_manifest) =
        ("registry.k8s.io/images/k8s-staging-gizmo/images.yaml", "registry.k8s.io/manifests/k8s-staging-gizmo/promoter-manifest.yaml");
    let moved = |sub_path: &str| [(renamed, listed.clone()), (its_manifest, manifest("gizmo", sub_path))];
    let summary = summarized(&before, &moved("widget"));
    assert!(summary.destinations.is_empty() && summary.unseen_promotions.is_empty(), "{summary:?}");
    assert!(summary.files.iter().any(|file| file.fate == FileFate::Moved { from: WIDGET.to_owned() }));
    assert_eq!(summarized(&before, &moved("gizmo")).unseen_promotions.values().sum::<usize>(), 2);
}

#[test]
fn entries_that_move_to_another_production_path_are_summarized() {
    let gadget = "registry.k8s.io/manifests/k8s-staging-gadget/promoter-manifest.yaml";
    let with = |widget: &[&str], other: &[&str]| {
        let manifests = [(MANIFEST, manifest("widget", "widget")), (gadget, manifest("gadget", "gadget"))];
        [[(WIDGET, images(widget)), (GADGET, images(other))], manifests].concat()
    };
    let summary = summarized(&with(&["w a v1", "w b v2"], &["x c v3"]), &with(&["w a v1"], &["w b v2", "x c v3"]));
    assert_eq!((summary.totals().carried, summary.totals().added, summary.totals().removed), (1, 0, 0));
    assert_eq!(summary.promotions.values().sum::<usize>(), 1);
}

#[test]
fn only_what_moved_is_summarized_as_moved() {
    let text = images(&["w a v1", "w b v2", "x c v3", "x d v4"]);
    let before = [(WIDGET, text.replace('\n', "\r\n"))];
    let totals = summarized(&before, &[(WIDGET, text.clone())]).totals();
    assert_eq!((totals.resorted, totals.reordered), (0, 0));
    let totals = summarized(&[(WIDGET, text.clone())], &[(WIDGET, images(&["x c v3", "x d v4", "w a v1", "w b v2"]))]).totals();
    assert_eq!((totals.resorted, totals.reordered), (0, 1));
    let totals = summarized(&[(WIDGET, text)], &[(WIDGET, images(&["w b v2", "w a v1", "x c v3", "x d v4"]))]).totals();
    assert_eq!((totals.resorted, totals.reordered), (1, 0));
}

#[test]
fn files_without_a_summary_of_their_own_are_listed() {
    let short = format!("sha256:{}", "ab".repeat(31));
    let before = [(WIDGET, images(&["w a v1", &format!("w {short} v2")]))];
    let summary = summarized(&before, &[(WIDGET, images(&["w a v1"])), (GADGET, "# No images yet\n".to_owned())]);
    assert_eq!(summary.files.len(), 2);
    let broken = images(&["w a v1"]).replace(']', "");
    assert_eq!(summarized(&before, &[(WIDGET, broken)]).refused.len(), 1);
}

#[test]
fn promoted_files_are_summarized() {
    let (stores, one, two) = (
        "artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml",
        "artifacts/manifests/k8s-staging-tool/v1.yaml",
        "artifacts/manifests/k8s-staging-tool/v2.yaml",
    );
    let promoter = || (stores, "filestores:\n- base: gs://staging\n  src: true\n- base: gs://prod/tool\n- base: s3://prod\n".to_owned());
    let files = |lines: &[&str]| {
        let line = |line: &&str| line.split_once(' ').map(|(name, hash)| format!("- name: {name}\n  sha256: {}\n", hash.repeat(32)));
        format!("files:\n{}", lines.iter().filter_map(line).collect::<String>())
    };
    let before = [promoter(), (one, files(&["a 1a", "b 1b", "c 1c"]))];
    let after = [promoter(), (one, files(&["a 1a", "b 2b"])), (two, files(&["d 1d"]))];
    let summary = summarized(&before, &after);
    let totals = summary.totals();
    assert_eq!((totals.artifacts_added, totals.artifacts_changed, totals.artifacts_removed), (1, 1, 1));
    assert_eq!(summary.promotions, [("gs://prod/tool".to_owned(), 2), ("s3://prod".to_owned(), 2)].into());
    // From one file to another nothing happens.
    let split = [promoter(), (one, files(&["a 1a"])), (two, files(&["b 1b", "c 1c"]))];
    assert!(summarized(&before, &split).artifacts.is_empty());
    assert_eq!(summarized(&before, &[promoter()]).totals().artifacts_removed, 3);
}

#[test]
fn image_tags_are_summarized() {
    let path = "releasing/image_tags.yaml";
    let file = |versions: &str| (path, format!("images:\n- name: a\n  versions:\n{versions}"));
    let before = [file("  - digest: sha256:1\n    tags: [v1, old, latest]\n")];
    let after = [file("  - digest: sha256:2\n    tags: [v1, v2]\n  - digest: sha256:1\n    tags: [latest, more]\n")];
    let summary = summarized(&before, &after);
    let totals = summary.totals();
    assert_eq!((totals.added, totals.moved, totals.tagged, totals.removed), (1, 1, 1, 1));
    assert!(summary.files.is_empty() && summary.promotions.is_empty());
}

#[test]
fn a_copy_in_the_closed_tree_is_no_consolation() {
    let (full, rest) = (images(&["widget a v1", "widget b v2"]), images(&["widget b v2"]));
    let found = told(&[(WIDGET, full.clone()), (FROZEN, full.clone())], &[(WIDGET, rest), (FROZEN, full)]);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("entry-removed error"), "{found:?}");
}

#[test]
fn a_digest_that_loses_its_only_tag_is_told() {
    let found = told_of(&["widget a v1", "widget b v2"], &["widget a", "widget b v2"]);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("entry-removed warning"), "{found:?}");
}

#[test]
fn the_closed_tree_is_not_to_blame_for_changes_elsewhere() {
    let closed = (FROZEN, images(&["widget a v1"]));
    let renamed = "registry.k8s.io/images/k8s-staging-thing/images.yaml";
    let files = |path| [(path, images(&["widget a v1"])), closed.clone()];
    assert_eq!(judge(&files(WIDGET), &files(renamed), &["frozen-tree"]), []);
    let owners = "k8s.gcr.io/images/k8s-staging-widget/OWNERS";
    let with = |text: &str| [(WIDGET, images(&["widget a v1"])), closed.clone(), (owners, text.to_owned())];
    let before = with("approvers:\n- alice\n- bob\n");
    for harmless in ["approvers:\r\n- alice\r\n- bob\r\n", "approvers:\n- alice # since 2020\n- bob\n", "approvers: []\n"] {
        assert_eq!(judge(&before, &with(harmless), &["frozen-tree"]), [], "{harmless}");
    }
    assert_eq!(judge(&before, &with("approvers:\n- alice\n- bob\n- carol\n"), &["frozen-tree"]).len(), 1);
}

#[test]
fn what_a_new_policy_causes_belongs_to_the_change() {
    let mut settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    for rule in rules::ALL.iter().filter(|rule| rule.name != "missing-destination") {
        settings.levels.rules.insert(rule.name, Level::Off);
    }
    settings.policy.images.regions = vec!["us-west1".to_owned()];
    let before = settings.policy.clone();
    settings.policy.images.regions.push("us-east1".to_owned());
    // Neither touched: one lacks the new region, and did so before the policy wanted it.
    let tree = snapshot(&[(WIDGET, images(&["w a v1"])), (MANIFEST, manifest("widget", "widget"))], None);
    let changed = |policy: &Policy| {
        let found = check_change_of_policy(&tree, policy, &tree, &settings);
        found.into_iter().map(|diagnostic| diagnostic.changed).collect::<Vec<_>>()
    };
    assert_eq!(changed(&before), [Some(true)]);
    assert_eq!(changed(&settings.policy), [Some(false)]);
}

#[test]
fn what_the_live_tree_loses_or_corrects_is_no_fault_of_the_closed_one() {
    let closed = (FROZEN, images(&["widget a v1", "widget b v.2", "widget c v3"]));
    let manifest = (MANIFEST, manifest("widget", "widget"));
    let before = [(WIDGET, images(&["widget a v1", "widget b v.2", "widget c v3"])), closed.clone(), manifest.clone()];
    for live in [
        // Corrected, moved, gone, a broken file, an image with another name.
        Some(images(&["widget a v1", "widget b v2", "widget c v3"])),
        Some(images(&["widget d v1", "widget b v.2", "widget c v3"])),
        Some(images(&["widget b v.2", "widget c v3"])),
        Some(images(&["widget a v1", "widget b v.2", "widget c v3"]).replacen(']', "", 1)),
        Some(images(&["thing a v1", "thing b v.2", "thing c v3"])),
        None,
    ] {
        let mut after = vec![closed.clone(), manifest.clone()];
        after.extend(live.clone().map(|live| (WIDGET, live)));
        let found = judge(&before, &after, &["frozen-tree"]);
        assert_eq!(found.iter().filter(|diagnostic| diagnostic.changed == Some(true)).count(), 0, "{live:?} {found:#?}");
        // Only what may never have been promoted is told of a whole tree.
        assert_eq!(found.len(), usize::from(live == Some(images(&["widget b v.2", "widget c v3"]))), "{live:?}");
    }
}

#[test]
fn of_two_similar_logins_the_added_one_is_in_doubt() {
    let file = |directory: &str, text: &str| {
        let path = format!("registry.k8s.io/images/k8s-staging-{directory}/OWNERS");
        (&*path.leak(), format!("approvers: [{text}]\n"))
    };
    let told = |before: &[(&'static str, String)], after: &[(&'static str, String)]| {
        let found = judge(before, after, &["owners-similar-login"]).into_iter().filter(|diagnostic| diagnostic.changed == Some(true));
        found.map(|diagnostic| diagnostic.message.split(' ').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    // Wherever it stands, and however often.
    assert_eq!(told(&[file("z", "carol")], &[file("a", "carrol"), file("z", "carol")]), ["`carrol`"]);
    assert_eq!(told(&[file("a", "carol")], &[file("a", "carol"), file("z", "carrol")]), ["`carrol`"]);
    assert_eq!(told(&[file("z", "carol")], &[file("a", "carrol, bob]\nreviewers: [carrol"), file("z", "carol")]), ["`carrol`"; 2]);
    assert_eq!(
        told(&[file("b", "carol"), file("c", "carol")], &[file("a", "carrol"), file("b", "carol"), file("c", "carol")]),
        ["`carrol`"]
    );
    // Both are new: one is told. Both are old: none.
    assert_eq!(told(&[], &[file("a", "carrol"), file("z", "carol")]).len(), 1);
    assert_eq!(told(&[file("a", "carrol"), file("z", "carol")], &[file("a", "carrol, bob"), file("z", "carol")]), [""; 0]);
}

#[test]
fn what_the_promoter_overlooks_of_a_change() {
    let told = |before: &str, after: &str| {
        let found = judge(&[(WIDGET, before.to_owned())], &[(WIDGET, after.to_owned())], &["digest-not-visible"]);
        let short =
            |diagnostic: Diagnostic| format!("{} {}", diagnostic.severity, diagnostic.message.split([';', ',']).next().unwrap_or_default());
        found.into_iter().filter(|diagnostic| diagnostic.changed == Some(true)).map(short).collect::<Vec<_>>()
    };
    let (a, b) = (digest('a'), digest('b'));
    let block = |tags: &str| format!("- name: w\n  dmap:\n    \"{a}\":\n{tags}");
    // A tag below a digest whose line stays.
    assert_eq!(told(&block("    - v1\n"), &block("    - v1\n    - v2\n    - v3\n")), ["error tag `v2` was added"]);
    let flow = |tags: &str| format!("- name: w\n  dmap:\n    \"{a}\": [\n{tags}    ]\n");
    assert_eq!(told(&flow("      v1,\n"), &flow("      v1,\n      v2,\n")), ["error tag `v2` was added"]);
    // On the digest's own line, or on a new one.
    assert_eq!(told(&images(&["w a v1"]), &images(&["w a v1 v2"])), [""; 0]);
    assert_eq!(told(&images(&["w b v1"]), &(images(&["w b v1"]) + &block("    - v1\n")[16..])), [""; 0]);
    // What stood before and was only moved stays a warning.
    let plain = |lines: &[&str]| images(lines).replace("\"sha", "sha").replace("0\":", "0:");
    let unquoted = "a digest without double quotes";
    assert_eq!(told(&plain(&["w a v1", "w b v2"]), &plain(&["w b v2", "w a v1"])), [format!("warning {unquoted}")]);
    assert_eq!(told(&plain(&["w a v1"]), &plain(&["w a v1", "w b v2"])), [format!("error {unquoted}")]);
    assert_eq!(told(&plain(&["w a v1"]), &plain(&["w a v1 v2"])), [format!("error {unquoted}")]);
    let joined = |tag: &str| format!("- name: w\n  dmap: {{\"{a}\": [v1], \"{b}\": [{tag}]}}\n");
    assert_eq!(told("", &joined("v2")), ["error a second digest on one line"]);
}

#[test]
fn of_many_digests_on_one_line_the_first_is_seen() {
    let line = |letters: &str| {
        let entries: Vec<String> = letters.chars().map(|letter| format!("\"{}\": [v{letter}]", digest(letter))).collect();
        format!("- name: w\n  dmap: {{{}}}\n", entries.join(", "))
    };
    let found = judge(&[(WIDGET, line("a"))], &[(WIDGET, line("abc"))], &["digest-not-visible"]);
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|diagnostic| diagnostic.related[0].range.to_usize() == (19..92)), "{found:#?}");
}

#[test]
fn of_two_digests_with_a_tag_the_added_one_is_to_blame() {
    let told = |before: &[&str], after: &[&str]| {
        let text = images(after);
        let found = judge(&[(WIDGET, images(before))], &[(WIDGET, text.clone())], &["tag-on-two-digests"]);
        let place = |diagnostic: &Diagnostic| {
            let line = text[..diagnostic.range.to_usize().start].lines().count();
            format!("{line} {:?} {}", diagnostic.changed.unwrap(), diagnostic.related.len())
        };
        found.iter().map(place).collect::<Vec<_>>()
    };
    // Above the old one, and below it.
    assert_eq!(told(&["w a v1"], &["w b v1", "w a v1"]), ["3 true 1"]);
    assert_eq!(told(&["w a v1"], &["w a v1", "w b v1"]), ["4 true 1"]);
    assert_eq!(told(&["w a v1"], &["w b v1", "x c v1", "w a v1"]), ["3 true 1"]);
    // Both new, both old.
    assert_eq!(told(&["w c v2"], &["w b v1", "w a v1", "w c v2"]), ["4 true 1"]);
    assert_eq!(told(&["w b v1", "w a v1"], &["w b v1", "w a v1", "w c v2"]), ["4 false 1"]);
    // A third one, above two old ones.
    assert_eq!(told(&["w b v1", "w a v1"], &["w c v1", "w b v1", "w a v1"]), ["3 true 2"]);
}

#[test]
fn a_leading_v_is_judged_by_what_stood_before() {
    let told = |before: &[&str], after: &[&str]| {
        let found = judge(&[(WIDGET, images(before))], &[(WIDGET, images(after))], &["tag-leading-v"]);
        found.iter().filter(|diagnostic| diagnostic.changed == Some(true)).count()
    };
    let before = ["w a v1.0", "w b v1.1", "w c v1.2"];
    // All lose their `v`; one, or two, of the next are without.
    assert_eq!(told(&before, &["w a 1.0", "w b 1.1", "w c 1.2"]), 3);
    assert_eq!(told(&before, &["w a v1.0", "w b v1.1", "w c v1.2", "w d 1.3"]), 1);
    // Three newer ones are a new convention; dates are none; neither are words.
    assert_eq!(told(&before, &["w a v1.0", "w b v1.1", "w c v1.2", "w d 1.3", "w e 1.4", "w f 1.5"]), 0);
    assert_eq!(told(&before, &["w a v1.0", "w b v1.1", "w c v1.2", "w d 2024.06.10", "w e 2024.7"]), 0);
    let six = ["w a v1.0", "w b v1.1", "w c v1.2", "w d v1.3", "w e v1.4"];
    assert_eq!(told(&six, &[&six[..], &["w f 2024.06.10"]].concat()), 0);
    // Mixed before, the other way round, and an entry that comes from another file.
    assert_eq!(told(&["w a v1.0", "w b 1.1", "w c v1.2"], &["w a v1.0", "w b 1.1", "w c v1.2", "w d 1.3"]), 0);
    assert_eq!(told(&["w a 1.0", "w b 1.1", "w c 1.2"], &["w a 1.0", "w b 1.1", "w c 1.2", "w d v1.3"]), 1);
}

#[test]
fn a_digest_of_another_project() {
    let told = |before: Files<'_>, after: Files<'_>| judge(before, after, &["digest-under-two-images"]).len();
    let gadget = (GADGET, images(&["gadget a v1"]));
    let widget = |lines: &[&str]| (WIDGET, images(lines));
    let before = [gadget.clone(), widget(&["widget b v1"])];
    assert_eq!(told(&before, &[gadget.clone(), widget(&["widget b v1", "widget a v2"])]), 1);
    // A copy under the same name, one that stood there before, and an image that moves.
    assert_eq!(told(&before, &[gadget.clone(), widget(&["widget b v1", "gadget a v1"])]), 0);
    assert_eq!(told(&[gadget.clone(), widget(&["widget a v1"])], &[gadget.clone(), widget(&["widget a v1 v2"])]), 0);
    assert_eq!(told(&before, &[widget(&["widget b v1", "widget-gadget a v1"])]), 0);
    // Copies by policy.
    let copy = "registry.k8s.io/images/k8s-staging-experimental/images.yaml";
    let original = ("registry.k8s.io/images/k8s-staging-kubernetes/images.yaml", images(&["kube a v1"]));
    let after = [original.clone(), (copy, images(&["kube-experimental a v1"]))];
    assert_eq!(told(&[original], &after), 0);
}

#[test]
fn removed_files() {
    const FIRST: &str = "artifacts/manifests/k8s-staging-tool/v1.0.0.yaml";
    const SECOND: &str = "artifacts/manifests/k8s-staging-tool/v1.1.0.yaml";
    let stores = ("artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml", "filestores: []\n".to_owned());
    let files = |path, names: &[&str]| {
        let entries = names.iter().map(|name| format!("- name: {name}\n  sha256: {}\n", &digest('a')[7..]));
        (path, format!("files:\n{}", entries.collect::<String>()))
    };
    let told = |after: Files<'_>| {
        let before = [stores.clone(), files(FIRST, &["a", "b"]), files(SECOND, &["c"])];
        let found = judge(&before, after, &["entry-removed"]);
        found.iter().map(|found| format!("{} {} {}", found.severity, found.path, &found.message[..3])).collect::<Vec<_>>()
    };
    assert_eq!(told(&[stores.clone(), files(FIRST, &["a"]), files(SECOND, &["c"])]), [format!("warning {FIRST} `b`")]);
    assert_eq!(told(&[stores.clone(), files(FIRST, &["a", "b"])]), [format!("warning {} `c`", stores.0)]);
    // In another manifest, a project that is retired, and a file that cannot be read.
    assert_eq!(told(&[stores.clone(), files(FIRST, &["a", "c", "b"])]), [""; 0]);
    assert_eq!(told(&[]), [""; 0]);
    let broken = (FIRST, files(FIRST, &["a", "b"]).1.replacen("name", "[name", 2));
    assert_eq!(told(&[stores.clone(), broken, files(SECOND, &["c"])]), [""; 0]);
}
