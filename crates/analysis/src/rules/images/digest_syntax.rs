use crate::model::{Digest, DigestFlaw};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A digest must be `sha256:` and 64 lower-case hex digits.
    ///
    /// The promoter looks a digest up in staging and passes over what it does not find there, so a
    /// mistyped digest is green and the image never arrives.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df": ["v1.2.0"]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "digest-syntax",
        category: Images,
        severity: Error,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    for digest in super::all_digests(context.file) {
        let Err(flaw) = Digest::parse(&digest.value) else { continue };
        let message = match &flaw {
            DigestFlaw::Empty => "an empty digest; nothing is promoted for it".to_owned(),
            flaw => format!("`{}` is no digest: {flaw}; nothing is promoted for it", super::shorten(&digest.value)),
        };
        let is_typographic = digest.value.contains(['\u{201c}', '\u{201d}', '\u{201e}']);
        let help = if is_typographic { "the quotes are typographic ones; write `\"`" } else { help(&flaw) };
        findings.push(Finding::new(context.source(), digest.range(), message).help(help));
    }
}

fn help(flaw: &DigestFlaw) -> &'static str {
    match flaw {
        DigestFlaw::Prefix(_) => "write `sha256:` before the hex digits",
        DigestFlaw::UpperCase => "write the hex digits in lower case",
        DigestFlaw::Blank => "remove the blanks",
        _ => "copy the whole digest again from staging",
    }
}
