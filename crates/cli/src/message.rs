//! What is said on standard error: errors, warnings and notes about the run itself.

use std::fmt::Display;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::report::visible;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();

/// Something prevents the run, or a part of it.
pub(crate) fn error(text: impl Display, help: Option<&str>) {
    print("error", ERROR, &text);
    if let Some(help) = help {
        print("  help", NOTE, &help);
    }
}

/// Something is probably not as the user thinks.
pub(crate) fn warning(text: impl Display) {
    print("warning", WARNING, &text);
}

/// Something worth knowing.
pub(crate) fn note(text: impl Display) {
    print("note", NOTE, &text);
}

/// What the operating system says, without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

/// A closed standard error is no reason to fail, so the result of writing is dropped.
fn print(word: &str, style: Style, text: &dyn Display) {
    // Names of files are in it, and whoever reads it may take a line for a command.
    let text = text.to_string();
    let _ = writeln!(anstream::stderr(), "{style}{word}:{style:#} {}", visible(&text));
}
