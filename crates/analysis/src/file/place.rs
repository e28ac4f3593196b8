//! Kinds of files by their place.
//!
//! A promotion tree is a directory with `images/` beside `manifests/` (images) or `filestores/`
//! beside `manifests/` (files). Inside one, a file with a wrong name or in the wrong directory is
//! taken for what it evidently should be, so that a rule can say so; outside, only names count
//! that nothing else has.

use strsim::damerau_levenshtein;

use super::{FileKind, content, join};

/// Whether a file of this name can be of any kind; others need not be read.
pub fn may_matter(name: &str) -> bool {
    is_yaml(name) || matches!(name, "OWNERS" | "OWNERS_ALIASES" | "registries.tf")
}

/// Kind of a file by its path alone; `None` if the place says nothing (then [`super::kind_by_content`]
/// may).
///
/// `has_directory` answers whether a directory (a path of the same form, `""` for the root) exists.
pub fn kind_by_place(path: &str, has_directory: &dyn Fn(&str) -> bool) -> Option<FileKind> {
    let place = Place::new(path);
    let trees = |tree: &str| {
        let has = |name: &str| has_directory(&join(tree, name));
        let manifests = has("manifests");
        Trees { images: manifests && has("images"), files: manifests && has("filestores") }
    };
    if place.halves().next().is_none() && matches!(place.name, "images.yaml" | PROMOTER_MANIFEST) {
        // Beside the halves of a tree instead of in them; a promoter manifest may also be a plain one
        // there, which its content tells. Deeper down, it has nothing to do with the tree.
        let in_tree = place.nearest_above().any(|directory| trees(directory).images);
        return match (place.name, in_tree) {
            (PROMOTER_MANIFEST, false) => Some(FileKind::PlainManifest),
            (PROMOTER_MANIFEST, true) | (_, false) => None,
            (_, true) => Some(FileKind::Images),
        };
    }
    by_name(&place).or_else(|| {
        let mut halves = place.halves().map(|(half, tree)| (half, trees(tree)));
        let (half, trees) = halves.find(|(_, trees)| trees.images || trees.files)?;
        in_tree(half, trees, place.name)
    })
}

/// Kind of a file that was named by the user, whose trees may not exist on disk: the place counts as
/// if it stood in a tree, and where it does not tell, the name or the content does.
pub fn kind_of_named_file(path: &str, text: &str) -> Option<FileKind> {
    let place = Place::new(path);
    let trees = Trees { images: true, files: true };
    let by_half = || place.halves().find_map(|(half, _)| in_tree(half, trees, place.name));
    let kind = by_name(&place).or_else(by_half).filter(|kind| *kind != FileKind::FileManifest || !content::is_cluster_object(text));
    let kind = kind.or_else(|| content::kind_by_content(path, text));
    let kind = kind.or_else(|| resembling(place.name).filter(|_| !content::is_cluster_object(text)));
    kind.or_else(|| content::lists_files(text).then_some(FileKind::FileManifest))
}

/// Whether this is an `images/<dir>/images.yaml` with no images yet. Such a file says nothing by its
/// content, and its place is too specific to be another project's.
pub(super) fn is_empty_images_file(path: &str, text: &str) -> bool {
    let parts: Vec<&str> = path.rsplit('/').take(3).collect();
    matches!(parts[..], ["images.yaml", _, "images"]) && content::is_blank(text)
}

/// Name of thin manifests, and of plain ones.
pub(super) const PROMOTER_MANIFEST: &str = "promoter-manifest.yaml";

/// A path, taken apart.
struct Place<'p> {
    path: &'p str,
    name: &'p str,
}

impl<'p> Place<'p> {
    fn new(path: &'p str) -> Self {
        Self { path, name: path.rsplit('/').next().unwrap_or_default() }
    }

    /// The directories above the file with their offsets in the path, outermost first.
    fn directories(&self) -> impl Iterator<Item = (usize, &'p str)> {
        let above = &self.path[..self.path.len() - self.name.len()];
        let mut next = 0;
        above.split_terminator('/').map(move |part| {
            let offset = next;
            next += part.len() + 1;
            (offset, part)
        })
    }

