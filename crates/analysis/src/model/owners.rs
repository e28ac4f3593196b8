//! OWNERS and `OWNERS_ALIASES`: who reviews and approves.
//!
//! Read as Prow reads them: YAML turned into JSON, unknown keys passed over, keys in any letter
//! case, the last of repeated keys in force. What does not fit is kept beside what does, for the
//! rules of the category "owners".

use foldhash::{HashMap, HashMapExt};

use promolint_syntax::{Entry, Mapping, Node, NodeKind, Resolved};

use super::Word;
use super::problem::{ProblemKind, Shape};
use super::reader::Reader;

/// OWNERS or `OWNERS_ALIASES`.
#[derive(Debug, Default)]
pub struct OwnersFile<'a> {
    /// Lists of names, in the order of the file: of OWNERS those at the top, then those of the
    /// filters; of `OWNERS_ALIASES` one for each alias.
    pub lists: Vec<NameList<'a>>,
    /// The key `filters`.
    pub filters_key: Option<Word<'a>>,
    /// Patterns of the filters.
    pub filters: Vec<Word<'a>>,
    /// Options that are on.
    pub options: Vec<Word<'a>>,
    /// Keys that nothing reads, or not at this place.
    pub unknown_keys: Vec<UnknownOwnersKey<'a>>,
    /// Values of another type than their key needs.
    pub misfits: Vec<Misfit<'a>>,
    /// Whether parts come from merge keys, which are not followed.
    pub has_merges: bool,
}

/// What the names of a list are for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// `approvers`
    Approvers,
    /// `reviewers`
    Reviewers,
    /// `required_reviewers`
    RequiredReviewers,
    /// `emeritus_approvers` and `emeritus_reviewers`, which nothing depends on.
    Emeritus,
    /// `labels`; no people.
    Labels,
    /// The members of an alias.
    Members,
}

impl Role {
    /// Whether somebody is asked because of the list.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Approvers | Self::Reviewers | Self::RequiredReviewers)
    }
}

/// A key with a list of names.
#[derive(Debug)]
pub struct NameList<'a> {
    /// What for.
    pub role: Role,
    /// The key, or the name of the alias.
    pub key: Word<'a>,
    /// Whether it stands in a filter.
    pub in_filter: bool,
    /// The value.
    pub node: Node<'a>,
    /// Its names, empty ones left out.
    pub names: Vec<Word<'a>>,
}

/// The levels of an OWNERS file, and the one of `OWNERS_ALIASES`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OwnersLevel {
    /// The top of OWNERS.
    Top,
    /// Below `options`.
    Options,
    /// Below the pattern of a filter.
    Filter,
    /// The top of `OWNERS_ALIASES`.
    Aliases,
}

impl OwnersLevel {
    /// For messages: "a filter".
    pub fn describe(self) -> &'static str {
        match self {
            Self::Top => "an OWNERS file",
            Self::Options => "`options`",
            Self::Filter => "a filter",
            Self::Aliases => "an OWNERS_ALIASES file",
        }
    }

    /// The keys that may stand there.
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Top => &[
                "approvers",
                "reviewers",
                "required_reviewers",
                "emeritus_approvers",
                "emeritus_reviewers",
                "labels",
                "options",
                "filters",
            ],
            Self::Options => &["no_parent_owners", "auto_approve_unowned_subfolders"],
            Self::Filter => &["approvers", "reviewers", "required_reviewers", "emeritus_approvers", "emeritus_reviewers", "labels"],
            Self::Aliases => &["aliases"],
        }
    }
}

/// A key that is not among those of its level.
#[derive(Debug)]
pub struct UnknownOwnersKey<'a> {
    /// The key.
    pub key: Word<'a>,
    /// Key and value.
    pub entry: Entry<'a>,
    /// Where it stands.
    pub level: OwnersLevel,
    /// The key that it is but for letter case; then its value is read all the same.
    pub but_for_case: Option<&'static str>,
}

