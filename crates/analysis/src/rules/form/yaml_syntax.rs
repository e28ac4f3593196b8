use promolint_syntax::{SyntaxError, SyntaxErrorKind, TextRange};

use crate::diagnostic::Severity;
use crate::file::SourceFile;
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A file must be YAML as the promotion tools read it: version 1.1, in UTF-8.
    ///
    /// One broken line makes the tools refuse the whole file, and with it every image or file that
    /// it lists. The rest of the file is still checked, so that one run tells all.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0]
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/images.yaml
    /// - name: widget
    ///   dmap:
    ///     "sha256:5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9": ["v1.2.0"]
    /// ```
    pub static RULE = {
        name: "yaml-syntax",
        category: Form,
        severity: Error,
        in_frozen_trees: true,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let source = context.source();
    let is_only_read = super::is_only_read(source.kind());
    let mut push = |range, what: &str, help: &str| {
        let finding = Finding::new(source, range, format!("{what}; {}", super::refusal(source.kind()))).help(help);
        findings.push(if is_only_read { finding.severity(Severity::Warning) } else { finding });
    };
    if let Some(first) = source.invalid_bytes().first() {
        push(TextRange::new(*first, first + 1), "this byte is no UTF-8", "save the file in UTF-8");
    }
    let conflict = conflict(source);
    if let Some(range) = conflict {
        push(
            TextRange::new(range.start(), source.lines().line_range(source.text(), source.lines().line(range.start())).end()),
            "a merge conflict is left in the file",
            "keep what belongs there of the two sides, and remove the three lines of marks",
        );
    }
    let mut last = None;
    for error in source.document().errors().iter().filter(|error| !conflict.is_some_and(|range| range.contains_range(error.range))) {
        if last.replace(error.range.start()) != Some(error.range.start()) {
            let is_item = error.kind == SyntaxErrorKind::ExpectedValue && source.slice(error.range).starts_with('-');
            let slip = slip(error, source);
            let help = match look_alike(source.line_at(error.range.start())) {
                Some(help) => help,
                None if is_item => "separate the items by commas, without `-`",
                None => slip.map_or_else(|| help(error.kind), |(_, help)| help),
            };
            match slip {
                Some((what, _)) => push(error.range, what, help),
                None => push(error.range, &describe(error, source), help),
            }
        }
    }
}

/// From the first to the last mark that a merge left, if there are any.
fn conflict(source: &SourceFile) -> Option<TextRange> {
    let text = source.text();
    if source.document().errors().is_empty() || !text.contains("<<<<<<< ") && !text.contains(">>>>>>> ") {
        return None;
    }
    let lines = source.lines();
    let ranges = || (0..lines.line_count()).map(|line| lines.line_range(text, line));
    let is_mark = |range: &TextRange| {
        let line = source.slice(*range);
        line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ")
    };
    let mut marks = ranges().filter(is_mark);
    let first = marks.next()?;
    Some(marks.last().map_or(first, |last| first.cover(last)))
}

/// A slip of which the error is what follows, and what to do about it.
fn slip(error: &SyntaxError, source: &SourceFile) -> Option<(&'static str, &'static str)> {
    const NO_BLANK: (&str, &str) = ("a blank is missing behind the `:`", "write `key: value`, with a blank behind the `:`");
    let (line, found) = (source.line_at(error.range.start()), source.slice(error.range));
    let before = &line[..(error.range.start() - source.lines().line_start(source.lines().line(error.range.start()))) as usize];
    match error.kind {
        // `name:widget`; the colon in a digest is no key's.
        SyntaxErrorKind::MissingColon => {
            let (_, value) = found.trim_start_matches("sha256:").split_once(':')?;
            (!value.is_empty() && !value.starts_with("//")).then_some(NO_BLANK)
        }
        // `"sha256:…":["v1"]`
        SyntaxErrorKind::ExpectedKey if before.ends_with(['"', '\'']) && found.starts_with(':') => Some(NO_BLANK),
        // `"sha256:…: ["v1"]`: the quote that was meant to open closes.
        SyntaxErrorKind::ExpectedKey
            if before.ends_with("[\"") && before.trim_start().starts_with('"') && before.matches('"').count() == 2 =>
        {
            Some(("the quote that is open here is closed too late", "put a `\"` before the `:`"))
        }
        _ => None,
    }
}

