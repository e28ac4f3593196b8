//! Where in the structure of a file the cursor stands, told from the lines around it by indentation.
//!
//! The tree is no help where something is half typed; indentation and keys are.

use std::collections::BTreeSet;

use super::line::Line;
use super::token::Typed;

/// Whether a dash belongs before what is typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Dash {
    /// It stands there.
    Written,
    /// An item begins here, once the dash is written.
    Missing,
    /// The first line below a key: an item or a key.
    Open,
    /// A key of the mapping that is open here, no item.
    None,
}

/// A way to read what is being typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    /// Keys around, outermost first.
    pub(super) path: Vec<String>,
    /// Keys of the same mapping, or items of the same list.
    pub(super) siblings: BTreeSet<String>,
    pub(super) dash: Dash,
}

impl Place {
    /// The keys around, for matching.
    pub(super) fn path(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// What an item begins with: the dash if it is missing; `None` where no item can begin.
    pub(super) fn item(&self, dash: &str) -> Option<String> {
        match self.dash {
            Dash::Written => Some(String::new()),
            Dash::Missing | Dash::Open => Some(dash.to_owned()),
            Dash::None => None,
        }
    }

    /// Whether a key of a mapping that is no item can stand here.
    pub(super) fn is_in_mapping(&self) -> bool {
        matches!(self.dash, Dash::None | Dash::Open)
    }
}

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

/// The block collections around a place.
#[derive(Debug, Default)]
struct Levels(Vec<Level>);

impl Levels {
    fn read(lines: &[Line<'_>]) -> Self {
        let mut levels = Self::default();
        let mut brackets: Option<(usize, String)> = None;
        for line in lines {
            if let Some((column, open)) = brackets.take() {
                let open = format!("{open}\n{}", line.content);
                // What starts an entry where the list does has nothing to do with it.
                if (line.key.is_none() && line.dashes.is_empty()) || line.start() > column {
                    if !Typed::new(&open).brackets.is_empty() {
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
    fn places(mut self, line: &Line<'_>) -> Vec<Place> {
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

/// The ways to read what is typed on a line.
pub(super) fn places(above: &str, line: &Line<'_>, below: &str) -> Vec<Place> {
    let lines: Vec<Line<'_>> = above.lines().map(Line::new).collect();
    let mut places = Levels::read(&lines).places(line);
    let below: Vec<Line<'_>> = below.lines().map(Line::new).filter(|line| !line.is_blank()).collect();
    // Between the items of a list a key begins only where somebody is typing one.
    let is_in_list = below.first().is_some_and(|next| is_item_at(next, line)) && line.dashes.is_empty();
    places.retain(|place| place.dash != Dash::None || !is_in_list || !line.content.is_empty());
    places.iter_mut().filter(|place| place.dash == Dash::Open && is_in_list).for_each(|place| place.dash = Dash::Missing);
    for place in &mut places {
        place.siblings.extend(siblings_below(place.dash, line, &below));
    }
    places
}

/// The keys of the same mapping and the items of the same list on the lines below.
fn siblings_below(dash: Dash, line: &Line<'_>, below: &[Line<'_>]) -> BTreeSet<String> {
    let (start, column) = (line.start(), line.column);
    let mut siblings = BTreeSet::new();
    if dash != Dash::Missing {
        let least = if dash == Dash::Written { start + 1 } else { column };
        let keys = below.iter().take_while(|next| next.start() >= least).filter(|next| next.dashes.is_empty() && next.column == column);
        siblings.extend(keys.filter_map(|next| next.key.as_ref()).map(|key| key.text.to_owned()));
    }
    if dash != Dash::None {
        let items = below.iter().take_while(|next| next.start() > start || next.dashes.first() == Some(&start));
        let items = items.filter(|next| next.dashes.first() == Some(&start) && next.key.is_none());
        siblings.extend(items.map(Line::item));
    }
    siblings
}

/// Whether a line begins an item in the column where another has its content.
fn is_item_at(next: &Line<'_>, line: &Line<'_>) -> bool {
    next.start() == line.column && !next.dashes.is_empty()
}

/// What the lines below are to the line of the cursor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Below {
    /// Nothing of it.
    Apart,
    /// Items in its own column: of a list around, or of the one that its key has.
    Items,
    /// Its children.
    Children,
}

/// What stands below a line.
pub(super) fn below(line: &Line<'_>, below: &str) -> Below {
    match below.lines().map(Line::new).find(|line| !line.is_blank()) {
        Some(next) if next.start() > line.column => Below::Children,
        Some(next) if is_item_at(&next, line) => Below::Items,
        _ => Below::Apart,
    }
}
