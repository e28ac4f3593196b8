//! `check`: load, check, report.

use std::io::Read;
use std::path::{Path, PathBuf};

use promolint_analysis::Diagnostic;
use promolint_workspace::{Loaded, Request, StandardInput, writing};

use super::comparison::{self, Wanted};
use super::outcome::{configuration_error, print, request, words};
use super::{baseline, fix};
use crate::arguments::{CheckArguments, OutputFile, When};
use crate::exit::Exit;
use crate::report::{Format, Options, Problem, Report, write_statistics};
use crate::terminal::Appearance;
use crate::{artifacts, message};

pub(crate) fn run(mut arguments: CheckArguments, color: When) -> Exit {
    match prepare(&mut arguments) {
        Ok((request, outputs, wanted)) => check(&arguments, &request, wanted.as_ref(), &outputs, color),
        Err(exit) => exit,
    }
}

/// What is to be read and where the reports go.
fn prepare(arguments: &mut CheckArguments) -> Result<(Request, Vec<OutputFile>, Option<Wanted>), Exit> {
    let outputs = outputs(arguments)?;
    let mut request = request(std::mem::take(&mut arguments.configuration))?;
    request.fixable = words(std::mem::take(&mut arguments.fixable));
    request.unfixable = words(std::mem::take(&mut arguments.unfixable));
    read_sources(&mut request, std::mem::take(&mut arguments.paths), arguments.stdin_filename.clone())?;
    let wanted = comparison::wanted(&arguments.comparison);
    if arguments.changed_only && wanted.is_none() {
        return Err(usage("--changed-only needs a change to judge: --since REV or --staged"));
    }
    if arguments.comparison.staged && request.standard_input.is_some() {
        return Err(usage("--staged judges what git has; text from standard input is not staged"));
    }
    if arguments.comparison.staged && arguments.fixes() {
        return Err(usage("--staged judges what git has; fixes are made in files, so leave one of the two out"));
    }
    request.comparison = wanted.as_ref().map(|wanted| wanted.comparison.clone());
    Ok((request, outputs, wanted))
}

/// Puts what is to be read into the request: paths, or standard input.
pub(super) fn read_sources(request: &mut Request, paths: Vec<PathBuf>, stdin_filename: Option<PathBuf>) -> Result<(), Exit> {
    let standard_input = paths.iter().any(|path| path == Path::new("-"));
    match stdin_filename {
        Some(_) if !standard_input => return Err(usage("--stdin-filename needs `-` as the path to check")),
        None if standard_input => return Err(usage("`-` needs --stdin-filename, which says where the text would stand")),
        Some(_) if paths.len() > 1 => return Err(usage("`-` stands alone: other paths cannot be checked in the same run")),
        Some(path) => request.standard_input = Some(StandardInput { path, bytes: read_standard_input()? }),
        None => request.paths = paths,
    }
    Ok(())
}

/// All reports: `--format` on standard output, unless only `--output` speaks of it, and the others.
fn outputs(arguments: &mut CheckArguments) -> Result<Vec<OutputFile>, Exit> {
    let mut outputs = std::mem::take(&mut arguments.output);
    let on_stdout = outputs.iter().filter(|output| output.file.is_none()).count();
    outputs.extend(artifacts::prow_report(&|name| std::env::var_os(name), &outputs));
    match arguments.format {
        Some(format) => outputs.insert(0, OutputFile { format, file: None }),
        None if on_stdout == 0 => outputs.insert(0, OutputFile { format: Format::Full, file: None }),
        None => {}
    }
    if outputs.iter().filter(|output| output.file.is_none()).count() > 1 {
        return Err(usage("only one report can go to standard output"));
    }
    let mut files: Vec<_> = outputs.iter().filter_map(|output| output.file.as_ref()).collect();
    files.sort();
    if let Some(twice) = files.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(usage(&format!("two reports would be written to {}", twice[0].display())));
    }
    Ok(outputs)
}

fn check(arguments: &CheckArguments, request: &Request, wanted: Option<&Wanted>, outputs: &[OutputFile], color: When) -> Exit {
    let mut loaded = match promolint_workspace::load(request) {
        Ok(loaded) => loaded,
        Err(error) => return configuration_error(&error),
    };
    loaded.settings.today = today();
    if let Some(Err(exit)) = wanted.map(|wanted| wanted.tell(&loaded, arguments.quiet)) {
        return exit;
    }
    let problems = tell_problems(&loaded);
    let mut exit = if problems.is_empty() { Exit::Success } else { Exit::InputOutput };
    let judged = loaded.snapshot.files().iter().filter(|file| loaded.is_selected(file.path())).count();
    exit = exit.max(tell_unchecked(request, &loaded.skipped, judged == 0 && problems.is_empty(), arguments.quiet, "checked"));
    if arguments.diff {
        return exit.max(fix::print_patch(&loaded, arguments));
    }
    let baseline = if arguments.no_baseline { Ok(None) } else { baseline::read(&loaded, arguments.baseline.as_deref()) };
    let baseline = match baseline {
        Ok(baseline) => baseline,
        Err(exit) => return exit,
    };
    let mut outcome =
        if arguments.fixes() { fix::run(&mut loaded, request, arguments, outputs) } else { fix::Outcome::unfixed(judge(&loaded)) };
    exit = exit.max(outcome.exit);
    if arguments.fix_only {
        return exit;
    }
    outcome.left.retain(|diagnostic| loaded.is_selected(&diagnostic.path));
    // Before anything else is left out: what is not looked at would count as gone.
    let compared = baseline.map(|baseline| baseline.take_known(&loaded, &mut outcome.left));
    outcome.left.retain(|diagnostic| !arguments.changed_only || diagnostic.changed == Some(true));
    let options = Options {
        fail_on: arguments.fail_on.severity(),
        limit: arguments.max_diagnostics,
        quiet: arguments.quiet,
        fixes: fix::counts(&loaded, &outcome, arguments),
    };
    let name = |path: &str| loaded.display_path(path);
    let mut report = Report::new(&loaded.snapshot, &outcome.left, judged, problems, &name, options);
    report.summary.compared = compared;
    report.summary.is_of_change = matches!(loaded.before, Some(Ok(_)));
    if report.summary.gravest() >= Some(options.fail_on) && !arguments.exit_zero {
        exit = exit.max(Exit::Findings);
    }
    for output in outputs {
        exit = exit.max(write(&report, output, arguments, color));
    }
    // The process ends here; taking the whole tree apart first would be work for nothing.
    std::mem::forget((outcome, loaded));
    exit
}

