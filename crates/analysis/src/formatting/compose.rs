//! Edits and moves together: what moves takes the edits inside it along.

use promolint_syntax::{TextEdit, TextRange, apply_edits};

use super::order::{Permutation, stay};

/// An edit and, among insertions at one place, its turn.
#[derive(Clone, Debug)]
struct Ranked {
    turn: Turn,
    edit: TextEdit,
}

/// The end of what stands before comes first, then what moves there, then what begins there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    End,
    Moved,
    Start,
}

impl Ranked {
    /// Whether it is part of a slot: of insertions between two of them, the end of the first one, or the start of the second.
    fn belongs_to(&self, slot: TextRange) -> bool {
        let range = self.edit.range;
        match (range.is_empty(), self.turn) {
            (false, _) => slot.contains_range(range),
            (true, Turn::End) => slot.start() < range.start() && range.start() <= slot.end(),
            (true, _) => slot.start() <= range.start() && range.start() < slot.end(),
        }
    }
}

/// Edits on one text, sorted, without overlaps.
pub(super) struct Edits<'t> {
    text: &'t str,
    edits: Vec<Ranked>,
}

impl<'t> Edits<'t> {
    /// Of edits that overlap, the one that covers the other is taken.
    pub(super) fn new(text: &'t str, edits: Vec<TextEdit>) -> Self {
        let turn = |edit: &TextEdit| if edit.range.start() as usize == text.len() { Turn::End } else { Turn::Start };
        let mut edits: Vec<Ranked> = edits.into_iter().map(|edit| Ranked { turn: turn(&edit), edit }).collect();
        edits.sort_by_key(|ranked| (ranked.edit.range.start(), std::cmp::Reverse(ranked.edit.range.end())));
        let mut end = 0;
        edits.retain(|ranked| {
            let range = ranked.edit.range;
            let is_free = range.start() >= end;
            end = end.max(range.end());
            is_free
        });
        let mut result = Self { text, edits };
        result.sort();
        result
    }

    /// Adds moves within one level of lists; those of inner lists must have been added before.
    pub(super) fn permute(&mut self, permutations: &[Permutation]) {
        let mut moved: Vec<TextRange> = permutations.iter().flat_map(moved_slots).collect();
        moved.sort();
        let mut added = Vec::new();
        for permutation in permutations {
            self.add(permutation, &mut added);
        }
        self.edits.retain(|ranked| {
            let behind = moved.partition_point(|slot| slot.start() <= ranked.edit.range.start());
            // At the border of two slots, it may belong to either.
            !moved[behind.saturating_sub(2)..behind].iter().any(|slot| ranked.belongs_to(*slot))
        });
        self.edits.append(&mut added);
        self.sort();
    }

    fn add(&self, permutation: &Permutation, added: &mut Vec<Ranked>) {
        let Permutation { slots, order } = permutation;
        let moved = |edit| Ranked { turn: Turn::Moved, edit };
        let end = slots[slots.len() - 1].end();
        if !is_contiguous(slots) {
            let changed = (0..).zip(order).filter(|(place, entry)| place != *entry);
            added.extend(changed.map(|(place, entry)| moved(TextEdit::replace(slots[place], self.rendered(slots[*entry])))));
            return;
        }
        let staying = stay(order);
        let mut next_staying = staying.iter().peekable();
        for entry in order {
            if next_staying.next_if_eq(&entry).is_some() {
                continue;
            }
            let text = self.rendered(slots[*entry]);
            added.push(match next_staying.peek() {
                Some(next) => moved(TextEdit::insert(slots[**next].start(), text)),
                None => Ranked { turn: Turn::End, edit: TextEdit::insert(end, text) },
            });
            added.push(moved(TextEdit::delete(slots[*entry])));
        }
    }

    /// A part of the text with the edits inside it.
    fn rendered(&self, range: TextRange) -> String {
        let first = self.edits.partition_point(|ranked| ranked.edit.range.start() < range.start());
        let near = self.edits[first..].iter().take_while(|ranked| ranked.edit.range.start() <= range.end());
        let inside = near.filter(|ranked| ranked.belongs_to(range));
        let start = range.start();
        let shifted: Vec<TextEdit> = inside
            .map(|ranked| {
                let place = ranked.edit.range;
                TextEdit::replace(TextRange::new(place.start() - start, place.end() - start), ranked.edit.text.as_str())
            })
            .collect();
        let text = &self.text[range.to_usize()];
        // They are sorted, disjoint and inside.
        apply_edits(text, &shifted).unwrap_or_else(|_| text.to_owned())
    }

    fn sort(&mut self) {
        self.edits.sort_by_key(|ranked| (ranked.edit.range.start(), !ranked.edit.range.is_empty(), ranked.turn));
    }

    pub(super) fn finish(self) -> Vec<TextEdit> {
        self.edits.into_iter().map(|ranked| ranked.edit).collect()
    }
}

fn is_contiguous(slots: &[TextRange]) -> bool {
    slots.windows(2).all(|pair| pair[0].end() == pair[1].start())
}

/// The places whose text is taken away.
fn moved_slots(permutation: &Permutation) -> Vec<TextRange> {
    let Permutation { slots, order } = permutation;
    if is_contiguous(slots) {
        let staying = stay(order);
        let stays = |entry: &usize| staying.binary_search(entry).is_ok();
        (0..slots.len()).filter(|entry| !stays(entry)).map(|entry| slots[entry]).collect()
    } else {
        (0..slots.len()).filter(|place| order[*place] != *place).map(|place| slots[place]).collect()
    }
}
