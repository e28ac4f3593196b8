//! Policy: what an organisation decided, as data.
//!
//! The built-in policy is the one of kubernetes/k8s.io; the configuration extends or replaces it.
//! An empty list switches off what depends on it.

use std::collections::BTreeMap;

use serde::Deserialize;

mod registries;

pub use registries::{Destination, Source};

/// The built-in policy, in TOML.
pub const BUILTIN: &str = include_str!("builtin.toml");

/// Everything that rules must not know by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Policy {
    /// Promotion of images.
    pub images: ImagePolicy,
    /// Promotion of files.
    pub files: FilePolicy,
    /// Groups of the projects.
    pub groups: GroupPolicy,
    /// OWNERS files.
    pub owners: OwnersPolicy,
    /// Trees that are closed.
    pub frozen_trees: Vec<FrozenTree>,
}

/// Policy for the promotion of images.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct ImagePolicy {
    /// Pattern of a project's directory name, with `<project>`.
    pub directory: String,
    /// Registries whose images may be promoted.
    pub sources: Vec<SourcePolicy>,
    /// Patterns of production registries, with `<region>`, without sub-path.
    pub destinations: Vec<String>,
    /// Values of `<region>`.
    pub regions: Vec<String>,
    /// Accounts that may stand on destinations.
    pub service_accounts: Vec<String>,
    /// Whether tags start with `v`.
    pub leading_v: LeadingV,
    /// Globs of tags that move.
    pub moving_tags: Vec<String>,
    /// Globs of tags that may stand on several digests in `image_tags.yaml`.
    pub shared_tags: Vec<String>,
    /// Globs of image names that are never promoted.
    pub unwanted_images: Vec<String>,
    /// Architectures that make image names.
    pub architectures: Vec<String>,
    /// Families of images that share digests.
    pub same_image: Vec<Vec<String>>,
    /// Directory to those whose images it copies on purpose, under other names too.
    pub copies: BTreeMap<String, Vec<String>>,
    /// Directories with images that need no manifest any more.
    pub retired_directories: Vec<String>,
    /// Directory to source project, where they differ.
    pub source_exceptions: BTreeMap<String, String>,
    /// Directory to its sub-paths (`""` is the root), where they differ.
    pub sub_path_exceptions: BTreeMap<String, Vec<String>>,
}

/// A kind of source registry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SourcePolicy {
    /// Pattern with `<project>`.
    pub pattern: String,
    /// Where its projects are declared.
    #[serde(default)]
    pub declared_in: Option<DeclaredIn>,
    /// The most characters that `<project>` can have.
    #[serde(default)]
    pub name_limit: Option<usize>,
}

/// Where a project is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeclaredIn {
    /// `infra.staging.projects` of `infra.yaml`.
    Infra,
    /// `registries` of `registries.tf`.
    Registries,
}

/// How tags without a leading `v` are judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeadingV {
    /// Against the image's own convention.
    Convention,
    /// Every version has one.
    Required,
    /// Not at all.
    #[default]
    Off,
}

/// Policy for the promotion of files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct FilePolicy {
    /// Pattern of the name of a project's staging bucket, with `<project>`; empty where nothing is known of it.
    pub staging_bucket: String,
    /// Schemes of `base`, without `://`.
    pub schemes: Vec<String>,
    /// Accounts that may stand on destinations.
    pub service_accounts: Vec<String>,
    /// Globs of the names of file manifests that list several releases.
    pub several_releases: Vec<String>,
}

/// Policy for groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct GroupPolicy {
    /// Address of a project's group, with `<project>`.
    pub pattern: String,
    /// The most characters that `<project>` can have in it.
    pub name_limit: Option<usize>,
}

/// Policy for OWNERS files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct OwnersPolicy {
    /// Endings that tell an alias from a login.
    pub alias_suffixes: Vec<String>,
}

/// A closed tree and the one that replaces it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FrozenTree {
    /// Directory of the closed tree.
    pub frozen: String,
    /// Directory of the tree that replaces it, beside the closed one.
    pub live: String,
}

impl Policy {
    /// The built-in policy.
    ///
    /// # Panics
    /// Never: a test reads the same text.
    pub fn builtin() -> Self {
        toml::from_str(BUILTIN).expect("the built-in policy is read by a test")
    }
}

/// The part of `text` that stands for `<project>` (or another `<name>`) in `pattern`.
pub fn capture<'t>(pattern: &str, text: &'t str) -> Option<&'t str> {
    let (before, rest) = pattern.split_once('<')?;
    let (_, after) = rest.split_once('>')?;
    text.strip_prefix(before)?.strip_suffix(after).filter(|found| !found.is_empty())
}

/// `pattern` with its `<name>` replaced.
pub fn fill(pattern: &str, value: &str) -> String {
    match (pattern.find('<'), pattern.find('>')) {
        (Some(open), Some(close)) if open < close => format!("{}{value}{}", &pattern[..open], &pattern[close + 1..]),
        _ => pattern.to_owned(),
    }
}

/// Whether a name matches one of the globs, in which `*` stands for anything.
pub fn matches_any(globs: &[String], name: &str) -> bool {
    globs.iter().any(|glob| matches(glob.as_bytes(), name.as_bytes()))
}

fn matches(glob: &[u8], name: &[u8]) -> bool {
    let (mut at, mut name_at) = (0, 0);
    // What stands behind the last `*`, and where in the name it was tried.
    let mut last: Option<(usize, usize)> = None;
    while name_at < name.len() {
        match (glob.get(at), last) {
            (Some(b'*'), _) => {
                at += 1;
                last = Some((at, name_at));
            }
            (Some(byte), _) if *byte == name[name_at] => {
                at += 1;
                name_at += 1;
            }
            (_, Some((behind, tried))) => {
                (at, name_at) = (behind, tried + 1);
                last = Some((at, name_at));
            }
            _ => return false,
        }
    }
    glob[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_policy_is_read() {
        let policy = Policy::builtin();
        assert_eq!(policy.images.regions.len(), 22);
        assert_eq!(policy.images.leading_v, LeadingV::Convention);
    }

    #[test]
    fn patterns_capture_and_fill() {
        assert_eq!(capture("gcr.io/k8s-staging-<project>", "gcr.io/k8s-staging-kueue"), Some("kueue"));
        assert_eq!(capture("gcr.io/k8s-staging-<project>", "gcr.io/k8s-staging-"), None);
        assert_eq!(fill("<region>-docker.pkg.dev/x", "us-west1"), "us-west1-docker.pkg.dev/x");
        assert_eq!(fill("plain.example/x", "y"), "plain.example/x");
    }

    #[test]
    fn globs() {
        let globs = ["latest".to_owned(), "latest-*".to_owned(), "*-latest".to_owned(), "mock/*".to_owned()];
        for name in ["latest", "latest-x", "a-latest", "mock/a"] {
            assert!(matches_any(&globs, name), "{name}");
        }
        for name in ["late", "xlatest", "amock/a"] {
            assert!(!matches_any(&globs, name), "{name}");
        }
        assert!(matches(b"a*bc*d*", b"abxbcbd"));
        assert!(!matches(b"a*bc*d", b"abcdx"));
        assert!(!matches("*a".repeat(30).as_bytes(), "a".repeat(29).as_bytes()));
    }
}
