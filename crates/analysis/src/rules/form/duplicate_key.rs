use promolint_syntax::{Entry, Node};

use crate::diagnostic::Severity;
use crate::file::{FileKind, SourceFile};
use crate::fixing::Repair;
use crate::model::{ProblemKind, Word};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

/// What a digest is a key of.
const DIGESTS: &str = "`dmap`";

declare_rule! {
    /// A key must stand once in its mapping.
    ///
    /// The promoter refuses a list of images or a promoter manifest with a repeated key; this also
    /// counts for a digest that stands twice under one image. Of file promotion, it silently takes
    /// the last one, so there it is a warning. Prow does the same with OWNERS files, where whoever
    /// stands below the first one loses their say.
    ///
    /// The fix removes the second one where both have the same value. Digests that follow one another and
    /// were pasted twice with their tags are told, and removed, as one.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0", "v1.2"]
    /// ```
    pub static RULE = {
        name: "duplicate-key",
        category: Form,
        severity: Error,
        fix: Safe,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let source = context.source();
    // Digests that follow one another, each with the tags that it has where it stands first.
    let mut run: Vec<Repeated<'_>> = Vec::new();
    for problem in context.file.problems {
        let ProblemKind::DuplicateKey { key, first, entry, what } = &problem.kind else { continue };
        let repeated = Repeated { key, first, entry, what, removal: removal(source, entry, first) };
        if !run.last().is_some_and(|last| last.is_continued_by(&repeated)) {
            tell_run(source, &mut run, findings);
        }
        run.push(repeated);
    }
    tell_run(source, &mut run, findings);
}

/// A key that stands in its mapping a second time.
struct Repeated<'f> {
    key: &'f Word<'f>,
    first: &'f Entry<'f>,
    entry: &'f Entry<'f>,
    what: &'static str,
    /// What takes it away, where the first one says the same.
    removal: Option<Repair>,
}

impl Repeated<'_> {
    /// Whether the other one is the next digest, and both were pasted together.
    fn is_continued_by(&self, other: &Self) -> bool {
        let is_pasted = |repeated: &Self| repeated.what == DIGESTS && repeated.removal.is_some();
        let next = self.entry.value.following().map(Node::id);
        is_pasted(self) && is_pasted(other) && next == Some(other.entry.key.id())
    }
}

/// Tells of keys that were pasted together as one.
fn tell_run(source: &SourceFile, run: &mut Vec<Repeated<'_>>, findings: &mut Findings) {
    let (Some(start), Some(end)) = (run.first(), run.last()) else { return };
    let is_lenient = source.kind().is_read_leniently();
    let consequence = match source.kind() {
        _ if is_lenient => "the promoter silently takes only one of them",
        FileKind::Owners | FileKind::OwnersAliases => "Prow silently takes only the last one",
        kind => super::refusal(kind),
    };
    let (first, count) = (start.first.key.range(), run.len());
    let mut finding = if count == 1 {
        let message = format!("`{}` stands twice in {}; {consequence}", start.key.value.escape_debug(), start.what);
        let help = if start.what == DIGESTS { "put the tags of both into one list" } else { "remove one of the two" };
        Finding::new(source, start.key.range(), message).help(help).related(source, first, "the first one")
    } else {
        let message = format!("these {count} entries of {DIGESTS} repeat earlier ones, tags and all; {consequence}");
        let finding = Finding::new(source, start.entry.range().cover(end.entry.range()), message);
        finding.help("remove them").related(source, first, "the first of them stands here already")
    };
    if is_lenient {
        finding = finding.severity(Severity::Warning);
    }
    if let Some(repair) = run.drain(..).map(|repeated| repeated.removal).collect::<Option<Vec<_>>>().map(Repair::all) {
        let title = if count == 1 { "remove the second one, which says the same" } else { "remove them, which say the same" };
        finding = finding.fix(super::certainty(&repair), title, repair);
    }
    findings.push(finding);
}

/// Takes the second entry away, where both say the same.
fn removal(source: &SourceFile, entry: &Entry<'_>, first: &Entry<'_>) -> Option<Repair> {
    let says_the_same = entry.value.text() == first.value.text() && entry.value.style() == first.value.style();
    let lines = super::whole_lines(source, entry.range())?;
    (says_the_same && entry.value.tag() == first.value.tag() && entry.value.anchor().is_none())
        .then(|| Repair::without_entry(source, entry, lines))
}
