//! With what a change is compared, for the commands that judge one.

use std::fs;

use promolint_workspace::Loaded;
use promolint_workspace::git::{Comparison, GitError, GitErrorKind};

use crate::arguments::ComparisonArguments;
use crate::ci::{self, Found};
use crate::exit::Exit;
use crate::message;

/// The comparison that is wanted, and who named it if the user did not.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// What is compared.
    pub(crate) comparison: Comparison,
    named_by: Option<&'static str>,
}

/// What the arguments ask for, else what a CI system names.
pub(crate) fn wanted(arguments: &ComparisonArguments) -> Option<Wanted> {
    let asked = match &arguments.since {
        Some(revision) => Some(Comparison::Since(revision.clone())),
        None if arguments.branch => Some(Comparison::Branch),
        None => arguments.staged.then_some(Comparison::Staged),
    };
    match asked {
        Some(comparison) => Some(Wanted::asked(comparison)),
        None if arguments.no_since => None,
        None => found(),
    }
}

/// What the environment names.
pub(crate) fn found() -> Option<Wanted> {
    let variable = |name: &str| std::env::var(name).ok();
    let Some(Found { comparison, named_by }) = ci::detect(&variable, &|path| fs::read_to_string(path).ok()) else {
        if ci::is_change(&variable) {
            message::warning("CI judges a change but does not name its base, so the tree is judged as it stands; --since names it");
        }
        return None;
    };
    Some(Wanted { comparison, named_by: Some(named_by) })
}

impl Wanted {
    /// What the user asks for.
    pub(crate) fn asked(comparison: Comparison) -> Self {
        Self { comparison, named_by: None }
    }

    /// Tells what was compared with, or why nothing could be.
    pub(crate) fn tell(&self, loaded: &Loaded, quiet: bool) -> Result<(), Exit> {
        let before = match &loaded.before {
            Some(Ok(before)) => before,
            Some(Err(error)) if self.is_void(error) => return Ok(()),
            Some(Err(error)) => return Err(self.refuse(error)),
            None => return Ok(()),
        };
        if quiet {
            return Ok(());
        }
        let base = before.commit.as_deref().unwrap_or("the beginning");
        let named = match (&self.comparison, self.named_by) {
            (_, Some(named_by)) => format!(" ({named_by})"),
            (Comparison::Since(revision), None) if !base.starts_with(revision.as_str()) => format!(" ({revision})"),
            (Comparison::Branch, None) => " (where the branch began)".to_owned(),
            (Comparison::Staged, None) => " (what is staged)".to_owned(),
            _ => String::new(),
        };
        message::note(format_args!("judged as a change since {base}{named}"));
        if let Some(note) = &before.note {
            message::note(note);
        }
        Ok(())
    }

    /// A CI system speaks of its own repository; elsewhere, nothing was asked for.
    fn is_void(&self, error: &GitError) -> bool {
        self.named_by.is_some() && error.kind == GitErrorKind::NoRepository
    }

    fn refuse(&self, error: &GitError) -> Exit {
        let Some(named_by) = self.named_by else {
            message::error(error, error.help.as_deref());
            return if error.kind == GitErrorKind::Unreadable { Exit::InputOutput } else { Exit::Usage };
        };
        let way_out = "judge the tree as it stands with --no-since";
        let help = error.help.as_ref().map_or_else(|| way_out.to_owned(), |help| format!("{help}; or {way_out}"));
        message::error(format_args!("cannot compare with the base of the change ({named_by}): {error}"), Some(&help));
        Exit::InputOutput
    }
}
