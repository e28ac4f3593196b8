use super::re2::{Flaw, flaw};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// The pattern of a filter is no regular expression in RE2 syntax.
    ///
    /// Prow leaves the filter out then, so its people are not asked and cannot approve. Patterns are
    /// regular expressions over paths and no globs: `*.go` is `\.go$`, `docs/**` is `^docs/`. RE2 knows
    /// neither look-around nor back-references.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// filters:
    ///   "*.yaml":
    ///     approvers:
    ///     - alice
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// filters:
    ///   "\\.yaml$":
    ///     approvers:
    ///     - alice
    /// ```
    pub static RULE = {
        name: "owners-bad-regex",
        category: Owners,
        severity: Error,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let Some(owners) = super::owners(context.file) else { return };
    for pattern in owners.filters.iter().filter(|pattern| !super::is_broken(context.source(), pattern.range())) {
        let Some(flaw) = flaw(pattern.as_str()) else { continue };
        let (reason, advice) = explain(flaw);
        let message = format!("`{}` is no regular expression, because {reason}; Prow leaves this filter out", pattern.value.escape_debug());
        findings.push(Finding::new(context.source(), pattern.range(), message).help(advice));
    }
}

fn explain(flaw: Flaw) -> (&'static str, &'static str) {
    const NO_GLOB: &str = "filters are regular expressions, not globs: `.*` for any text, `\\.` for a dot, `$` for the end";
    const SUPPORTED: &str = "list the wanted paths instead; the syntax is RE2's (github.com/google/re2/wiki/Syntax)";
    match flaw {
        Flaw::NothingToRepeat => ("there is nothing to repeat before `*`, `+`, `?` or `{`", NO_GLOB),
        Flaw::RepeatedRepeat => ("a repetition is repeated", NO_GLOB),
        Flaw::RepeatSize => ("a number of repetitions is above 1000 or below the one before it", "correct the numbers in `{}`"),
        Flaw::UnclosedGroup => ("a `(` is not closed", "close it, or write `\\(` for the character"),
        Flaw::UnopenedGroup => ("a `)` closes nothing", "open it, or write `\\)` for the character"),
        Flaw::UnclosedClass => ("a `[` is not closed", "close it, or write `\\[` for the character"),
        Flaw::ClassRange => ("a class of characters is wrong", "write ranges from the lower to the higher character"),
        Flaw::Escape => {
            ("a backslash stands before a character that has no meaning there", "write `\\\\` for a backslash, or leave it out")
        }
        Flaw::BackReference => ("RE2 knows no back-references", SUPPORTED),
        Flaw::LookAround => ("RE2 knows no look-around", SUPPORTED),
        Flaw::Extension => ("RE2 does not know what follows `(?`", SUPPORTED),
    }
}
