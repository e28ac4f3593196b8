//! Formatting, when the editor asks for it.

use promolint_analysis::SourceFile;
use promolint_analysis::formatting::{Refusal, Style, format, format_range};
use promolint_syntax::{TextEdit, TextRange};

use crate::session::settings::FormatStyle;
use crate::session::state::State;

/// The edits that format a file, or a range of it.
pub fn edits(state: &State, file: &SourceFile, range: Option<TextRange>) -> Result<Vec<TextEdit>, Refusal> {
    let style = match state.client.format.style {
        FormatStyle::File => Style::File,
        FormatStyle::Promoter => Style::Promoter,
    };
    match range {
        None => format(file, style),
        Some(range) => format_range(file, style, range),
    }
}
