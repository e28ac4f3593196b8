//! `diff`: what a change promotes, for people and for the text of a pull request.

mod json;
mod markdown;
mod text;

use promolint_analysis::history::summary::{FileFate, Totals};
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
fn headline(totals: Totals) -> String {
    let nothing = |count: usize, what: &str| if count == 0 { "nothing".to_owned() } else { plural(count, what) };
    let added = if totals.added == 0 {
        "no digests".to_owned()
    } else {
        format!("{} to {}", plural(totals.added, "digest"), plural(totals.images, "image"))
    };
    let mut parts = vec![format!("Adds {added}")];
    if totals.tagged > 0 {
        parts.push(format!("adds {} to digests that were there", plural(totals.tagged, "tag")));
    }
    parts.push(format!("moves {}", nothing(totals.moved, "tag")));
    parts.push(format!("removes {}", if totals.removed == 1 { "1 entry".to_owned() } else { nothing(totals.removed, "entrie") }));
    if totals.resorted > 0 {
        parts.push(format!("re-sorts {}", if totals.resorted == 1 { "1 entry".to_owned() } else { plural(totals.resorted, "entrie") }));
    }
    parts.join(", ") + "."
}

fn fate(fate: FileFate) -> &'static str {
    match fate {
        FileFate::Added => "added",
        FileFate::Removed => "removed",
        FileFate::Changed => "changed",
    }
}

#[cfg(test)]
mod tests {
    use promolint_analysis::history::summary::{ImageChange, Summary, Unseen};
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
            resorted: 4,
        };
        Summary {
            images: vec![image],
            files: vec![("artifacts/manifests/tool/v1.yaml".to_owned(), FileFate::Added)],
            promotions: [("<region>-docker.pkg.dev/prod/widget".to_owned(), 66)].into(),
            unseen: vec![Unseen {
                path: "registry.k8s.io/images/k8s-staging-widget/images.yaml".to_owned(),
                image: "wid|get".to_owned(),
                digest: "sha256:1111".to_owned(),
                reason: "the digest is not in double quotes",
            }],
        }
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
Adds 1 digest to 1 image, adds 1 tag to digests that were there, moves 1 tag, removes 1 entry, re-sorts 4 entries.

registry.k8s.io/images/k8s-staging-widget/images.yaml
  widget
    + sha256:1111 v1.0, v1
    + tag v0.9 on sha256:2222
    ! tag v0 from sha256:2222 to sha256:1111
    - sha256:3333 v0.1
    re-sorts 4

Other files:
  added artifacts/manifests/tool/v1.yaml

Promotions:
  66 to <region>-docker.pkg.dev/prod/widget

Not seen by the promoter's diff mode, so not promoted:
  wid|get sha256:1111: the digest is not in double quotes

"#]]
        );
    }

    #[test]
    fn markdown_is_escaped() {
        assert_data_eq!(
            printed(markdown::write),
            str![[r#"
**Adds 1 digest to 1 image, adds 1 tag to digests that were there, moves 1 tag, removes 1 entry, re-sorts 4 entries.**

| image | change | digest | tags |
|---|---|---|---|
| `widget` | added | `sha256:1111` | `v1.0`, `v1` |
| `widget` | tag added | `sha256:2222` | `v0.9` |
| `widget` | **tag moved** | from `sha256:2222` to `sha256:1111` | `v0` |
| `widget` | **removed** | `sha256:3333` | `v0.1` |

Other files: `artifacts/manifests/tool/v1.yaml` added.

Promotions: 66 to `<region>-docker.pkg.dev/prod/widget`.

**Not seen by the promoter's diff mode, so not promoted:**

- `wid|get` `sha256:1111`: the digest is not in double quotes

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
        assert_eq!(value["unseen"][0]["image"], "wid|get");
    }
}
