//! The session: what is open, what is on disk, what is in force. Synchronous; knows no transport.
//!
//! Edits are stored at once ([`Session::open`], [`Session::change`], [`Session::close`]: no disk, no
//! parsing). Whoever needs an answer takes the [`State`] of a tree, which is never changed, and works
//! on it for as long as it likes; parsing and judging happen there, once, when first asked for.

pub mod base;
mod disk;
pub mod document;
pub mod settings;
pub mod state;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use promolint_analysis::{Date, FilePath};
use promolint_workspace::{DiskTree, Surroundings};
use tower_lsp_server::ls_types::Uri;

use crate::position::Encoding;
use base::Base;
use disk::judge;
use document::{Change, Document};
use settings::ClientSettings;
use state::{Judging, State};

/// Everything that the server knows. Locks are held for moments only: never while a file is read or parsed.
#[derive(Debug, Default)]
pub struct Session {
    inner: Mutex<Inner>,
    /// Held while a tree or its configuration is read: each is read once, and what was read later counts.
    reading: Mutex<()>,
}

#[derive(Debug, Default)]
struct Inner {
    encoding: Encoding,
    client: Arc<ClientSettings>,
    folders: Vec<PathBuf>,
    documents: HashMap<PathBuf, Arc<Document>>,
    trees: HashMap<Key, Tree>,
    today: Option<Date>,
}

/// What is judged together: a root, or a file alone.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Key {
    surroundings: Surroundings,
    alone: Option<PathBuf>,
}

#[derive(Debug)]
struct Tree {
    disk: Arc<DiskTree>,
    judging: Arc<Judging>,
    base: Option<Base>,
    /// The present state; none after a change, until somebody asks for it.
    state: Option<Arc<State>>,
}

impl Key {
    /// Whether a file belongs to what is judged under this key.
    pub fn holds(&self, document: &Document) -> bool {
        *self == Self::of(document)
    }

    fn of(document: &Document) -> Self {
        let surroundings = document.surroundings().clone();
        let alone = (!surroundings.whole).then(|| document.path.clone());
        Self { surroundings, alone }
    }
}

impl Session {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what the client said of itself.
    pub fn initialize(&self, encoding: Encoding, folders: Vec<PathBuf>, client: ClientSettings, today: Option<Date>) {
        let mut inner = self.lock();
        *inner = Inner { encoding, folders, client: Arc::new(client), today, ..Inner::default() };
    }

    /// What positions count.
    pub fn encoding(&self) -> Encoding {
        self.lock().encoding
    }

    /// What the client wants.
    pub fn client(&self) -> Arc<ClientSettings> {
        Arc::clone(&self.lock().client)
    }

    /// A file was opened.
    pub fn open(&self, uri: Uri, path: PathBuf, version: i32, text: String) {
        let mut inner = self.lock();
        inner.documents.insert(path.clone(), Arc::new(Document::open(uri, path, version, text)));
        let Inner { trees, documents, .. } = &mut *inner;
        for (key, tree) in trees {
            take_over(key, tree, documents);
        }
        inner.forget_states();
    }

    /// An open file was edited; false if it is not open.
    pub fn change(&self, path: &Path, version: i32, changes: &[Change]) -> bool {
        let mut inner = self.lock();
        let Some(document) = inner.documents.get(path) else { return false };
        let edited = Arc::new(document.changed(version, changes, inner.encoding));
        inner.documents.insert(path.to_owned(), edited);
        inner.forget_states();
        true
    }

    /// A file was closed: what is on disk counts again, once [`Session::refresh`] has read it; until then, what was open.
    pub fn close(&self, path: &Path) {
        let mut inner = self.lock();
        let parsed = inner.documents.remove(path).and_then(|document| document.parsed());
        inner.trees.retain(|key, _| key.alone.as_deref() != Some(path));
        for (key, tree) in &mut inner.trees {
            if let Some(file) = parsed.as_ref().filter(|file| key.surroundings.name(path).as_deref() == Some(&**file.path())) {
                Arc::make_mut(&mut tree.disk).take_back(Arc::clone(file));
            }
        }
        inner.forget_states();
    }

    /// The open file at a path.
    pub fn document(&self, path: &Path) -> Option<Arc<Document>> {
        self.lock().documents.get(path).cloned()
    }

    /// All open files.
    pub fn documents(&self) -> Vec<Arc<Document>> {
        self.lock().documents.values().cloned().collect()
    }

    /// The folders of the workspace.
    pub fn folders(&self) -> Vec<PathBuf> {
        self.lock().folders.clone()
    }

    /// Folders came and went.
    pub fn change_folders(&self, added: Vec<PathBuf>, removed: &[PathBuf]) {
        let mut inner = self.lock();
        inner.folders.retain(|folder| !removed.contains(folder));
        for folder in added {
            if !inner.folders.contains(&folder) {
                inner.folders.push(folder);
            }
        }
    }

