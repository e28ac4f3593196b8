//! What commands have in common: loading, and telling what went wrong.

use std::io::{self, Write};
use std::path::PathBuf;

use promolint_workspace::ConfigurationChoice;
use promolint_workspace::{ConfigurationError, Request};

use crate::arguments::ConfigurationArguments;
use crate::exit::Exit;
use crate::{message, output};

/// A request with the working directory and the configuration filled in.
pub(crate) fn request(configuration: ConfigurationArguments) -> Result<Request, Exit> {
    let directory = std::env::current_dir().map_err(|error| {
        message::error(format_args!("cannot determine the working directory: {}", message::reason(&error)), None);
        Exit::InputOutput
    })?;
    let choice = match configuration.config {
        Some(file) => ConfigurationChoice::File(file),
        None if configuration.isolated => ConfigurationChoice::Isolated,
        None => ConfigurationChoice::Search,
    };
    let words = |words: Vec<String>| words.into_iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect();
    Ok(Request {
        directory,
        paths: Vec::<PathBuf>::new(),
        standard_input: None,
        configuration: choice,
        select: words(configuration.select),
        ignore: words(configuration.ignore),
        comparison: None,
    })
}

/// Tells what is wrong with the configuration.
pub(crate) fn configuration_error(error: &ConfigurationError) -> Exit {
    message::error(error, error.help.as_deref());
    Exit::Usage
}

/// Prints on standard output, and tells if that fails.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Exit {
    match output::to_stdout(write) {
        Ok(()) => Exit::Success,
        Err(error) => {
            message::error(format_args!("cannot write to standard output: {}", message::reason(&error)), None);
            Exit::InputOutput
        }
    }
}
