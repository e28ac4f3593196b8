//! Which lines of a text a change touches.
//!
//! Lines that stand once on both sides are anchors; between them the search goes on. The work stays
//! nearly linear whatever the change is, a re-sorted file of ten thousand lines included.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use crate::rising::longest_rising;

/// The most comparisons for a stretch without anchors; a larger one counts as touched in whole.
const COMPARISONS: usize = 1 << 18;

/// The lines of `after`, from 0, that `before` has not at that place: sorted, disjoint, not adjacent.
pub(crate) fn touched(before: &str, after: &str) -> Vec<Range<u32>> {
    let (first, before, after) = without_common_lines(before, after);
    let mut numbers = HashMap::new();
    let old = numbered(before, &mut numbers);
    let new = numbered(after, &mut numbers);
    let mut touched: Vec<Range<usize>> = Vec::new();
    let mut open = vec![(0..old.len(), 0..new.len())];
    while let Some((old_range, new_range)) = open.pop() {
        let (old_range, new_range) = without_common_ends(&old, &new, old_range, new_range);
        if new_range.is_empty() {
            continue;
        }
        if old_range.is_empty() {
            touched.push(new_range);
            continue;
        }
        let (old_part, new_part) = (&old[old_range.clone()], &new[new_range.clone()]);
        let mut anchors = anchors(old_part, new_part);
        if anchors.is_empty() && old_part.len() * new_part.len() <= COMPARISONS {
            anchors = longest_common(old_part, new_part);
        }
        if anchors.is_empty() {
            touched.push(new_range);
            continue;
        }
        let (mut old_start, mut new_start) = (old_range.start, new_range.start);
        for (old_at, new_at) in anchors {
            let (old_at, new_at) = (old_range.start + old_at, new_range.start + new_at);
            open.push((old_start..old_at, new_start..new_at));
            (old_start, new_start) = (old_at + 1, new_at + 1);
        }
        open.push((old_start..old_range.end, new_start..new_range.end));
    }
    joined(touched.into_iter().map(|range| first + range.start..first + range.end).collect())
}

/// Two texts without the lines that both begin and end with, nearly all where one was edited; and how
/// many they begin with.
fn without_common_lines<'t>(old: &'t str, new: &'t str) -> (usize, &'t str, &'t str) {
    let common = common_prefix(old.as_bytes(), new.as_bytes());
    let start = memchr::memrchr(b'\n', &old.as_bytes()[..common]).map_or(0, |end| end + 1);
    let first = memchr::memchr_iter(b'\n', &old.as_bytes()[..start]).count();
    let (old, new) = (&old[start..], &new[start..]);
    let common = common_suffix(old.as_bytes(), new.as_bytes());
    // The first line of what both end with may have another beginning.
    let end = memchr::memchr(b'\n', &old.as_bytes()[old.len() - common..]).map_or(0, |end| common - end - 1);
    (first, &old[..old.len() - end], &new[..new.len() - end])
}

/// So many bytes are compared at once.
const BLOCK: usize = 4096;

fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    let blocks = a.chunks_exact(BLOCK).zip(b.chunks_exact(BLOCK)).take_while(|(a, b)| a == b).count() * BLOCK;
    blocks + a[blocks..].iter().zip(&b[blocks..]).take_while(|(a, b)| a == b).count()
}

fn common_suffix(a: &[u8], b: &[u8]) -> usize {
    let blocks = a.rchunks_exact(BLOCK).zip(b.rchunks_exact(BLOCK)).take_while(|(a, b)| a == b).count() * BLOCK;
    let (a, b) = (&a[..a.len() - blocks], &b[..b.len() - blocks]);
    blocks + a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
}

/// A number for each different line, its line break included.
fn numbered<'t>(text: &'t str, numbers: &mut HashMap<&'t str, u32>) -> Vec<u32> {
    let number = |line| {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        *numbers.entry(line).or_insert(next)
    };
    text.split_inclusive('\n').map(number).collect()
}

