//! `diff`: what a change promotes, for people and for the text of a pull request.

mod json;
mod markdown;
mod text;

use promolint_analysis::history::Summary;
use promolint_analysis::history::summary::FileFate;
use promolint_analysis::repository::Place;
use promolint_workspace::git::Comparison;

use super::check::tell_problems;
use super::comparison::{self, Wanted};
use super::outcome::{configuration_error, print, request};
use crate::arguments::{DiffArguments, DiffFormat};
use crate::exit::Exit;
use crate::message;
use crate::report::plural;

pub(crate) fn run(arguments: DiffArguments) -> Exit {
    let wanted = match arguments.revision {
        Some(revision) => Wanted::asked(Comparison::Since(revision)),
        None => comparison::found().unwrap_or_else(|| Wanted::asked(Comparison::Branch)),
    };
    let mut request = match request(arguments.configuration) {
        Ok(request) => request,
        Err(exit) => return exit,
    };
    request.comparison = Some(wanted.comparison.clone());
    let loaded = match promolint_workspace::load(&request) {
        Ok(loaded) => loaded,
        Err(error) => return configuration_error(&error),
    };
    // What is judged is told by the result itself, so that it can be piped into a pull request.
    if let Err(exit) = wanted.tell(&loaded, true) {
        return exit;
    }
    let before = match &loaded.before {
        Some(Ok(before)) => before,
        Some(Err(error)) => {
            message::error(error, None);
            return Exit::Usage;
        }
        None => return Exit::Success,
    };
    let exit = if tell_problems(&loaded).is_empty() { Exit::Success } else { Exit::InputOutput };
    let summary = promolint_analysis::summarize_change(&before.snapshot, &loaded.snapshot, &loaded.settings);
    let written = print(|out| match arguments.format {
        DiffFormat::Text => text::write(&summary, out),
        DiffFormat::Markdown => markdown::write(&summary, out),
        DiffFormat::Json => json::write(&summary, out),
    });
    exit.max(written)
}

/// `Adds 30 digests to 30 images, moves nothing, removes nothing, re-sorts 4 entries.`
fn headline(summary: &Summary) -> String {
    let totals = summary.totals();
    let (mut parts, mut verb) = (Vec::new(), "");
    let mut say = |new_verb: &'static str, count: usize, what: String| {
        if count > 0 {
            parts.push(if new_verb == verb { what } else { format!("{new_verb} {what}") });
            verb = new_verb;
        }
    };
    let sent_to = |count: usize| plural(count, "destination");
    say("adds", totals.added, format!("{} to {}", plural(totals.added, "digest"), plural(totals.images, "image")));
    say("adds", totals.tagged, format!("{} to digests that were there", plural(totals.tagged, "tag")));
    say("adds", totals.destinations_added, sent_to(totals.destinations_added));
    say("adds", totals.artifacts_added, format!("{} to promote", plural(totals.artifacts_added, "file")));
    say("changes", totals.artifacts_changed, format!("the content of {}", plural(totals.artifacts_changed, "file")));
    say("moves", totals.moved, plural(totals.moved, "tag"));
    say("moves", totals.carried, format!("{} to another production path", entries(totals.carried)));
    say("removes", totals.removed, entries(totals.removed));
    say("removes", totals.destinations_removed, sent_to(totals.destinations_removed));
    say("removes", totals.artifacts_removed, format!("{} from promotion", plural(totals.artifacts_removed, "file")));
    let removes_files = summary.files.iter().any(|file| file.fate == FileFate::Removed);
    // What stands in a file that cannot be read, nobody knows.
    if summary.refused.is_empty() && !removes_files {
        let has = |verb: &str| parts.iter().any(|part| part.starts_with(verb));
        let (moves, removes) = (has("moves"), has("removes"));
        if !has("adds") && !has("changes") {
            parts.insert(0, "adds no digests".to_owned());
        }
        let behind = parts.iter().position(|part| part.starts_with("removes")).unwrap_or(parts.len());
        if !moves && totals.destinations_removed == 0 {
            parts.insert(behind, "moves nothing".to_owned());
        }
        if !removes {
            parts.push("removes nothing".to_owned());
        }
    }
    if totals.resorted > 0 {
        parts.push(format!("re-sorts {}", entries(totals.resorted)));
    }
    if totals.reordered > 0 {
        parts.push(format!("puts {} in another place", plural(totals.reordered, "image")));
    }
    if parts.is_empty() {
        parts.push(format!("changes {}", plural(summary.files.len().max(summary.refused.len()), "file")));
    }
    let mut sentence = parts.join(", ");
    sentence[..1].make_ascii_uppercase();
    sentence + "."
}

fn entries(count: usize) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}

fn fate(fate: &FileFate) -> &'static str {
    match fate {
        FileFate::Added => "added",
        FileFate::Removed => "removed",
        FileFate::Changed => "changed",
        FileFate::Moved { .. } => "moved",
    }
}

