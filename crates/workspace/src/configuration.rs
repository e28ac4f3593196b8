//! `promolint.toml`: finding it, reading it, and remembering where each value came from.
//!
//! ```toml
//! select = ["all"]               # rules, categories, or all that are on by default
//! ignore = ["header-comment"]    # taken away from these
//! unfixable = ["tag-leading-v"]  # `--fix` leaves these alone; `fixable` names the others
//! baseline = "promolint-baseline.toml"    # findings that are known
//! [severity]
//! latest-tag = "warning"         # error, warning, info, hint, off
//! [[overrides]]                  # for some files; globs as in .gitignore
//! files = ["k8s.gcr.io/"]
//! ignore = ["tree"]              # and select, severity
//! [policy]
//! base = "kubernetes"            # or "none"
//! [policy.images]
//! regions = ["us-east1"]         # replaces the built-in list
//! extend-unwanted-images = ["test/*"]    # adds to it
//! ```
//!
//! The nearest file upwards counts; several are not merged.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use promolint_analysis::{Policy, Rule, Settings, rules};

use crate::{ConfigurationChoice, Request, paths};

mod file;
mod globs;
mod levels;
mod policy;
pub(crate) mod reader;
mod selector;
mod shape;
#[cfg(test)]
mod tests;

use file::ConfigurationFile;
use levels::Layer;
use selector::Selector;

/// Name of the configuration file.
pub const FILE_NAME: &str = "promolint.toml";

/// The configuration in force.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The files it was read from, as the user would write them, nearest first.
    pub files: Vec<PathBuf>,
    /// Absolute path of the file of known findings.
    pub baseline: Option<PathBuf>,
    /// Every value, by dotted key, sorted.
    pub values: Vec<ConfigurationValue>,
}

/// One value and its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigurationValue {
    /// Dotted key, `policy.images.leading-v`; `severity.<rule>` is the level of a rule, `off`
    /// included.
    pub key: String,
    /// The value, as TOML.
    pub value: String,
    /// Where it came from: `built-in`, `promolint.toml:12`, `command line`; for an extended list
    /// `built-in + promolint.toml:12`.
    pub origin: String,
}

impl fmt::Display for ConfigurationValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}  # {}", self.key, self.value, self.origin)
    }
}

/// What is wrong with a configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigurationError {
    /// The file, as the user would write it; none for the command line.
    pub file: Option<PathBuf>,
    /// Line and column, from 1; columns in characters.
    pub place: Option<(u32, u32)>,
    /// What is wrong.
    pub message: String,
    /// What to do; the did-you-mean.
    pub help: Option<String>,
    /// What else is wrong, in the order of the text.
    pub others: Vec<ConfigurationError>,
}

impl fmt::Display for ConfigurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}:", file.display())?;
        }
        if let Some((line, column)) = self.place {
            write!(f, "{line}:{column}:")?;
        }
        if self.file.is_some() {
            write!(f, " ")?;
        }
        write!(f, "{}", self.message)
    }
}

impl std::error::Error for ConfigurationError {}

/// Where a value comes from when nobody said otherwise.
const BUILT_IN: &str = "built-in";
/// Where `--select` and `--ignore` come from.
const COMMAND_LINE: &str = "command line";

/// Whether a word names a rule, a category or all of them: what `select` and `ignore` take.
pub fn check_selector(word: &str) -> Result<(), ConfigurationError> {
    let wrong = |wrong: selector::Wrong| ConfigurationError { message: wrong.message, help: wrong.help, ..ConfigurationError::default() };
    Selector::parse(word, rules::ALL).map(|_| ()).map_err(wrong)
}

/// The configuration for files below `start`; paths in the settings are relative to `root`.
pub(crate) fn build(
    request: &Request,
    directory: &Path,
    start: &Path,
    root: &Path,
) -> Result<(Configuration, Settings), ConfigurationError> {
    let path = match &request.configuration {
        ConfigurationChoice::Isolated => None,
        ConfigurationChoice::File(path) => Some(paths::absolute(directory, path)),
        ConfigurationChoice::Search => start.ancestors().map(|above| above.join(FILE_NAME)).find(|path| path.is_file()),
    };
    let command_line = command_line(rules::ALL, request)?;
    let Some(path) = path else {
        return Ok(put_together(rules::ALL, None, ConfigurationFile::default(), &command_line));
    };
    let name = PathBuf::from(paths::seen_from(directory, &path));
    let text = fs::read(&path).and_then(|bytes| String::from_utf8(bytes).map_err(|_| std::io::Error::other("it is not UTF-8")));
    let text = text.map_err(|error| ConfigurationError {
        file: Some(name.clone()),
        message: format!("the configuration cannot be read: {error}"),
        ..ConfigurationError::default()
    })?;
    // Globs are relative to the file's directory, and paths to the root below it.
    let prefix = path.parent().and_then(|above| paths::below(above, root)).unwrap_or_default();
    let file = file::read(&name, &text, &prefix, rules::ALL)?;
    let baseline = file.baseline.as_ref().map(|baseline| paths::absolute(path.parent().unwrap_or(directory), baseline));
    let (configuration, settings) = put_together(rules::ALL, Some(name), file, &command_line);
    Ok((Configuration { baseline, ..configuration }, settings))
}

/// What is wrong with the text of a configuration file.
pub fn check_text(name: &Path, text: &str) -> Result<(), ConfigurationError> {
    file::read(name, text, "", rules::ALL).map(|_| ())
}

/// The policy of the text of a configuration file; none if the text is wrong.
pub(crate) fn policy_of(name: &Path, text: &str) -> Option<Policy> {
    file::read(name, text, "", rules::ALL).ok().map(|file| file.policy)
}

fn put_together(
    rules: &[&'static Rule],
    name: Option<PathBuf>,
    file: ConfigurationFile,
    command_line: &Layer,
) -> (Configuration, Settings) {
    let mut values = file.values;
    let levels = levels::combine(rules, &file.layer, &file.overrides, command_line, &mut values);
    values.sort_by(|a, b| a.key.cmp(&b.key));
    let unfixable = levels::unfixable(rules, &file.layer, command_line);
    let settings = Settings { policy: file.policy, levels, unfixable, today: None };
    (Configuration { files: name.into_iter().collect(), baseline: None, values }, settings)
}

fn command_line(rules: &[&'static Rule], request: &Request) -> Result<Layer, ConfigurationError> {
    let mut errors = Vec::new();
    let mut read = |option: &str, words: &[String]| {
        let mut selectors = Vec::new();
        for word in words {
            match Selector::parse(word, rules) {
                Ok(selector) => selectors.push(selector),
                Err(wrong) => errors.push(ConfigurationError {
                    message: format!("--{option}: {}", wrong.message),
                    help: wrong.help,
                    ..ConfigurationError::default()
                }),
            }
        }
        selectors
    };
    let place = || COMMAND_LINE.to_owned();
    let placed = |words: Vec<Selector>| words.into_iter().map(|word| (word, place())).collect();
    let select = (!request.select.is_empty()).then(|| (read("select", &request.select), place()));
    let ignore = placed(read("ignore", &request.ignore));
    let fixable = (!request.fixable.is_empty()).then(|| (read("fixable", &request.fixable), place()));
    let unfixable = placed(read("unfixable", &request.unfixable));
    let layer = Layer { select, ignore, fixable, unfixable, ..Layer::default() };
    reader::first_error(errors).map_or(Ok(layer), Err)
}
