//! From a request to what is judged.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use promolint_analysis::file::kind_by_place;
use promolint_analysis::{FilePath, Policy, Settings, Snapshot, SourceFile};

use crate::configuration::{self, Configuration, ConfigurationError};
use crate::discovery::{Candidate, Discovery};
use crate::git::{self, After};
use crate::reading::{self, Outcome};
use crate::scope::Scope;
use crate::{Loaded, Problem, Request, StandardInput, paths};

/// Reads everything. An error is one of the configuration only; files that cannot be read are [`Loaded::problems`].
pub fn load(request: &Request) -> Result<Loaded, ConfigurationError> {
    let directory = working_directory(request);
    let targets = Targets::new(request, &directory);
    let root = targets.root();
    let (configuration, settings) = configuration::build(request, &directory, &targets.directory(&directory), &root)?;

    let discovery = targets.discover(&root);
    let mut collected = Collected::default();
    collected.problems.extend(targets.missing);
    collected.read(&root, discovery);
    let replaced: HashSet<String> = targets.standard_input.iter().filter_map(|(path, _)| paths::below(&root, path)).collect();
    if let Some((path, input)) = targets.standard_input {
        collected.replace(&root, &path, input);
    }

    let display = |path: &Path| PathBuf::from(paths::seen_from(&directory, path));
    let complete = targets.scopes.iter().all(|scope| scope.whole) && !collected.lacks_files;
    let mut before = request.comparison.as_ref().map(|comparison| {
        git::read_before(
            comparison,
            After {
                root: &root,
                files: &mut collected.files,
                seen: &collected.seen,
                directories: &collected.directories,
                replaced: &replaced,
                complete,
            },
        )
    });
    if let (Some(Ok(before)), Some(file)) = (&mut before, configuration.files.first()) {
        before.policy =
            before.commit.as_deref().and_then(|commit| policy_before(&root, commit, &paths::absolute(&directory, file), &settings));
    }
    let problems = collected.problems.into_iter().map(|problem| Problem { path: display(&problem.path), ..problem });
    Ok(Loaded {
        snapshot: Snapshot::new(collected.files.into_values().collect(), complete),
        settings,
        configuration,
        before,
        problems: problems.collect(),
        skipped: collected.skipped.iter().map(|path| display(path)).collect(),
        selected: targets.selected.iter().filter_map(|path| paths::below(&root, path)).collect(),
        directory,
        root,
    })
}

/// The policy that a configuration file had in a commit, if it is another one than now.
fn policy_before(root: &Path, commit: &str, file: &Path, settings: &Settings) -> Option<Box<Policy>> {
    let text = git::text_before(root, commit, &paths::seen_from(root, file))?;
    if fs::read_to_string(file).is_ok_and(|now| now == text) {
        return None;
    }
    configuration::policy_of(file, &text).filter(|policy| *policy != settings.policy).map(Box::new)
}

/// The configuration in force for a request, without reading anything else.
pub fn configure(request: &Request) -> Result<(Configuration, Settings), ConfigurationError> {
    let directory = working_directory(request);
    let targets = Targets::new(request, &directory);
    configuration::build(request, &directory, &targets.directory(&directory), &targets.root())
}

fn working_directory(request: &Request) -> PathBuf {
    // Fails for an empty path only.
    let directory = std::path::absolute(&request.directory).unwrap_or_default();
    paths::absolute(&directory, Path::new(""))
}

/// What was asked for; all paths are absolute.
struct Targets<'r> {
    /// Everything that exists or comes from standard input.
    selected: Vec<PathBuf>,
    /// Those of the selected that are directories.
    directories: Vec<PathBuf>,
    /// Those that are files on disk.
    files: Vec<PathBuf>,
    standard_input: Option<(PathBuf, &'r StandardInput)>,
    missing: Vec<Problem>,
    /// One for each of the selected.
    scopes: Vec<Scope>,
}

