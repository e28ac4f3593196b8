//! The baseline: findings that are known and no longer reported, in a file that people can review.
//!
//! ```toml
//! version = 1
//!
//! [[findings]]
//! path = "registry.k8s.io/images/k8s-staging-widget/images.yaml"
//! rule = "digest-not-visible"
//! message = "a digest without double quotes; the promoter's diff mode does not see it and promotes nothing"
//! count = 2
//! ```
//!
//! A finding is known by its [`Fingerprint`], which holds no line, so it stays known when lines move. Paths are
//! relative to the file's own directory, so it means the same from any working directory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use promolint_analysis::{Diagnostic, Fingerprint, Level, rules};

use crate::configuration::ConfigurationError;
use crate::{Loaded, Problem, paths};

mod format;

/// Name of the file that is written when nothing else is said.
pub const BASELINE_FILE_NAME: &str = "promolint-baseline.toml";

/// Known findings.
#[derive(Debug)]
pub struct Baseline {
    /// Absolute directory that its paths are relative to.
    directory: PathBuf,
    /// How often each finding is known.
    findings: BTreeMap<Fingerprint, usize>,
}

/// What is wrong with a baseline.
#[derive(Debug)]
pub enum BaselineError {
    /// It could not be read.
    Unreadable(Problem),
    /// What it says makes no sense.
    Damaged(ConfigurationError),
}

/// What a run has to do with a baseline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Findings that are known.
    pub known: usize,
    /// Findings of the baseline that were looked for and not found.
    pub gone: usize,
}

impl Baseline {
    /// A baseline without findings, whose file would stand at `path`, as seen from the run's working directory.
    pub fn empty(loaded: &Loaded, path: &Path) -> Self {
        let path = loaded.absolute(path);
        Self { directory: path.parent().unwrap_or(&path).to_owned(), findings: BTreeMap::new() }
    }

    /// Reads the file at `path`, as seen from the run's working directory.
    pub fn read(loaded: &Loaded, path: &Path) -> Result<Self, BaselineError> {
        let path = loaded.absolute(path);
        Self::read_at(&path, &PathBuf::from(loaded.seen(&path)))
    }

    /// Reads the file at an absolute path, which people know by `name`.
    pub fn read_at(path: &Path, name: &Path) -> Result<Self, BaselineError> {
        let text = fs::read(path).and_then(|bytes| String::from_utf8(bytes).map_err(|_| io::Error::other("it is not UTF-8")));
        let text = text.map_err(|error| BaselineError::Unreadable(Problem { path: name.to_owned(), error }))?;
        let findings = format::read(name, &text).map_err(BaselineError::Damaged)?;
        Ok(Self { findings, directory: path.parent().unwrap_or(path).to_owned() })
    }

    /// The text of the file: sorted, one block a finding.
    pub fn text(&self) -> String {
        format::text(&self.findings)
    }

    /// How many findings are known.
    pub fn count(&self) -> usize {
        self.findings.values().sum()
    }

    /// Takes the known findings away, and tells how many they are and how many are gone.
    pub fn take_known(&self, loaded: &Loaded, diagnostics: &mut Vec<Diagnostic>) -> Compared {
        let found = diagnostics.len();
        let left = self.retain_unknown(&loaded.root, diagnostics);
        let gone = left.iter().filter(|(fingerprint, _)| self.was_judged(loaded, fingerprint)).map(|(_, count)| count).sum();
        Compared { known: found - diagnostics.len(), gone }
    }

    /// Takes away the known ones of findings whose paths are relative to `root`; the known ones that were not found are
    /// left. A finding that occurs more often than it is known stays, from the first that is too many.
    pub fn retain_unknown(&self, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<Fingerprint, usize> {
        let mut left = self.findings.clone();
        let mut take = |diagnostic: &Diagnostic| match left.get_mut(&self.fingerprint(root, diagnostic)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        };
        // Of findings with the same words, those that a change brings are not the known ones.
        diagnostics.retain(|diagnostic| diagnostic.changed == Some(true) || !take(diagnostic));
        diagnostics.retain(|diagnostic| diagnostic.changed != Some(true) || !take(diagnostic));
        left
    }

    /// Makes `diagnostics` the known findings, instead of all that would have been among them if they still existed.
    pub fn update(&mut self, loaded: &Loaded, diagnostics: &[Diagnostic]) {
        let mut findings = std::mem::take(&mut self.findings);
        findings.retain(|fingerprint, _| !self.was_judged(loaded, fingerprint));
        let mut found: BTreeMap<Fingerprint, usize> = BTreeMap::new();
        for diagnostic in diagnostics {
            *found.entry(self.fingerprint(&loaded.root, diagnostic)).or_default() += 1;
        }
        for (fingerprint, count) in found {
            let known = findings.entry(fingerprint).or_default();
            *known = count.max(*known);
        }
        self.findings = findings;
    }

    fn fingerprint(&self, root: &Path, diagnostic: &Diagnostic) -> Fingerprint {
        let path = paths::seen_from(&self.directory, &root.join(&*diagnostic.path));
        Fingerprint { path, ..Fingerprint::of(diagnostic) }
    }

    /// Whether the run would have found it: its file was asked for, its rule is on, and all is there that the rule needs.
    /// A rule that no longer exists finds nothing.
    fn was_judged(&self, loaded: &Loaded, fingerprint: &Fingerprint) -> bool {
        let path = paths::absolute(&self.directory, Path::new(&fingerprint.path));
        let Some(path) = paths::below(&loaded.root, &path).filter(|path| loaded.is_selected(path)) else { return false };
        let rule = rules::find(&fingerprint.rule);
        loaded.snapshot.complete && rule.is_none_or(|rule| loaded.settings.levels.level(rule, &path) != Level::Off)
    }
}
