//! `fmt`: load, format, write or show.

use std::borrow::Cow;
use std::io;
use std::path::Path;
use std::time::Duration;

use promolint_analysis::SourceFile;
use promolint_analysis::formatting::{self, Refusal, Style};
use promolint_analysis::repository::Repository;
use promolint_syntax::{TextEdit, apply_edits};
use promolint_workspace::{Loaded, Request, load};
use similar::TextDiff;

use super::check::{read_sources, tell_problems, tell_unchecked};
use super::outcome::{configuration_error, print, request};
use crate::arguments::{ConfigurationArguments, FmtArguments, FormatStyle};
use crate::exit::Exit;
use crate::report::plural;
use crate::{message, output};

/// A difference that takes longer to find is shown less minutely.
const DIFF_TIMEOUT: Duration = Duration::from_secs(2);

pub(crate) fn run(mut arguments: FmtArguments) -> Exit {
    let mut request = match request(ConfigurationArguments::default()) {
        Ok(request) => request,
        Err(exit) => return exit,
    };
    let (paths, stdin_filename) = (std::mem::take(&mut arguments.paths), arguments.stdin_filename.take());
    if let Err(exit) = read_sources(&mut request, paths, stdin_filename) {
        return exit;
    }
    match load(&request) {
        Ok(loaded) => format(&arguments, &request, &loaded),
        Err(error) => configuration_error(&error),
    }
}

fn format(arguments: &FmtArguments, request: &Request, loaded: &Loaded) -> Exit {
    let mut exit = if tell_problems(loaded).is_empty() { Exit::Success } else { Exit::InputOutput };
    let (files, frozen) = selected(request, loaded);
    let nothing = files.is_empty() && frozen == 0 && loaded.problems.is_empty();
    exit = exit.max(tell_unchecked(request, &loaded.skipped, nothing, arguments.quiet, "formatted"));
    let mut run = Run { arguments, loaded, changed: 0, unchanged: 0, exit };
    if request.standard_input.is_some() {
        run.standard_input(request, files.first().copied());
        return run.exit;
    }
    for file in files {
        run.file(file);
    }
    run.summary();
    if frozen > 0 && !arguments.quiet {
        message::note(format_args!("{} of closed trees left alone; name a file to format it", plural(frozen, "file")));
    }
    run.exit
}

/// The files to format, and the number of those in closed trees, which nobody may change by the way.
fn selected<'l>(request: &Request, loaded: &'l Loaded) -> (Vec<&'l SourceFile>, usize) {
    let repository = Repository::new(&loaded.snapshot, &loaded.settings.policy);
    let named: Vec<_> = request.paths.iter().filter_map(|path| request.directory.join(path).canonicalize().ok()).collect();
    let is_named = |path: &str| loaded.root.join(path).canonicalize().is_ok_and(|path| named.contains(&path));
    let asked = loaded.snapshot.files().iter().filter(|file| loaded.is_selected(file.path()));
    let asked = asked.filter(|file| formatting::is_formatted(file.kind()));
    let is_closed = |path: &str| repository.find(path).is_some_and(|file| file.is_frozen) && !is_named(path);
    let (closed, open): (Vec<_>, Vec<_>) = asked.map(|file| &**file).partition(|file| is_closed(file.path()));
    (open, closed.len())
}

/// One run, with what came of it so far.
struct Run<'r> {
    arguments: &'r FmtArguments,
    loaded: &'r Loaded,
    changed: usize,
    unchanged: usize,
    exit: Exit,
}

impl Run<'_> {
    /// The formatted text; `None`, and told, where the file cannot be formatted.
    fn formatted<'f>(&mut self, file: &'f SourceFile) -> Option<Cow<'f, str>> {
        let style = match self.arguments.style {
            FormatStyle::File => Style::File,
            FormatStyle::Promoter => Style::Promoter,
        };
        let apply = |edits: Vec<TextEdit>| {
            let text = if edits.is_empty() { Ok(Cow::Borrowed(file.text())) } else { apply_edits(file.text(), &edits).map(Cow::Owned) };
            text.map_err(|conflict| Refusal::Unproved(conflict.to_string()))
        };
        let text = formatting::format(file, style).and_then(apply);
        text.inspect_err(|refusal| {
            let is_found_by_check = matches!(refusal, Refusal::Syntax(_) | Refusal::InvalidBytes | Refusal::OddLineBreaks);
            let help = is_found_by_check.then_some("`promolint check` shows where");
            message::error(format_args!("{} stays as it is: {refusal}", self.name(file)), help);
            self.exit = Exit::InputOutput;
        })
        .ok()
    }

    fn name(&self, file: &SourceFile) -> String {
        self.loaded.display_path(file.path())
    }

    fn only_shows(&self) -> bool {
        self.arguments.check || self.arguments.diff
    }

    fn file(&mut self, file: &SourceFile) {
        let Some(formatted) = self.formatted(file) else { return };
        if formatted == file.text() {
            self.unchanged += 1;
            return;
        }
        if self.only_shows() {
            self.would_change(file, &formatted);
            return;
        }
        match write(&self.loaded.root.join(&**file.path()), &formatted) {
            Ok(()) => {
                self.changed += 1;
                if !self.arguments.quiet {
                    self.say(&format!("reformatted: {}", self.name(file)));
                }
            }
            Err(error) => {
                message::error(format_args!("cannot write {}: {}", self.name(file), message::reason(&error)), None);
                self.exit = Exit::InputOutput;
            }
        }
    }

    fn would_change(&mut self, file: &SourceFile, formatted: &str) {
        self.changed += 1;
        self.exit = self.exit.max(Exit::Findings);
        let name = self.name(file);
        if self.arguments.diff {
            let diff = TextDiff::configure().timeout(DIFF_TIMEOUT).diff_lines(file.text(), formatted);
            let exit = print(|out| diff.unified_diff().header(&name, &name).to_writer(out));
            self.exit = self.exit.max(exit);
        } else if !self.arguments.quiet {
            self.say(&format!("would be reformatted: {name}"));
        }
    }

    /// Text in, text out. A text that is no promotion file comes back as it went in, so that a pipe loses nothing.
    fn standard_input(&mut self, request: &Request, file: Option<&SourceFile>) {
        let Some(file) = file else {
            let bytes = request.standard_input.as_ref().map(|input| input.bytes.as_slice()).unwrap_or_default();
            if !self.only_shows() && self.loaded.problems.is_empty() {
                self.exit = self.exit.max(print(|out| out.write_all(bytes)));
            }
            return;
        };
        let Some(formatted) = self.formatted(file) else { return };
        if !self.only_shows() {
            self.exit = self.exit.max(print(|out| out.write_all(formatted.as_bytes())));
        } else if formatted != file.text() {
            self.would_change(file, &formatted);
        }
    }

    fn summary(&mut self) {
        let (changed, unchanged) = (self.changed, self.unchanged);
        if self.arguments.quiet || changed + unchanged == 0 {
            return;
        }
        let did = if self.only_shows() { "would be reformatted" } else { "reformatted" };
        let summary = format!("{} {did}, {unchanged} left unchanged", plural(changed, "file"));
        if self.arguments.diff { message::note(summary) } else { self.say(&summary) }
    }

    fn say(&mut self, line: &str) {
        self.exit = self.exit.max(print(|out| writeln!(out, "{line}")));
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    output::to_file(path, |out| out.write_all(text.as_bytes()))
}
