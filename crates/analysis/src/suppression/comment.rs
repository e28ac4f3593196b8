//! The grammar of the comments: `# promolint: allow(rule-a, rule-b, until=2027-01-31) reason`.

use std::ops::Range;

use crate::settings::Date;

/// A comment that could be read, at least as far as its list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Allow<'t> {
    /// The names between the parentheses, with their places in the comment.
    pub(crate) names: Vec<(&'t str, Range<usize>)>,
    /// What stands between the parentheses.
    pub(crate) list: Range<usize>,
    /// The last day on which it holds.
    pub(crate) until: Option<Date>,
    /// Whether it says why; to do so later is not enough.
    pub(crate) has_reason: bool,
}

/// Why a comment could not be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It is no `allow(…)`.
    NotUnderstood,
    /// It names no rule.
    NoRules,
    /// `until=` with something that is no day.
    BadDate(Range<usize>),
}

const UNTIL: &str = "until=";
/// Begins what stands for a reason until somebody writes one.
const PLACEHOLDER: &str = "TODO";

/// Reads a comment, `#` included; `None` if it does not speak to promolint.
pub(crate) fn parse(comment: &str) -> Option<Result<Allow<'_>, Flaw>> {
    let text = comment.trim_start_matches('#').trim_start();
    let rest = text.strip_prefix("promolint")?;
    let body = rest.strip_prefix(':').or_else(|| rest.trim_start().starts_with("allow").then_some(rest))?;
    // Without the colon, it is meant for us all the same.
    Some(if body.len() < rest.len() { allow(comment, body) } else { Err(Flaw::NotUnderstood) })
}

fn allow<'t>(comment: &'t str, body: &'t str) -> Result<Allow<'t>, Flaw> {
    let list = body.trim_start().strip_prefix("allow").and_then(|rest| rest.trim_start().strip_prefix('(')).ok_or(Flaw::NotUnderstood)?;
    let (list, reason) = list.split_once(')').ok_or(Flaw::NotUnderstood)?;
    let list_start = comment.len() - reason.len() - 1 - list.len();
    let mut allow = Allow { names: Vec::new(), list: list_start..list_start + list.len(), until: None, has_reason: false };
    let mut start = list_start;
    for item in list.split(',') {
        let name = item.trim();
        let at = start + item.len() - item.trim_start().len();
        start += item.len() + 1;
        if name.starts_with(UNTIL) {
            allow.until = Some(date(name, at)?);
        } else if !name.is_empty() {
            allow.names.push((name, at..at + name.len()));
        }
    }
    let mut at = comment.len() - reason.len();
    let mut first_word = None;
    for word in reason.split([' ', '\t']) {
        if word.starts_with(UNTIL) {
            allow.until = Some(date(word, at)?);
        } else if word.contains(char::is_alphanumeric) {
            first_word.get_or_insert(word);
        }
        at += word.len() + 1;
    }
    allow.has_reason = first_word.is_some_and(|word| word.trim_end_matches(':') != PLACEHOLDER);
    if allow.names.is_empty() { Err(Flaw::NoRules) } else { Ok(allow) }
}

fn date(word: &str, at: usize) -> Result<Date, Flaw> {
    let text = word[UNTIL.len()..].trim_end_matches([',', ';', ':', '.']);
    Date::parse(text).ok_or(Flaw::BadDate(at..at + word.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names<'t>(comment: &'t str) -> Vec<&'t str> {
        let allow: Allow<'t> = parse(comment).unwrap().unwrap();
        for (name, range) in &allow.names {
            assert_eq!(&comment[range.clone()], *name);
        }
        allow.names.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn comments_for_us() {
        assert_eq!(names("# promolint: allow(a, b-c ,d) because"), ["a", "b-c", "d"]);
        assert_eq!(names("#promolint:allow (a)"), ["a"]);
        let comment = "# promolint: allow(a, until=2027-01-31) old tag";
        let allow = parse(comment).unwrap().unwrap();
        assert_eq!((allow.until, allow.has_reason), (Date::new(2027, 1, 31), true));
        assert_eq!(&comment[allow.list], "a, until=2027-01-31");
        let allow = parse("# promolint: allow(a) until=2027-01-31, old tag").unwrap().unwrap();
        assert_eq!((allow.until, allow.has_reason), (Date::new(2027, 1, 31), true));
        for reason in ["", "until=2027-01-31 –", "TODO", "TODO: say why", "until=2027-01-31 TODO: say why"] {
            assert!(!parse(&format!("# promolint: allow(a) {reason}")).unwrap().unwrap().has_reason, "{reason}");
        }
        for reason in ["old", "as TODO says", "TODOs are old"] {
            assert!(parse(&format!("# promolint: allow(a) {reason}")).unwrap().unwrap().has_reason, "{reason}");
        }
    }

    #[test]
    fn flaws() {
        for comment in
            ["# promolint: ignore(a) x", "# promolint:", "# promolint: allow a x", "# promolint: allow(a x", "# promolint allow(a) x"]
        {
            assert_eq!(parse(comment), Some(Err(Flaw::NotUnderstood)), "{comment}");
        }
        assert_eq!(parse("# promolint: allow( , until=2027-01-31) x"), Some(Err(Flaw::NoRules)));
        assert_eq!(parse("# promolint: allow(a, until=tomorrow) x"), Some(Err(Flaw::BadDate(22..36))));
        assert_eq!(parse("# promolint: allow(a) x until=2027-02-30"), Some(Err(Flaw::BadDate(24..40))));
        for comment in ["# promolint is used here", "# see promolint: allow(a) x", "#", "# No images yet"] {
            assert_eq!(parse(comment), None, "{comment}");
        }
    }
}
