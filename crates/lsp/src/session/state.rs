//! One state of a tree: files on disk, open files over them, and what the analysis says of both.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use promolint_analysis::repository::Repository;
use promolint_analysis::{Checker, Date, Diagnostic, FilePath, Settings, Snapshot, SourceFile};
use promolint_workspace::{Baseline, ConfigurationError, DiskTree, Seen};
use tower_lsp_server::ls_types::{Location, Position, Range, Uri};

use super::document::Document;
use super::settings::ClientSettings;
use crate::position::{Encoding, Lines};

/// What is in force in a tree, and what was found under it before.
#[derive(Debug)]
pub struct Judging {
    /// Policy and rule levels.
    pub settings: Settings,
    /// What is wrong with the configuration; then `settings` are the last good ones.
    pub error: Option<ConfigurationError>,
    /// Configuration files in force or broken.
    pub configuration: Vec<PathBuf>,
    /// Findings that are known and not told.
    pub baseline: Option<Baseline>,
    /// Where the configuration and the baseline stand or would stand.
    pub seen: Seen,
    checker: Mutex<Checker>,
}

impl Judging {
    /// Judges with these settings on this day.
    pub fn new(mut settings: Settings, configuration: Vec<PathBuf>, error: Option<ConfigurationError>, today: Option<Date>) -> Self {
        settings.today = today;
        Self { checker: Mutex::new(Checker::new(settings.clone())), settings, error, configuration, baseline: None, seen: Seen::default() }
    }

    /// The same without the findings that are known.
    #[must_use]
    pub fn without(self, baseline: Option<Baseline>) -> Self {
        Self { baseline, ..self }
    }

    /// The same with what its files looked like before they were read.
    #[must_use]
    pub fn having_seen(self, seen: Seen) -> Self {
        Self { seen, ..self }
    }
}

/// One state of a tree. Never changed: an edit makes another one.
#[derive(Debug)]
pub struct State {
    /// Files on disk.
    pub disk: Arc<DiskTree>,
    /// What is in force.
    pub judging: Arc<Judging>,
    /// Open files, by path; promotion files or not.
    pub open: BTreeMap<FilePath, Arc<Document>>,
    /// What positions count.
    pub encoding: Encoding,
    /// What the client wants.
    pub client: Arc<ClientSettings>,
    /// What the files are compared with; none where nothing is, or it was not read yet.
    pub before: Option<Arc<Snapshot>>,
    snapshot: OnceLock<Snapshot>,
    diagnostics: OnceLock<Arc<Vec<Diagnostic>>>,
}

impl State {
    /// Looks at nothing yet.
    pub fn new(
        disk: Arc<DiskTree>,
        judging: Arc<Judging>,
        open: BTreeMap<FilePath, Arc<Document>>,
        encoding: Encoding,
        client: Arc<ClientSettings>,
        before: Option<Arc<Snapshot>>,
    ) -> Self {
        Self { disk, judging, open, encoding, client, before, snapshot: OnceLock::new(), diagnostics: OnceLock::new() }
    }

    /// All promotion files; an open one wins over the disk.
    pub fn snapshot(&self) -> &Snapshot {
        self.snapshot.get_or_init(|| {
            let mut files = Vec::with_capacity(self.disk.files().len() + self.open.len());
            files.extend(self.disk.files().iter().filter(|(path, _)| !self.open.contains_key(*path)).map(|(_, file)| Arc::clone(file)));
            for (path, document) in &self.open {
                let kind = self.disk.kind(path, &document.text);
                files.extend(kind.map(|kind| document.source(path, kind)));
            }
            Snapshot::new(files, self.disk.is_complete())
        })
    }

    /// The promotion file at a path; none for any other file.
    pub fn file(&self, path: &str) -> Option<&Arc<SourceFile>> {
        self.snapshot().get(path)
    }

    /// The files with their models and trees.
    pub fn repository(&self) -> Repository<'_> {
        Repository::new(self.snapshot(), &self.judging.settings.policy)
    }

    /// All findings, sorted by path; computed once.
    pub fn diagnostics(&self) -> &Arc<Vec<Diagnostic>> {
        self.diagnostics.get_or_init(|| {
            if !self.client.enable {
                return Arc::default();
            }
            // A rule that panicked may have left half a memory behind; what it holds is keyed by file
            // and complete for each.
            let mut checker = self.judging.checker.lock().unwrap_or_else(PoisonError::into_inner);
            let mut found = match &self.before {
                Some(before) => checker.check_change(before, self.snapshot()),
                None => checker.check(self.snapshot()),
            };
            if let Some(baseline) = &self.judging.baseline {
                baseline.retain_unknown(self.disk.root(), &mut found);
            }
            if self.client.changed_only {
                found.retain(|diagnostic| diagnostic.changed != Some(false));
            }
            Arc::new(found)
        })
    }

    /// The findings in one file.
    pub fn diagnostics_of(&self, path: &str) -> &[Diagnostic] {
        let all = self.diagnostics();
        let start = all.partition_point(|diagnostic| *diagnostic.path < *path);
        let end = all.partition_point(|diagnostic| *diagnostic.path <= *path);
        &all[start..end]
    }

    /// The name of a path for the client.
    pub fn uri(&self, path: &str) -> Option<Uri> {
        self.open.get(path).map(|document| document.uri.clone()).or_else(|| Uri::from_file_path(self.disk.root().join(path)))
    }

    /// Positions in one file.
    pub fn positions<'s>(&'s self, path: &str) -> Positions<'s> {
        match (self.open.get(path), self.file(path)) {
            (Some(document), _) => Positions { text: &document.text, lines: LinesOf::Document(document), encoding: self.encoding },
            (None, Some(file)) => {
                Positions { text: file.text(), lines: LinesOf::Own(Box::new(Lines::new(file.text()))), encoding: self.encoding }
            }
            (None, None) => Positions { text: "", lines: LinesOf::Own(Box::new(Lines::new(""))), encoding: self.encoding },
        }
    }

    /// A place as the protocol names it.
    pub fn location(&self, path: &str, range: promolint_syntax::TextRange) -> Option<Location> {
        Some(Location { uri: self.uri(path)?, range: self.positions(path).range(range) })
    }
}

enum LinesOf<'s> {
    Document(&'s Document),
    Own(Box<Lines>),
}

/// Converts between offsets in one text and positions of the protocol.
pub struct Positions<'s> {
    /// The text.
    pub text: &'s str,
    lines: LinesOf<'s>,
    encoding: Encoding,
}

impl Positions<'_> {
    fn lines(&self) -> &Lines {
        match &self.lines {
            LinesOf::Document(document) => document.lines(),
            LinesOf::Own(lines) => lines,
        }
    }

    /// The range of a byte range.
    pub fn range(&self, range: promolint_syntax::TextRange) -> Range {
        self.lines().range(self.text, range, self.encoding)
    }

    /// The position of an offset.
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(self.text, offset, self.encoding)
    }

    /// The offset of a position.
    pub fn offset(&self, position: Position) -> u32 {
        self.lines().offset(self.text, position, self.encoding)
    }

    /// The byte range of a range.
    pub fn text_range(&self, range: Range) -> promolint_syntax::TextRange {
        self.lines().text_range(self.text, range, self.encoding)
    }

    /// The line of an offset.
    pub fn line(&self, offset: u32) -> u32 {
        self.lines().line_of(offset)
    }
}
