use crate::diagnostic::Applicability;
use crate::file::FileKind;
use crate::fixing::Repair;
use crate::model::{Digest, Word};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A digest must stand in double quotes, one on each line.
    ///
    /// After a merge the promoter reads the changed lines of the diff and takes from each the first
    /// `"sha256:…"` in double quotes. It does not see any other digest: the job is green and promotes
    /// nothing.
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
        if !entry.has_visible_quotes() {
            let message = "a digest without double quotes; the promoter's diff mode does not see it and promotes nothing";
            let repair = Repair::quoted(digest.node, &digest.value);
            let finding = Finding::new(context.source(), digest.range(), message).help("put the digest in double quotes");
            findings.push(finding.fix(Applicability::Safe, "quote the digest", repair));
        } else if let Some(first) = first {
            let message = "a second digest on one line; the promoter's diff mode sees the first only and does not promote this one";
            let finding = Finding::new(context.source(), digest.range(), message).help("put each digest on a line of its own");
            findings.push(finding.related(context.source(), first.range(), "the promoter sees this one"));
        }
        if first.is_none() {
            seen = Some((line, digest));
        }
    }
}
