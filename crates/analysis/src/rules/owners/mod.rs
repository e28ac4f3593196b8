//! OWNERS and `OWNERS_ALIASES`.

pub(super) mod bad_regex;
pub(super) mod duplicate;
pub(super) mod empty;
pub(super) mod invalid_login;
pub(super) mod mixed_filters;
mod neighbours;
mod re2;
pub(super) mod similar_login;
pub(super) mod unknown_alias;
pub(super) mod unknown_key;
pub(super) mod wrong_type;

use foldhash::{HashMap, HashSet};
use promolint_syntax::TextRange;

use crate::file::{FileKind, SourceFile};
use crate::model::{Model, NameList, OwnersFile, Role, Word};
use crate::repository::{File, Repository, is_below};

/// What an OWNERS or `OWNERS_ALIASES` file says.
fn owners<'f, 'a>(file: &'f File<'a>) -> Option<&'f OwnersFile<'a>> {
    match file.model {
        Model::Owners(owners) | Model::OwnersAliases(owners) => Some(owners),
        _ => None,
    }
}

/// The lists of an OWNERS or `OWNERS_ALIASES` file.
fn lists<'f, 'a>(file: &'f File<'a>) -> &'f [NameList<'a>] {
    owners(file).map_or(&[], |owners| &owners.lists)
}

/// Names in the form in which they are compared: letter case counts for nothing.
fn normal(name: &Word<'_>) -> String {
    name.as_str().to_lowercase()
}

/// Whether a syntax error touches a range; what is said of its meaning would be guesswork.
fn is_broken(source: &SourceFile, range: TextRange) -> bool {
    source.document().errors_near(range).iter().any(|error| range.start() <= error.range.end())
}

/// A login as GitHub allows it: letters, digits, `-`, and `_` for users that a company manages.
fn is_login(name: &str) -> bool {
    const LENGTH_LIMIT: usize = 39;
    let name = name.strip_suffix("[bot]").unwrap_or(name);
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=LENGTH_LIMIT).contains(&name.len()) && name.bytes().all(is_allowed) && !name.starts_with('-')
}

/// The aliases of a repository.
struct Aliases<'r> {
    files: Vec<AliasFile<'r>>,
}

/// What an `OWNERS_ALIASES` file declares.
struct AliasFile<'r> {
    /// The directory for which it counts.
    directory: &'r str,
    /// Names of the aliases, in lower case, with the name as it is written.
    names: HashMap<String, &'r str>,
    /// Logins of their members, in lower case.
    members: HashSet<String>,
    /// Whether it could be read from end to end, so that what it lacks is not declared.
    is_sound: bool,
}

impl<'r> Aliases<'r> {
    fn new(repository: &'r Repository<'_>) -> Self {
        let files = repository.files.iter().filter(|file| file.source.kind() == FileKind::OwnersAliases);
        Self { files: files.filter_map(|file| AliasFile::new(file)).collect() }
    }

    /// What counts for a file: the aliases of its directory, or the nearest above.
    fn of(&self, source: &SourceFile) -> Option<&AliasFile<'r>> {
        self.files.iter().filter(|file| is_below(source.path(), file.directory)).max_by_key(|file| file.directory.len())
    }
}

impl<'r> AliasFile<'r> {
    fn new(file: &'r File<'_>) -> Option<Self> {
        let owners = owners(file)?;
        let mut names: HashMap<String, &str> = owners.lists.iter().map(|list| (normal(&list.key), list.key.as_str())).collect();
        // Aliases that miss their indentation; another rule says so.
        let misplaced = owners.unknown_keys.iter().filter(|unknown| unknown.but_for_case.is_none());
        names.extend(misplaced.map(|unknown| (normal(&unknown.key), unknown.key.as_str())));
        let members = owners.lists.iter().flat_map(|list| &list.names).map(normal).collect();
        let are_aliases = owners.unknown_keys.iter().all(|unknown| unknown.entry.value.as_mapping().is_none());
        let is_sound = file.source.document().errors().is_empty() && owners.misfits.is_empty() && !owners.has_merges && are_aliases;
        Some(Self { directory: directory(file.source), names, members, is_sound })
    }

    fn declares(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }
}

fn directory(source: &SourceFile) -> &str {
    source.path().rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// What a list is called in messages.
fn describe(list: &NameList<'_>) -> String {
    match list.role {
        Role::Members => format!("the alias `{}`", list.key.as_str()),
        _ => format!("`{}`", list.key.as_str()),
    }
}
