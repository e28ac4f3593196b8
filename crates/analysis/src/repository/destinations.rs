//! Where the images of a file go in production.

use std::collections::BTreeSet;

use super::{File, Half, Repository, join};
use crate::model::PromoterManifest;

/// A production registry and the sub-path in it. Regions of one registry are filled alike, so the
/// registry's pattern stands for all of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ProductionPath<'r> {
    /// The policy's pattern, or the whole name of a registry that the policy does not know.
    pub registry: &'r str,
    /// Without leading `/`; `""` for the root.
    pub sub_path: &'r str,
}

impl ProductionPath<'_> {
    /// The path of an image below the registry.
    pub fn image(&self, name: &str) -> String {
        join(self.sub_path, name)
    }
}

impl<'a> Repository<'a> {
    /// The manifest that promotes the images of a file: the file itself where it is a plain one.
    pub fn promoter_of<'r>(&'r self, file: &'r File<'a>) -> Option<&'r PromoterManifest<'a>> {
        if file.promoter().is_some() {
            return file.promoter();
        }
        let place = file.place.filter(|place| place.half == Half::Images)?;
        let tree = self.image_trees.iter().find(|tree| tree.root == place.root)?;
        self.file(tree.projects.get(place.directory)?.manifest?).promoter()
    }

    /// Where a manifest's destinations lie.
    pub fn production_paths<'r>(&'r self, promoter: &'r PromoterManifest<'_>) -> BTreeSet<ProductionPath<'r>> {
        let named = promoter.destinations().filter(|registry| registry.name.is_some());
        named.map(|registry| self.production_path(registry.name_str())).collect()
    }

    /// Where a registry of that name lies.
    pub fn production_path<'r>(&'r self, name: &'r str) -> ProductionPath<'r> {
        let known = self.policy.images.destination(name);
        known.map_or(ProductionPath { registry: name, sub_path: "" }, |known| ProductionPath {
            registry: known.pattern,
            sub_path: known.sub_path,
        })
    }
}
