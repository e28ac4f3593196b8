//! What stood before, by git: read beside everything else, and again when the commit is another one.

use std::sync::Arc;

use promolint_analysis::Snapshot;
use promolint_workspace::git::{Comparison, GitError, GitErrorKind};

use super::state::State;
use super::{Key, Session};

/// What the files of a tree are compared with.
#[derive(Clone, Debug)]
pub(super) struct Base {
    comparison: Comparison,
    commit: Option<String>,
    pub(super) snapshot: Arc<Snapshot>,
}

/// What came of a comparison.
#[derive(Debug, Default)]
pub struct Compared {
    /// Whether findings may be other ones now.
    pub is_new: bool,
    /// Trees that cannot be compared; one that lies in no repository is not told.
    pub errors: Vec<GitError>,
}

impl Session {
    /// Asks git what stood before, for each tree that was read. Takes as long as git does.
    pub fn compare(&self) -> Compared {
        let comparison = self.client().comparison();
        let mut compared = Compared::default();
        for (key, state, known) in self.read_trees() {
            let read = comparison.as_ref().map_or(Ok(None), |comparison| Base::read(&state, comparison, known.as_ref()));
            let base = read.unwrap_or_else(|error| {
                compared.errors.extend(Some(error).filter(|error| error.kind != GitErrorKind::NoRepository));
                None
            });
            let snapshot = |base: &Option<Base>| base.as_ref().map(|base| Arc::as_ptr(&base.snapshot));
            if snapshot(&known) == snapshot(&base) {
                continue;
            }
            if let Some(tree) = self.lock().trees.get_mut(&key) {
                tree.base = base;
                tree.state = None;
                compared.is_new = true;
            }
        }
        compared
    }

    /// The trees that lie around files.
    fn read_trees(&self) -> Vec<(Key, Arc<State>, Option<Base>)> {
        let mut inner = self.lock();
        let trees = inner.trees.iter().filter(|(key, _)| key.alone.is_none());
        let trees: Vec<(Key, Option<Base>)> = trees.map(|(key, tree)| (key.clone(), tree.base.clone())).collect();
        trees.into_iter().filter_map(|(key, base)| inner.state(&key).map(|state| (key, state, base))).collect()
    }
}

impl Base {
    /// What a state is compared with; the known one if that is still it.
    fn read(state: &State, comparison: &Comparison, known: Option<&Self>) -> Result<Option<Self>, GitError> {
        let known = known.filter(|known| known.comparison == *comparison);
        let commit = known.and_then(|known| known.commit.as_deref());
        let open = state.open.keys().filter_map(|path| state.file(path)).cloned().collect();
        let Some(before) = state.disk.before(comparison, open, commit)? else { return Ok(known.cloned()) };
        let snapshot = Arc::new(before.snapshot);
        Ok(Some(Self { comparison: comparison.clone(), commit: before.commit, snapshot }))
    }
}
