//! Tokens to the tree, with recovery.
//!
//! The grammar is libyaml's. An error ends the entry it stands in: the parser notes it, puts an
//! error node in the entry's place and goes on at the next line that can start a sibling. Where
//! an earlier quote or bracket was left open, that one is blamed, not the place where a reader
//! stumbles.

mod block;
mod cause;
mod flow;
mod recovery;

use std::collections::HashMap;
use std::sync::Arc;

use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::scanner::{Level, Scanned, Scanner, Token, TokenKind, forbidden_characters};
use crate::text::{LineIndex, TextRange, offset};
use crate::tree::{Construct, Document, NodeData, NodeKind, Properties, Style};

/// Deeper than any manifest, and shallow enough for the stack of a thread.
const DEPTH_LIMIT: usize = 100;

/// So many lines at the start of a text may be wrong; without a limit the time would not be linear.
const ROOT_ATTEMPTS: usize = 4;

/// Forbidden characters are named one by one up to here.
const FORBIDDEN_LIMIT: usize = 20;

/// Parses a text. Never fails: what cannot be read is in [`Document::errors`], the rest in the tree.
pub fn parse(text: impl Into<Arc<str>>) -> Document {
    let text = text.into();
    let lines = LineIndex::new(&text);
    let mut parser = Parser::new(&text, &lines);
    parser.stream();
    let Parser { scanner, nodes, roots, properties, mut errors, .. } = parser;
    errors.extend(
        forbidden_characters(&text, FORBIDDEN_LIMIT)
            .into_iter()
            .map(|range| SyntaxError { kind: SyntaxErrorKind::ForbiddenCharacter, range }),
    );
    cause::find_run_ons(&mut errors, &scanner.run_on_causes);
    cause::put_in_order(&mut errors);
    cause::join_misindented(&mut errors, &text, &lines);
    let error_ends = errors.iter().scan(0, |reach, error| {
        *reach = error.range.end().max(*reach);
        Some(*reach)
    });
    let error_ends = error_ends.collect();
    let (comments, mut constructs) = (scanner.comments, scanner.constructs);
    constructs.extend(merge_keys(&text, &nodes, &properties));
    constructs.sort_by_key(|(_, range)| *range);
    Document { text, lines, nodes, roots, properties, comments, constructs, errors, error_ends }
}

/// A text that is no YAML: lines and positions, and an empty tree.
pub fn without_tree(text: impl Into<Arc<str>>) -> Document {
    let text = text.into();
    let lines = LineIndex::new(&text);
    Document { text, lines, ..parse("") }
}

/// The plain keys `<<`. Few texts hold the two letters at all.
fn merge_keys(text: &str, nodes: &[NodeData], properties: &[Properties]) -> Vec<(Construct, TextRange)> {
    if memchr::memmem::find(text.as_bytes(), b"<<").is_none() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, _) in nodes.iter().enumerate().filter(|(_, node)| node.kind == NodeKind::Mapping) {
        let (mut key, end) = (at + 1, nodes[at].next as usize);
        while key < end {
            let node = &nodes[key];
            let own = || properties.binary_search_by_key(&key, |properties| properties.node as usize);
            let is_tagged = || own().is_ok_and(|at| properties[at].tag.is_some());
            if node.kind == NodeKind::Scalar && node.style == Style::Plain && &text[node.range.to_usize()] == "<<" && !is_tagged() {
                found.push((Construct::MergeKey, node.range));
            }
            // The value stands behind the key.
            key = nodes.get(node.next as usize).map_or(end, |value| value.next as usize);
        }
    }
    found
}

