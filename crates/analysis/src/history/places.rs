//! Where images go in production, looked up once for each file.

use foldhash::HashMap;

use crate::repository::{File, ProductionPath, Repository};

/// The places of files on one side of a change.
#[derive(Debug, Default)]
pub(super) struct Places<'a>(HashMap<&'a str, Vec<ProductionPath<'a>>>);

impl<'a> Places<'a> {
    pub(super) fn new(repository: &'a Repository<'a>, files: impl IntoIterator<Item = &'a File<'a>>) -> Self {
        let mut places = Self::default();
        for file in files {
            places.0.entry(file.source.path()).or_insert_with(|| {
                let promoter = repository.promoter_of(file).into_iter();
                promoter.flat_map(|promoter| repository.production_paths(promoter)).collect()
            });
        }
        places
    }

    fn of(&self, file: &File<'_>) -> &[ProductionPath<'a>] {
        self.0.get(&**file.source.path()).map_or(&[], Vec::as_slice)
    }

    /// Whether an image goes to the same place as one of the other side: in production, or, as a manifest
    /// may lack, by its file.
    pub(super) fn meet(&self, (file, name): (&File<'_>, &str), other: &Self, (other_file, other_name): (&File<'_>, &str)) -> bool {
        let is_same_file = || name == other_name && file.source.path() == other_file.source.path();
        let is_same_path = |path: &ProductionPath<'_>| {
            let mut others = other.of(other_file).iter().filter(|other| other.registry == path.registry);
            others.any(|other| other.image(other_name) == path.image(name))
        };
        is_same_file() || self.of(file).iter().any(is_same_path)
    }
}
