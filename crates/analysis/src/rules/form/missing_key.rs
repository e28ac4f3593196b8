use crate::model::ProblemKind;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A key that the promoter cannot do without must be there, with a value.
    ///
    /// These are `name` everywhere, `registries`, `filestores`, `files`, the `base` of a filestore,
    /// the `sha256` of a file, and in plain manifests the `dmap` of an image. A key without a value
    /// reads like one that is not there.
    ///
    /// ## Bad
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    /// ```
    ///
    /// ## Good
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: 5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9
    /// ```
    pub static RULE = {
        name: "missing-key",
        category: Form,
        severity: Error,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let source = context.source();
    for problem in context.file.problems {
        let ProblemKind::MissingKey { key, what, is_empty } = &problem.kind else { continue };
        if super::is_beside_syntax_error(source, problem.range) {
            continue;
        }
        let lack = if *is_empty { format!("{what} with an empty `{key}`") } else { format!("{what} without `{key}`") };
        let consequence = match (*what, *key) {
            ("an image", "name") => "the promoter cannot tell what to copy",
            ("a registry", "name") => "the promoter cannot tell where to copy",
            (_, "registries") => "the promoter finds no source and stops",
            _ => super::refusal(source.kind()),
        };
        let help = match *key {
            key if *is_empty && !key.ends_with('s') => &format!("give `{key}` a value"),
            "name" if *what == "a file" => "add `name:` with the path of the file below the base",
            "name" => "add `name:`",
            "registries" => "add `registries:` with the source and every destination",
            "filestores" => "add `filestores:` with the source and every destination",
            "files" => "add `files:` with the name and the sha256 of each file",
            "base" => "add `base:` with the bucket and the path, `gs://…`",
            "sha256" => "add `sha256:` with the checksum of the file, 64 hex digits",
            "dmap" => "add `dmap:` with the digests and their tags, or remove the image",
            "digest" => "add `digest:` with `sha256:` and 64 hex digits",
            "versions" => "add `versions:` with a digest and its tags",
            _ => "add it",
        };
        findings.push(Finding::new(source, problem.range, format!("{lack}; {consequence}")).help(help));
    }
}