struct Parser<'t> {
    text: &'t str,
    lines: &'t LineIndex,
    scanner: Scanner<'t>,
    nodes: Vec<NodeData>,
    roots: Vec<u32>,
    properties: Vec<Properties>,
    errors: Vec<SyntaxError>,
    /// Open block collections, as the scanner must know them after a recovery.
    open: Vec<Level>,
    depth: usize,
    /// End of the last token that was taken.
    last_end: u32,
    /// An error that ended a list but stands in the mapping around it.
    pending: Option<SyntaxError>,
    /// The outermost open bracket of the current entry.
    flow_start: Option<TextRange>,
    anchors: HashMap<&'t str, u32>,
    /// Handles and prefixes of `%TAG`.
    tag_handles: HashMap<&'t str, &'t str>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, lines: &'t LineIndex) -> Self {
        Self {
            text,
            lines,
            scanner: Scanner::new(text),
            // Manifests have about one node for every 20 bytes.
            nodes: Vec::with_capacity(text.len() / 20 + 4),
            roots: Vec::new(),
            properties: Vec::new(),
            errors: Vec::new(),
            open: Vec::new(),
            depth: 0,
            last_end: 0,
            pending: None,
            flow_start: None,
            anchors: HashMap::new(),
            tag_handles: HashMap::new(),
        }
    }

    /// All documents. Readers take the first and stop; errors behind it are nobody's concern, but
    /// that there is something behind it is.
    fn stream(&mut self) {
        for _ in 0..ROOT_ATTEMPTS {
            match self.document() {
                Ok(()) => break,
                Err(error) => self.give_up(error),
            }
            if !self.roots.is_empty() {
                break;
            }
        }
        let repaired = std::mem::take(&mut self.scanner.repaired);
        self.errors.extend(repaired);
        let errors = self.errors.len();
        let mut further: Option<TextRange> = None;
        // What stands there is kept as text only.
        loop {
            match self.scanner.peek() {
                Err(error) => {
                    further.get_or_insert(error.range);
                    self.skip_to_line_after(error.range);
                }
                Ok(token) if token.kind == TokenKind::End => break,
                Ok(token) => {
                    if !matches!(token.kind, TokenKind::DocumentStart | TokenKind::DocumentEnd | TokenKind::BlockEnd) {
                        further.get_or_insert(token.range);
                    }
                    self.scanner.take();
                }
            }
        }
        self.errors.truncate(errors);
        self.scanner.repaired.clear();
        if let Some(range) = further {
            self.scanner.constructs.retain(|(_, construct)| construct.start() < range.start());
            let end = self.lines.line_range(self.text, self.lines.line(range.start())).end();
            self.scanner.constructs.push((Construct::FurtherDocument, TextRange::new(range.start(), end.max(range.end()))));
        }
    }

    /// Goes on at the line below; returns where it starts.
    fn skip_to_line_after(&mut self, range: TextRange) -> u32 {
        let line = self.lines.line(range.start()) + 1;
        let start = if line < self.lines.line_count() { self.lines.line_start(line) } else { offset(self.text.len()) };
        self.scanner.resume(line, start as usize, &[]);
        start
    }

    fn document(&mut self) -> Scanned<()> {
        let mut explicit = false;
        let mut versions = 0;
        loop {
            let token = self.scanner.peek()?;
            match token.kind {
                TokenKind::YamlDirective => {
                    versions += 1;
                    self.version(token, versions);
                }
                TokenKind::TagDirective => self.tag_directive(token),
                _ => break,
            }
            explicit = true;
            self.take(token);
        }
        let token = self.scanner.peek()?;
        if explicit && token.kind != TokenKind::DocumentStart {
            return Err(SyntaxError { kind: SyntaxErrorKind::ExpectedDocumentStart, range: token.range });
        }
        match token.kind {
            TokenKind::End => return Ok(()),
            TokenKind::DocumentStart => {
                self.take(token);
                let token = self.scanner.peek()?;
                if matches!(
                    token.kind,
                    TokenKind::YamlDirective | TokenKind::TagDirective | TokenKind::DocumentStart | TokenKind::DocumentEnd | TokenKind::End
                ) {
                    return Ok(());
                }
            }
            _ => {}
        }
        let root = offset(self.nodes.len());
        let parsed = self.node(true, false);
        if self.nodes.len() > root as usize {
            self.roots.push(root);
        }
        parsed?;
        // A reader looks one token ahead here, so what stands there must at least be one.
        self.scanner.peek().map(|_| ())
    }

    fn version(&mut self, token: Token, count: usize) {
        let text = &self.text[token.range.to_usize()];
        if count > 1 {
            self.errors.push(SyntaxError { kind: SyntaxErrorKind::BadDirective, range: token.range });
        } else if text.split_whitespace().nth(1).is_none_or(|version| version != "1.1") {
            self.errors.push(SyntaxError { kind: SyntaxErrorKind::UnsupportedVersion, range: token.range });
        }
    }

    fn tag_directive(&mut self, token: Token) {
        let mut words = self.text[token.range.to_usize()].split_whitespace().skip(1);
        let (Some(handle), Some(prefix)) = (words.next(), words.next()) else { return };
        if self.tag_handles.insert(handle, prefix).is_some() {
            self.errors.push(SyntaxError { kind: SyntaxErrorKind::BadDirective, range: token.range });
        }
    }

    /// One node with its anchor and tag. `indentless`: a list may stand at its key's column.
    fn node(&mut self, block: bool, indentless: bool) -> Scanned<()> {
        self.depth += 1;
        let parsed = if self.depth > DEPTH_LIMIT {
            let range = self.scanner.peek()?.range;
            Err(SyntaxError { kind: SyntaxErrorKind::TooDeep, range })
        } else {
            self.node_content(block, indentless)
        };
        self.depth -= 1;
        parsed
    }

    fn node_content(&mut self, block: bool, indentless: bool) -> Scanned<()> {
        let mut token = self.scanner.peek()?;
        if token.kind == TokenKind::Alias && !token.key {
            self.take(token);
            self.alias(token);
            return Ok(());
        }
        let id = offset(self.nodes.len());
        let (mut anchor, mut tag) = (None, None);
        while !token.key && !token.opens_mapping {
            match token.kind {
                TokenKind::Anchor if anchor.is_none() => anchor = Some(token.range),
                TokenKind::Tag if tag.is_none() => tag = Some(self.resolve_tag(token)?),
                _ => break,
            }
            self.take(token);
            token = self.scanner.peek()?;
        }
        let has_properties = anchor.is_some() || tag.is_some();
        if has_properties {
            self.properties.push(Properties { node: id, anchor: anchor.map(after_sigil), tag, ..Properties::default() });
        }
        if let Some(range) = anchor {
            self.anchors.insert(&self.text[after_sigil(range).to_usize()], id);
        }
        match token.kind {
            _ if token.opens_mapping && block => self.block_mapping(token),
            // A key, but none of a mapping that could start here: the node is over.
            _ if token.opens_mapping || token.key && !has_properties => return Err(expected_value(token)),
            _ if token.key => self.absent(),
            TokenKind::BlockEntry if indentless => self.indentless_sequence(token),
            TokenKind::Scalar => {
                self.take(token);
                self.push_scalar(token);
            }
            TokenKind::Unreadable => {
                self.take(token);
                self.push_error(token.range.start(), token.range.end());
            }
            TokenKind::FlowSequenceStart => return self.flow_sequence(token),
            TokenKind::FlowMappingStart => return self.flow_mapping(token),
            TokenKind::BlockSequenceStart if block => self.block_sequence(token),
            TokenKind::BlockMappingStart if block => self.block_mapping(token),
            _ if has_properties => self.absent(),
            _ => return Err(expected_value(token)),
        }
        Ok(())
    }

    fn alias(&mut self, token: Token) {
        let name = &self.text[after_sigil(token.range).to_usize()];
        let id = self.push(NodeKind::Alias, Style::Plain, token.range);
        let target = self.anchors.get(name).copied();
        // An anchor on a collection that is still open would make the value contain itself.
        let target = target.filter(|target| self.nodes[*target as usize].next != UNFINISHED);
        if target.is_none() {
            self.errors.push(SyntaxError { kind: SyntaxErrorKind::UnknownAnchor, range: token.range });
        }
        self.properties.push(Properties { node: id, target, ..Properties::default() });
    }

    fn resolve_tag(&self, token: Token) -> Scanned<String> {
        let text = &self.text[token.range.to_usize()];
        if let Some(uri) = text.strip_prefix("!<") {
            return Ok(uri.trim_end_matches('>').to_owned());
        }
        if text == "!" {
            return Ok(text.to_owned());
        }
        let handle_end = text[1..].find('!').map_or(1, |at| at + 2);
        let (handle, suffix) = text.split_at(handle_end);
        let prefix = self.tag_handles.get(handle).copied().or(match handle {
            "!" => Some("!"),
            "!!" => Some("tag:yaml.org,2002:"),
            _ => None,
        });
        match prefix {
            Some(prefix) => Ok(format!("{prefix}{suffix}")),
            None => Err(SyntaxError { kind: SyntaxErrorKind::BadTag, range: token.range }),
        }
    }

    fn push(&mut self, kind: NodeKind, style: Style, range: TextRange) -> u32 {
        let id = offset(self.nodes.len());
        self.nodes.push(NodeData { kind, style, verbatim: true, range, next: id + 1 });
        id
    }

    fn push_scalar(&mut self, token: Token) {
        let id = self.push(NodeKind::Scalar, token.style, token.range);
        self.nodes[id as usize].verbatim = token.verbatim;
        if matches!(token.style, Style::Literal | Style::Folded) {
            let parent_column = self.scanner.parent_column();
            match self.properties.last_mut().filter(|properties| properties.node == id) {
                Some(properties) => properties.parent_column = parent_column,
                None => self.properties.push(Properties { node: id, parent_column, ..Properties::default() }),
            }
        }
    }

    fn peek(&mut self) -> Scanned<Token> {
        match self.pending.take() {
            Some(error) => Err(error),
            None => self.scanner.peek(),
        }
    }

    fn take(&mut self, token: Token) {
        self.scanner.take();
        if !matches!(token.kind, TokenKind::BlockEnd | TokenKind::End) {
            self.last_end = token.range.end();
        }
    }

    /// The empty value of `key:` or `-`, right behind it.
    fn absent(&mut self) {
        self.push(NodeKind::Scalar, Style::Plain, TextRange::empty(self.last_end));
    }

    fn open_collection(&mut self, kind: NodeKind, style: Style, start: TextRange) -> u32 {
        let id = self.push(kind, style, start);
        self.nodes[id as usize].next = UNFINISHED;
        id
    }

    /// Ends a collection behind the last token that was taken.
    fn close_collection(&mut self, id: u32) {
        let next = offset(self.nodes.len());
        let node = &mut self.nodes[id as usize];
        node.next = next;
        node.range = TextRange::new(node.range.start(), self.last_end.max(node.range.start()));
    }
}

/// `next` of a collection that is still open.
const UNFINISHED: u32 = 0;

/// A name without its `&` or `*`.
fn after_sigil(range: TextRange) -> TextRange {
    TextRange::new(range.start() + 1, range.end())
}

fn expected_value(token: Token) -> SyntaxError {
    let kind = match token.kind {
        TokenKind::FlowSequenceEnd | TokenKind::FlowMappingEnd => SyntaxErrorKind::UnmatchedBracket,
        TokenKind::FlowEntry => SyntaxErrorKind::MissingItem,
        _ => SyntaxErrorKind::ExpectedValue,
    };
    SyntaxError { kind, range: token.range }
}
