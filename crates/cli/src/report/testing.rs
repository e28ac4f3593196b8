//! A small tree with findings of every shape, for the tests of the formats.

use std::io::{self, Write};
use std::sync::Arc;

use promolint_analysis::{Applicability, Diagnostic, FileEdit, FileKind, FilePath, Fix, Related, Severity, Snapshot, SourceFile};
use promolint_syntax::{TextEdit, TextRange};

use super::{Format, Options, Problem, Report};
use crate::terminal::Appearance;

pub(crate) const IMAGES: &str = "registry.k8s.io/images/k8s-staging-widget/images.yaml";
pub(crate) const MANIFEST: &str = "registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml";
const OWNERS: &str = "registry.k8s.io/images/k8s-staging-wïdget 2/OWNERS";

const IMAGES_TEXT: &str = "\
- name: widget
  dmap:
    \"sha256:0aa\": [\"v1.0.0\"]
    sha256:1bb: [\"v1.0.0\"]
- name: größe
  dmap:
    \"sha256:2cc\": [\"€1\", \"v2\"]
";
const MANIFEST_TEXT: &str = "registries:\n- name: gcr.io/k8s-staging-widgett\n  src: true\n";
const OWNERS_TEXT: &str = "approvers:\n- al\u{1b}ice  \n";

/// Texts and what is wrong with them.
pub(crate) struct Sample {
    pub(crate) snapshot: Snapshot,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) problems: Vec<Problem>,
}

impl Sample {
    pub(crate) fn new() -> Self {
        Self::with_prefix("")
    }

    /// The same, with a comment above everything.
    pub(crate) fn moved_down() -> Self {
        Self::with_prefix("# moved\n")
    }

    fn with_prefix(prefix: &str) -> Self {
        let file = |path: &str, kind, text: &str| SourceFile::new(path, kind, format!("{prefix}{text}"));
        let owners = file(OWNERS, FileKind::Owners, OWNERS_TEXT);
        let images = file(IMAGES, FileKind::Images, IMAGES_TEXT);
        let manifest = file(MANIFEST, FileKind::PromoterManifest, MANIFEST_TEXT);

        let bare = find(&images, "sha256:1bb");
        let mut visible = diagnostic(&images, "digest-not-visible", Severity::Warning, bare);
        visible.message = "digest `sha256:1bb` is not double-quoted; the promoter promotes nothing".to_owned();
        visible.help = Some("Quote the digest.".to_owned());
        visible.fixes.push(Fix {
            title: "quote the digest".to_owned(),
            applicability: Applicability::Safe,
            edits: [(bare.start(), "\""), (bare.end(), "\"")]
                .map(|(at, text)| FileEdit { path: images.path().clone(), edit: TextEdit::insert(at, text) })
                .to_vec(),
        });

        let first = find(&images, "\"v1.0.0\"");
        let second = TextRange::new(bare.end() + 3, bare.end() + 11);
        let mut twice = diagnostic(&images, "tag-on-two-digests", Severity::Error, second);
        twice.message = "tag `v1.0.0` is on two digests; the promoter stops with 'overlapping edges'".to_owned();
        twice.related.push(related(&images, first, "the other digest with this tag"));
        twice.related.push(related(&manifest, find(&manifest, "gcr.io/k8s-staging-widgett"), "promoted from here"));

        let mut tag = diagnostic(&images, "tag-syntax", Severity::Error, find(&images, "\"€1\""));
        tag.message = "tag `€1` is no tag: 50% <wrong>, \"odd\" & more".to_owned();

        let mut header = diagnostic(&manifest, "header-comment", Severity::Info, find(&manifest, "gcr.io/k8s-staging-widgett"));
        header.message = "the header names another project".to_owned();

        let blanks = find(&owners, "  \n");
        let mut trailing = diagnostic(&owners, "trailing-whitespace", Severity::Hint, TextRange::new(blanks.start(), blanks.end() - 1));
        trailing.message = "blanks at the end of the line, after `al\u{1b}ice`".to_owned();

        let diagnostics = vec![visible, twice, tag, trailing, header];
        let snapshot = Snapshot::new([owners, images, manifest].map(Arc::new).into(), true);
        Self { snapshot, diagnostics, problems: Vec::new() }
    }

    pub(crate) fn report(&self) -> Report<'_> {
        let options = Options { fail_on: Severity::Error, limit: 0, quiet: false };
        Report::new(&self.snapshot, &self.diagnostics, 3, self.problems.clone(), &str::to_owned, options)
    }

    pub(crate) fn print(&self, format: Format) -> String {
        self.print_as(format, &PLAIN)
    }

    pub(crate) fn print_as(&self, format: Format, appearance: &Appearance) -> String {
        printed(|out| format.write(&self.report(), appearance, out))
    }
}

/// No abilities at all.
pub(crate) const PLAIN: Appearance =
    Appearance { color: false, links: false, unicode: true, screen_reader: false, text_width: 100, excerpt_width: 100 };

/// What a function prints.
pub(crate) fn printed(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).expect("writing to memory succeeds");
    String::from_utf8(out).expect("reports are UTF-8")
}

pub(crate) fn find(file: &SourceFile, text: &str) -> TextRange {
    let start = file.text().find(text).expect("the text is in the file");
    TextRange::new(u32::try_from(start).unwrap(), u32::try_from(start + text.len()).unwrap())
}

pub(crate) fn diagnostic(file: &SourceFile, rule: &'static str, severity: Severity, range: TextRange) -> Diagnostic {
    let path: FilePath = file.path().clone();
    Diagnostic { rule, severity, path, range, message: String::new(), help: None, related: Vec::new(), fixes: Vec::new(), changed: None }
}

pub(crate) fn related(file: &SourceFile, range: TextRange, message: &str) -> Related {
    Related { path: file.path().clone(), range, message: message.to_owned() }
}
