//! What the place of a report can show: colours, links, width.

use crate::arguments::When;

/// How `full` and other texts for people look.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent abilities of a terminal")]
pub(crate) struct Appearance {
    /// Colours and bold type.
    pub(crate) color: bool,
    /// Terminal hyperlinks.
    pub(crate) links: bool,
    /// Line drawings beyond ASCII.
    pub(crate) unicode: bool,
    /// Sentences instead of drawings.
    pub(crate) screen_reader: bool,
    /// Columns for running text.
    pub(crate) text_width: usize,
    /// Columns for a line of a file.
    pub(crate) excerpt_width: usize,
}

/// Running text is hard to read beyond this.
const WIDEST_TEXT: usize = 110;
/// Shows a digest with a handful of tags, whole.
const WIDEST_EXCERPT: usize = 160;
/// Line numbers and the frame of an excerpt.
const GUTTER: usize = 10;

impl Appearance {
    /// Of standard output.
    pub(crate) fn of_stdout(color: When, links: When, screen_reader: bool) -> Self {
        let colors = match color {
            When::Always => true,
            When::Never => false,
            When::Auto => anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never,
        };
        let can_link = || colors && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout);
        let plain = Self::of_file(color, links, screen_reader);
        let width = terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
        Self {
            color: colors,
            links: links == When::Always || links == When::Auto && can_link(),
            unicode: !std::env::var_os("TERM").is_some_and(|term| term == "dumb" || term == "linux"),
            text_width: width.map_or(plain.text_width, |width| width.clamp(40, WIDEST_TEXT)),
            excerpt_width: width.map_or(plain.excerpt_width, |width| width.clamp(40 + GUTTER, 2 * WIDEST_EXCERPT) - GUTTER),
            ..plain
        }
    }

    /// Of a file: nothing but text unless it is asked for.
    pub(crate) fn of_file(color: When, links: When, screen_reader: bool) -> Self {
        Self {
            color: color == When::Always,
            links: links == When::Always,
            unicode: true,
            screen_reader,
            text_width: WIDEST_TEXT,
            excerpt_width: WIDEST_EXCERPT,
        }
    }
}