/// What follows for a file that cannot be read.
const REFUSED: &str = "Refused by the promoter, with all that they list";
/// What is not promoted, and why.
const UNSEEN: &str = "Not seen by the promoter's diff mode, so not promoted";

/// The project that a file belongs to: its directory in a tree, else its path.
fn project(path: &str) -> &str {
    let place = Place::parse(path).filter(Place::is_in_project);
    place.map_or(path, |place| place.directory)
}

/// `name`, or `<region>-docker.pkg.dev/prod/images/kueue (22 destinations)`.
fn destination<'n>(production: &'n str, names: &'n [String]) -> (&'n str, String) {
    match names {
        [name] => (name, String::new()),
        _ => (production, format!(" ({})", plural(names.len(), "destination"))),
    }
}

#[cfg(test)]
mod tests {
    use promolint_analysis::history::summary::{ArtifactChange, DestinationChange, FileNote, ImageChange, Refused, Unseen};
    use snapbox::{assert_data_eq, str};

    use super::*;

    fn sample() -> Summary {
        let image = ImageChange {
            path: "registry.k8s.io/images/k8s-staging-widget/images.yaml".to_owned(),
            name: "widget".to_owned(),
            added: vec![("sha256:1111".to_owned(), vec!["v1.0".to_owned(), "v1".to_owned()])],
            tagged: vec![("sha256:2222".to_owned(), "v0.9".to_owned())],
            moved: vec![("v0".to_owned(), "sha256:2222".to_owned(), "sha256:1111".to_owned())],
            removed: vec![("sha256:3333".to_owned(), Some("v0.1".to_owned()))],
            carried: [("registry.k8s.io/images/k8s-staging-gadget/images.yaml".to_owned(), 2)].into(),
            resorted: 4,
        };
        let manifest = "registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml".to_owned();
        let destinations = ["us-east1", "us-west1"].map(|region| format!("{region}-docker.pkg.dev/prod/widget"));
        Summary {
            images: vec![image],
            reordered: vec![("registry.k8s.io/images/k8s-staging-widget/images.yaml".to_owned(), 2)],
            destinations: vec![DestinationChange {
                path: manifest,
                added: [("<region>-docker.pkg.dev/prod/widget".to_owned(), destinations.to_vec())].into(),
                removed: [("<region>-docker.pkg.dev/prod/old".to_owned(), vec!["us-east1-docker.pkg.dev/prod/old".to_owned()])].into(),
            }],
            artifacts: vec![ArtifactChange {
                path: "artifacts/manifests/k8s-staging-tool".to_owned(),
                added: vec![("v1/tool".to_owned(), "1111".to_owned())],
                changed: vec![("v0/tool".to_owned(), "2222".to_owned(), "3333".to_owned())],
                removed: vec![("v0/gone".to_owned(), "4444".to_owned())],
            }],
            files: vec![
                FileNote { path: "artifacts/manifests/tool/v1.yaml".to_owned(), fate: FileFate::Added },
                FileNote { path: "new.yaml".to_owned(), fate: FileFate::Moved { from: "old.yaml".to_owned() } },
            ],
            refused: vec![Refused { path: "broken.yaml".to_owned(), line: 3, reason: "a syntax error" }],
            promotions: [("<region>-docker.pkg.dev/prod/widget".to_owned(), 66)].into(),
            unseen_promotions: [("<region>-docker.pkg.dev/prod/widget".to_owned(), 22)].into(),
            unseen: vec![Unseen {
                path: "registry.k8s.io/images/k8s-staging-widget/images.yaml".to_owned(),
                image: "wid|get".to_owned(),
                digest: "sha256:1111".to_owned(),
                reason: "the digest is not in double quotes",
            }],
            untouched: vec![("registry.k8s.io/images/k8s-staging-widget/images.yaml".to_owned(), 9)],
        }
    }

    #[test]
    fn the_headline_claims_what_holds() {
        assert_eq!(headline(&Summary::default()), "Adds no digests, moves nothing, removes nothing.");
        let added = vec![("sha256:1".to_owned(), Vec::new())];
        let image = ImageChange { added, ..ImageChange::default() };
        let summary = Summary { images: vec![image], ..Summary::default() };
        assert_eq!(headline(&summary), "Adds 1 digest to 1 image, moves nothing, removes nothing.");
        let gone = FileNote { path: "a".to_owned(), fate: FileFate::Removed };
        assert_eq!(headline(&Summary { files: vec![gone], ..Summary::default() }), "Changes 1 file.");
        let refused = Refused { path: "a".to_owned(), line: 1, reason: "a syntax error" };
        assert_eq!(headline(&Summary { refused: vec![refused], ..Summary::default() }), "Changes 1 file.");
    }

