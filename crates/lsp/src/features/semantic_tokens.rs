//! Semantic tokens: what the words of a manifest stand for.

use promolint_analysis::SourceFile;
use promolint_analysis::model::{Model, Role};
use promolint_syntax::{NodeKind, TextRange};
use tower_lsp_server::ls_types::{SemanticTokenModifier, SemanticTokenType, SemanticTokensLegend};

use super::listed;

/// What a token stands for; the number is its place in the legend.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u32)]
pub enum TokenKind {
    /// A key.
    Key = 0,
    /// An image or a registry.
    Name = 1,
    /// A digest.
    Digest = 2,
    /// A tag.
    Tag = 3,
    /// A person.
    Person = 4,
    /// An alias.
    Alias = 5,
    /// A service account.
    Account = 6,
    /// A comment that promolint reads.
    Suppression = 7,
}

/// The names of the kinds for the client.
pub fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: vec![
            SemanticTokenType::PROPERTY,
            SemanticTokenType::NAMESPACE,
            SemanticTokenType::NUMBER,
            SemanticTokenType::ENUM_MEMBER,
            SemanticTokenType::VARIABLE,
            SemanticTokenType::TYPE,
            SemanticTokenType::STRING,
            SemanticTokenType::MACRO,
        ],
        token_modifiers: Vec::<SemanticTokenModifier>::new(),
    }
}

/// The tokens in a range, in the order of the text, none over another and none over several lines.
pub fn tokens(file: &SourceFile, range: TextRange) -> Vec<(TextRange, TokenKind)> {
    let mut tokens = Vec::new();
    for node in file.document().nodes().filter(|node| node.kind() == NodeKind::Mapping) {
        for entry in node.as_mapping().into_iter().flat_map(promolint_syntax::Mapping::entries) {
            if !entry.key.text().contains("sha256") {
                tokens.push((entry.key.range(), TokenKind::Key));
            }
        }
    }
    for image in listed::images(file) {
        tokens.extend(image.name().map(|name| (name.inner_range(), TokenKind::Name)));
        for entry in image.digests() {
            tokens.extend(entry.digest.map(|digest| (digest.inner_range(), TokenKind::Digest)));
            tokens.extend(entry.tags.iter().map(|tag| (tag.inner_range(), TokenKind::Tag)));
        }
    }
    match &file.reading().model {
        Model::Promoter(promoter) => {
            for registry in &promoter.registries {
                tokens.extend(registry.name.iter().map(|name| (name.inner_range(), TokenKind::Name)));
                tokens.extend(registry.service_account.iter().map(|account| (account.inner_range(), TokenKind::Account)));
            }
        }
        Model::Owners(owners) | Model::OwnersAliases(owners) => {
            for list in &owners.lists {
                if list.role == Role::Members {
                    tokens.retain(|(range, _)| *range != list.key.range());
                    tokens.push((list.key.inner_range(), TokenKind::Alias));
                }
                tokens.extend(list.names.iter().map(|name| (name.inner_range(), TokenKind::Person)));
            }
        }
        _ => {}
    }
    let comments = file.document().comments().iter().filter(|comment| file.slice(**comment).contains("promolint:"));
    tokens.extend(comments.map(|comment| (*comment, TokenKind::Suppression)));
    tokens.retain(|(token, _)| !token.is_empty() && token.start() < range.end() && range.start() < token.end());
    tokens.retain(|(token, _)| !file.slice(*token).contains(['\n', '\r']));
    tokens.sort_unstable();
    let mut end = 0;
    tokens.retain(|(token, _)| {
        let is_free = token.start() >= end;
        end = if is_free { token.end() } else { end };
        is_free
    });
    tokens
}
