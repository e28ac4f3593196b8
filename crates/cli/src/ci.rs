//! What a CI system says about the run, read from its environment variables.

mod artifacts;

pub(crate) use artifacts::prow_report;

/// Looks a variable up; the process's own are [`std::env::var_os`].
pub(crate) type Environment<'e> = dyn Fn(&str) -> Option<std::ffi::OsString> + 'e;
