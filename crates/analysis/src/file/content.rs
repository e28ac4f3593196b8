//! Kinds of files by their content: layouts that no fixed place gives away.
//!
//! Ordinary YAML files must not be taken for manifests, so that only words count that hardly
//! stand together elsewhere. Lines are looked at, not the tree: a file with a syntax error is
//! still a manifest.

use memchr::memmem;

use super::{FileKind, place};

/// Whether a YAML file whose place says nothing is a manifest by its content, and of which kind.
/// Cheap on other files: without a telling word, the text is searched for four words and no more.
pub fn kind_by_content(path: &str, text: &str) -> Option<FileKind> {
    if place::is_empty_images_file(path, text) {
        return Some(FileKind::Images);
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    let otherwise = (name == place::PROMOTER_MANIFEST).then_some(FileKind::PlainManifest);
    if !["dmap", "registries", "filestores", "versions"].iter().any(|word| contains(text, word)) {
        return otherwise;
    }
    let outline = Outline::new(text);
    if outline.registries {
        let promotes = outline.source || outline.service_account;
        if outline.images && (promotes || outline.dmap || outline.renames) {
            return Some(FileKind::PlainManifest);
        }
        return (promotes && name.contains("manifest")).then_some(FileKind::PromoterManifest).or(otherwise);
    }
    if outline.filestores && outline.base {
        return Some(FileKind::FilePromoterManifest);
    }
    if outline.list && outline.name && outline.dmap {
        return Some(FileKind::Images);
    }
    (outline.images && outline.versions && outline.digest).then_some(FileKind::ImageTags).or(otherwise)
}

/// Whether a text lists files with their checksums, and nothing beside.
pub(super) fn lists_files(text: &str) -> bool {
    let outline = Outline::new(text);
    outline.files && outline.name && outline.sha256
}

/// Whether this is an object for a Kubernetes cluster; those stand below `manifests/` too.
pub(super) fn is_cluster_object(text: &str) -> bool {
    lines(text).any(|line| ["apiVersion", "kind"].contains(&key(line).unwrap_or_default()))
}

/// Whether there is nothing but white space and comments.
pub(super) fn is_blank(text: &str) -> bool {
    lines(text).all(|line| matches!(line.trim(), "---" | "..."))
}

/// Which telling keys stand in a text.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each key is there or not, whatever the others are")]
struct Outline {
    /// The first line of content is an item of a list.
    list: bool,
    // At the top level:
    registries: bool,
    images: bool,
    renames: bool,
    filestores: bool,
    files: bool,
    // Anywhere:
    name: bool,
    dmap: bool,
    source: bool,
    service_account: bool,
    base: bool,
    versions: bool,
    digest: bool,
    sha256: bool,
}

impl Outline {
    fn new(text: &str) -> Self {
        let mut outline = Self::default();
        let mut first = true;
        for line in lines(text) {
            if first && !line.starts_with("---") {
                outline.list = line.trim_start().starts_with('-');
                first = false;
            }
            if !line.starts_with([' ', '-']) {
                match key(line) {
                    Some("registries") => outline.registries = true,
                    Some("images") => outline.images = true,
                    Some("renames") => outline.renames = true,
                    Some("filestores") => outline.filestores = true,
                    Some("files") => outline.files = true,
                    _ => {}
                }
                continue;
            }
            match key(line.trim_start_matches([' ', '-'])) {
                Some("name") => outline.name = true,
                Some("dmap") => outline.dmap = true,
                Some("src") => outline.source = true,
                Some("service-account") => outline.service_account = true,
                Some("base") => outline.base = true,
                Some("versions") => outline.versions = true,
                Some("digest") => outline.digest = true,
                Some("sha256") => outline.sha256 = true,
                _ => {}
            }
        }
        outline
    }
}

/// Lines with content, without their line breaks.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines().filter(|line| !matches!(line.trim_start().bytes().next(), None | Some(b'#')))
}

/// The key that a line starts with.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once(':')?;
    Some(key.trim_end().trim_matches(['"', '\'']))
}

fn contains(text: &str, word: &str) -> bool {
    memmem::find(text.as_bytes(), word.as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_are_known_by_their_content() {
        use FileKind::*;
        for (path, text, kind) in [
            (
                "old/widget/manifest.yaml",
                "registries:\n- name: gcr.io/k8s-staging-widget\n  src: true\nimages: []\nrenames: []\n",
                Some(PlainManifest),
            ),
            ("x.yaml", "images:\n- name: a\n  dmap:\n    \"sha256:0\": [\"v1\"]\nregistries:\n- name: b\n", Some(PlainManifest)),
            ("manifest.yaml", "# c\nregistries:\n- name: a\n  service-account: b\n", Some(PromoterManifest)),
            ("live/widget/promoter-manifest.yaml", "registries:\n- name: a\n  src: true\n", Some(PromoterManifest)),
            ("live/widget/promoter-manifest.yaml", "registries: [\n", Some(PlainManifest)),
            ("live/widget/promoter-manifest.yaml", "", Some(PlainManifest)),
            ("values.yaml", "registries:\n- name: a\n  service-account: b\n", None),
            ("values.yaml", "registries:\n- docker.io\nimages:\n  a: b\n", None),
            ("x.yaml", "- name: a\n  dmap:\n    \"sha256:0\": [\"v1\"]\n", Some(Images)),
            ("x.yaml", "\u{feff}---\r\n# c\r\n  - dmap: {}\r\n    name: a\r\n", Some(Images)),
            ("x.yaml", "- name: a\n  \"dmap\":\n    \"sha256:0: [\"v1\n", Some(Images)),
            ("x.yaml", "a:\n- name: a\n  dmap: {}\n", None),
            ("x.yaml", "- name: a # no dmap\n", None),
            ("x.yaml", "filestores:\n- base: gs://a\n  src: true\n", Some(FilePromoterManifest)),
            ("x.yaml", "filestores: []\n", None),
            ("x.yaml", "images:\n- name: a\n  versions:\n  - digest: sha256:0\n    tags: [v1]\n", Some(ImageTags)),
            ("x.yaml", "images:\n- name: a\nversions: [1]\n", None),
            ("x.yaml", "", None),
            ("x/images/widget/images.yaml", "# No images yet\n", Some(Images)),
            ("x/images/widget/images.yaml", "image: a\n", None),
            ("x.yaml", "apiVersion: v1\nkind: Pod\n", None),
        ] {
            assert_eq!(kind_by_content(path, text), kind, "{path}\n{text}");
        }
    }

    #[test]
    fn shapes() {
        assert!(lists_files("files:\n- name: a\n  sha256: b\n"));
        assert!(!lists_files("files: [a]\n"));
        assert!(is_cluster_object("# c\napiVersion: v1\n"));
        assert!(!is_cluster_object("- name: a\n  kind: b\n"));
        assert!(is_blank("\n# No images yet\n---\n"));
        assert!(!is_blank("- name: a\n"));
    }
}
