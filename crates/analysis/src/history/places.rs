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

    /// The spots of an image in production, and, as a manifest may lack, the one in its file.
    pub(super) fn spots(&self, file: &'a File<'a>, name: &'a str) -> impl Iterator<Item = Spot<'a>> {
        let paths = self.of(file).iter().map(move |path| Spot::Production(path.registry, path.image(name)));
        std::iter::once(Spot::File(file.source.path(), name)).chain(paths)
    }

    /// Whether an image goes to the same place as one of the other side.
    pub(super) fn meet(
        &self,
        (file, name): (&'a File<'a>, &'a str),
        other: &Self,
        (other_file, other_name): (&'a File<'a>, &'a str),
    ) -> bool {
        self.spots(file, name).any(|spot| other.spots(other_file, other_name).any(|other| other == spot))
    }
}

/// Where an image is found, on either side of a change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Spot<'a> {
    /// By its name, whatever the file.
    Name(&'a str),
    /// By the path of its file and its name.
    File(&'a str, &'a str),
    /// By a registry and the path in it.
    Production(&'a str, String),
}
