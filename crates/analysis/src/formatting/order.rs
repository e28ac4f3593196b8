//! The order of a list, told from the list itself, and who moves to restore it.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use promolint_syntax::TextRange;

use super::Style;
use super::units::Units;
use crate::model::Version;
use crate::rising::longest_rising;

/// Orders that people keep.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Order {
    /// Byte by byte, which is what the promoter's own tool does.
    Bytes,
    /// The same from the end, such as dates with the newest first.
    BytesDescending,
    /// By version, the newest last.
    Version,
    /// By version, the newest first.
    VersionDescending,
}

impl Order {
    /// The order that people confuse with it: `v1.10` after `v1.9`, or after `v1.1`.
    fn sibling(self) -> Self {
        match self {
            Self::Bytes => Self::Version,
            Self::BytesDescending => Self::VersionDescending,
            Self::Version => Self::Bytes,
            Self::VersionDescending => Self::BytesDescending,
        }
    }
}

/// All of them, the simplest first.
pub(super) const ORDERS: [Order; 4] = [Order::Bytes, Order::Version, Order::VersionDescending, Order::BytesDescending];

/// So many entries must be compared before their order is a convention.
const ENOUGH: usize = 8;
/// At most one, or one of so many, may stand elsewhere.
const SHARE: usize = 33;

/// A list whose entries can be ordered.
pub(super) struct List<'a> {
    pub(super) units: Units,
    /// What each entry is ordered by: the name, or the smallest tag.
    pub(super) keys: Vec<Option<Cow<'a, str>>>,
}

/// A list, or a stretch of one, in another order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Permutation {
    /// The places, in the order of the text.
    pub(super) slots: Vec<TextRange>,
    /// Which entry comes to each place.
    pub(super) order: Vec<usize>,
}

impl Permutation {
    /// `None` where nothing changes its place.
    pub(super) fn new(slots: &[TextRange], order: &[usize]) -> Option<Self> {
        let first = order.iter().enumerate().position(|(place, entry)| place != *entry)?;
        let behind = order.iter().enumerate().rposition(|(place, entry)| place != *entry)? + 1;
        let order = order[first..behind].iter().map(|entry| entry - first).collect();
        Some(Self { slots: slots[first..behind].to_vec(), order })
    }

    /// From the first to the last place.
    pub(super) fn range(&self) -> TextRange {
        self.slots[0].cover(self.slots[self.slots.len() - 1])
    }
}

