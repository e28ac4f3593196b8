//! What is on disk: discovery of promotion trees, and configuration.
//!
//! [`load`] turns what was asked for (paths, standard input, configuration) into what the analysis
//! takes: a [`Snapshot`] of everything that is judged together, and [`Settings`]. What could not be
//! read is told beside it and never stops the rest.
//!
//! - module [`git`]: what stood before a change,
//! - `scope`: which directory is judged together with a path,
//! - `discovery`: walking it, `reading`: bytes to files of a known kind,
//! - `standing`: trees that stay loaded while their files change, `seen`: whether they did,
//! - module [`configuration`]: `promolint.toml`,
//! - module [`writing`]: files that appear whole or not at all,
//! - `baseline`: findings that are known.

use std::path::{Path, PathBuf};

use promolint_analysis::{Settings, Snapshot};

use git::{Before, Comparison, GitError};

mod baseline;
pub mod configuration;
mod discovery;
pub mod git;
mod loading;
mod paths;
mod problem;
mod reading;
mod scope;
mod seen;
mod standing;
pub mod writing;

pub use baseline::{BASELINE_FILE_NAME, Baseline, BaselineError, Compared};
pub use configuration::{Configuration, ConfigurationError};
pub use loading::{configure, load};
pub use problem::Problem;
pub use seen::Seen;
pub use standing::{DiskTree, Surroundings};

/// What is to be checked.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The working directory; paths are relative to it.
    pub directory: PathBuf,
    /// Files and directories; empty means the working directory, or only the standard input where
    /// that is given.
    pub paths: Vec<PathBuf>,
    /// A file whose text replaces, or stands in for, the one on disk.
    pub standard_input: Option<StandardInput>,
    /// Which configuration is used.
    pub configuration: ConfigurationChoice,
    /// Rules and categories from the command line, over the configuration's `select` and `ignore`.
    pub select: Vec<String>,
    /// As `select`.
    pub ignore: Vec<String>,
    /// What the files are compared with; none to judge them as they stand.
    pub comparison: Option<Comparison>,
    /// Rules and categories that may fix, over the configuration's `fixable` and `unfixable`.
    pub fixable: Vec<String>,
    /// As `fixable`.
    pub unfixable: Vec<String>,
}

/// Text from standard input.
#[derive(Clone, Debug)]
pub struct StandardInput {
    /// Where it would stand, relative to the working directory.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Which configuration is used.
#[derive(Clone, Debug, Default)]
pub enum ConfigurationChoice {
    /// `promolint.toml`, found upwards.
    #[default]
    Search,
    /// This file.
    File(PathBuf),
    /// None: the built-in defaults.
    Isolated,
}

/// What was found.
#[derive(Debug)]
pub struct Loaded {
    /// Absolute directory that the snapshot's paths are relative to.
    pub root: PathBuf,
    /// Everything that is judged together.
    pub snapshot: Snapshot,
    /// Policy and rule levels.
    pub settings: Settings,
    /// The configuration in force, with the origin of each value.
    pub configuration: Configuration,
    /// The state before the change, or why it cannot be read; none if none was asked for.
    pub before: Option<Result<Before, GitError>>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Files that the user named and that are no promotion files, as the user would write them.
    pub skipped: Vec<PathBuf>,
    /// Absolute working directory of the request.
    directory: PathBuf,
    /// What was asked for, as paths of the snapshot; `""` is all of it.
    selected: Vec<String>,
}

impl Loaded {
    /// Whether findings in this file (a path of the snapshot) were asked for.
    pub fn is_selected(&self, path: &str) -> bool {
        self.selected.iter().any(|selected| {
            let rest = path.strip_prefix(selected.as_str());
            rest.is_some_and(|rest| selected.is_empty() || rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Where a path of the snapshot is on disk.
    pub fn place(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// A path of the snapshot as it stands in a patch: relative to the git repository, so that `git apply`
    /// finds it from anywhere in there; elsewhere to the working directory, or else the root.
    pub fn patch_path(&self, path: &str) -> String {
        let below = |directory: &Path, file: &Path| {
            let (directory, file) = (directory.canonicalize().ok()?, file.canonicalize().ok()?);
            paths::below(&directory, &file)
        };
        let file = self.place(path);
        let repository = self.root.ancestors().find(|above| above.join(".git").exists());
        let name = below(repository.unwrap_or(&self.directory), &file);
        name.unwrap_or_else(|| path.to_owned())
    }

    /// A path of the snapshot as seen from the working directory of the request, with `/`.
    pub fn display_path(&self, path: &str) -> String {
        paths::seen_from(&self.directory, &self.root.join(path))
    }

    /// A path that the user or the configuration named, as seen from the working directory of the request, with `/`.
    pub fn seen(&self, path: &Path) -> String {
        paths::seen_from(&self.directory, &self.absolute(path))
    }

    /// A path that the user or the configuration named, made absolute.
    pub(crate) fn absolute(&self, path: &Path) -> PathBuf {
        paths::absolute(&self.directory, path)
    }
}
