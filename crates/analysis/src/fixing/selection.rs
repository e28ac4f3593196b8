//! Which fixes can be made at once: those that keep clear of each other.

use std::collections::BTreeMap;

use promolint_syntax::TextRange;

use crate::diagnostic::{FilePath, Fix};

/// Ranges that are taken, by file and start.
#[derive(Default)]
pub(crate) struct Taken<'f> {
    files: BTreeMap<&'f FilePath, BTreeMap<u32, u32>>,
}

impl<'f> Taken<'f> {
    /// Takes the places of a fix; false, and nothing is taken, where one of them is taken or touches such.
    pub(crate) fn take(&mut self, fix: &'f Fix) -> bool {
        let is_free = |path: &FilePath, range: TextRange| {
            let before = self.files.get(path).and_then(|taken| taken.range(..=range.end()).next_back());
            before.is_none_or(|(_, end)| *end < range.start())
        };
        if !fix.edits.iter().all(|edit| is_free(&edit.path, edit.edit.range)) {
            return false;
        }
        for edit in &fix.edits {
            let end = self.files.entry(&edit.path).or_default().entry(edit.edit.range.start()).or_default();
            *end = edit.edit.range.end().max(*end);
        }
        true
    }
}

/// Fixes in groups that share no file, each in the old order.
pub(crate) fn by_files<'f, T>(fixes: Vec<T>, fix_of: impl Fn(&T) -> &'f Fix) -> Vec<Vec<T>> {
    let mut group_of: BTreeMap<&FilePath, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<T>> = Vec::new();
    for fix in fixes {
        let paths = fix_of(&fix).paths();
        let mut joined: Vec<usize> = paths.iter().filter_map(|path| group_of.get(path).copied()).collect();
        joined.sort_unstable();
        joined.dedup();
        let home = joined.first().copied().unwrap_or_else(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        for other in joined.into_iter().skip(1) {
            let moved = std::mem::take(&mut groups[other]);
            groups[home].extend(moved);
            group_of.values_mut().filter(|group| **group == other).for_each(|group| *group = home);
        }
        for path in paths {
            group_of.insert(path, home);
        }
        groups[home].push(fix);
    }
    groups.retain(|group| !group.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use promolint_syntax::TextEdit;

    use super::*;
    use crate::diagnostic::{Applicability, FileEdit};

    fn fix(edits: &[(&str, u32, u32)]) -> Fix {
        let edit =
            |(path, start, end): &(&str, u32, u32)| FileEdit { path: (*path).into(), edit: TextEdit::delete(TextRange::new(*start, *end)) };
        Fix { title: String::new(), applicability: Applicability::Safe, edits: edits.iter().map(edit).collect(), changes: Vec::new() }
    }

    #[test]
    fn what_touches_waits() {
        let fixes = [
            fix(&[("a", 2, 4), ("a", 10, 12)]),
            fix(&[("a", 4, 5)]),
            fix(&[("a", 6, 8)]),
            fix(&[("b", 0, 1), ("a", 12, 12)]),
            fix(&[("b", 0, 1)]),
            fix(&[("a", 0, 20)]),
        ];
        let mut taken = Taken::default();
        assert_eq!(fixes.each_ref().map(|fix| taken.take(fix)), [true, false, true, false, true, false]);
    }

    #[test]
    fn a_fix_in_two_files_joins_their_groups() {
        let fixes = [fix(&[("a", 0, 1)]), fix(&[("b", 0, 1)]), fix(&[("c", 0, 1)]), fix(&[("a", 3, 4), ("b", 3, 4)])];
        let groups = by_files((0..4).collect(), |at: &usize| &fixes[*at]);
        assert_eq!(groups, [vec![0, 1, 3], vec![2]]);
    }
}