/// What is to be said of the files as they are, or of the change that led to them.
pub(super) fn judge(loaded: &Loaded) -> Vec<Diagnostic> {
    match &loaded.before {
        Some(Ok(before)) => {
            let policy = before.policy.as_deref().unwrap_or(&loaded.settings.policy);
            promolint_analysis::check_change_of_policy(&before.snapshot, policy, &loaded.snapshot, &loaded.settings)
        }
        _ => promolint_analysis::check(&loaded.snapshot, &loaded.settings),
    }
}

fn write(report: &Report<'_>, output: &OutputFile, arguments: &CheckArguments, color: When) -> Exit {
    let format = output.format;
    let Some(file) = &output.file else {
        if arguments.fixes() && arguments.stdin_filename.is_some() {
            // The text itself is on standard output.
            let appearance = Appearance::of_file(color, arguments.hyperlinks, arguments.screen_reader);
            let _ = format.write(report, &appearance, &mut std::io::stderr().lock());
            return Exit::Success;
        }
        let appearance = Appearance::of_stdout(color, arguments.hyperlinks, arguments.screen_reader);
        let exit = print(|out| {
            format.write(report, &appearance, out)?;
            if arguments.statistics && format.is_for_people() { write_statistics(report, out) } else { Ok(()) }
        });
        if arguments.statistics && !format.is_for_people() {
            let _ = write_statistics(report, &mut std::io::stderr());
        }
        if report.summary.not_shown > 0 && format != Format::Full && !report.quiet {
            message::note(format_args!("findings not shown: {} (--max-diagnostics)", report.summary.not_shown));
        }
        if let Some(baseline) = report.summary.baseline().filter(|_| format != Format::Full && !report.quiet) {
            message::note(baseline);
        }
        return exit;
    };
    let appearance = Appearance::of_file(color, arguments.hyperlinks, arguments.screen_reader);
    match writing::write(file, |out| format.write(report, &appearance, out)) {
        Ok(()) => Exit::Success,
        Err(error) => {
            message::error(format_args!("cannot write {}: {}", file.display(), message::reason(&error)), None);
            Exit::InputOutput
        }
    }
}

const LOOKED_FOR: &str = "images/*/images.yaml, manifests/*/promoter-manifest.yaml, filestores/*/filepromoter-manifest.yaml and \
    manifests/*/*.yaml beside it, OWNERS among these, plain manifests, image_tags.yaml";

/// Tells what was asked for and not checked: silence would look like success. Naming nothing but
/// other files is wrong usage; an editor that sends one of them on standard input is not.
pub(super) fn tell_unchecked(request: &Request, skipped: &[PathBuf], nothing: bool, quiet: bool, done: &str) -> Exit {
    let wrong = nothing && !skipped.is_empty() && request.standard_input.is_none();
    for path in skipped {
        let text = format!("{} is no promotion file by its place or its content; it was not {done}", path.display());
        if wrong {
            message::error(text, None);
        } else if !quiet {
            message::warning(text);
        }
    }
    if wrong {
        return Exit::Usage;
    }
    if nothing && skipped.is_empty() && !quiet {
        let places: Vec<_> = request.paths.iter().map(|path| path.display().to_string()).collect();
        let places = if places.is_empty() { "the working directory".to_owned() } else { places.join(", ") };
        message::warning(format_args!("no promotion files found in {places}; nothing was {done}"));
        message::note(format_args!("looked for {LOOKED_FOR}"));
    }
    Exit::Success
}

/// The day in UTC, so that a tree is judged alike everywhere.
pub(super) fn today() -> Option<promolint_analysis::Date> {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    promolint_analysis::Date::new(today.year().try_into().ok()?, today.month().try_into().ok()?, today.day().try_into().ok()?)
}

/// Tells what could not be read.
pub(super) fn tell_problems(loaded: &Loaded) -> Vec<Problem> {
    let problem = |problem: &promolint_workspace::Problem| {
        let (path, message) = (problem.path.display().to_string(), message::reason(&problem.error));
        message::error(format_args!("cannot read {path}: {message}"), None);
        Problem { path, message }
    };
    loaded.problems.iter().map(problem).collect()
}

fn read_standard_input() -> Result<Vec<u8>, Exit> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(|error| {
        message::error(format_args!("cannot read standard input: {}", message::reason(&error)), None);
        Exit::InputOutput
    })?;
    Ok(bytes)
}

fn usage(text: &str) -> Exit {
    message::error(text, None);
    Exit::Usage
}
