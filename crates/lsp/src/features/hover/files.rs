//! Promotion of files: filestores, and the files that go there.

use std::fmt::Write as _;

use promolint_analysis::model::{FileEntry, FilePromoterManifest, Filestore, Location, Model, Word};
use promolint_analysis::repository::Repository;
use promolint_analysis::{FilePath, SourceFile};

use super::people;
use crate::features::navigation::file_project;
use crate::features::subject::{self, Subject};
use crate::features::text::{code, counted, title};
use crate::session::state::State;

/// A filestore: what it is, and who else promotes to it.
pub(super) fn filestore(state: &State, file: &SourceFile, filestore: &Filestore<'_>, base: &Word<'_>) -> String {
    let mut text = format!("{}\n\n", title(base.as_str()));
    if filestore.is_source {
        text.push_str("Source: the staging that files are promoted from\n\n");
    } else {
        text.push_str("Destination in production");
        let account = filestore.service_account.as_ref().map(|account| format!(", written by {}", code(account.as_str())));
        let _ = write!(text, "{}\n\n", account.unwrap_or_default());
    }
    let repository = state.repository();
    if let Some(project) = file_project(&repository, file.path()) {
        let _ = write!(text, "{} of this project\n\n", counted(project.manifests.len(), "file manifest"));
        text.push_str(&people::approvers(state, &repository, project.owners));
    }
    let same = subject::same(state, file, &Subject::Filestore(filestore, base));
    text + &list("Also in", same.iter().filter(|place| place.path != *file.path()).map(|place| code(&place.path)))
}

/// A file: where it goes, and where its path and its content stand elsewhere.
pub(super) fn file(state: &State, file: &SourceFile, entry: &FileEntry<'_>) -> String {
    let name = entry.name.as_ref().map_or("", Word::as_str);
    let mut text = format!("{}\n\n", title(name));
    let repository = state.repository();
    match promoter(&repository, file.path()) {
        None => text.push_str("No filepromoter-manifest.yaml says where it goes.\n\n"),
        Some(promoter) => {
            let address = |location: Location<'_>| code(&location.join(name));
            text += &list("From", promoter.sources().filter_map(Filestore::location).map(address));
            text += &list("Promoted to", promoter.destinations().filter_map(Filestore::location).map(address));
        }
    }
    let mut paths = Vec::new();
    let mut contents = Vec::new();
    let project = file_project(&repository, file.path());
    for (id, other) in repository.files.iter().enumerate() {
        let is_of_project = project.is_some_and(|project| project.manifests.contains(&id));
        for candidate in subject::files(other.source).filter(|candidate| !std::ptr::eq(*candidate, entry)) {
            let other_name = candidate.name.as_ref().map_or("", Word::as_str);
            if is_of_project && other_name == name {
                paths.push(code(other.source.path()));
            }
            let is_same = entry.sha256.as_ref().zip(candidate.sha256.as_ref()).is_some_and(|(a, b)| a.value == b.value);
            if is_same {
                contents.push(format!("{} in {}", code(other_name), code(other.source.path())));
            }
        }
    }
    text + &list("The same path also in", paths) + &list("The same sha256 also for", contents)
}

fn promoter<'r>(repository: &'r Repository<'_>, path: &FilePath) -> Option<&'r FilePromoterManifest<'r>> {
    let id = file_project(repository, path)?.promoter?;
    if let Model::FilePromoter(promoter) = repository.file(id).model { Some(promoter) } else { None }
}

/// So many items of a list are shown.
const MOST: usize = 20;

/// A list with a heading; nothing where there are no items.
fn list(heading: &str, items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    if items.is_empty() {
        return String::new();
    }
    let mut text = format!("{heading}:\n");
    for item in items.iter().take(MOST) {
        let _ = writeln!(text, "- {item}");
    }
    if items.len() > MOST {
        let _ = writeln!(text, "- {} more", items.len() - MOST);
    }
    text.push('\n');
    text
}
