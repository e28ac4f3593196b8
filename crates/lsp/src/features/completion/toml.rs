//! Completion in `promolint.toml`: rules, categories, levels.

use promolint_analysis::{Category, rules};
use promolint_syntax::TextRange;

use super::{Insertion, Item, ItemKind, rule};

/// What can stand at the top.
const KEYS: [&str; 8] = ["select", "ignore", "severity", "fixable", "unfixable", "baseline", "overrides", "policy"];
/// What can stand below `[[overrides]]`.
const OVERRIDE_KEYS: [&str; 4] = ["files", "select", "ignore", "severity"];

/// Everything that can stand at an offset of a configuration.
pub fn complete(text: &str, offset: u32) -> Vec<Item> {
    let at = offset as usize;
    let Some(above) = text.get(..at) else { return Vec::new() };
    let start = above.rfind('\n').map_or(0, |before| before + 1);
    let before = &above[start..];
    let is_part = |character: char| character.is_alphanumeric() || character == '-';
    let word_start = before
        .rfind(|character| !is_part(character))
        .map_or(start, |found| start + found + before[found..].chars().next().map_or(1, char::len_utf8));
    let word_end = text[at..].find(|character| !is_part(character)).map_or(text.len(), |length| at + length);
    let word = TextRange::new(u32::try_from(word_start).unwrap_or(0), u32::try_from(word_end).unwrap_or(0));
    let header = above[..start].lines().rev().find(|line| line.trim_start().starts_with('[')).unwrap_or_default();
    let section = header.split('#').next().unwrap_or_default().trim();
    let value = |label: &str, detail: &str| {
        let insertion = Insertion { replaces: word, text: label.to_owned(), before_word: String::new() };
        Item { detail: detail.to_owned(), ..Item::new(ItemKind::Value, label, insertion) }
    };
    if before.trim_start().starts_with('#') {
        return Vec::new();
    }
    // An open list of names, perhaps over several lines.
    let list = above.rfind('[').filter(|open| !above[*open..].contains(']')).map(|open| above[..open].trim_end());
    let key = list.and_then(|before| before.strip_suffix('=')).and_then(|before| before.trim_end().rsplit(['\n', ' ']).next());
    if key.is_some_and(|key| matches!(key, "select" | "ignore" | "fixable" | "unfixable")) {
        let categories = Category::ALL.iter().map(|category| value(category.name(), "category"));
        return rules::ALL
            .iter()
            .map(|found| rule(word, found))
            .chain(categories)
            .chain(std::iter::once(value("all", "all rules")))
            .collect();
    }
    let is_value = before.contains('=');
    if section.contains("severity") || section == "[severity]" {
        return if is_value {
            ["error", "warning", "info", "hint", "off"].map(|level| value(level, "level")).to_vec()
        } else {
            rules::ALL.iter().map(|found| rule(word, found)).collect()
        };
    }
    match (is_value, section) {
        (false, "") => KEYS.map(|key| value(key, "key")).to_vec(),
        (false, "[[overrides]]") => OVERRIDE_KEYS.map(|key| value(key, "key")).to_vec(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{KEYS, OVERRIDE_KEYS, complete};

    #[test]
    fn rules_and_levels_are_offered() {
        let labels = |text: &str| complete(text, u32::try_from(text.len()).unwrap()).into_iter().map(|item| item.label).collect::<Vec<_>>();
        assert!(labels("ignore = [\"di").contains(&"digest-syntax".to_owned()));
        assert!(labels("ignore = [\n  \"tree\",\n  \"").contains(&"digest-syntax".to_owned()));
        assert!(labels("[severity]\nlatest-tag = \"").contains(&"warning".to_owned()));
        assert!(labels("[severity]\nlat").contains(&"latest-tag".to_owned()));
        assert_eq!(labels("sel"), KEYS);
        // At the start of a line too.
        assert!(labels("[severity]\n").contains(&"latest-tag".to_owned()));
        assert_eq!(labels("select = []\n[[overrides]] # of one project\n"), OVERRIDE_KEYS);
        assert_eq!(labels("# x"), [""; 0]);
    }
}
