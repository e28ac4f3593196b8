//! `promolint.toml`: finding it, reading it, and remembering where each value came from.

use std::fmt;
use std::path::PathBuf;

/// The configuration in force.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The files it was read from, nearest first.
    pub files: Vec<PathBuf>,
    /// Every value, by dotted key, sorted.
    pub values: Vec<ConfigurationValue>,
}

/// One value and its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigurationValue {
    /// Dotted key, `policy.images.leading-v`.
    pub key: String,
    /// The value, as TOML.
    pub value: String,
    /// Where it came from: `built-in`, `promolint.toml:12`, `command line`.
    pub origin: String,
}

/// What is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigurationError {
    /// The file, as the user would write it; none for the command line.
    pub file: Option<PathBuf>,
    /// Line and column, from 1.
    pub place: Option<(u32, u32)>,
    /// What is wrong.
    pub message: String,
    /// What to do; the did-you-mean.
    pub help: Option<String>,
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
