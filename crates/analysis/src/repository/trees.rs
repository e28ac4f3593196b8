//! Promotion trees and their projects.

use std::collections::BTreeMap;

use super::{File, FileId, Half, join};
use crate::file::{FileKind, Snapshot};
use crate::model::{FileManifest, FilePromoterManifest, Image, ImagesFile, Model, PromoterManifest};
use crate::policy::Policy;
use crate::repository::Place;

/// `images/` beside `manifests/`.
#[derive(Debug)]
pub struct ImageTree<'a> {
    /// Directory of the tree, `""` if it is the checked root.
    pub root: &'a str,
    /// By directory.
    pub projects: BTreeMap<&'a str, ImageProject>,
    /// Whether the tree is closed.
    pub is_frozen: bool,
    /// For a closed tree: the root of the one that replaces it.
    pub live_root: Option<String>,
    /// Whether it has any manifests at all.
    pub has_manifests: bool,
}

/// The files of a project that promotes images.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImageProject {
    /// `images/<dir>/images.yaml`
    pub images: Option<FileId>,
    /// `manifests/<dir>/promoter-manifest.yaml`
    pub manifest: Option<FileId>,
    /// `images/<dir>/OWNERS`
    pub owners: Option<FileId>,
}

/// `filestores/` beside `manifests/`.
#[derive(Debug)]
pub struct FileTree<'a> {
    /// Directory of the tree, `""` if it is the checked root.
    pub root: &'a str,
    /// By directory.
    pub projects: BTreeMap<&'a str, FileProject>,
}

/// The files of a project that promotes files.
#[derive(Clone, Debug, Default)]
pub struct FileProject {
    /// `filestores/<dir>/filepromoter-manifest.yaml`
    pub promoter: Option<FileId>,
    /// `manifests/<dir>/<release>.yaml`
    pub manifests: Vec<FileId>,
    /// `manifests/<dir>/OWNERS`
    pub owners: Option<FileId>,
}

impl<'a> File<'a> {
    /// Its images.yaml, if it is one.
    pub fn images(&self) -> Option<&ImagesFile<'a>> {
        if let Model::Images(images) = self.model { Some(images) } else { None }
    }

    /// The images of images.yaml and of plain manifests.
    pub fn image_list(&self) -> &'a [Image<'a>] {
        self.model.image_list()
    }

    /// Its promoter manifest, thin or plain, if it is one.
    pub fn promoter(&self) -> Option<&PromoterManifest<'a>> {
        if let Model::Promoter(promoter) = self.model { Some(promoter) } else { None }
    }

    /// Its file promoter manifest, if it is one.
    pub fn file_promoter(&self) -> Option<&FilePromoterManifest<'a>> {
        if let Model::FilePromoter(promoter) = self.model { Some(promoter) } else { None }
    }

    /// Its file manifest, if it is one.
    pub fn file_manifest(&self) -> Option<&FileManifest<'a>> {
        if let Model::Files(files) = self.model { Some(files) } else { None }
    }
}

/// Closed trees (with the live one that stands in for each) of which the live one is present.
pub(super) fn frozen_roots(snapshot: &Snapshot, policy: &Policy) -> Vec<(String, String)> {
    let mut roots = Vec::new();
    for file in snapshot.files() {
        let Some(place) = Place::of(file) else { continue };
        for tree in &policy.frozen_trees {
            let above = if place.root == tree.live {
                Some("")
            } else {
                place.root.strip_suffix(&tree.live).and_then(|above| above.strip_suffix('/'))
            };
            if let Some(above) = above {
                let pair = (join(above, &tree.frozen), place.root.to_owned());
                if !roots.contains(&pair) {
                    roots.push(pair);
                }
            }
        }
    }
    roots
}

fn placed<'f, 'a>(files: &'f [File<'a>]) -> impl Iterator<Item = (FileId, &'f File<'a>, Place<'a>)> {
    files.iter().enumerate().filter_map(|(id, file)| file.place.map(|place| (id, file, place)))
}

/// Roots that hold `filestores/`: their `manifests/` list files, not images.
fn file_roots<'a>(files: &[File<'a>]) -> Vec<&'a str> {
    let mut roots: Vec<&str> =
        placed(files).filter(|(_, _, place)| place.half == Half::Filestores).map(|(_, _, place)| place.root).collect();
    roots.sort_unstable();
    roots.dedup();
    roots
}

pub(super) fn image_trees<'a>(files: &[File<'a>], frozen: &[(String, String)]) -> Vec<ImageTree<'a>> {
    let file_roots = file_roots(files);
    let mut trees: BTreeMap<&'a str, ImageTree<'a>> = BTreeMap::new();
    for (id, file, place) in placed(files) {
        let belongs = matches!(file.source.kind(), FileKind::Images | FileKind::PromoterManifest | FileKind::Owners);
        if !belongs || file_roots.contains(&place.root) {
            continue;
        }
        let live_root = frozen.iter().find(|(root, _)| root == place.root).map(|(_, live)| live.clone());
        let tree = trees.entry(place.root).or_insert_with(|| ImageTree {
            root: place.root,
            projects: BTreeMap::new(),
            is_frozen: file.is_frozen,
            live_root,
            has_manifests: false,
        });
        tree.has_manifests |= place.half == Half::Manifests && file.source.kind() == FileKind::PromoterManifest;
        if !place.is_in_project() {
            continue;
        }
        let slot = match (place.half, place.name) {
            (Half::Images, "images.yaml") => |project: &mut ImageProject, id| project.images = Some(id),
            (Half::Images, "OWNERS") => |project: &mut ImageProject, id| project.owners = Some(id),
            (Half::Manifests, "promoter-manifest.yaml") => |project: &mut ImageProject, id| project.manifest = Some(id),
            _ => continue,
        };
        slot(tree.projects.entry(place.directory).or_default(), id);
    }
    trees.into_values().collect()
}

pub(super) fn file_trees<'a>(files: &[File<'a>]) -> Vec<FileTree<'a>> {
    let roots = file_roots(files);
    let mut trees: Vec<FileTree<'a>> = roots.into_iter().map(|root| FileTree { root, projects: BTreeMap::new() }).collect();
    for (id, file, place) in placed(files) {
        let Some(tree) = trees.iter_mut().find(|tree| tree.root == place.root) else { continue };
        if !place.is_in_project() {
            continue;
        }
        let project = tree.projects.entry(place.directory).or_default();
        match (place.half, file.source.kind()) {
            (Half::Filestores, FileKind::FilePromoterManifest) => project.promoter = Some(id),
            (Half::Manifests, FileKind::FileManifest) => project.manifests.push(id),
            (Half::Manifests, FileKind::Owners) => project.owners = Some(id),
            _ => {}
        }
    }
    trees
}