    /// The client's settings changed; true if what is found must be judged anew, too.
    pub fn take_settings(&self, client: ClientSettings) -> bool {
        let mut inner = self.lock();
        let same = (&inner.client.select, &inner.client.ignore) == (&client.select, &client.ignore);
        inner.client = Arc::new(client);
        inner.forget_states();
        !same
    }

    /// Reads again by what is judged. Takes as long as reading a tree, if one is being read: it takes the settings
    /// from before.
    pub fn judge_anew(&self) {
        let _reading = self.start_reading();
        self.reconfigure();
    }

    fn start_reading(&self) -> MutexGuard<'_, ()> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state of the tree that an open file belongs to, with the file's path in it. Reads the tree the first time.
    pub fn state_of(&self, path: &Path) -> Option<(Arc<State>, FilePath)> {
        if let Some(document) = self.document(path) {
            // Asks the disk where the file belongs, so without the lock.
            let key = Key::of(&document);
            let name = key.surroundings.name(path)?;
            return Some((self.state(&key), name.into()));
        }
        let surroundings = Surroundings::of_file(path);
        let name = surroundings.name(path)?;
        surroundings.whole.then(|| (self.state(&Key { surroundings, alone: None }), name.into()))
    }

    /// The states of all trees with open files, and with `folders` of all workspace folders.
    pub fn states(&self, folders: bool) -> Vec<(Key, Arc<State>)> {
        let documents = self.documents();
        let mut keys: Vec<Key> = Vec::new();
        let of_folders = if folders { self.folders() } else { Vec::new() };
        let of_folders = of_folders.iter().map(|folder| Key { surroundings: Surroundings::of_directory(folder), alone: None });
        for key in documents.iter().map(|document| Key::of(document)).chain(of_folders) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys.into_iter().map(|key| (key.clone(), self.state(&key))).collect()
    }

    fn state(&self, key: &Key) -> Arc<State> {
        loop {
            if let Some(state) = self.lock().state(key) {
                return state;
            }
            let _reading = self.start_reading();
            let (client, today) = {
                let inner = self.lock();
                if inner.trees.contains_key(key) {
                    continue;
                }
                (Arc::clone(&inner.client), inner.today)
            };
            let disk = Arc::new(DiskTree::read(&key.surroundings, None));
            let judging = Arc::new(judge(&key.surroundings, &client, today, None));
            let mut tree = Tree { disk, judging, base: None, state: None };
            let mut inner = self.lock();
            take_over(key, &mut tree, &inner.documents);
            inner.trees.insert(key.clone(), tree);
        }
    }

    /// Forgets trees that nobody has open any more.
    pub fn forget_unused(&self) {
        let folders: Vec<Surroundings> = self.folders().iter().map(|folder| Surroundings::of_directory(folder)).collect();
        let used: Vec<Key> = self.documents().iter().map(|document| Key::of(document)).collect();
        self.lock().trees.retain(|key, _| used.contains(key) || folders.contains(&key.surroundings));
    }
}

impl Inner {
    fn forget_states(&mut self) {
        self.trees.values_mut().for_each(|tree| tree.state = None);
    }

    /// The present state of a tree that was read.
    fn state(&mut self, key: &Key) -> Option<Arc<State>> {
        let tree = self.trees.get_mut(key)?;
        if let Some(state) = &tree.state {
            return Some(Arc::clone(state));
        }
        let mut open = BTreeMap::new();
        for document in self.documents.values() {
            if key.alone.as_ref().is_some_and(|alone| *alone != document.path) {
                continue;
            }
            // A path below the root may still lie in another tree, one with a root of its own.
            if let Some(name) = key.surroundings.name(&document.path) {
                open.insert(FilePath::from(name), Arc::clone(document));
            }
        }
        let before = tree.base.as_ref().map(|base| Arc::clone(&base.snapshot));
        let state = State::new(Arc::clone(&tree.disk), Arc::clone(&tree.judging), open, self.encoding, Arc::clone(&self.client), before);
        Some(Arc::clone(tree.state.insert(Arc::new(state))))
    }
}

/// Hands files that are open over to their documents: the text on disk counts only when they are closed,
/// and is read again then.
fn take_over(key: &Key, tree: &mut Tree, documents: &HashMap<PathBuf, Arc<Document>>) {
    for document in documents.values() {
        let Some(name) = key.surroundings.name(&document.path).filter(|name| tree.disk.files().contains_key(name.as_str())) else {
            continue;
        };
        if let Some(source) = Arc::make_mut(&mut tree.disk).give(&name) {
            document.adopt(source);
        }
    }
}
