use foldhash::{HashMap, HashMapExt};
use promolint_syntax::{Node, Style, TextRange};

use crate::diagnostic::Applicability;
use crate::file::SourceFile;
use crate::fixing::Repair;
use crate::model::{NameList, Word};
use crate::repository::FileContext;
use crate::rule::{Check, Finding, Findings, declare_rule};

declare_rule! {
    /// A name stands twice in one list.
    ///
    /// The second one changes nothing; often another name was meant, or a merge went wrong. Letter
    /// case counts for nothing. The fix takes the second one away; it is safe where no comment goes
    /// with it.
    ///
    /// ## Bad
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// approvers:
    /// - alice
    /// - bob
    /// - Alice
    /// ```
    ///
    /// ## Good
    /// ```yaml registry.k8s.io/images/k8s-staging-widget/OWNERS
    /// approvers:
    /// - alice
    /// - bob
    /// ```
    pub static RULE = {
        name: "owners-duplicate",
        category: Owners,
        severity: Warning,
        fix: Safe,
        check: Check::File(check),
    }
}

fn check(context: &FileContext<'_>, findings: &mut Findings) {
    let source = context.source();
    for list in super::lists(context.file) {
        let mut seen: HashMap<String, &Word<'_>> = HashMap::new();
        for name in list.names.iter().filter(|name| !name.value.is_empty()) {
            let Some(first) = seen.get(&super::normal(name)) else {
                seen.insert(super::normal(name), name);
                continue;
            };
            let message = format!("`{}` already stands in {}; the second time changes nothing", name.value, super::describe(list));
            let finding = Finding::new(source, name.range(), message).help("take it away, or write the name that was meant");
            let finding = finding.related(source, first.range(), "the first time");
            findings.push(match removal(source, list, name.node) {
                Some((applicability, range)) => {
                    let title = format!("remove the repeated `{}`", name.value.escape_debug());
                    finding.fix(applicability, title, Repair::without_item(source, name.node, range))
                }
                None => finding,
            });
        }
    }
}

/// What to delete: the item's line, or in brackets the item with the comma before it.
fn removal(source: &SourceFile, list: &NameList<'_>, item: Node<'_>) -> Option<(Applicability, TextRange)> {
    let (text, lines) = (source.text(), source.lines());
    if list.node.style() == Style::Flow {
        let previous = list.names.iter().map(Word::range).take_while(|range| range.end() <= item.range().start()).last()?;
        let between = TextRange::new(previous.end(), item.range().start());
        let is_comma = source.slice(between).trim() == ",";
        return is_comma.then(|| (Applicability::Safe, TextRange::new(previous.end(), item.range().end())));
    }
    let line = lines.line(item.range().start());
    let range = lines.line_range(text, line);
    let before = source.slice(TextRange::new(range.start(), item.range().start())).trim();
    if before != "-" || item.range().end() > range.end() {
        return None;
    }
    let applicability = match source.slice(TextRange::new(item.range().end(), range.end())).trim() {
        "" => Applicability::Safe,
        comment if comment.starts_with('#') => Applicability::Suggested,
        _ => return None,
    };
    let next = lines.line_start(line + 1);
    let is_last = line + 1 >= lines.line_count();
    // Without a line break at its end, the last line takes the one before it along.
    let start = if is_last && line > 0 { lines.line_range(text, line - 1).end() } else { range.start() };
    let end = if is_last { u32::try_from(text.len()).ok()? } else { next };
    Some((applicability, TextRange::new(start, end)))
}
