//! `full`: for people. Each finding with the lines it is about, drawn by miette.
//!
//! miette gets an [`excerpt::Excerpt`] instead of the file: the few lines that are shown, cut to the
//! width at hand and free of control characters. Its cost does not depend on the size of the file.

mod excerpt;
mod finding;
mod fix;

use std::collections::HashSet;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use miette::{GraphicalReportHandler, GraphicalTheme, NarratableReportHandler, ThemeCharacters, ThemeStyles};
use promolint_analysis::Severity;

use self::finding::Drawing;
use super::{Finding, Report, visible};
use crate::terminal::Appearance;

/// The colour of a severity.
pub(crate) fn severity_style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Info | Severity::Hint => AnsiColor::Cyan,
    };
    color.on_default().bold()
}

pub(crate) fn write(report: &Report<'_>, appearance: &Appearance, out: &mut dyn Write) -> io::Result<()> {
    let mut printer = Printer::new(appearance);
    for findings in report.by_file() {
        printer.heading(report.name(&findings[0].diagnostic.path), out)?;
        for finding in findings {
            printer.finding(report, finding, out)?;
        }
    }
    if !report.quiet && (report.summary.files > 0 || !report.findings.is_empty()) {
        let bold = if appearance.color { Style::new().bold() } else { Style::new() };
        writeln!(out, "{bold}{}{bold:#}", report.summary)?;
        if let Some(hint) = report.summary.fixes.hint() {
            writeln!(out, "{hint}")?;
        }
    }
    Ok(())
}

struct Printer<'a> {
    appearance: &'a Appearance,
    graphical: GraphicalReportHandler,
    narrated: NarratableReportHandler,
    /// Rules whose page was named: once is enough where it must be spelled out.
    linked: HashSet<&'static str>,
    buffer: String,
}

impl<'a> Printer<'a> {
    fn new(appearance: &'a Appearance) -> Self {
        let theme = GraphicalTheme {
            characters: if appearance.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
            styles: if appearance.color { ThemeStyles::ansi() } else { ThemeStyles::none() },
        };
        let graphical = GraphicalReportHandler::new_themed(theme)
            .with_width(appearance.text_width)
            .with_links(appearance.links)
            .with_link_display_text("(docs)")
            .with_context_lines(1)
            .without_cause_chain()
            .with_break_words(false)
            .with_word_separator(textwrap::WordSeparator::AsciiSpace)
            .with_word_splitter(textwrap::WordSplitter::NoHyphenation)
            .without_syntax_highlighting();
        let narrated = NarratableReportHandler::new().with_context_lines(1).without_cause_chain();
        Self { appearance, graphical, narrated, linked: HashSet::new(), buffer: String::new() }
    }

    fn heading(&self, path: &str, out: &mut dyn Write) -> io::Result<()> {
        let bold = if self.appearance.color { Style::new().bold().underline() } else { Style::new() };
        writeln!(out, "{bold}{}{bold:#}\n", visible(path))
    }

    fn finding(&mut self, report: &Report<'_>, finding: &Finding<'_>, out: &mut dyn Write) -> io::Result<()> {
        let spell_out = self.appearance.links || self.linked.insert(finding.diagnostic.rule);
        let (drawing, notes) = Drawing::new(report, finding, self.appearance, spell_out);
        self.buffer.clear();
        let drawn = if self.appearance.screen_reader {
            self.narrated.render_report(&mut self.buffer, &drawing)
        } else {
            self.graphical.render_report(&mut self.buffer, &drawing)
        };
        drawn.map_err(io::Error::other)?;
        out.write_all(self.buffer.as_bytes())?;
        for note in notes {
            writeln!(out, "  {}note:{} {note}", self.cyan().render(), self.cyan().render_reset())?;
        }
        for fix in &finding.diagnostic.fixes {
            fix::write(report, fix, self.appearance, self.cyan(), out)?;
        }
        writeln!(out)
    }

    fn cyan(&self) -> Style {
        if self.appearance.color { AnsiColor::Cyan.on_default() } else { Style::new() }
    }
}

#[cfg(test)]
mod tests;
