//! `rules`: the list of all rules.

use std::io::{self, Write};

use anstyle::Style;
use promolint_analysis::{Category, Rule, rules};
use serde::Serialize;

use super::outcome::print;
use crate::arguments::{ListFormat, RulesArguments, When};
use crate::exit::Exit;
use crate::report::{rule_url, severity_style};
use crate::terminal::Appearance;

pub(crate) fn run(arguments: &RulesArguments, color: When) -> Exit {
    match arguments.format {
        ListFormat::Text => {
            let appearance = Appearance::of_stdout(color, When::Never, false);
            print(|out| text(&appearance, out))
        }
        ListFormat::Json => print(|out| {
            let list: Vec<_> = rules::ALL.iter().map(|rule| JsonRule::new(rule)).collect();
            serde_json::to_writer_pretty(&mut *out, &list)?;
            writeln!(out)
        }),
    }
}

/// A rule, for programs.
#[derive(Serialize)]
pub(crate) struct JsonRule {
    name: &'static str,
    category: &'static str,
    severity: &'static str,
    severity_on_change: &'static str,
    enabled: bool,
    fix: Option<&'static str>,
    summary: String,
    url: String,
}

impl JsonRule {
    pub(crate) fn new(rule: &Rule) -> Self {
        Self {
            name: rule.name,
            category: rule.category.name(),
            severity: rule.severity.name(),
            severity_on_change: rule.severity_on_change.name(),
            enabled: rule.enabled,
            fix: rule.fix.map(promolint_analysis::Applicability::name),
            summary: rule.summary(),
            url: rule_url(rule.name),
        }
    }
}

fn text(appearance: &Appearance, out: &mut dyn Write) -> io::Result<()> {
    let widest = rules::ALL.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let bold = if appearance.color { Style::new().bold() } else { Style::new() };
    for category in Category::ALL {
        let members: Vec<_> = rules::ALL.iter().filter(|rule| rule.category == category).collect();
        if members.is_empty() {
            continue;
        }
        writeln!(out, "{bold}{}{bold:#}", category.name())?;
        for rule in members {
            let style = if appearance.color { severity_style(rule.severity) } else { Style::new() };
            let severity = if rule.enabled { rule.severity.name() } else { "off" };
            let summary = rule.summary().replace('`', "");
            let indent = " ".repeat(widest + 13);
            let options = textwrap::Options::new(appearance.text_width.max(widest + 50))
                .initial_indent(&indent)
                .subsequent_indent(&indent)
                .break_words(false)
                .word_separator(textwrap::WordSeparator::AsciiSpace)
                .word_splitter(textwrap::WordSplitter::NoHyphenation);
            let summary = textwrap::fill(&summary, options);
            writeln!(out, "  {:widest$}  {style}{severity:7}{style:#}  {}", rule.name, summary.trim_start())?;
        }
        writeln!(out)?;
    }
    writeln!(out, "promolint explain RULE tells more about a rule.")
}