    fn printed(write: fn(&Summary, &mut dyn std::io::Write) -> std::io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&sample(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn text_says_it_line_by_line() {
        assert_data_eq!(
            printed(text::write),
            str![[r#"
Adds 1 digest to 1 image, 1 tag to digests that were there, 2 destinations, 1 file to promote, changes the content of 1 file, moves 1 tag, 2 entries to another production path, removes 1 entry, 1 destination, 1 file from promotion, re-sorts 4 entries, puts 2 images in another place.

Refused by the promoter, with all that they list:
  broken.yaml:3: a syntax error

registry.k8s.io/images/k8s-staging-widget/images.yaml
  widget
    + sha256:1111 v1.0, v1
    + tag v0.9 on sha256:2222
    > 2 entries from registry.k8s.io/images/k8s-staging-gadget/images.yaml, to another production path
    ! tag v0 from sha256:2222 to sha256:1111
    - sha256:3333 v0.1
    re-sorts 4
  puts 2 images in another place

registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml
  + destination <region>-docker.pkg.dev/prod/widget (2 destinations)
  - destination us-east1-docker.pkg.dev/prod/old

artifacts/manifests/k8s-staging-tool
  + v1/tool 1111
  ! v0/tool from 2222 to 3333
  - v0/gone 4444

Other files:
  added artifacts/manifests/tool/v1.yaml
  moved new.yaml from old.yaml

Promotions:
  66 to <region>-docker.pkg.dev/prod/widget

Not seen by the promoter's diff mode, so not promoted:
  22 to <region>-docker.pkg.dev/prod/widget
  wid|get sha256:1111: the digest is not in double quotes
  registry.k8s.io/images/k8s-staging-widget/images.yaml: 9 digests that stood there before

"#]]
        );
    }

    #[test]
    fn markdown_is_escaped() {
        assert_data_eq!(
            printed(markdown::write),
            str![[r#"
**Adds 1 digest to 1 image, 1 tag to digests that were there, 2 destinations, 1 file to promote, changes the content of 1 file, moves 1 tag, 2 entries to another production path, removes 1 entry, 1 destination, 1 file from promotion, re-sorts 4 entries, puts 2 images in another place.**

**Refused by the promoter, with all that they list:**

- `broken.yaml` line 3: a syntax error

| project | image | change | digest | tags |
|---|---|---|---|---|
| `k8s-staging-widget` | `widget` | added | `sha256:1111` | `v1.0`, `v1` |
| `k8s-staging-widget` | `widget` | tag added | `sha256:2222` | `v0.9` |
| `k8s-staging-widget` | `widget` | **to another production path** | 2 entries from `k8s-staging-gadget` |  |
| `k8s-staging-widget` | `widget` | **tag moved** | from `sha256:2222` to `sha256:1111` | `v0` |
| `k8s-staging-widget` | `widget` | **removed** | `sha256:3333` | `v0.1` |

| project | destination | change |
|---|---|---|
| `k8s-staging-widget` | `<region>-docker.pkg.dev/prod/widget` (2 destinations) | added |
| `k8s-staging-widget` | `us-east1-docker.pkg.dev/prod/old` | **removed** |

| project | file | change | sha256 |
|---|---|---|---|
| `k8s-staging-tool` | `v1/tool` | added | `1111` |
| `k8s-staging-tool` | `v0/tool` | **changed** | from `2222` to `3333` |
| `k8s-staging-tool` | `v0/gone` | **removed** | `4444` |

Other files: `artifacts/manifests/tool/v1.yaml` added, `new.yaml` moved from `old.yaml`.

Promotions: 66 to `<region>-docker.pkg.dev/prod/widget`.

**Not seen by the promoter's diff mode, so not promoted:** 22 to `<region>-docker.pkg.dev/prod/widget`.

- `wid|get` `sha256:1111`: the digest is not in double quotes
- `registry.k8s.io/images/k8s-staging-widget/images.yaml`: 9 digests that stood there before

"#]]
        );
    }

    #[test]
    fn json_has_all_of_it() {
        let value: serde_json::Value = serde_json::from_str(&printed(json::write)).unwrap();
        assert_eq!(value["version"], 1);
        assert_eq!(value["totals"]["added"], 1);
        assert_eq!(value["images"][0]["moved"][0]["from"], "sha256:2222");
        assert_eq!(value["promotions"]["<region>-docker.pkg.dev/prod/widget"], 66);
        assert_eq!(value["unseenPromotions"]["<region>-docker.pkg.dev/prod/widget"], 22);
        assert_eq!(value["destinations"][0]["added"].as_array().unwrap().len(), 2);
        assert_eq!(value["artifacts"][0]["changed"][0]["to"], "3333");
        assert_eq!(value["refused"][0]["line"], 3);
        assert_eq!(value["files"][1], serde_json::json!({"path": "new.yaml", "change": "moved", "from": "old.yaml"}));
        assert_eq!(value["untouched"][0]["digests"], 9);
        assert_eq!(value["unseen"][0]["image"], "wid|get");
    }
}
