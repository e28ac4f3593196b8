//! What stands at a place of a file.

pub mod declared;
pub mod people;
mod same;
mod words;

use promolint_analysis::model::{FileEntry, Filestore, Model, NameList, Registry, Role, Word};
use promolint_analysis::{Rule, SourceFile, rules};
use promolint_syntax::TextRange;

use super::listed::{self, Listed, ListedDigest};

pub use same::{accounts, files, same};

/// What stands at a place.
#[derive(Debug)]
pub enum Subject<'f> {
    /// A digest of an image.
    Digest(Listed<'f>, ListedDigest<'f>, &'f Word<'f>),
    /// A tag of an image.
    Tag(Listed<'f>, &'f Word<'f>),
    /// The name of an image.
    Image(Listed<'f>, &'f Word<'f>),
    /// The name of a registry.
    Registry(&'f Registry<'f>, &'f Word<'f>),
    /// The account that writes to a registry or filestore.
    Account(&'f Word<'f>),
    /// The base of a filestore.
    Filestore(&'f Filestore<'f>, &'f Word<'f>),
    /// The name of a file that is promoted.
    File(&'f FileEntry<'f>, &'f Word<'f>),
    /// The checksum of a file that is promoted.
    Sha256(&'f FileEntry<'f>, &'f Word<'f>),
    /// A name in OWNERS or `OWNERS_ALIASES`: an alias or a login.
    Person(&'f NameList<'f>, &'f Word<'f>),
    /// The name of an alias where it is defined.
    Alias(&'f NameList<'f>),
    /// The address of a group, or the name of a declared project.
    Declared(TextRange, &'f str),
    /// A rule in a suppression.
    Rule(TextRange, &'static Rule),
}

impl Subject<'_> {
    /// Its place.
    pub fn range(&self) -> TextRange {
        match self {
            Self::Digest(_, _, word)
            | Self::Tag(_, word)
            | Self::Image(_, word)
            | Self::Registry(_, word)
            | Self::Account(word)
            | Self::Filestore(_, word)
            | Self::File(_, word)
            | Self::Sha256(_, word)
            | Self::Person(_, word) => word.inner_range(),
            Self::Alias(list) => list.key.inner_range(),
            Self::Declared(range, _) | Self::Rule(range, _) => *range,
        }
    }
}

/// What stands at an offset.
pub fn at(file: &SourceFile, offset: u32) -> Option<Subject<'_>> {
    if let Some(comment) = file.document().comments().iter().find(|comment| comment.touches(offset)) {
        return in_comment(file, *comment, offset);
    }
    let is_here = |word: &&Word<'_>| word.range().touches(offset);
    let mut images = listed::images(file).filter(|image| image.node().range().touches(offset));
    if let Some(found) = images.find_map(|image| in_image(image, offset)) {
        return Some(found);
    }
    match &file.reading().model {
        Model::Promoter(promoter) => promoter.registries.iter().find_map(|registry| {
            let name = registry.name.as_ref().filter(is_here).map(|name| Subject::Registry(registry, name));
            name.or_else(|| registry.service_account.as_ref().filter(is_here).map(Subject::Account))
        }),
        Model::FilePromoter(promoter) => promoter.filestores.iter().find_map(|filestore| {
            let base = filestore.base.as_ref().filter(is_here).map(|base| Subject::Filestore(filestore, base));
            base.or_else(|| filestore.service_account.as_ref().filter(is_here).map(Subject::Account))
        }),
        Model::Files(files) => files.files.iter().find_map(|entry| {
            let name = entry.name.as_ref().filter(is_here).map(|name| Subject::File(entry, name));
            name.or_else(|| entry.sha256.as_ref().filter(is_here).map(|sha256| Subject::Sha256(entry, sha256)))
        }),
        Model::Owners(owners) | Model::OwnersAliases(owners) => owners.lists.iter().find_map(|list| {
            if list.role == Role::Members && list.key.range().touches(offset) {
                return Some(Subject::Alias(list));
            }
            let name = list.names.iter().find(is_here).filter(|_| list.role != Role::Labels)?;
            Some(Subject::Person(list, name))
        }),
        Model::Other => {
            let range = words::around(file.text(), offset);
            (!range.is_empty()).then(|| Subject::Declared(range, file.slice(range)))
        }
        Model::Images(_) | Model::ImageTags(_) => None,
    }
}

fn in_image(image: Listed<'_>, offset: u32) -> Option<Subject<'_>> {
    let is_here = |word: &&Word<'_>| word.range().touches(offset);
    if let Some(name) = image.name().filter(is_here) {
        return Some(Subject::Image(image, name));
    }
    image.digests().filter(|entry| entry.range.touches(offset)).find_map(|entry| {
        let tag = entry.tags.iter().find(is_here).map(|tag| Subject::Tag(image, tag));
        tag.or_else(|| entry.digest.filter(is_here).map(|digest| Subject::Digest(image, entry, digest)))
    })
}

/// A rule or an address in a comment.
fn in_comment(file: &SourceFile, comment: TextRange, offset: u32) -> Option<Subject<'_>> {
    let range = words::around(file.text(), offset);
    let word = file.slice(range);
    if let Some(rule) = rules::find(word).filter(|_| file.slice(comment).contains("promolint")) {
        return Some(Subject::Rule(range, rule));
    }
    word.contains('@').then_some(Subject::Declared(range, word))
}
