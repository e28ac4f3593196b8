//! `lsp`: the language server on standard input and output.

use crate::exit::Exit;
use crate::message;

/// Serves one client. A client that leaves without `shutdown` gets exit code 1, as the protocol wants.
pub(crate) fn run() -> Exit {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    share_memory();
    match promolint_lsp::serve_stdio() {
        Ok(true) => Exit::Success,
        Ok(false) => Exit::Findings,
        Err(error) => {
            message::error(format_args!("cannot start the language server: {}", message::reason(&error)), None);
            Exit::InputOutput
        }
    }
}

/// Starts over with one store of memory for all threads. The C library gives each thread its own, and what one
/// thread sets free no other can use: a third of what a server holds that stays up all day.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn share_memory() {
    use std::os::unix::process::CommandExt;

    const TUNABLES: &str = "GLIBC_TUNABLES";
    if std::env::var_os(TUNABLES).is_none()
        && let Ok(program) = std::env::current_exe()
    {
        // Comes back only if it fails; then the server needs more memory.
        let _ = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(TUNABLES, "glibc.malloc.arena_max=1").exec();
    }
}
