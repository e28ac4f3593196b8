//! The block collections that are open at a line, told from the lines above it by indentation.

use std::collections::BTreeSet;

use super::line::Line;
use super::place::{Dash, Place};
use super::token::Typed;

/// Bytes of a value in brackets; one that seems to go on for longer was never closed, and is read again with each line.
const LONGEST: usize = 8192;

/// A block collection that is open above the cursor.
#[derive(Debug)]
struct Level {
    column: usize,
    is_list: bool,
    /// Keys, or items that are scalars.
    entries: Vec<String>,
    /// Whether the last entry has no value yet.
    is_open: bool,
}

/// The block collections around a place, outermost first.
#[derive(Debug, Default)]
pub(super) struct Levels(Vec<Level>);

impl Levels {
    pub(super) fn read(lines: &[Line<'_>]) -> Self {
        let mut levels = Self::default();
        let mut brackets: Option<(usize, String)> = None;
        for line in lines {
            if let Some((column, open)) = brackets.take() {
                let open = format!("{open}\n{}", line.content);
                // What starts an entry where the list does has nothing to do with it.
                if (line.key.is_none() && line.dashes.is_empty()) || line.start() > column {
                    if open.len() < LONGEST && !Typed::new(&open).brackets.is_empty() {
                        brackets = Some((column, open));
                    }
                    continue;
                }
            }
            if line.is_blank() {
                continue;
            }
            levels.add(line);
            if !Typed::new(line.rest()).brackets.is_empty() {
                brackets = Some((line.start(), line.rest().to_owned()));
            }
        }
        levels
    }

    fn add(&mut self, line: &Line<'_>) {
        for dash in &line.dashes {
            self.close(*dash);
            if !self.0.last().is_some_and(|level| level.is_list && level.column == *dash) {
                self.open(*dash, true);
            }
            self.last().is_open = true;
        }
        let is_empty = line.content.trim_end().is_empty();
        if let Some(key) = &line.key {
            self.close(line.column);
            self.0.pop_if(|level| level.is_list && level.column == line.column);
            if self.0.last().is_none_or(|level| level.column < line.column) {
                self.open(line.column, false);
            }
            let typed = Typed::new(line.rest());
            let level = self.last();
            level.entries.push(key.text.to_owned());
            level.is_open = typed.start.is_none() && !typed.is_done && typed.brackets.is_empty();
        } else if !is_empty && !line.dashes.is_empty() {
            self.last().entries.push(line.item());
            self.last().is_open = false;
        }
    }

    /// Closes what is indented more.
    fn close(&mut self, column: usize) {
        while self.0.len() > 1 && self.0.last().is_some_and(|level| level.column > column) {
            self.0.pop();
        }
    }

    fn open(&mut self, column: usize, is_list: bool) {
        if let Some(parent) = self.0.last_mut() {
            parent.is_open = false;
        }
        self.0.push(Level { column, is_list, entries: Vec::new(), is_open: false });
    }

    fn last(&mut self) -> &mut Level {
        if self.0.is_empty() {
            self.open(0, false);
        }
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    /// The keys that lead to the last level, or to below its last key.
    fn path(&self, is_below: bool) -> Vec<String> {
        let count = self.0.len() - usize::from(!is_below && !self.0.is_empty());
        self.0[..count].iter().filter(|level| !level.is_list).filter_map(|level| level.entries.last().cloned()).collect()
    }

    fn entries(&self) -> BTreeSet<String> {
        self.0.last().into_iter().flat_map(|level| level.entries.iter().cloned()).collect()
    }

    /// The ways to read what begins at a column, below these levels.
    pub(super) fn places(mut self, line: &Line<'_>) -> Vec<Place> {
        let mut places = Vec::new();
        let column = line.start();
        self.close(column);
        let place = |path: Vec<String>, siblings: BTreeSet<String>, dash: Dash| Place { path, siblings, dash };
        let is_item = !line.dashes.is_empty();
        let Some(last) = self.0.last() else {
            return vec![place(Vec::new(), BTreeSet::new(), if is_item { Dash::Written } else { Dash::Open })];
        };
        let (is_open, is_list, at) = (last.is_open, last.is_list, last.column);
        let dash = if is_item { Dash::Written } else { Dash::Missing };
        if at == column && is_list {
            places.push(place(self.path(false), self.entries(), dash));
            self.0.pop();
            if let Some(level) = self.0.last().filter(|level| level.column == column && !level.is_list && !is_item) {
                let siblings = level.entries.iter().cloned().collect();
                places.insert(0, place(self.path(false), siblings, Dash::None));
            }
        } else if at == column {
            if !is_item {
                places.push(place(self.path(false), self.entries(), Dash::None));
            }
            if is_open {
                places.push(place(self.path(true), BTreeSet::new(), dash));
            }
        } else if at < column && is_open {
            // An item whose dash stands alone on its line goes on here with its first key.
            let dash = if is_item {
                Dash::Written
            } else if is_list {
                Dash::None
            } else {
                Dash::Open
            };
            places.push(place(self.path(true), BTreeSet::new(), dash));
        }
        places
    }
}
