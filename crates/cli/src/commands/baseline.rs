//! `baseline`: writes the findings of today, so that `check` reports only new ones.

use std::path::{Path, PathBuf};

use promolint_workspace::{BASELINE_FILE_NAME, Baseline, BaselineError, Loaded};

use super::check::{tell_problems, tell_unchecked, today};
use super::outcome::{configuration_error, print, request};
use crate::arguments::BaselineArguments;
use crate::exit::Exit;
use crate::report::plural;
use crate::{message, output};

pub(crate) fn run(arguments: BaselineArguments) -> Exit {
    let mut request = match request(arguments.configuration) {
        Ok(request) => request,
        Err(exit) => return exit,
    };
    request.paths = arguments.paths;
    let mut loaded = match promolint_workspace::load(&request) {
        Ok(loaded) => loaded,
        Err(error) => return configuration_error(&error),
    };
    // What is not read has findings that would be lost.
    if !tell_problems(&loaded).is_empty() {
        message::error("the baseline was not written", None);
        return Exit::InputOutput;
    }
    let files = loaded.snapshot.files().iter().filter(|file| loaded.is_selected(file.path())).count();
    let unchecked = tell_unchecked(&request, &loaded.skipped, files == 0, arguments.quiet, "checked");
    if unchecked != Exit::Success {
        return unchecked;
    }
    loaded.settings.today = today();
    write(&loaded, arguments.output, arguments.quiet)
}

fn write(loaded: &Loaded, output: Option<PathBuf>, quiet: bool) -> Exit {
    let configured = || loaded.configuration.baseline.as_ref().map(|path| PathBuf::from(loaded.seen(path)));
    let path = output.or_else(configured).unwrap_or_else(|| PathBuf::from(BASELINE_FILE_NAME));
    let mut baseline = match path.exists().then(|| Baseline::read(loaded, &path)) {
        None => Baseline::empty(loaded, &path),
        Some(Ok(baseline)) => baseline,
        Some(Err(error)) => return unusable(&error, "delete it to write it anew"),
    };
    let mut diagnostics = promolint_analysis::check(&loaded.snapshot, &loaded.settings);
    diagnostics.retain(|diagnostic| loaded.is_selected(&diagnostic.path));
    baseline.update(loaded, &diagnostics);
    let name = path.display();
    if let Err(error) = output::to_file(&path, |out| out.write_all(baseline.text().as_bytes())) {
        message::error(format_args!("cannot write {name}: {}", message::reason(&error)), None);
        return Exit::InputOutput;
    }
    if quiet {
        return Exit::Success;
    }
    if loaded.configuration.baseline.is_none() {
        message::note(format_args!("`promolint check --baseline {name}` uses it, or `baseline = \"…\"` in promolint.toml"));
    }
    print(|out| writeln!(out, "{name} knows {}.", plural(baseline.count(), "finding")))
}

/// The baseline in force; none without one.
pub(super) fn read(loaded: &Loaded, named: Option<&Path>) -> Result<Option<Baseline>, Exit> {
    let Some(path) = named.or(loaded.configuration.baseline.as_deref()) else { return Ok(None) };
    Baseline::read(loaded, path).map(Some).map_err(|error| unusable(&error, "`promolint baseline` writes one"))
}

fn unusable(error: &BaselineError, help: &str) -> Exit {
    match error {
        BaselineError::Damaged(error) => configuration_error(error),
        BaselineError::Unreadable(problem) => {
            let (path, reason) = (problem.path.display(), message::reason(&problem.error));
            message::error(format_args!("cannot read the baseline {path}: {reason}"), Some(help));
            Exit::InputOutput
        }
    }
}