fn without_common_ends(old: &[u32], new: &[u32], mut a: Range<usize>, mut b: Range<usize>) -> (Range<usize>, Range<usize>) {
    while !a.is_empty() && !b.is_empty() && old[a.start] == new[b.start] {
        a.start += 1;
        b.start += 1;
    }
    while !a.is_empty() && !b.is_empty() && old[a.end - 1] == new[b.end - 1] {
        a.end -= 1;
        b.end -= 1;
    }
    (a, b)
}

/// Lines that stand once on both sides, as pairs that rise on both.
fn anchors(old: &[u32], new: &[u32]) -> Vec<(usize, usize)> {
    // How often, and where last.
    let mut places: HashMap<u32, [(u32, usize); 2]> = HashMap::with_capacity(old.len());
    for (side, lines) in [old, new].into_iter().enumerate() {
        for (at, line) in lines.iter().enumerate() {
            let (count, place) = &mut places.entry(*line).or_default()[side];
            *count += 1;
            *place = at;
        }
    }
    let once = |(at, line): (usize, &u32)| match places.get(line) {
        Some([(1, old_at), (1, _)]) => Some((*old_at, at)),
        _ => None,
    };
    // The second members rise already.
    let pairs: Vec<(usize, usize)> = new.iter().enumerate().filter_map(once).collect();
    longest_rising(&pairs, |(old_at, _)| *old_at).into_iter().map(|place| pairs[place]).collect()
}

/// The longest common subsequence, for small stretches of repeated lines.
fn longest_common(old: &[u32], new: &[u32]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i * width + j] = if old[i] == new[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut common) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            common.push((i, j));
            i += 1;
            j += 1;
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    common
}

fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<u32>> {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut result: Vec<Range<u32>> = Vec::new();
    for range in ranges {
        let line = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        match result.last_mut() {
            Some(last) if last.end == line(range.start) => last.end = line(range.end),
            _ => result.push(line(range.start)..line(range.end)),
        }
    }
    result
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "lists of ranges are expected, some with one")]
mod tests {
    use super::*;

    #[test]
    fn touched_lines() {
        for (before, after, expected) in [
            ("", "", vec![]),
            ("a\nb\n", "a\nb\n", vec![]),
            ("", "a\nb\n", vec![0..2]),
            ("a\n", "", vec![]),
            ("a\nb\nc\n", "a\nc\n", vec![]),
            ("a\nc\n", "a\nb\nc\n", vec![1..2]),
            ("a\nb\nc\n", "a\nx\nc\n", vec![1..2]),
            ("a\nb\n", "a\r\nb\r\n", vec![0..2]),
            ("a", "a\n", vec![0..1]),
            ("a\nb", "a\nbc", vec![1..2]),
            ("a\nxb\nc\n", "a\nyb\nc\n", vec![1..2]),
            ("é\nb\n", "è\nb\n", vec![0..1]),
            // Repeated lines: no anchors.
            ("x\nx\nx\n", "x\nx\ny\nx\n", vec![2..3]),
            ("k\n- a\nk\n- b\n", "k\n- a\nk\n- c\nk\n- b\n", vec![3..5]),
            ("a\nb\nc\nd\n", "b\nc\nd\na\n", vec![3..4]),
        ] {
            assert_eq!(touched(before, after), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn untouched_lines_are_a_subsequence_and_large_texts_are_quick() {
        use std::fmt::Write as _;
        // A reversal, and a shuffle by a fixed step, of 20,000 lines.
        let text = |order: &dyn Fn(usize) -> usize| {
            (0..20_011).fold(String::new(), |mut text, at| {
                let _ = writeln!(text, "line {}", order(at));
                text
            })
        };
        let before = text(&|at| at);
        for after in [text(&|at| 20_010 - at), text(&|at| at * 7919 % 20_011), "x\n".repeat(20_000), before.replace("line 777\n", "")] {
            let touched = touched(&before, &after);
            let kept = after.split_inclusive('\n').enumerate().filter(|(at, _)| {
                let at = u32::try_from(*at).unwrap();
                !touched.iter().any(|range| range.contains(&at))
            });
            let mut old = before.split_inclusive('\n');
            assert!(kept.into_iter().all(|(_, line)| old.any(|known| known == line)));
        }
    }
}
