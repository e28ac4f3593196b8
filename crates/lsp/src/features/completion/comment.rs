//! Comments that silence rules.

use promolint_analysis::{Category, SourceFile, rules, suppression};
use promolint_syntax::TextRange;

use super::{Insertion, Item, ItemKind, rule};
use crate::session::state::State;

const START: &str = "promolint: allow(";

/// What can stand in a comment that is typed as far as `comment`, up to `offset`.
pub(super) fn complete(state: &State, file: &SourceFile, comment: &str, offset: u32) -> Vec<Item> {
    let length = |text: &str| u32::try_from(text.len()).unwrap_or(0);
    let body = comment.trim_start_matches('#');
    let word = body.trim_start();
    if START.starts_with(word) && word.len() < START.len() {
        let blank = if body.is_empty() { " " } else { "" };
        let insertion = Insertion {
            replaces: TextRange::new(offset - length(word), offset),
            text: format!("{blank}{START}${{1:rule}}) ${{2:reason}}"),
            before_word: String::new(),
        };
        let item = Item::new(ItemKind::Snippet, "promolint: allow(…)", insertion).snippet(None);
        return vec![Item { detail: "silence a rule, with a reason".to_owned(), ..item }];
    }
    let list = word.starts_with("promolint").then(|| word.split_once("allow(")).flatten();
    let Some((_, list)) = list.filter(|(_, list)| !list.contains(')')) else { return Vec::new() };
    let (named, typed) = list.rsplit_once(',').unwrap_or(("", list));
    let named: Vec<&str> = named.split(',').map(str::trim).collect();
    let is_name = |character: char| character.is_alphanumeric() || character == '-';
    let behind = file.text()[offset as usize..].split(|character| !is_name(character)).next().unwrap_or_default();
    let replaces = TextRange::new(offset - length(typed.trim_start()), offset + length(behind));
    let start = TextRange::new(offset - length(comment), offset);
    let findings = state.diagnostics_of(file.path());
    let covered: Vec<&str> =
        findings.iter().filter(|found| suppression::covers(file, start, found.range.start())).map(|found| found.rule).collect();
    let candidates = rules::ALL.iter().filter(|rule| rule.category != Category::Suppression && !named.contains(&rule.name));
    let (mut first, others): (Vec<_>, Vec<_>) = candidates.partition(|rule| covered.contains(&rule.name));
    first.extend(others);
    first.into_iter().map(|found| rule(replaces, found)).collect()
}
