//! `promolint`, the command line: arguments in, reports and an exit code out.
//!
//! This crate decides nothing about manifests. It asks `promolint_workspace` for what is on disk,
//! `promolint_analysis` for the findings, and prints them in the formats of [`report`].
//!
//! Exit codes: 0 nothing at or above `--fail-on`; 1 findings; 2 wrong usage or configuration;
//! 3 something could not be read or written.

#![cfg_attr(test, expect(clippy::needless_raw_string_hashes, reason = "snapbox writes them when it updates a snapshot"))]

mod arguments;
mod artifacts;
mod ci;
mod commands;
mod exit;
mod markdown;
mod message;
mod output;
mod report;
mod terminal;

use clap::Parser;

use crate::arguments::Arguments;

fn main() {
    let arguments = Arguments::parse();
    arguments.color.write_global();
    let exit = commands::run(arguments);
    std::process::exit(exit.code());
}
