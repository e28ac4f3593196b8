use foldhash::{HashMap, HashSet};

use crate::diagnostic::{Applicability, FilePath};
use crate::file::{FileKind, SourceFile};
use crate::fixing::Repair;
use crate::history::Change;
use crate::history::summary::unseen;
use crate::model::{Digest, DigestEntry, Word};
use crate::repository::{File, FileContext};
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A digest must stand in double quotes, one on each line.
    ///
    /// After a merge the promoter reads the changed lines of the diff and takes from each the first
    /// `"sha256:…"` in double quotes. It does not see any other digest: the job is green and what is new
    /// there is not promoted. So it is with a tag that is added on a line of its own, below a digest whose
    /// line stays as it was. What was promoted before is promoted; where a change is judged (`--since`), only
    /// what it adds is an error.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9: ["v1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "digest-not-visible",
        category: Images,
        severity: Warning,
        on_change: Error,
        fix: Safe,
        check: Check::File(check),
        check_change: check_change,
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    if context.source().kind() == FileKind::ImageTags {
        return;
    }
    let lines = context.source().lines();
    // The first digest of the line that the last one stood on.
    let mut seen: Option<(u32, &Word<'_>)> = None;
    for entry in super::all_entries(context.file) {
        let digest = &entry.digest;
        if Digest::parse(&digest.value).is_err() {
            continue;
        }
        let line = lines.line(digest.range().start());
        let first = seen.filter(|(seen, _)| *seen == line).map(|(_, first)| first);
        findings.found.extend(finding(context.source(), entry, first));
        if first.is_none() {
            seen = Some((line, digest));
        }
    }
}

/// What is wrong with a digest; `first` is another one before it on its line.
fn finding(source: &SourceFile, entry: &DigestEntry<'_>, first: Option<&Word<'_>>) -> Option<Finding> {
    let digest = &entry.digest;
    if !entry.has_visible_quotes() {
        let message = "a digest without double quotes; the promoter's diff mode does not see it and promotes nothing that is new here";
        let repair = Repair::quoted(digest.node, &digest.value);
        let finding = Finding::new(source, digest.range(), message).help("put the digest in double quotes");
        return Some(finding.fix(Applicability::Safe, "quote the digest", repair));
    }
    let first = first?;
    let message = "a second digest on one line; the promoter's diff mode sees the first only and promotes nothing that is new on this one";
    let finding = Finding::new(source, digest.range(), message).help("put each digest on a line of its own");
    Some(finding.related(source, first.range(), "the promoter sees this one"))
}

/// What the change adds and the promoter overlooks.
fn check_change(change: &Change<'_>, findings: &mut Findings) {
    if change.entries.added.is_empty() {
        return;
    }
    let unseen = unseen(change);
    let unseen: HashSet<(&str, &str, &str)> = unseen.iter().map(|unseen| (&*unseen.path, &*unseen.image, &*unseen.digest)).collect();
    let mut told = HashSet::default();
    let mut firsts: HashMap<&FilePath, HashMap<u32, &Word<'_>>> = HashMap::default();
    for entry in &change.entries.added {
        let (source, digest) = (entry.file.source, &entry.promoted.digest);
        if !unseen.contains(&(&**source.path(), entry.name(), entry.digest())) || !told.insert((source.path(), digest.range())) {
            continue;
        }
        let firsts = firsts.entry(source.path()).or_insert_with(|| first_digests(entry.file));
        let first = firsts.get(&source.lines().line(digest.range().start())).copied();
        let first = first.filter(|first| first.range() != digest.range());
        match finding(source, entry.promoted, first) {
            Some(finding) => findings.push(finding),
            None => findings.found.extend(entry.tag.map(|tag| beside(source, tag, digest))),
        }
    }
}

/// The first digest of each line that has one.
fn first_digests<'f>(file: &'f File<'_>) -> HashMap<u32, &'f Word<'f>> {
    let mut firsts = HashMap::default();
    for digest in super::all_digests(file).filter(|digest| Digest::parse(&digest.value).is_ok()) {
        firsts.entry(file.source.lines().line(digest.range().start())).or_insert(digest);
    }
    firsts
}

/// A tag that was added without a change of its digest's line.
fn beside(source: &SourceFile, tag: &Word<'_>, digest: &Word<'_>) -> Finding {
    let message = format!(
        "tag `{}` was added, but not on the line of its digest; the promoter's diff mode does not see it and does not promote it",
        tag.value
    );
    let finding = Finding::new(source, tag.range(), message).help("put the tags on the digest's line");
    finding.related(source, digest.range(), "this line did not change")
}