/// A value of another type than its key needs.
#[derive(Debug)]
pub struct Misfit<'a> {
    /// The key; none for the root of the file.
    pub key: Option<Word<'a>>,
    /// What the value is.
    pub role: MisfitRole,
    /// The type it must have.
    pub expected: Shape,
    /// The value.
    pub found: Node<'a>,
}

/// What the misfitting value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MisfitRole {
    /// The whole file.
    Root,
    /// The value of a key.
    Value,
    /// A name in a list of people.
    Name(Role),
}

pub(super) fn read_owners<'a>(reader: &mut Reader<'a>, root: Option<Node<'a>>) -> OwnersFile<'a> {
    let mut owners = OwnersFile::default();
    let Some(mapping) = owners.root(root) else { return owners };
    for (key, known, value) in owners.fields(reader, mapping, OwnersLevel::Top) {
        match known {
            "options" => owners.read_options(reader, &key, value),
            "filters" => owners.read_filters(reader, key, value),
            _ => owners.read_list(role(known), key, value, false),
        }
    }
    // Those at the top before those of filters, wherever `filters` stands.
    owners.lists.sort_by_key(|list| list.in_filter);
    owners
}

pub(super) fn read_aliases<'a>(reader: &mut Reader<'a>, root: Option<Node<'a>>) -> OwnersFile<'a> {
    let mut owners = OwnersFile::default();
    let Some(mapping) = owners.root(root) else { return owners };
    for (key, _, value) in owners.fields(reader, mapping, OwnersLevel::Aliases) {
        let Some(aliases) = owners.mapping(MisfitRole::Value, Some(&key), value) else { continue };
        for (alias, entry) in owners.entries(reader, aliases, "`aliases`") {
            owners.read_members(alias, entry.value);
        }
    }
    owners
}

fn role(key: &str) -> Role {
    match key {
        "approvers" => Role::Approvers,
        "reviewers" => Role::Reviewers,
        "required_reviewers" => Role::RequiredReviewers,
        "labels" => Role::Labels,
        _ => Role::Emeritus,
    }
}

