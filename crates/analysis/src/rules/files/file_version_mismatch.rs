use foldhash::{HashMap, HashMapExt, HashSet};

use super::Project;
use super::release::{Release, versions_of_path, without_versions};
use crate::model::{FileEntry, Word};
use crate::policy::{Policy, matches_any};
use crate::repository::{File, Repository};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// The paths in a manifest carry the version that the manifest is named after.
    ///
    /// `v1.28.4.yaml` promotes `v1.28.4/…`. A path of another version was left over from the manifest
    /// that was copied; one without the version is promoted to a place that every release shares, and
    /// overwritten by the next one. Projects whose paths never have versions are left alone, and so are
    /// manifests that list several releases on purpose (policy: `files.several-releases`). A leading `v`
    /// makes no difference.
    ///
    /// A path whose directory and file name carry different versions is told too, where those of similar
    /// files agree.
    ///
    /// There is one finding for each manifest, on the first such path.
    ///
    /// ## Bad
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.4.0.yaml
    /// files:
    /// - name: linux/amd64/tool
    ///   sha256: 64e604787cbf194841e7b68d7cd28786f6c9a0a3ab9f8b0a0e87cb4387ab0107
    /// - name: linux/arm64/tool
    ///   sha256: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
    /// ```
    ///
    /// ## Good
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.4.0.yaml
    /// files:
    /// - name: v1.4.0/linux/amd64/tool
    ///   sha256: 64e604787cbf194841e7b68d7cd28786f6c9a0a3ab9f8b0a0e87cb4387ab0107
    /// - name: v1.4.0/linux/arm64/tool
    ///   sha256: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
    /// ```
    pub static RULE = {
        name: "file-version-mismatch",
        category: Files,
        severity: Warning,
        check: Check::Repository(check),
    }
}

/// A manifest that is named after a version, with the versions in its paths.
struct Manifest<'r, 'a> {
    file: &'r File<'a>,
    release: Release<'r>,
    paths: Vec<PathInManifest<'r, 'a>>,
}

struct PathInManifest<'r, 'a> {
    entry: &'r FileEntry<'a>,
    name: &'r str,
    versions: Vec<Release<'r>>,
    /// Whether one of them is the manifest's.
    fits: bool,
}

fn check(repository: &Repository<'_>, findings: &mut Findings) {
    for project in super::projects(repository) {
        let manifests = manifests(&project, repository.policy);
        check_paths(&manifests, findings);
        check_file_names(&project, findings);
    }
}

fn manifests<'r, 'a>(project: &Project<'r, 'a>, policy: &Policy) -> Vec<Manifest<'r, 'a>> {
    let mut manifests = Vec::new();
    for (_, file) in &project.manifests {
        let file: &'r File<'a> = file;
        let name = file.source.name();
        let release = Release::of_manifest(name).filter(|_| !matches_any(&policy.files.several_releases, name));
        let (Some(release), Some(manifest)) = (release, file.file_manifest()) else { continue };
        let paths = manifest.files.iter().filter_map(|entry| {
            let name = entry.name.as_ref()?.as_str();
            let versions = versions_of_path(name);
            let fits = versions.iter().any(|version| release.is_same(version));
            Some(PathInManifest { entry, name, versions, fits })
        });
        manifests.push(Manifest { file, release, paths: paths.collect() });
    }
    manifests
}

/// Paths that lack the version of their manifest.
fn check_paths(manifests: &[Manifest<'_, '_>], findings: &mut Findings) {
    if manifests.iter().all(|manifest| manifest.paths.iter().all(|path| path.fits)) {
        return;
    }
    // The files of the project, without their versions: those that have one in other manifests need it.
    let fitting = manifests.iter().flat_map(|manifest| manifest.paths.iter().filter(|path| path.fits));
    let known: HashSet<String> = fitting.map(|path| without_versions(path.name, &path.versions)).collect();
    let with_version = manifests.iter().filter(|manifest| manifest.paths.iter().any(|path| path.fits)).count();
    let is_convention = with_version * 2 > manifests.len();
    for manifest in manifests {
        let has_own = manifest.paths.iter().any(|path| path.fits);
        let is_alone = manifests.len() == 1 && manifest.paths.iter().all(PathInManifest::starts_with_version);
        let is_wrong = |path: &&PathInManifest<'_, '_>| {
            !path.fits
                && (known.contains(&without_versions(path.name, &path.versions))
                    || has_own && path.starts_with_version()
                    || !has_own && (is_convention || is_alone))
        };
        let mut wrong = manifest.paths.iter().filter(is_wrong);
        let Some(first) = wrong.next() else { continue };
        let example = manifests.iter().flat_map(|other| &other.paths).find(|path| path.fits);
        let mut finding = finding(manifest, first, example);
        let mut told = vec![first.version()];
        for path in wrong {
            if !told.contains(&path.version()) {
                told.push(path.version());
                let message = path.version().map_or_else(|| "has no version".to_owned(), |version| format!("belongs to {version}"));
                finding = finding.related(manifest.file.source, path.entry.range(), message);
            }
        }
        findings.push(finding);
    }
}

