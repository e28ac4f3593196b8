//! One file for each command.

mod baseline;
mod check;
mod comparison;
mod config;
mod diff;
mod explain;
mod fmt;
mod lsp;
mod outcome;
mod pages;
mod rules;

use crate::arguments::{Arguments, Command, When};
use crate::exit::Exit;

/// Runs the command.
pub(crate) fn run(arguments: Arguments) -> Exit {
    let color: When = arguments.color;
    match arguments.command {
        Command::Check(check) => check::run(*check, color),
        Command::Baseline(baseline) => baseline::run(baseline),
        Command::Diff(diff) => diff::run(diff),
        Command::Fmt(fmt) => fmt::run(fmt),
        Command::Rules(rules) => rules::run(&rules, color),
        Command::Explain(explain) => explain::run(&explain, color),
        Command::Config(config) => config::run(config),
        Command::Lsp(_) => lsp::run(),
        Command::Completions { shell } => pages::completions(shell),
        Command::Man { command } => pages::manual(command.as_deref()),
    }
}
