//! `explain`: a rule's page.

use std::io::{self, Write};

use anstyle::Style;
use promolint_analysis::suggest::closest;
use promolint_analysis::{Rule, rules};
use serde::Serialize;

use super::outcome::print;
use super::rules::JsonRule;
use crate::arguments::{ExplainArguments, PageFormat, When};
use crate::exit::Exit;
use crate::report::rule_url;
use crate::terminal::Appearance;
use crate::{markdown, message};

/// The page, for programs.
#[derive(Serialize)]
struct JsonPage {
    #[serde(flatten)]
    rule: JsonRule,
    documentation: &'static str,
}

pub(crate) fn run(arguments: &ExplainArguments, color: When) -> Exit {
    let name = arguments.rule.trim();
    let Some(rule) = rules::find(name) else {
        let near = closest(name, rules::ALL.iter().map(|rule| rule.name));
        let help = near.map_or_else(|| "`promolint rules` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
        message::error(format_args!("there is no rule `{name}`"), Some(&help));
        return Exit::Usage;
    };
    match arguments.format {
        PageFormat::Text => {
            let appearance = Appearance::of_stdout(color, When::Never, false);
            print(|out| text(rule, &appearance, out))
        }
        PageFormat::Markdown => print(|out| write!(out, "# {}\n\n{}\n", rule.name, unindented(rule.documentation))),
        PageFormat::Json => print(|out| {
            serde_json::to_writer_pretty(&mut *out, &JsonPage { rule: JsonRule::new(rule), documentation: rule.documentation })?;
            writeln!(out)
        }),
    }
}

fn text(rule: &Rule, appearance: &Appearance, out: &mut dyn Write) -> io::Result<()> {
    let bold = if appearance.color { Style::new().bold() } else { Style::new() };
    writeln!(out, "{bold}{}{bold:#}\n", rule.name)?;
    writeln!(out, "{}", markdown::for_terminal(rule.documentation, appearance))?;
    let severity = match (rule.severity, rule.severity_on_change) {
        (usual, changed) if usual == changed => usual.to_string(),
        (usual, changed) => format!("{usual}; {changed} on lines that a change touches"),
    };
    writeln!(out, "Category: {}", rule.category.name())?;
    writeln!(out, "Severity: {severity}{}", if rule.enabled { "" } else { " (off unless selected)" })?;
    if let Some(fix) = rule.fix {
        writeln!(out, "Fix:      {}", fix.name())?;
    }
    writeln!(out, "Page:     {}", rule_url(rule.name))
}

/// Lines of doc comments start with a blank.
fn unindented(documentation: &str) -> String {
    let lines = documentation.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}
