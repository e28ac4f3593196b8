//! What a fix would do: its title, and the lines before and after if they are few.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use promolint_analysis::Fix;
use promolint_syntax::{TextEdit, TextRange, apply_edits};

use crate::report::{Report, visible};
use crate::terminal::Appearance;

/// More lines than these, on either side, are not shown.
const LINES: usize = 3;
/// Nor are more bytes.
const LONGEST: usize = 2000;

pub(crate) fn write(report: &Report<'_>, fix: &Fix, appearance: &Appearance, style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  {style}fix:{style:#} {} ({})", visible(&fix.title), fix.applicability.name())?;
    let Some((before, after)) = lines(report, fix) else { return Ok(()) };
    let colored = |color: AnsiColor| if appearance.color { color.on_default() } else { Style::new() };
    let (minus, plus) = if appearance.screen_reader { ("before:", "after:") } else { ("-", "+") };
    for (sign, lines, style) in [(minus, before, colored(AnsiColor::Red)), (plus, after, colored(AnsiColor::Green))] {
        for line in lines.lines() {
            writeln!(out, "    {style}{sign} {}{style:#}", cut(&visible(line), appearance.excerpt_width))?;
        }
    }
    Ok(())
}

/// The lines that change, before and after; none if they say nothing (other files, many or long
/// lines, differences that do not show).
fn lines(report: &Report<'_>, fix: &Fix) -> Option<(String, String)> {
    let path = &fix.edits.first()?.path;
    if fix.edits.iter().any(|edit| edit.path != *path) {
        return None;
    }
    let text = report.text(path)?;
    let cover = fix.edits.iter().map(|edit| edit.edit.range).reduce(TextRange::cover)?;
    let start = text.get(..cover.start() as usize)?.rfind('\n').map_or(0, |at| at + 1);
    let end = text.get(cover.end() as usize..)?.find('\n').map_or(text.len(), |at| cover.end() as usize + at);
    if end - start > LONGEST {
        return None;
    }
    let before = &text[start..end];
    let offset = u32::try_from(start).ok()?;
    let moved = |range: TextRange| TextRange::new(range.start() - offset, range.end() - offset);
    let edits: Vec<_> = fix.edits.iter().map(|edit| TextEdit::replace(moved(edit.edit.range), edit.edit.text.clone())).collect();
    let after = apply_edits(before, &edits).ok()?;
    let many = |text: &str| text.lines().nth(LINES).is_some();
    let same = before.lines().map(str::trim_end).eq(after.lines().map(str::trim_end));
    (!many(before) && !many(&after) && !same).then(|| (before.to_owned(), after))
}

fn cut(line: &str, width: usize) -> String {
    match line.char_indices().nth(width) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}
