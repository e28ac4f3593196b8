//! What changes on disk: files, configurations and baselines are read again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use promolint_analysis::{Date, Policy, Settings};
use promolint_workspace::{Baseline, DiskTree, Seen, Surroundings};

use super::settings::ClientSettings;
use super::state::Judging;
use super::{Inner, Key, Session, take_over};

impl Session {
    /// Reads configurations again, while nobody else does; of those that are broken now, the last good ones stay in force.
    pub(super) fn reconfigure(&self) {
        let (keys, client, today) = {
            let inner = self.lock();
            let keys: Vec<_> = inner.trees.iter().map(|(key, tree)| (key.clone(), Arc::clone(&tree.judging))).collect();
            (keys, Arc::clone(&inner.client), inner.today)
        };
        for (key, before) in keys {
            let judging = Arc::new(judge(&key.surroundings, &client, today, Some(&before)));
            if let Some(tree) = self.lock().trees.get_mut(&key) {
                tree.judging = judging;
                tree.state = None;
            }
        }
    }

    /// Files changed on disk: reads them again. May take as long as reading a tree.
    pub fn refresh(&self, changed: &[PathBuf]) {
        let _reading = self.start_reading();
        self.relocate();
        if changed.iter().any(|path| self.is_judged_by(path)) {
            self.reconfigure();
        }
        let trees: Vec<(Key, Arc<DiskTree>)> = self
            .lock()
            .trees
            .iter()
            .filter(|(key, _)| key.alone.is_none())
            .map(|(key, tree)| (key.clone(), Arc::clone(&tree.disk)))
            .collect();
        for (key, before) in trees {
            let names: BTreeSet<String> = changed.iter().filter_map(|path| key.surroundings.name(path)).collect();
            if names.is_empty() {
                continue;
            }
            let single = names.len() < 50 && names.iter().all(|name| before.is_single(name));
            let disk = if single {
                let mut disk = (*before).clone();
                for name in &names {
                    disk.reread(name);
                }
                disk
            } else {
                DiskTree::read(&key.surroundings, Some(&before))
            };
            self.replace(&key, disk);
        }
    }

    /// Whether a file is a configuration or a baseline, or what one that is a link may lead to.
    fn is_judged_by(&self, path: &Path) -> bool {
        is_toml(path) || self.lock().trees.values().any(|tree| tree.judging.seen.holds(path))
    }

    /// Names of files by which trees are judged and that are no TOML by name: a baseline may have any.
    pub fn other_names(&self) -> BTreeSet<String> {
        let inner = self.lock();
        let paths = inner.trees.values().flat_map(|tree| tree.judging.seen.paths()).filter(|path| !is_toml(path));
        paths.filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).collect()
    }

    fn replace(&self, key: &Key, disk: DiskTree) {
        let mut inner = self.lock();
        let Inner { trees, documents, .. } = &mut *inner;
        if let Some(tree) = trees.get_mut(key) {
            tree.disk = Arc::new(disk);
            take_over(key, tree, documents);
            tree.state = None;
        }
    }

    /// Finds out again where open files belong: a repository, a tree or a configuration may have appeared around them.
    fn relocate(&self) {
        for document in self.documents() {
            let surroundings = Surroundings::of_file(&document.path);
            let mut inner = self.lock();
            let Some(present) = inner.documents.get_mut(&document.path).filter(|present| *present.surroundings() != surroundings) else {
                continue;
            };
            *present = Arc::new(present.moved(surroundings));
            inner.forget_states();
        }
    }

    /// Reads the trees again for which something else stands on disk than was read; true if there were any.
    pub fn look(&self) -> bool {
        let trees: Vec<_> =
            self.lock().trees.iter().map(|(key, tree)| (key.clone(), Arc::clone(&tree.disk), Arc::clone(&tree.judging))).collect();
        let is_outdated = |(_, disk, judging): &(Key, Arc<DiskTree>, Arc<Judging>)| disk.is_outdated() || judging.seen.is_outdated();
        let outdated: Vec<_> = trees.into_iter().filter(is_outdated).collect();
        if outdated.is_empty() {
            return false;
        }
        let _reading = self.start_reading();
        for (key, disk, _) in outdated {
            self.replace(&key, DiskTree::read(&key.surroundings, Some(&disk)));
        }
        self.relocate();
        self.reconfigure();
        true
    }

    /// Reads everything again.
    pub fn reload(&self) {
        let _reading = self.start_reading();
        self.relocate();
        self.lock().trees.clear();
    }
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml")
}

/// What is in force there now; `before` counts where the configuration is broken.
pub(super) fn judge(surroundings: &Surroundings, client: &ClientSettings, today: Option<Date>, before: Option<&Judging>) -> Judging {
    let mut seen = Seen::default();
    for place in surroundings.configuration_places() {
        seen.look_at(place);
    }
    let judging = match surroundings.configure(&client.select, &client.ignore) {
        Ok((configuration, settings)) => {
            let files = configuration.files.iter().map(|file| surroundings.root.join(file)).collect();
            let baseline = configuration.baseline.and_then(|name| {
                let path = surroundings.root.join(&name);
                seen.look_at(path.clone());
                read_baseline(&path, &name)
            });
            Judging::new(settings, files, None, today).without(baseline)
        }
        Err(error) => {
            let file = error.file.iter().map(|file| surroundings.root.join(file)).collect();
            let last = before.map(|before| before.settings.clone());
            let settings = last.unwrap_or_else(|| Settings { policy: Policy::builtin(), ..Settings::default() });
            Judging::new(settings, file, Some(error), today)
        }
    };
    judging.having_seen(seen)
}

/// The baseline that a configuration names. One that cannot be read hides nothing.
fn read_baseline(path: &Path, name: &Path) -> Option<Baseline> {
    let read = Baseline::read_at(path, name);
    read.inspect_err(|error| tracing::warn!("the baseline {} cannot be read: {error:?}", name.display())).ok()
}