    /// The paths of the directory of the file and the one above; `""` is the root.
    fn nearest_above(&self) -> impl Iterator<Item = &'p str> {
        let parent = |path: &&'p str| path.rsplit_once('/').map_or("", |(above, _)| above);
        let directory = parent(&self.path);
        [directory, parent(&directory)].into_iter()
    }

    /// The halves of possible trees above the file and the roots of these trees, outermost first.
    fn halves(&self) -> impl Iterator<Item = (Half, &'p str)> {
        let path = self.path;
        self.directories().filter_map(move |(offset, part)| Some((Half::named(part)?, path[..offset].trim_end_matches('/'))))
    }
}

/// A half of a promotion tree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Half {
    /// `images/`: what to promote.
    Images,
    /// `manifests/`: from where to where, or which files.
    Manifests,
    /// `filestores/`: from where to where, for files.
    Filestores,
}

impl Half {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Images, Self::Manifests, Self::Filestores];

    /// Its directory.
    pub fn name(self) -> &'static str {
        match self {
            Self::Images => "images",
            Self::Manifests => "manifests",
            Self::Filestores => "filestores",
        }
    }

    /// The half that a directory of this name holds.
    pub fn named(directory: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|half| half.name() == directory)
    }
}

/// What a tree promotes.
#[derive(Clone, Copy)]
struct Trees {
    images: bool,
    files: bool,
}

/// Files that are known by their name, and perhaps a directory above, in a tree and elsewhere.
fn by_name(place: &Place<'_>) -> Option<FileKind> {
    let below = |name: &str| place.directories().any(|(_, part)| part == name);
    match place.name {
        "OWNERS" => Some(FileKind::Owners),
        "OWNERS_ALIASES" => Some(FileKind::OwnersAliases),
        "registries.tf" => Some(FileKind::RegistriesTf),
        "groups.yaml" => below("groups").then_some(FileKind::Groups),
        "infra.yaml" => below("infra").then_some(FileKind::Infra),
        "image_tags.yaml" => Some(FileKind::ImageTags),
        "filepromoter-manifest.yaml" => Some(FileKind::FilePromoterManifest),
        PROMOTER_MANIFEST if below("filestores") => Some(FileKind::FilePromoterManifest),
        PROMOTER_MANIFEST if below("manifests") || below("images") => Some(FileKind::PromoterManifest),
        PROMOTER_MANIFEST => Some(FileKind::PlainManifest),
        _ => None,
    }
}

/// What a YAML file in a half of a tree should be.
fn in_tree(half: Half, trees: Trees, name: &str) -> Option<FileKind> {
    if !is_yaml(name) {
        return None;
    }
    match (half, resembling(name)) {
        (Half::Filestores, Some(_)) => Some(FileKind::FilePromoterManifest),
        (Half::Manifests, Some(FileKind::Images)) if !trees.images => Some(FileKind::FileManifest),
        (_, Some(kind)) => Some(kind),
        (Half::Manifests, None) if trees.files => Some(FileKind::FileManifest),
        (_, None) => None,
    }
}

/// The kind whose file name this is, or nearly is.
fn resembling(name: &str) -> Option<FileKind> {
    let stem = name.to_ascii_lowercase();
    let stem = stem.strip_suffix(".yaml").or_else(|| stem.strip_suffix(".yml"))?;
    let near = |right: &str, edits| stem == right || damerau_levenshtein(stem, right) <= edits;
    // `filepromoter` is four edits from `promoter`, so that the two are never mixed up.
    if near("images", 1) {
        Some(FileKind::Images)
    } else if near("promoter-manifest", 2) {
        Some(FileKind::PromoterManifest)
    } else if near("filepromoter-manifest", 2) || near("file-promoter-manifest", 1) {
        Some(FileKind::FilePromoterManifest)
    } else {
        None
    }
}

