use promolint_syntax::Resolved;

use crate::diagnostic::Applicability;
use crate::fixing::Repair;
use crate::model::Word;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// The name of a file is its path below the base of the filestores.
    ///
    /// The promoter compares the name letter by letter with the files below the source's base: `/` at
    /// the start, `..`, `//`, a backslash or a blank too many matches none. Files that are not found in
    /// the source are passed over in silence, so that nothing is promoted and nothing tells so.
    ///
    /// ## Bad
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: /v1.2.3/linux/amd64/tool
    ///   sha256: ad28f6a371968eb9bd9a083235ed6b35e99f5e75b857bb35f7ad6ff4c4e763cb
    /// ```
    ///
    /// ## Good
    /// ```yaml artifacts/manifests/k8s-staging-tool/v1.2.3.yaml
    /// files:
    /// - name: v1.2.3/linux/amd64/tool
    ///   sha256: ad28f6a371968eb9bd9a083235ed6b35e99f5e75b857bb35f7ad6ff4c4e763cb
    /// ```
    pub static RULE = {
        name: "file-name",
        category: Files,
        severity: Error,
        fix: Suggested,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let Some(manifest) = context.file.file_manifest() else { return };
    for name in manifest.files.iter().filter_map(|file| file.name.as_ref()) {
        if let Some(written) = changed_by_yaml(name) {
            let message =
                format!("without quotes, YAML reads the name `{written}` as `{}`, and no such file is promoted", name.value.escape_debug());
            let finding = Finding::new(context.source(), name.range(), message).help("quote the name");
            findings.push(finding.fix(Applicability::Suggested, "quote the name", Repair::text(name.node, written)));
        } else if let Some(flaw) = flaw(&name.value) {
            let message = format!("the name `{}` {flaw}, so no such file is found and nothing is promoted", name.value.escape_debug());
            let finding = Finding::new(context.source(), name.range(), message);
            let mended = mended(&name.value).filter(|mended| self::flaw(mended).is_none());
            findings.push(match mended.and_then(|mended| Some((Repair::text(name.node, &mended)?, mended))) {
                Some((repair, mended)) => {
                    finding.help(format!("did you mean `{mended}`?")).fix(Applicability::Suggested, format!("rename to `{mended}`"), repair)
                }
                None => finding.help("write the path below the base of the filestores, with `/` between its parts"),
            });
        }
    }
}

/// The text of a number or a truth value that comes out of YAML as another text.
fn changed_by_yaml<'w>(name: &'w Word<'_>) -> Option<&'w str> {
    let scalar = name.node.as_scalar()?;
    let is_word = matches!(scalar.resolved(), Resolved::Bool(_) | Resolved::Integer(_) | Resolved::Float(_));
    let written = scalar.document().slice(scalar.inner_range());
    (is_word && scalar.tag().is_none() && written != name.value).then_some(written)
}

fn flaw(name: &str) -> Option<&'static str> {
    let mut parts = name.split('/');
    if name.contains("://") {
        Some("is an address and no path below the base")
    } else if name.starts_with('/') {
        Some("starts with `/`")
    } else if name.ends_with('/') {
        Some("ends with `/`, as only directories do")
    } else if name.contains("//") {
        Some("has two `/` in a row")
    } else if name.contains('\\') {
        Some("has a backslash")
    } else if name.contains(char::is_control) {
        Some("has a line break, a tab or another control character")
    } else if parts.clone().any(|part| matches!(part, "." | "..")) {
        Some("has a `.` or `..` for a directory")
    } else if parts.any(|part| part.trim() != part) {
        Some("has a blank beside a `/` or at an end")
    } else {
        None
    }
}

/// The name without what is too much, if that leaves no doubt.
fn mended(name: &str) -> Option<String> {
    if name.contains("://") || name.ends_with('/') {
        return None;
    }
    let slashes = name.replace('\\', "/");
    let parts: Vec<&str> = slashes.split('/').map(str::trim).filter(|part| !matches!(*part, "" | ".")).collect();
    Some(parts.join("/")).filter(|mended| !mended.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in ["v1.2.3/linux/amd64/tool", "tool", "a b/c", "..a/b..", "v1.2.3/tool.sha256"] {
            assert_eq!(flaw(name), None, "{name}");
        }
        for (name, meant) in [
            ("/a/b", Some("a/b")),
            ("a//b", Some("a/b")),
            ("./a", Some("a")),
            ("a\\b", Some("a/b")),
            ("a /b ", Some("a/b")),
            ("a/../b", None),
            ("gs://bucket/a", None),
            ("a/", None),
            ("/", None),
        ] {
            assert!(flaw(name).is_some(), "{name}");
            let mended = mended(name).filter(|mended| flaw(mended).is_none());
            assert_eq!(mended.as_deref(), meant, "{name}");
        }
    }
}