/// What to do about a character that only looks like the one that was meant.
fn look_alike(line: &str) -> Option<&'static str> {
    line.chars().find_map(|character| match character {
        '\u{a0}' => Some("a no-break space (U+00A0) stands on the line; replace it by a blank"),
        '\u{ff1a}' => Some("the colon on the line is a full-width one (U+FF1A); write `:`"),
        '\u{201c}' | '\u{201d}' | '\u{201e}' => Some("the quotes on the line are typographic ones; write `\"`"),
        _ => None,
    })
}

/// What is wrong, with what stands there where that cannot be seen.
fn describe(error: &SyntaxError, source: &SourceFile) -> String {
    let found = source.slice(error.range);
    let character = found.chars().next();
    match (error.kind, character) {
        (SyntaxErrorKind::ForbiddenCharacter, Some(character)) => {
            format!("the character U+{:04X} is not allowed in YAML", u32::from(character))
        }
        (SyntaxErrorKind::UnexpectedCharacter, Some('`')) => "no value can start with a backquote".to_owned(),
        (SyntaxErrorKind::UnexpectedCharacter, Some(character)) => format!("no value can start with `{}`", character.escape_debug()),
        (SyntaxErrorKind::UnknownAnchor, Some(_)) => format!("no anchor stands before `{found}`"),
        (SyntaxErrorKind::ExpectedValue, Some('-')) => "no `-` can stand inside brackets".to_owned(),
        (SyntaxErrorKind::BadEscape, Some('\\')) if found[1..].starts_with(['x', 'u', 'U']) => {
            format!("the digits of the escape `{found}` are wrong")
        }
        (SyntaxErrorKind::BadEscape, Some('\\')) => {
            format!("the escape `{}` does not exist", found.escape_debug().to_string().replace("\\\\", "\\"))
        }
        (SyntaxErrorKind::UnsupportedVersion, _) => "YAML 1.1 is the only version that can be declared".to_owned(),
        (kind, _) => kind.to_string(),
    }
}

fn help(kind: SyntaxErrorKind) -> &'static str {
    match kind {
        SyntaxErrorKind::UnclosedQuote => "close the quote, or remove it",
        SyntaxErrorKind::UnclosedBracket => "close the bracket behind the last item",
        SyntaxErrorKind::UnmatchedBracket => "remove the bracket, or open it before the first item",
        SyntaxErrorKind::MissingComma => "put a comma between the items, or close the bracket",
        SyntaxErrorKind::MissingItem => "remove the comma, or write the item",
        SyntaxErrorKind::MissingColon => "write `key: value`",
        SyntaxErrorKind::UnexpectedMappingValue => "put the second key on a line of its own, or quote the value",
        SyntaxErrorKind::UnexpectedSequenceEntry => "put the list on the lines below its key",
        SyntaxErrorKind::UnexpectedKeyIndicator => "remove the `?`, or put it at the start of a line",
        SyntaxErrorKind::BadIndentation => "indent the line like the ones that it belongs with",
        SyntaxErrorKind::TabIndentation => "replace the tab by blanks",
        SyntaxErrorKind::ExpectedSequenceEntry => "start the line with `- `, or indent it like the item that it belongs to",
        SyntaxErrorKind::ExpectedKey => "put it on a line of its own, or quote the whole value",
        SyntaxErrorKind::ExpectedValue => "write the value, or `[]` for an empty list",
        SyntaxErrorKind::UnexpectedCharacter => "quote the value",
        SyntaxErrorKind::ForbiddenCharacter => "remove the character; it may be invisible in the editor",
        SyntaxErrorKind::BadEscape => "write `\\\\` for a backslash",
        SyntaxErrorKind::DocumentMarkerInside => "close the quote or bracket that is open here",
        SyntaxErrorKind::ExpectedDocumentStart => "remove what stands behind the end of the document",
        SyntaxErrorKind::BadDirective => "remove the line; manifests need no directives",
        SyntaxErrorKind::UnsupportedVersion => "remove the `%YAML` line",
        SyntaxErrorKind::BadAnchor => "write the value in full instead of naming it",
        SyntaxErrorKind::UnknownAnchor => "write the value in full, or quote it if it starts with `*`",
        SyntaxErrorKind::BadTag => "remove the tag, or quote the value if it starts with `!`",
        SyntaxErrorKind::BadBlockScalar => "write the value on one line, in quotes",
        SyntaxErrorKind::TooDeep => "take the brackets or levels away that nobody needs",
        _ => "rewrite the line as its neighbours are written",
    }
}