impl<'r> Targets<'r> {
    fn new(request: &'r Request, directory: &Path) -> Self {
        let mut targets = Self {
            selected: Vec::new(),
            directories: Vec::new(),
            files: Vec::new(),
            standard_input: None,
            missing: Vec::new(),
            scopes: Vec::new(),
        };
        let everything = [PathBuf::from(".")];
        let asked = if request.paths.is_empty() && request.standard_input.is_none() { &everything[..] } else { &request.paths };
        for path in asked {
            let path = paths::absolute(directory, path);
            match fs::metadata(&path) {
                Ok(metadata) if metadata.is_dir() => {
                    targets.scopes.push(Scope::of_directory(&path));
                    targets.directories.push(path.clone());
                    targets.selected.push(path);
                }
                // A link to nothing is there; reading tells what is wrong with it.
                Err(error) if fs::symlink_metadata(&path).is_err() => targets.missing.push(Problem { path, error }),
                Ok(_) | Err(_) => {
                    targets.scopes.push(Scope::of_file(&path));
                    targets.files.push(path.clone());
                    targets.selected.push(path);
                }
            }
        }
        if let Some(input) = &request.standard_input {
            let path = paths::absolute(directory, &input.path);
            targets.scopes.push(Scope::of_file(&path));
            targets.selected.push(path.clone());
            targets.standard_input = Some((path, input));
        }
        if targets.scopes.is_empty() {
            targets.scopes.push(Scope { root: directory.to_owned(), whole: false });
        }
        targets
    }

    /// The nearest directory above all of them, where the search for a configuration begins.
    fn directory(&self, otherwise: &Path) -> PathBuf {
        let directories =
            self.selected.iter().map(|path| if self.directories.contains(path) { path.as_path() } else { path.parent().unwrap_or(path) });
        directories.map(Path::to_owned).reduce(|a, b| paths::common(&a, &b)).unwrap_or_else(|| otherwise.to_owned())
    }

    fn root(&self) -> PathBuf {
        let roots = self.scopes.iter().map(|scope| scope.root.clone());
        roots.reduce(|a, b| paths::common(&a, &b)).unwrap_or_default()
    }

    fn discover(&self, root: &Path) -> Discovery {
        let mut starts: Vec<&Path> = self.scopes.iter().filter(|scope| scope.whole).map(|scope| scope.root.as_path()).collect();
        starts.sort_unstable();
        starts.dedup_by(|inner, outer| inner.starts_with(*outer));
        let mut discovery = Discovery::default();
        for start in starts {
            discovery.walk(root, start);
        }
        // What was named is read even if it is hidden or ignored.
        for directory in &self.directories {
            if paths::below(root, directory).is_some_and(|path| !discovery.directories.contains(&path)) {
                discovery.walk(root, directory);
            }
        }
        for file in &self.files {
            let Some(path) = paths::below(root, file) else { continue };
            let file_type = fs::symlink_metadata(file).ok().map(|metadata| metadata.file_type());
            discovery.files.insert(path, Candidate { path: file.clone(), file_type, named: true });
        }
        discovery
    }
}

/// The files of the snapshot in the making.
#[derive(Default)]
struct Collected {
    files: BTreeMap<FilePath, Arc<SourceFile>>,
    problems: Vec<Problem>,
    skipped: Vec<PathBuf>,
    directories: HashSet<String>,
    /// The paths of all files that were looked at.
    seen: HashSet<String>,
    /// Whether a file is known to exist and could not be read.
    lacks_files: bool,
}

impl Collected {
    fn read(&mut self, root: &Path, discovery: Discovery) {
        self.directories = discovery.directories;
        self.lacks_files = !discovery.problems.is_empty();
        self.problems.extend(discovery.problems);
        for (path, candidate) in discovery.files {
            self.seen.insert(path.clone());
            match reading::read(&path, &candidate, &|path| self.directories.contains(path), None) {
                Outcome::File(file) => {
                    self.files.insert(file.path().clone(), file);
                }
                Outcome::Foreign if candidate.named => self.skipped.push(candidate.path),
                Outcome::Foreign => {}
                Outcome::Unreadable(error) => {
                    self.lacks_files = true;
                    self.problems.push(Problem { path: root.join(path), error });
                }
            }
        }
    }

    fn replace(&mut self, root: &Path, path: &Path, input: &StandardInput) {
        let Some(name) = paths::below(root, path).filter(|name| !name.is_empty() && !path.is_dir()) else {
            let error = io::Error::new(ErrorKind::IsADirectory, "standard input needs the name of a file");
            return self.problems.push(Problem { path: path.to_owned(), error });
        };
        let kind = kind_by_place(&name, &|path| self.directories.contains(path));
        let kind = kind.or_else(|| reading::kind_of_bytes(&name, &input.bytes, true));
        if let Some(kind) = kind {
            let file = SourceFile::from_bytes(name, kind, input.bytes.clone());
            self.files.insert(file.path().clone(), Arc::new(file));
        } else {
            self.files.remove(name.as_str());
            self.skipped.push(path.to_owned());
        }
    }
}
