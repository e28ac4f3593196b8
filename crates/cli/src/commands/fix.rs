//! `check --fix` and `--diff`: what the fixes become, files or a patch.

use std::collections::BTreeSet;

use promolint_analysis::fixing::{Choice, Fixed, fix_all};
use promolint_analysis::{Applicability, Diagnostic, FilePath};
use promolint_workspace::git::Before;
use promolint_workspace::{Loaded, Request, writing};

use super::check::judge;
use super::outcome::{print, replace_error};
use crate::arguments::{CheckArguments, OutputFile};
use crate::exit::Exit;
use crate::report::{FixCounts, Format, plural};
use crate::{message, patch};

/// What is left after fixing.
pub(crate) struct Outcome {
    /// Findings of the texts as they are now.
    pub(crate) left: Vec<Diagnostic>,
    /// How many findings were fixed; none where nothing was to be.
    pub(crate) fixed: Option<usize>,
    /// In how many files.
    files: usize,
    /// Whether everything could be written.
    pub(crate) exit: Exit,
}

impl Outcome {
    /// Nothing was to be fixed.
    pub(crate) fn unfixed(found: Vec<Diagnostic>) -> Self {
        Self { left: found, fixed: None, files: 0, exit: Exit::Success }
    }
}

/// `--fix`: the files, or the text on standard output, are what the fixes make of them.
pub(crate) fn run(loaded: &mut Loaded, request: &Request, arguments: &CheckArguments, outputs: &[OutputFile]) -> Outcome {
    let fixed = fix(loaded, arguments);
    let outcome = match &request.standard_input {
        Some(input) => print_text(loaded, fixed, &input.bytes),
        None => write(loaded, fixed),
    };
    let has_summary = !arguments.fix_only && outputs.iter().any(|output| output.file.is_none() && output.format == Format::Full);
    if let Some(count @ 1..) = outcome.fixed.filter(|_| !arguments.quiet && !has_summary) {
        message::note(format_args!("fixed {}", done(count, outcome.files)));
    }
    outcome
}

/// All wanted fixes, on nothing but the texts; those that were refused are told.
fn fix(loaded: &Loaded, arguments: &CheckArguments) -> Fixed {
    let is_wanted = |path: &str| is_wanted(loaded, path);
    let choice = Choice { applicability: applicability(arguments), is_wanted: &is_wanted };
    let fixed = fix_all(&loaded.snapshot, &loaded.settings, &choice);
    if !arguments.quiet {
        for refused in &fixed.refused {
            let diagnostic = &refused.diagnostic;
            let line = fixed.snapshot.get(&diagnostic.path).map_or(0, |file| file.lines().line(diagnostic.range.start())) + 1;
            let path = loaded.display_path(&diagnostic.path);
            message::warning(format_args!("{path}:{line}: {}: not fixed: {}", diagnostic.rule, refused.refusal));
        }
    }
    fixed
}

fn applicability(arguments: &CheckArguments) -> Applicability {
    if arguments.unsafe_fixes { Applicability::Suggested } else { Applicability::Safe }
}

/// Whether findings in a file are fixed: it was asked for, and where a change is judged, the change touches it.
fn is_wanted(loaded: &Loaded, path: &str) -> bool {
    let is_untouched = |before: &Before| match (before.snapshot.get(path), loaded.snapshot.get(path)) {
        (Some(before), Some(after)) => before.text() == after.text(),
        _ => false,
    };
    let before = loaded.before.as_ref().and_then(|before| before.as_ref().ok());
    loaded.is_selected(path) && !before.is_some_and(is_untouched)
}

/// What is left of a change; else what the fixes left.
fn left(loaded: &Loaded, left: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if matches!(loaded.before, Some(Ok(_))) { judge(loaded) } else { left }
}

