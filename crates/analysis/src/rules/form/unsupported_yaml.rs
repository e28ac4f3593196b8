use promolint_syntax::{Construct, TextRange};

use crate::diagnostic::Severity;
use crate::file::SourceFile;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// Manifests should keep to plain YAML: keys, values, lists, comments.
    ///
    /// Anchors, tags, block scalars and other rarities hide what will be promoted: the promoter looks
    /// at the digests of the changed lines only, a reviewer sees a name in the place of a value, and tools that
    /// write manifests do not keep them. A second document (`---`), and anything else behind the end of
    /// the first one, is an error: the promoter silently ignores all of it.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap: &digests
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// - name: widget-copy
    ///   dmap: *digests
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "unsupported-yaml",
        category: Form,
        severity: Warning,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let source = context.source();
    if !source.kind().is_manifest() {
        return;
    }
    let document = source.document();
    let is_refused = |range: TextRange| document.errors_near(range).iter().any(|error| error.range == range);
    let mut merge_line = None;
    for (construct, range) in document.constructs().iter().copied().filter(|(_, range)| !is_refused(*range)) {
        let line = source.lines().line(range.start());
        match construct {
            Construct::MergeKey => merge_line = Some(line),
            // `<<: *name` is one thing.
            Construct::Alias if merge_line == Some(line) => continue,
            // Where the document is broken, it may not end here at all.
            Construct::FurtherDocument if !document.errors().is_empty() => continue,
            _ => {}
        }
        let finding = Finding::new(source, range, message(construct, range, source)).help(help(construct));
        findings.push(if construct == Construct::FurtherDocument { finding.severity(Severity::Error) } else { finding });
    }
}

fn message(construct: Construct, range: TextRange, source: &SourceFile) -> String {
    let text = source.slice(range).lines().next().unwrap_or_default();
    match construct {
        Construct::Anchor => format!("`{text}` is an anchor; what stands here is promoted elsewhere too, where no reader sees it"),
        Construct::Alias => format!("`{text}` is an alias; a reader does not see here what will be promoted"),
        Construct::MergeKey => "`<<` merges other keys in; a reader does not see here what will be promoted".to_owned(),
        Construct::Tag => format!("`{text}` is a YAML tag; it makes the value another one than a reader sees"),
        Construct::BlockScalar => "this is a block scalar; its value depends on the line breaks and blanks below".to_owned(),
        Construct::ComplexKey => "`?` starts a key here; few tools that handle manifests read this form".to_owned(),
        Construct::Directive => format!("`{text}` is a YAML directive; it changes how the whole file is read"),
        Construct::FurtherDocument => {
            "the YAML document ends before this; the promoter silently ignores everything from here on".to_owned()
        }
    }
}

fn help(construct: Construct) -> &'static str {
    match construct {
        Construct::Anchor | Construct::Alias | Construct::MergeKey => "write the value in full in both places",
        Construct::Tag => "remove the tag, and quote the value if it shall be text",
        Construct::BlockScalar => "write the value on one line, in quotes",
        Construct::ComplexKey => "write `key: value`",
        Construct::Directive => "remove the line",
        Construct::FurtherDocument => {
            "move it into the first document: no `---` or `...` before it, and the indentation of the lines above"
        }
    }
}
