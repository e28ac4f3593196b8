//! `lsp`: the language server on standard input and output.

use crate::exit::Exit;
use crate::message;

/// Serves one client. A client that leaves without `shutdown` gets exit code 1, as the protocol wants.
pub(crate) fn run() -> Exit {
    match promolint_lsp::serve_stdio() {
        Ok(true) => Exit::Success,
        Ok(false) => Exit::Findings,
        Err(error) => {
            message::error(format_args!("cannot start the language server: {}", message::reason(&error)), None);
            Exit::InputOutput
        }
    }
}