/// Writes the files that changed. One that cannot be written, or that somebody changed meanwhile, is told
/// and judged as it was; the others are written all the same.
fn write(loaded: &mut Loaded, fixed: Fixed) -> Outcome {
    let mut failed: BTreeSet<&FilePath> = BTreeSet::new();
    for path in &fixed.changed {
        let (Some(before), Some(after)) = (loaded.snapshot.get(path), fixed.snapshot.get(path)) else { continue };
        if let Err(error) = writing::replace(&loaded.place(path), before.text().as_bytes(), after.text().as_bytes()) {
            message::error(format_args!("cannot fix {}: {}", loaded.display_path(path), replace_error(&error)), None);
            failed.insert(path);
        }
    }
    let count = fixed.applied.iter().filter(|applied| !applied.changed.iter().any(|path| failed.contains(path))).count();
    let files = fixed.changed.len() - failed.len();
    if failed.is_empty() {
        loaded.snapshot = fixed.snapshot;
        let left = left(loaded, fixed.left);
        return Outcome { left, fixed: Some(count), files, exit: Exit::Success };
    }
    loaded.snapshot = fixed.snapshot.with(failed.into_iter().filter_map(|path| loaded.snapshot.get(path).cloned()));
    Outcome { left: judge(loaded), fixed: Some(count), files, exit: Exit::InputOutput }
}

/// Prints the text from standard input as it is now. What is no promotion file is printed as it came.
fn print_text(loaded: &mut Loaded, fixed: Fixed, input: &[u8]) -> Outcome {
    let path = fixed.changed.first();
    let text = path.and_then(|path| fixed.snapshot.get(path)).map_or(input, |file| file.text().as_bytes());
    let exit = print(|out| out.write_all(text));
    let count = fixed.applied.len();
    loaded.snapshot = fixed.snapshot;
    Outcome { left: left(loaded, fixed.left), fixed: Some(count), files: fixed.changed.len(), exit }
}

/// Prints what would change as a patch; nothing is written.
pub(crate) fn print_patch(loaded: &Loaded, arguments: &CheckArguments) -> Exit {
    let fixed = fix(loaded, arguments);
    let mut seen = BTreeSet::new();
    let exit = print(|out| {
        for path in &fixed.changed {
            let (Some(before), Some(after)) = (loaded.snapshot.get(path), fixed.snapshot.get(path)) else { continue };
            let name = loaded.patch_path(path);
            // Two names of one file, by a link, are one.
            if seen.insert(name.clone()) {
                patch::write(&name, before.text(), after.text(), out)?;
            }
        }
        out.flush()
    });
    if !arguments.quiet && !fixed.applied.is_empty() {
        message::note(format_args!("would fix {}", done(fixed.applied.len(), fixed.changed.len())));
    }
    if fixed.changed.is_empty() || arguments.exit_zero { exit } else { exit.max(Exit::Findings) }
}

/// `2 findings in 1 file`.
fn done(findings: usize, files: usize) -> String {
    format!("{} in {}", plural(findings, "finding"), plural(files, "file"))
}

/// How many of the findings could be fixed, and were.
pub(crate) fn counts(loaded: &Loaded, outcome: &Outcome, arguments: &CheckArguments) -> FixCounts {
    let fixed = outcome.fixed;
    let is_wanted = |path: &str| is_wanted(loaded, path);
    let count = |applicability| {
        let choice = Choice { applicability, is_wanted: &is_wanted };
        outcome.left.iter().filter(|diagnostic| choice.of(diagnostic, &loaded.settings).is_some()).count()
    };
    let (safe, all) = (count(Applicability::Safe), count(Applicability::Suggested));
    match fixed {
        // What could be fixed now was refused.
        Some(_) => FixCounts { fixed, fixable: 0, more: if arguments.unsafe_fixes { 0 } else { all - safe }, with_unsafe: false },
        None if arguments.unsafe_fixes => FixCounts { fixed, fixable: all, more: 0, with_unsafe: true },
        None => FixCounts { fixed, fixable: safe, more: all - safe, with_unsafe: false },
    }
}