fn finding(manifest: &Manifest<'_, '_>, path: &PathInManifest<'_, '_>, example: Option<&PathInManifest<'_, '_>>) -> Finding {
    let release = manifest.release.text;
    let shown = path.name.escape_debug();
    let finding = |message: String| Finding::new(manifest.file.source, path.entry.range(), message);
    if let Some(version) = path.version() {
        let consequence = if manifest.paths.iter().any(|path| path.fits) {
            "so another release is promoted along with it"
        } else {
            "so that release is not promoted"
        };
        let message = format!("`{shown}` belongs to {version}, but the manifest is named after {release}, {consequence}");
        return finding(message).help(format!("list the files of {release}, or move these to the manifest of {version}"));
    }
    let message = format!("`{shown}` lacks the version {release}, so it is promoted to a place that other releases overwrite");
    let starts = example.is_none_or(PathInManifest::starts_with_version);
    let has_v = example.and_then(|example| example.versions.first()).map(|version| version.text.starts_with('v'));
    let directory = match has_v {
        Some(true) if !release.starts_with('v') => format!("v{release}"),
        Some(false) => release.trim_start_matches('v').to_owned(),
        _ => release.to_owned(),
    };
    finding(message).help(match example {
        Some(example) if !starts => format!("put the version in the path, as in `{}`", example.name.escape_debug()),
        _ => format!("put the files in `{directory}/`, in the staging bucket and here"),
    })
}

impl PathInManifest<'_, '_> {
    /// Whether the first directory is a version, or begins with one.
    fn starts_with_version(&self) -> bool {
        self.versions.first().is_some_and(|version| version.start == 0 && self.name.contains('/'))
    }

    fn version(&self) -> Option<&str> {
        self.versions.first().map(|version| version.text)
    }
}

/// Files whose name has another version than their directory, where those of the same tool agree.
fn check_file_names(project: &Project<'_, '_>, findings: &mut Findings) {
    let mut agreeing: HashMap<&str, usize> = HashMap::new();
    let mut differing = Vec::new();
    for (_, file) in &project.manifests {
        for entry in file.file_manifest().into_iter().flat_map(|manifest| &manifest.files) {
            let Some(name) = entry.name.as_ref().map(Word::as_str) else { continue };
            let file_name = name.rfind('/').map_or(0, |slash| slash + 1);
            // Most names have no version, which is seen without taking the path apart.
            if !name[file_name..].bytes().any(|byte| byte.is_ascii_digit()) {
                continue;
            }
            let versions = versions_of_path(name);
            let directory = versions.iter().rfind(|version| version.start < file_name);
            let own = versions.iter().find(|version| version.start >= file_name);
            let (Some(directory), Some(own)) = (directory, own) else { continue };
            let tool = &name[file_name..own.start];
            if directory.is_same(own) {
                *agreeing.entry(tool).or_default() += 1;
            } else {
                differing.push((*file, entry, tool, directory.text, own.text));
            }
        }
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (_, _, tool, _, _) in &differing {
        *counts.entry(tool).or_default() += 1;
    }
    for (file, entry, tool, directory, own) in differing {
        if agreeing.get(tool).is_some_and(|agreeing| *agreeing >= 2 * counts[tool]) {
            let name = entry.name.as_ref().map_or("", Word::as_str);
            let message = format!(
                "`{}` is a file of {own} in the directory of {directory}, so users get another version than they ask for",
                name.escape_debug()
            );
            findings.push(Finding::new(file.source, entry.range(), message).help("give directory and file the same version"));
        }
    }
}
