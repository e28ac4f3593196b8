//! The whole that is judged: files with their models, promotion trees, and facts.

mod destinations;
mod facts;
mod place;
mod trees;

pub use crate::file::Half;
pub(crate) use crate::file::join;
use crate::file::{FileKind, Snapshot, SourceFile};
use crate::model::{Model, Problem, Reading};
use crate::policy::{Policy, fill};

pub use destinations::ProductionPath;
pub use facts::{Declared, Facts};
pub use place::Place;
pub use trees::{FileProject, FileTree, ImageProject, ImageTree};

/// The place of a file in [`Repository::files`].
pub type FileId = usize;

/// Everything that is judged together.
#[derive(Debug)]
pub struct Repository<'a> {
    /// What the organisation decided.
    pub policy: &'a Policy,
    /// Whether a file that is not here does not exist either; rules about missing files ask first.
    pub is_complete: bool,
    /// All files, sorted by path.
    pub files: Vec<File<'a>>,
    /// Trees of images: `images/` beside `manifests/`. Frozen ones included.
    pub image_trees: Vec<ImageTree<'a>>,
    /// Trees of files: `filestores/` beside `manifests/`.
    pub file_trees: Vec<FileTree<'a>>,
    /// What other files declare.
    pub facts: Facts<'a>,
}

/// A file with what it says.
#[derive(Debug)]
pub struct File<'a> {
    /// Path, text, tree.
    pub source: &'a SourceFile,
    /// What it says.
    pub model: &'a Model<'a>,
    /// What does not fit its shape.
    pub problems: &'a [Problem<'a>],
    /// Where it stands in its tree; `None` outside any.
    pub place: Option<Place<'a>>,
    /// Whether it belongs to a closed tree, in which few rules speak.
    pub is_frozen: bool,
}

/// One file and everything around it.
#[derive(Clone, Copy, Debug)]
pub struct FileContext<'a> {
    /// The file that is judged.
    pub file: &'a File<'a>,
    /// Its surroundings.
    pub repository: &'a Repository<'a>,
}

impl<'a> FileContext<'a> {
    /// What the organisation decided.
    pub fn policy(&self) -> &'a Policy {
        self.repository.policy
    }

    /// Path, text and tree of the file.
    pub fn source(&self) -> &'a SourceFile {
        self.file.source
    }
}

impl<'a> Repository<'a> {
    /// Finds the trees that the files make.
    pub fn new(snapshot: &'a Snapshot, policy: &'a Policy) -> Self {
        let frozen = trees::frozen_roots(snapshot, policy);
        let read = |source: &'a SourceFile| {
            let Reading { model, problems } = source.reading();
            let is_frozen = frozen.iter().any(|(root, _)| is_below(source.path(), root));
            File { source, model, problems, place: Place::of(source), is_frozen }
        };
        let files: Vec<File<'a>> = snapshot.files().iter().map(|source| read(source)).collect();
        let image_trees = trees::image_trees(&files, &frozen);
        let file_trees = trees::file_trees(&files);
        let facts = Facts::new(&files);
        Self { policy, is_complete: snapshot.complete, files, image_trees, file_trees, facts }
    }

    /// The trees that are not frozen.
    pub fn live_image_trees(&self) -> impl Iterator<Item = &ImageTree<'a>> {
        self.image_trees.iter().filter(|tree| !tree.is_frozen)
    }

    /// Files of one kind, frozen ones left out.
    pub fn live_files(&self, kind: FileKind) -> impl Iterator<Item = &File<'a>> {
        self.files.iter().filter(move |file| file.source.kind() == kind && !file.is_frozen)
    }

    /// The file at a path.
    pub fn find(&self, path: &str) -> Option<&File<'a>> {
        let at = self.files.binary_search_by(|file| (**file.source.path()).cmp(path)).ok()?;
        self.files.get(at)
    }

    /// The address of the group that may push to a project's staging: the declared one, or the one that the policy
    /// expects, which is empty if it expects none.
    pub fn group_of(&self, project: &str) -> String {
        let declared = self.facts.registries.as_ref().and_then(|registries| registries.get(project));
        declared.map_or_else(|| fill(&self.policy.groups.pattern, project), |declared| declared.value.to_owned())
    }

    /// The file of an id.
    pub fn file(&self, id: FileId) -> &File<'a> {
        &self.files[id]
    }
}

/// Whether a path stands in a directory (`""` is the root).
pub(crate) fn is_below(path: &str, directory: &str) -> bool {
    directory.is_empty() || path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}
