//! A finding as miette takes it.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, SourceCode};
use promolint_analysis::{Related, Severity};

use super::excerpt::{Excerpt, Mark};
use crate::report::{Finding, NOT_FROM_THIS_CHANGE, Position, Report, Span, rule_url, visible};
use crate::terminal::Appearance;

/// More places beside the finding than these are named in notes.
const LABELS: usize = 3;
/// Excerpts of places no further apart than this touch each other.
const NEAR: u32 = 3;
/// More notes than these tell nobody anything.
const NOTES: usize = 5;

/// A finding with the excerpt it is shown in.
#[derive(Debug)]
pub(crate) struct Drawing {
    code: String,
    message: String,
    help: Option<String>,
    url: Option<String>,
    severity: miette::Severity,
    labels: Vec<LabeledSpan>,
    excerpt: Option<Excerpt>,
}

impl Drawing {
    /// The drawing, and the related places that do not fit into it as lines of text.
    pub(crate) fn new(report: &Report<'_>, finding: &Finding<'_>, appearance: &Appearance, with_url: bool) -> (Self, Vec<String>) {
        let diagnostic = finding.diagnostic;
        let mut marks = vec![Mark { range: diagnostic.range, start: finding.span.start, end: finding.span.end }];
        let mut texts = vec![None];
        let mut notes = Vec::new();
        let mut left_out = 0;
        for related in &diagnostic.related {
            let span = report.span(&related.path, related.range);
            let is_near = related.path == diagnostic.path && is_near(finding.span, span);
            if is_near && marks.len() <= LABELS && marks.iter().all(|mark| mark.range != related.range) {
                marks.push(Mark { range: related.range, start: span.start, end: span.end });
                texts.push(Some(visible(&related.message).into_owned()));
            } else if notes.len() < NOTES {
                notes.push(note(report, related, span.start, appearance.excerpt_width));
            } else {
                left_out += 1;
            }
        }
        if left_out > 0 {
            notes.push(format!("and {left_out} more"));
        }
        let name = visible(report.name(&diagnostic.path)).into_owned();
        let drawn = report.text(&diagnostic.path).map(|text| Excerpt::new(text, name, &marks, appearance.excerpt_width));
        let (excerpt, spans) = drawn.map_or((None, Vec::new()), |(excerpt, spans)| (Some(excerpt), spans));
        let labels = texts.into_iter().zip(spans).enumerate().map(|(at, (text, span))| match at {
            0 => LabeledSpan::new_primary_with_span(text, span),
            _ => LabeledSpan::new_with_span(text, span),
        });
        let drawing = Self {
            code: if appearance.screen_reader {
                diagnostic.rule.to_owned()
            } else {
                format!("{} {}", diagnostic.severity, diagnostic.rule)
            },
            message: if finding.is_old() {
                format!("{} {NOT_FROM_THIS_CHANGE}", visible(&diagnostic.message))
            } else {
                visible(&diagnostic.message).into_owned()
            },
            help: diagnostic.help.as_deref().map(|help| visible(help).into_owned()),
            url: with_url.then(|| rule_url(diagnostic.rule)),
            severity: match diagnostic.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
                Severity::Info | Severity::Hint => miette::Severity::Advice,
            },
            labels: labels.collect(),
            excerpt,
        };
        (drawing, notes)
    }
}

/// Whether the place can be shown in the finding's excerpt.
fn is_near(finding: Span, place: Span) -> bool {
    place.start.line <= finding.end.line + NEAR && finding.start.line <= place.end.line + NEAR
}

/// `path:line:col message`, and the line itself.
fn note(report: &Report<'_>, related: &Related, start: Position, width: usize) -> String {
    let (path, message) = (visible(report.name(&related.path)), visible(&related.message));
    let note = format!("{path}:{}:{} {message}", start.line, start.column);
    let line = report.text(&related.path).map_or("", |text| line_at(text, related.range.start()));
    let line = line.trim();
    // Cut before anything else looks at it: lines can be very long.
    let line = &line[..line.char_indices().nth(width).map_or(line.len(), |(at, _)| at)];
    if line.is_empty() { note } else { format!("{note}\n        {}", visible(line)) }
}

fn line_at(text: &str, offset: u32) -> &str {
    let (before, after) = text.split_at(text.floor_char_boundary(offset as usize));
    let (start, length) = (before.rfind('\n').map_or(0, |at| at + 1), after.find('\n').unwrap_or(after.len()));
    &text[start..before.len() + length]
}

impl fmt::Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawing {}

impl Diagnostic for Drawing {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| -> Box<dyn fmt::Display> { Box::new(help) })
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.url.as_ref().map(|url| -> Box<dyn fmt::Display> { Box::new(url) })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| -> &dyn SourceCode { excerpt })
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
