//! A file that is open in the editor, at one version.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use promolint_analysis::{FileKind, FilePath, SourceFile};
use promolint_syntax::TextRange;
use promolint_workspace::Surroundings;
use tower_lsp_server::ls_types::{Range, Uri};

use crate::position::{Encoding, Lines};

/// One version of an open file. Never changed: an edit makes another one.
#[derive(Debug)]
pub struct Document {
    /// Its name, as the client writes it.
    pub uri: Uri,
    /// Where it is, or would be, on disk.
    pub path: PathBuf,
    /// As the client counts.
    pub version: i32,
    /// Its text.
    pub text: Arc<str>,
    lines: OnceLock<Lines>,
    /// What is judged together with it; found on disk when first needed, and kept.
    surroundings: Arc<OnceLock<Surroundings>>,
    parsed: Mutex<Option<Arc<SourceFile>>>,
}

/// A piece of a text that the client replaced; all of it where no range is given.
#[derive(Clone, Debug)]
pub struct Change {
    /// What goes.
    pub range: Option<Range>,
    /// What comes.
    pub text: String,
}

impl Document {
    /// A file that was just opened.
    pub fn open(uri: Uri, path: PathBuf, version: i32, text: String) -> Self {
        Self { uri, path, version, text: text.into(), lines: OnceLock::new(), surroundings: Arc::default(), parsed: Mutex::new(None) }
    }

    /// The next version. The ranges of each change are those of the text after the changes before it.
    #[must_use]
    pub fn changed(&self, version: i32, changes: &[Change], encoding: Encoding) -> Self {
        let mut text: Option<String> = None;
        for change in changes {
            let before = text.as_deref().unwrap_or(&self.text);
            text = Some(match change.range {
                None => change.text.clone(),
                Some(range) => {
                    // The lines of the version are known; those between two changes are not.
                    let made;
                    let lines = if text.is_none() {
                        self.lines()
                    } else {
                        made = Lines::new(before);
                        &made
                    };
                    replaced(before, lines.text_range(before, range, encoding), &change.text)
                }
            });
        }
        let text = text.map_or_else(|| Arc::clone(&self.text), Arc::from);
        Self {
            uri: self.uri.clone(),
            path: self.path.clone(),
            version,
            text,
            lines: OnceLock::new(),
            surroundings: Arc::clone(&self.surroundings),
            parsed: Mutex::new(None),
        }
    }

    /// The same version, judged together with something else.
    #[must_use]
    pub fn moved(&self, surroundings: Surroundings) -> Self {
        let parsed = Mutex::new(self.parsed());
        let (uri, path, text) = (self.uri.clone(), self.path.clone(), Arc::clone(&self.text));
        Self {
            uri,
            path,
            version: self.version,
            text,
            lines: self.lines.clone(),
            surroundings: Arc::new(OnceLock::from(surroundings)),
            parsed,
        }
    }

    /// The file as it was parsed, if it was.
    pub fn parsed(&self) -> Option<Arc<SourceFile>> {
        self.parsed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes over what was parsed from the same text.
    pub fn adopt(&self, source: Arc<SourceFile>) {
        if source.invalid_bytes().is_empty() && source.text() == &*self.text {
            self.parsed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(source);
        }
    }

    /// Where its lines start.
    pub fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::new(&self.text))
    }

    /// What is judged together with it. Asks the disk the first time.
    pub fn surroundings(&self) -> &Surroundings {
        self.surroundings.get_or_init(|| Surroundings::of_file(&self.path))
    }

    /// The file as the analysis takes it; parsed once.
    pub fn source(&self, path: &FilePath, kind: FileKind) -> Arc<SourceFile> {
        let mut parsed = self.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        match &*parsed {
            Some(source) if source.kind() == kind && source.path() == path => Arc::clone(source),
            _ => Arc::clone(parsed.insert(Arc::new(SourceFile::new(Arc::clone(path), kind, Arc::clone(&self.text))))),
        }
    }

    /// Whether it is the configuration.
    pub fn is_configuration(&self) -> bool {
        is_configuration(&self.path)
    }
}

/// Whether a path names the configuration.
pub fn is_configuration(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == promolint_workspace::configuration::FILE_NAME)
}

fn replaced(text: &str, range: TextRange, new: &str) -> String {
    let (start, end) = (range.start() as usize, range.end() as usize);
    let mut result = String::with_capacity(text.len() - (end - start) + new.len());
    result.push_str(&text[..start]);
    result.push_str(new);
    result.push_str(&text[end..]);
    result
}