fn is_yaml(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use FileKind::*;

    /// Two trees of images, one of files, and one of both.
    fn directories(path: &str) -> bool {
        let (tree, half) = path.rsplit_once('/').unwrap_or(("", path));
        match tree {
            "live" | "deep/old" => matches!(half, "images" | "manifests"),
            "artifacts" => matches!(half, "filestores" | "manifests"),
            "both" => matches!(half, "images" | "filestores" | "manifests"),
            _ => false,
        }
    }

    #[test]
    fn places() {
        for (path, kind) in [
            ("live/images/widget/images.yaml", Some(Images)),
            ("deep/old/images/widget/images.yaml", Some(Images)),
            ("live/manifests/widget/promoter-manifest.yaml", Some(PromoterManifest)),
            ("artifacts/filestores/tool/filepromoter-manifest.yaml", Some(FilePromoterManifest)),
            ("artifacts/manifests/tool/v1.2.3.yaml", Some(FileManifest)),
            ("artifacts/manifests/tool/more/v1.2.3.yml", Some(FileManifest)),
            ("both/manifests/tool/v1.2.3.yaml", Some(FileManifest)),
            ("both/manifests/tool/promoter-manifest.yaml", Some(PromoterManifest)),
            // Known by name.
            ("OWNERS", Some(Owners)),
            ("any/where/OWNERS", Some(Owners)),
            ("OWNERS_ALIASES", Some(OwnersAliases)),
            ("groups/groups.yaml", Some(Groups)),
            ("groups/sig-a/b/groups.yaml", Some(Groups)),
            ("groups.yaml", None),
            ("infra/gcp/infra.yaml", Some(Infra)),
            ("x/infra.yaml", None),
            ("infra/gcp/terraform/x/registries.tf", Some(RegistriesTf)),
            ("releasing/image_tags.yaml", Some(ImageTags)),
            ("plain/promoter-manifest.yaml", Some(PlainManifest)),
            ("promoter-manifest.yaml", Some(PlainManifest)),
            ("x/manifests/widget/promoter-manifest.yaml", Some(PromoterManifest)),
            // Misplaced or misnamed.
            ("live/images/widget/promoter-manifest.yaml", Some(PromoterManifest)),
            ("live/images/images.yaml", Some(Images)),
            ("live/images/widget/images/images.yaml", Some(Images)),
            ("live/manifests/widget/images.yaml", Some(Images)),
            ("live/images/widget/image.yaml", Some(Images)),
            ("live/images/widget/Images.YML", Some(Images)),
            ("live/manifests/widget/promoter-manifest.yml", Some(PromoterManifest)),
            ("live/manifests/widget/promotor-manifest.yaml", Some(PromoterManifest)),
            ("live/manifests/widget/promoter_manifests.yaml", Some(PromoterManifest)),
            ("artifacts/filestores/tool/filepromotor-manifest.yaml", Some(FilePromoterManifest)),
            ("artifacts/filestores/tool/promoter-manifest.yaml", Some(FilePromoterManifest)),
            ("artifacts/manifests/tool/filepromoter-manifest.yaml", Some(FilePromoterManifest)),
            // Beside the halves.
            ("live/widget/images.yaml", Some(Images)),
            ("live/images.yaml", Some(Images)),
            ("artifacts/images.yaml", None),
            ("live/charts/widget/images.yaml", None),
            ("live/widget/promoter-manifest.yaml", None),
            // Not ours.
            ("chart/images/widget/images.yaml", None),
            ("chart/manifests/widget/deployment.yaml", None),
            ("live/manifests/widget/deployment.yaml", None),
            ("live/images/widget/README.md", None),
            ("live/other.yaml", None),
            ("", None),
        ] {
            assert_eq!(kind_by_place(path, &directories), kind, "{path}");
        }
    }

    #[test]
    fn a_named_file_needs_no_tree() {
        let pod = "apiVersion: v1\nkind: Pod\n";
        for (path, text, kind) in [
            ("registry.k8s.io/images/widget/images.yaml", "[", Some(Images)),
            ("images.yaml", "", Some(Images)),
            ("image.yml", "", Some(Images)),
            ("artifacts/manifests/tool/v1.2.3.yaml", "", Some(FileManifest)),
            ("app/manifests/web/pod.yaml", pod, None),
            ("images.yaml", pod, None),
            ("v1.2.3.yaml", "files:\n- name: a\n  sha256: b\n", Some(FileManifest)),
            ("x.yaml", "- name: a\n  dmap: {}\n", Some(Images)),
            ("x.yaml", "a: b\n", None),
        ] {
            assert_eq!(kind_of_named_file(path, text), kind, "{path}\n{text}");
        }
    }

    #[test]
    fn names_that_matter() {
        for name in ["a.yaml", "a.YML", "OWNERS", "OWNERS_ALIASES", "registries.tf"] {
            assert!(may_matter(name), "{name}");
        }
        for name in ["yaml", "a.yaml.bak", "main.tf", "owners", ""] {
            assert!(!may_matter(name), "{name}");
        }
    }
}
