use crate::diagnostic::Applicability;
use crate::fixing::Repair;
use crate::model::{Location, Word};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};
use crate::suggest::closest;

declare_rule! {
    /// The base of a filestore is a bucket: `gs://bucket/path/` or `s3://bucket/path/`.
    ///
    /// The promoter refuses other schemes, and with the manifest the promotion of every project. A base
    /// without a bucket, or with characters that no bucket has, fails when it is opened.
    ///
    /// The schemes are policy: `files.schemes`.
    ///
    /// ## Bad
    /// ```yaml artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml
    /// filestores:
    /// - base: gs:/k8s-staging-tool/releases/
    ///   src: true
    /// - base: gs://k8s-artifacts-prod/binaries/tool/
    ///   service-account: k8s-infra-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// ```
    ///
    /// ## Good
    /// ```yaml artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml
    /// filestores:
    /// - base: gs://k8s-staging-tool/releases/
    ///   src: true
    /// - base: gs://k8s-artifacts-prod/binaries/tool/
    ///   service-account: k8s-infra-promoter@k8s-artifacts-prod.iam.gserviceaccount.com
    /// ```
    pub static RULE = {
        name: "filestore-base",
        category: Files,
        severity: Error,
        fix: Suggested,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let schemes = &context.policy().files.schemes;
    let Some(manifest) = context.file.file_promoter().filter(|_| !schemes.is_empty()) else { return };
    for base in manifest.filestores.iter().filter_map(|filestore| filestore.base.as_ref()) {
        let Some(message) = flaw(base, schemes) else { continue };
        let finding = Finding::new(context.source(), base.range(), message);
        let mended = mended(&base.value, schemes).filter(|mended| flaw_of(mended, schemes).is_none());
        findings.push(match mended.and_then(|mended| Some((Repair::text(base.node, &mended)?, mended))) {
            Some((repair, mended)) => {
                finding.help(format!("did you mean `{mended}`?")).fix(Applicability::Suggested, format!("replace by `{mended}`"), repair)
            }
            None => finding.help(format!("write `{}://<bucket>/<path>/`", schemes[0])),
        });
    }
}

fn flaw(base: &Word<'_>, schemes: &[String]) -> Option<String> {
    let shown = base.value.escape_debug();
    flaw_of(&base.value, schemes).map(|flaw| match flaw {
        Flaw::Scheme => format!("`{shown}` does not start with {}, so the promoter refuses the manifest", listed(schemes)),
        Flaw::NoBucket => format!("`{shown}` names no bucket, so the promotion fails"),
        Flaw::Bucket(found) => format!("`{shown}` has `{}` in the name of its bucket, so there is no such bucket", found.escape_debug()),
        Flaw::Path => format!("the path of `{shown}` is none that a bucket has, so no file is found there"),
    })
}

enum Flaw {
    Scheme,
    NoBucket,
    Bucket(char),
    Path,
}

fn flaw_of(base: &str, schemes: &[String]) -> Option<Flaw> {
    let location = Location::parse(base).filter(|location| schemes.iter().any(|scheme| scheme == location.scheme));
    let Some(location) = location else { return Some(Flaw::Scheme) };
    if location.bucket.is_empty() {
        return Some(Flaw::NoBucket);
    }
    let in_bucket = |found: char| found.is_ascii_lowercase() || found.is_ascii_digit() || matches!(found, '-' | '_' | '.');
    if let Some(found) = location.bucket.chars().find(|found| !in_bucket(*found)) {
        return Some(Flaw::Bucket(found));
    }
    let path = base.get(location.scheme.len() + 3 + location.bucket.len()..).unwrap_or_default();
    let has_odd_parts = location.prefix.split('/').any(|part| matches!(part, "." | "..")) || path.contains("//");
    // Behind `?` and `#`, the promoter drops the rest.
    let has_odd_characters = path.contains(|found: char| found.is_whitespace() || found.is_control() || matches!(found, '\\' | '?' | '#'));
    (has_odd_parts || has_odd_characters).then_some(Flaw::Path)
}

/// What was probably meant.
fn mended(base: &str, schemes: &[String]) -> Option<String> {
    let base = base.trim();
    let web = ["https://storage.googleapis.com/", "http://storage.googleapis.com/", "https://storage.cloud.google.com/"];
    if let Some(rest) = web.iter().find_map(|web| base.strip_prefix(web)) {
        return Some(format!("gs://{rest}"));
    }
    let separator = base.find([':', '/'])?;
    let (scheme, rest) = base.split_at(separator);
    let known = schemes.iter().find(|known| known.eq_ignore_ascii_case(scheme)).map(String::as_str);
    let known = known.or_else(|| closest(scheme, schemes.iter().map(String::as_str)))?;
    Some(format!("{known}://{}", rest.trim_start_matches([':', '/'])))
}

fn listed(schemes: &[String]) -> String {
    schemes.iter().map(|scheme| format!("`{scheme}://`")).collect::<Vec<_>>().join(" or ")
}