/// A key or name; none where it is no scalar or could not be read.
fn word(node: Node<'_>) -> Option<Word<'_>> {
    let scalar = node.as_scalar()?;
    Some(Word { node, value: scalar.value() })
}

impl<'a> OwnersFile<'a> {
    fn root(&mut self, root: Option<Node<'a>>) -> Option<Mapping<'a>> {
        self.mapping(MisfitRole::Root, None, root?)
    }

    fn misfit(&mut self, role: MisfitRole, key: Option<&Word<'a>>, expected: Shape, found: Node<'a>) {
        if !matches!(found.dereferenced().kind(), NodeKind::Error | NodeKind::Alias) {
            self.misfits.push(Misfit { key: key.cloned(), role, expected, found });
        }
    }

    fn mapping(&mut self, role: MisfitRole, key: Option<&Word<'a>>, node: Node<'a>) -> Option<Mapping<'a>> {
        let mapping = node.as_mapping();
        if mapping.is_none() && !node.is_null() {
            self.misfit(role, key, Shape::Mapping, node);
        }
        mapping
    }

    /// The entries of a mapping whose keys are words; repeated keys are noted as problems.
    fn entries(&mut self, reader: &mut Reader<'a>, mapping: Mapping<'a>, what: &'static str) -> Vec<(Word<'a>, Entry<'a>)> {
        let mut entries = Vec::new();
        let mut seen: HashMap<String, Entry<'a>> = HashMap::new();
        for entry in mapping.entries() {
            if entry.is_merge() {
                self.has_merges = true;
                continue;
            }
            let Some(key) = word(entry.key) else { continue };
            if let Some(first) = seen.get(key.as_str()) {
                let kind = ProblemKind::DuplicateKey { key: key.clone(), entry, first: *first, what };
                reader.problem(kind, key.range());
            } else {
                seen.insert(key.value.clone().into_owned(), entry);
            }
            entries.push((key, entry));
        }
        entries
    }

    /// The entries whose keys are known, with the name they are known by.
    fn fields(&mut self, reader: &mut Reader<'a>, mapping: Mapping<'a>, level: OwnersLevel) -> Vec<(Word<'a>, &'static str, Node<'a>)> {
        let mut fields = Vec::new();
        for (key, entry) in self.entries(reader, mapping, level.describe()) {
            let known = level.keys().iter().copied().find(|known| known.eq_ignore_ascii_case(&key.value));
            if known != Some(key.as_str()) {
                self.unknown_keys.push(UnknownOwnersKey { key: key.clone(), entry, level, but_for_case: known });
            }
            fields.extend(known.map(|known| (key, known, entry.value)));
        }
        fields
    }

    fn read_options(&mut self, reader: &mut Reader<'a>, key: &Word<'a>, value: Node<'a>) {
        let Some(mapping) = self.mapping(MisfitRole::Value, Some(key), value) else { return };
        for (option, _, value) in self.fields(reader, mapping, OwnersLevel::Options) {
            match value.as_scalar().map(Node::resolved) {
                Some(Resolved::Bool(true)) => self.options.push(option),
                Some(Resolved::Bool(false) | Resolved::Null) => {}
                _ => self.misfit(MisfitRole::Value, Some(&option), Shape::Bool, value),
            }
        }
    }

    fn read_filters(&mut self, reader: &mut Reader<'a>, key: Word<'a>, value: Node<'a>) {
        if let Some(mapping) = self.mapping(MisfitRole::Value, Some(&key), value) {
            for (pattern, entry) in self.entries(reader, mapping, "`filters`") {
                if let Some(filter) = self.mapping(MisfitRole::Value, Some(&pattern), entry.value) {
                    for (key, known, value) in self.fields(reader, filter, OwnersLevel::Filter) {
                        self.read_list(role(known), key, value, true);
                    }
                }
                self.filters.push(pattern);
            }
        }
        self.filters_key = Some(key);
    }

    fn read_list(&mut self, role: Role, key: Word<'a>, node: Node<'a>, in_filter: bool) {
        let mut names = Vec::new();
        if let Some(sequence) = node.as_sequence() {
            for item in sequence.items() {
                match word(item) {
                    Some(_) if item.is_null() => {}
                    Some(name) => names.push(name),
                    None => self.misfit(MisfitRole::Name(role), Some(&key), Shape::Text, item),
                }
            }
        } else if !node.is_null() {
            self.misfit(MisfitRole::Value, Some(&key), Shape::List, node);
        }
        self.lists.push(NameList { role, key, in_filter, node, names });
    }

    /// The members of an alias: a list, or a mapping with keys alone (`{alice, bob}`). Unlike in
    /// OWNERS, a number or an empty item is no name here.
    fn read_members(&mut self, alias: Word<'a>, node: Node<'a>) {
        let mut names = Vec::new();
        if let Some(sequence) = node.as_sequence() {
            for item in sequence.items() {
                let is_text = item.as_scalar().is_some_and(|scalar| matches!(scalar.resolved(), Resolved::Text | Resolved::Timestamp));
                match word(item) {
                    Some(name) if is_text => names.push(name),
                    _ => self.misfit(MisfitRole::Name(Role::Members), Some(&alias), Shape::Text, item),
                }
            }
        } else if let Some(mapping) = node.as_mapping() {
            if mapping.entries().all(|entry| entry.value.is_null()) {
                names.extend(mapping.entries().filter_map(|entry| word(entry.key)));
            } else {
                self.misfit(MisfitRole::Value, Some(&alias), Shape::List, node);
            }
        } else if !node.is_null() {
            self.misfit(MisfitRole::Value, Some(&alias), Shape::List, node);
        }
        self.lists.push(NameList { role: Role::Members, key: alias, in_filter: false, node, names });
    }
}