/// The moves that restore the order of lists that keep one clearly; all of them keep the same one.
pub(super) fn restore(lists: &[List<'_>], style: Style, orders: &[Order], blank_lines: u32) -> Vec<Permutation> {
    if style == Style::Promoter {
        let keys: Vec<Vec<Option<Key<'_>>>> = lists.iter().map(|list| keys(list, Order::Bytes)).collect();
        return moves(lists, &keys, &runs(lists, &keys, style, blank_lines), style, Order::Bytes).0;
    }
    let mut best: Option<(usize, Vec<Permutation>)> = None;
    let mut most = 0;
    for order in orders {
        let keys: Vec<Vec<Option<Key<'_>>>> = lists.iter().map(|list| keys(list, *order)).collect();
        let runs = runs(lists, &keys, style, blank_lines);
        let members = runs.iter().map(|(_, run)| run.len()).sum();
        most = most.max(members);
        // An order that passes over many entries (those without a version) is none of the whole list.
        if members < ENOUGH || members * 10 < most * 9 {
            continue;
        }
        let limit = 1.max(members / SHARE);
        // Taking one entry away joins two pairs to one, so at least as many are misplaced as fall.
        let falling: usize = runs.iter().map(|(list, run)| falling(&keys[*list][run.clone()], *order)).sum();
        if falling == 0 {
            return Vec::new();
        }
        if falling > limit {
            continue;
        }
        let (moves, misplaced) = moves(lists, &keys, &runs, style, *order);
        match &best {
            _ if misplaced > limit => {}
            Some((fewest, _)) if *fewest < misplaced => {}
            // Two orders fit alike: which one is meant, nobody can tell.
            Some((fewest, other)) if *fewest == misplaced && *other != moves => best = Some((misplaced, Vec::new())),
            _ => best = Some((misplaced, moves)),
        }
    }
    best.map(|(_, moves)| moves).unwrap_or_default()
}

fn keys<'k>(list: &'k List<'_>, order: Order) -> Vec<Option<Key<'k>>> {
    list.keys.iter().map(|key| key.as_deref().and_then(|key| Key::new(key, order))).collect()
}

/// The stretches of at least two entries that can be compared, with the number of their list.
fn runs(lists: &[List<'_>], keys: &[Vec<Option<Key<'_>>>], style: Style, blank_lines: u32) -> Vec<(usize, Range<usize>)> {
    let of_list = |(number, list): (usize, &List<'_>)| {
        let runs = list.units.runs(style, &|index| keys[number][index].is_some(), blank_lines);
        runs.into_iter().filter(|run| run.len() > 1).map(move |run| (number, run)).collect::<Vec<_>>()
    };
    lists.iter().enumerate().flat_map(of_list).collect()
}

/// How many entries are smaller than the one before them.
fn falling(keys: &[Option<Key<'_>>], order: Order) -> usize {
    keys.windows(2).filter(|pair| compare(pair[0].as_ref(), pair[1].as_ref(), order) == Ordering::Greater).count()
}

/// What moves, and how many entries stand elsewhere than the order wants.
fn moves(
    lists: &[List<'_>],
    keys: &[Vec<Option<Key<'_>>>],
    runs: &[(usize, Range<usize>)],
    style: Style,
    order: Order,
) -> (Vec<Permutation>, usize) {
    let (mut moves, mut misplaced) = (Vec::new(), 0);
    for (number, run) in runs {
        let (list, keys) = (&lists[*number], &keys[*number]);
        if falling(&keys[run.clone()], order) == 0 {
            continue;
        }
        let sorted = sorted(keys, run, order);
        let staying = stay(&sorted);
        misplaced += run.len() - staying.len();
        if style == Style::File && is_ambiguous(&list.keys[run.clone()], &staying, order.sibling()) {
            continue;
        }
        let slots: Vec<TextRange> = list.units.all[run.clone()].iter().map(|unit| unit.slot).collect();
        moves.extend(Permutation::new(&slots, &sorted));
    }
    (moves, misplaced)
}

/// Whether an entry that would move fits between its neighbours in another order: then somebody may have put it there.
fn is_ambiguous(keys: &[Option<Cow<'_, str>>], staying: &[usize], sibling: Order) -> bool {
    let key = |index: usize| keys.get(index).and_then(Option::as_deref).and_then(|key| Key::new(key, sibling));
    let follows = |a: usize, b: usize| match (key(a), key(b)) {
        (Some(a), Some(b)) => compare(Some(&a), Some(&b), sibling) != Ordering::Greater,
        _ => false,
    };
    let moving = (0..keys.len()).filter(|index| staying.binary_search(index).is_err());
    { moving }.any(|index| (index == 0 || follows(index - 1, index)) && (index + 1 == keys.len() || follows(index, index + 1)))
}

/// The entries of a run in their order; equal ones keep theirs.
fn sorted(keys: &[Option<Key<'_>>], run: &Range<usize>, order: Order) -> Vec<usize> {
    let mut indices: Vec<usize> = (0..run.len()).collect();
    indices.sort_by(|a, b| compare(keys[run.start + a].as_ref(), keys[run.start + b].as_ref(), order));
    indices
}

/// The most entries that can stay while the others move.
pub(super) fn stay(order: &[usize]) -> Vec<usize> {
    longest_rising(order, |entry| *entry).into_iter().map(|place| order[place]).collect()
}

/// What an entry is compared by.
enum Key<'a> {
    Text(&'a str),
    Version { release: Vec<u64>, rest: &'a str },
}

impl<'a> Key<'a> {
    /// `None` where the order cannot place it.
    fn new(text: &'a str, order: Order) -> Option<Self> {
        if matches!(order, Order::Bytes | Order::BytesDescending) {
            return Some(Self::Text(text));
        }
        let version = Version::parse(text)?;
        let rest = version.number.trim_start_matches(|character: char| character.is_ascii_digit() || character == '.');
        Some(Self::Version { release: version.release(), rest })
    }
}

/// Entries without a key come first, as the promoter's tool has it.
fn compare(a: Option<&Key<'_>>, b: Option<&Key<'_>>, order: Order) -> Ordering {
    let (a, b) = if matches!(order, Order::BytesDescending | Order::VersionDescending) { (b, a) } else { (a, b) };
    match (a, b) {
        (Some(Key::Text(a)), Some(Key::Text(b))) => a.cmp(b),
        (Some(Key::Version { release: a, rest: a_rest }), Some(Key::Version { release: b, rest: b_rest })) => {
            a.cmp(b).then_with(|| compare_rest(a_rest, b_rest))
        }
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

/// What stands behind the numbers of a release: `-rc.1` before nothing, numbers by value.
fn compare_rest(a: &str, b: &str) -> Ordering {
    let is_later = |rest: &str| !rest.starts_with('-');
    let by_part = |a: &str, b: &str| match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        (a_number, b_number) => b_number.is_ok().cmp(&a_number.is_ok()).then_with(|| a.cmp(b)),
    };
    let parts = |rest: &'_ str| rest.split(['.', '-']).map(str::to_owned).collect::<Vec<_>>();
    is_later(a).cmp(&is_later(b)).then_with(|| {
        let (a, b) = (parts(a), parts(b));
        let first = a.iter().zip(&b).map(|(a, b)| by_part(a, b)).find(|ordering| *ordering != Ordering::Equal);
        first.unwrap_or(a.len().cmp(&b.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_versions() {
        let versions = ["v1.2.0-alpha.2", "v1.2.0-alpha.10", "v1.2.0-beta.0", "v1.2.0-rc.1", "v1.2.0", "1.10.0-rc.0", "v1.10.0"];
        for pair in versions.windows(2) {
            let keys = [Key::new(pair[0], Order::Version), Key::new(pair[1], Order::Version)];
            assert_eq!(compare(keys[0].as_ref(), keys[1].as_ref(), Order::Version), Ordering::Less, "{pair:?}");
            assert_eq!(compare(keys[0].as_ref(), keys[1].as_ref(), Order::VersionDescending), Ordering::Greater, "{pair:?}");
        }
    }

    #[test]
    fn as_many_as_possible_stay() {
        assert_eq!(stay(&[1, 2, 3, 0]), [1, 2, 3]);
        assert_eq!(stay(&[3, 0, 1, 2]), [0, 1, 2]);
        assert_eq!(stay(&[]), [0; 0]);
    }
}
