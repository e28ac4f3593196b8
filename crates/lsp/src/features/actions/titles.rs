//! Titles that people can tell apart in a menu.

use std::collections::HashMap;

use promolint_analysis::SourceFile;

use super::Action;

/// Keeps one of the actions that change the same, and tells where each of those stands that are called the same.
pub(super) fn distinguish(file: &SourceFile, actions: &mut Vec<Action>) {
    let mut kept: Vec<Action> = Vec::with_capacity(actions.len());
    for action in actions.drain(..) {
        if !kept.iter().any(|other| other.title == action.title && other.effect == action.effect) {
            kept.push(action);
        }
    }
    let mut times: HashMap<String, usize> = HashMap::new();
    for action in &kept {
        *times.entry(action.title.clone()).or_default() += 1;
    }
    for action in kept.iter_mut().filter(|action| times.get(&action.title).is_some_and(|times| *times > 1)) {
        if let Some(found) = &action.about {
            let place = file.lines().line_column(found.range.start());
            action.title = format!("{} (at {}:{})", action.title, place.line + 1, place.column + 1);
        }
    }
    *actions = kept;
}
