//! Indentation: a collection below its key, an item behind its dash.

use promolint_syntax::{Node, NodeKind, Style as Written, TextEdit, TextRange};

use super::Style;
use super::conventions::Conventions;
use super::lines::{Line, Lines};
use super::places::{Found, Habit, Place, dash_of};

/// The edits that bring every collection to the column that the conventions want.
pub(super) fn edits<'a>(places: &[Place<'a>], lines: &Lines<'a>, conventions: &Conventions<'a>, style: Style) -> Vec<TextEdit> {
    let Some(root) = lines.document.root() else { return Vec::new() };
    let departs = |place: &Place<'a>| {
        matches!(place.habit, Habit::Dash | Habit::Below(_)) && conventions.wanted(place.habit).is_some_and(|wanted| wanted != place.found)
    };
    let root_column = lines.column(root.range().start());
    let shift = if style == Style::Promoter && root.kind() == NodeKind::Sequence { -i64::from(root_column) } else { 0 };
    if shift == 0 && !places.iter().any(departs) {
        return Vec::new();
    }
    let mut indenter = Indenter { lines, conventions, shifts: vec![0; lines.count() as usize], edits: Vec::new() };
    indenter.cover(root, root_column, shift, 0);
    indenter.collection(root, shift);
    indenter.finish()
}

struct Indenter<'l, 'a> {
    lines: &'l Lines<'a>,
    conventions: &'l Conventions<'a>,
    /// Columns by which each line moves to the right.
    shifts: Vec<i64>,
    edits: Vec<TextEdit>,
}

impl<'a> Indenter<'_, 'a> {
    /// Goes through a collection whose own lines are covered already.
    fn collection(&mut self, node: Node<'a>, shift: i64) {
        if node.style() != Written::Block {
            return;
        }
        match node.kind() {
            NodeKind::Mapping => {
                for entry in node.as_mapping().into_iter().flat_map(promolint_syntax::Mapping::entries) {
                    self.below(entry.key, entry.value, shift);
                }
            }
            NodeKind::Sequence => {
                for item in node.children() {
                    self.item(item, shift);
                }
            }
            _ => {}
        }
    }

    /// A collection below a key that itself moves by `shift`.
    fn below(&mut self, key: Node<'a>, value: Node<'a>, shift: i64) {
        let start = value.range().start();
        let is_block = value.style() == Written::Block && matches!(value.kind(), NodeKind::Mapping | NodeKind::Sequence);
        if !is_block || !self.lines.is_first_on_line(start) {
            return;
        }
        let name = if key.style() == Written::Plain && !key.text().contains(':') { key.text() } else { "" };
        let (column, key_column) = (self.lines.column(start), self.lines.column(key.range().start()));
        let shift = match self.conventions.wanted(Habit::Below(name)) {
            Some(Found::Count(columns)) => shift + i64::from(key_column) + i64::from(columns) - i64::from(column),
            _ => shift,
        };
        self.cover(value, column, shift, self.lines.line(key.range().start()) + 1);
        self.collection(value, shift);
    }

    /// An item whose dash moves by `shift`.
    fn item(&mut self, item: Node<'a>, shift: i64) {
        let Some(dash) = dash_of(item).filter(|_| !item.is_absent()) else { return self.collection(item, shift) };
        let start = item.range().start();
        let mut inner = shift;
        if let Some(Found::Count(columns)) = self.conventions.wanted(Habit::Dash) {
            inner += i64::from(columns) - i64::from(start - dash);
            if columns != start - dash && columns > 0 {
                let blanks = " ".repeat(columns as usize - 1);
                self.edits.push(TextEdit::replace(TextRange::new(dash + 1, start), blanks));
            }
        }
        let first = self.lines.line(start);
        if self.lines.last_line(item.range()) > first {
            self.cover(item, self.lines.column(start), inner, first + 1);
        }
        self.collection(item, inner);
    }

    /// Moves the lines of a collection, from `from` on, and the comments below that are as far to the right.
    fn cover(&mut self, node: Node<'a>, column: u32, shift: i64, from: u32) {
        let mut behind = self.lines.last_line(node.range()) + 1;
        while behind < self.lines.count() && matches!(self.lines.kind(behind), Line::Comment(at) if at >= column) {
            behind += 1;
        }
        self.shifts[from as usize..behind as usize].fill(shift);
    }

    fn finish(mut self) -> Vec<TextEdit> {
        for (line, shift) in (0..).zip(&self.shifts) {
            let indentation = self.lines.indentation(line);
            if *shift == 0 || self.lines.kind(line) == Line::Blank || indentation.contains('\t') {
                continue;
            }
            let (start, length) = (self.lines.start(line), u32::try_from(indentation.len()).unwrap_or(0));
            let columns = usize::try_from(i64::from(length) + shift).unwrap_or(0);
            self.edits.push(TextEdit::replace(TextRange::new(start, start + length), " ".repeat(columns)));
        }
        self.edits
    }
}
