//! What moves together: an entry with its comments, in whole lines; and which entries may change places.

use promolint_syntax::TextRange;

use super::Style;
use super::lines::{Line, Lines};

/// An entry with the comments directly above it and those indented below it.
pub(super) struct Unit {
    /// Its lines.
    pub(super) slot: TextRange,
    before: Before,
    /// Whether a comment stands directly above it.
    has_head: bool,
}

/// What stands between an entry and the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    BlankLines(u32),
    /// A comment of its own between blank lines.
    Comment,
}

/// The entries of a list.
pub(super) struct Units {
    pub(super) all: Vec<Unit>,
    /// Whether comments that may belong to the last entry stand below it.
    has_loose_end: bool,
    is_first_pinned: bool,
}

/// What a comment says of the entries below it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// No comment.
    Bare,
    /// A comment that can only be its own.
    Commented,
    /// A comment that may head a group, or something else that keeps it where it is.
    Pinned,
}

impl Units {
    /// The entries with these places, dashes included; `None` where one of them shares a line with
    /// something else. `is_top`: what stands apart above the first entry is the file's.
    pub(super) fn new(lines: &Lines<'_>, entries: &[TextRange], style: Style, is_top: bool) -> Option<Self> {
        let column = lines.column(entries.first()?.start());
        let mut spans = Vec::with_capacity(entries.len());
        for entry in entries {
            if !lines.is_first_on_line(entry.start()) {
                return None;
            }
            let first = lines.line(entry.start());
            let mut behind = lines.last_line(*entry) + 1;
            while behind < lines.count() && matches!(lines.kind(behind), Line::Comment(at) if at > column) {
                behind += 1;
            }
            spans.push((first, behind));
        }
        let mut units: Vec<Unit> = Vec::with_capacity(entries.len());
        let mut above = 0;
        for (first, behind) in &spans {
            if above > *first {
                return None;
            }
            let takes_all = style == Style::Promoter && !(is_top && units.is_empty());
            units.push(unit(lines, above, *first, *behind, takes_all));
            above = *behind;
        }
        let is_pinned = is_top && speaks_to_promolint(lines, units[0].slot);
        if is_pinned {
            // There it counts for the whole file.
            units[0].slot = lines.range(spans[0].0, spans[0].1);
        }
        let has_loose_end = above < lines.count() && matches!(lines.kind(above), Line::Comment(_));
        Some(Self { all: units, has_loose_end, is_first_pinned: is_pinned && style == Style::File })
    }

    /// The stretches within which entries may change places. `sortable`: whether an entry has what it is sorted by.
    /// `blank_lines`: how many stand between any two entries, so that they separate no groups.
    pub(super) fn runs(&self, style: Style, sortable: &dyn Fn(usize) -> bool, blank_lines: u32) -> Vec<std::ops::Range<usize>> {
        if style == Style::Promoter {
            return std::iter::once(0..self.all.len()).collect();
        }
        let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
        let mut previous = Standing::Pinned;
        for index in 0..self.all.len() {
            let standing = if sortable(index) { self.standing(index) } else { Standing::Pinned };
            let continues = standing != Standing::Pinned
                && previous != Standing::Pinned
                && match self.all[index].before {
                    Before::Nothing => standing == previous,
                    Before::BlankLines(count) => count == blank_lines,
                    Before::Comment => false,
                };
            match runs.last_mut().filter(|_| continues) {
                Some(run) => run.end = index + 1,
                None => runs.push(index..index + 1),
            }
            previous = standing;
        }
        runs
    }

    /// A comment over several entries may head them all; whoever moves one of them may tear the group apart.
    fn standing(&self, index: usize) -> Standing {
        let next = self.all.get(index + 1);
        if next.is_none() && self.has_loose_end || index == 0 && self.is_first_pinned {
            return Standing::Pinned;
        }
        let stands_alone = next.is_none_or(|next| next.has_head || next.before != Before::Nothing);
        match (self.all[index].has_head, stands_alone) {
            (false, _) => Standing::Bare,
            (true, true) => Standing::Commented,
            (true, false) => Standing::Pinned,
        }
    }
}

/// Whether a comment above the entry of a slot is one for promolint, which counts for the whole file if the entry is the first.
pub(super) fn speaks_to_promolint(lines: &Lines<'_>, slot: TextRange) -> bool {
    let mut comments = lines.document.slice(slot).lines().map(str::trim_start).take_while(|line| line.is_empty() || line.starts_with('#'));
    comments.any(|comment| comment.contains("promolint"))
}

/// The entry on the lines `first..behind`, with the comments directly above it; with all from `above` on if it `takes_all`.
fn unit(lines: &Lines<'_>, above: u32, first: u32, behind: u32, takes_all: bool) -> Unit {
    let is_comment = |line: &u32| matches!(lines.kind(*line), Line::Comment(_));
    // Above the first entry stand its parents, too.
    let above = (above..first).rev().take_while(|line| lines.kind(*line) != Line::Content).last().unwrap_or(first);
    let mut head = (above..first).rev().take_while(is_comment).last().unwrap_or(first);
    let has_head = head < first;
    let before = match (above..head).find(is_comment) {
        Some(_) => Before::Comment,
        None if above < head => Before::BlankLines(head - above),
        None => Before::Nothing,
    };
    if takes_all {
        head = (above..first).find(is_comment).unwrap_or(first);
    }
    Unit { slot: lines.range(head, behind), before, has_head }
}
