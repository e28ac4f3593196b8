//! The arguments, their help texts, and from them man page and completions.

mod fmt;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use promolint_analysis::Severity;

use crate::report::Format;

pub(crate) use fmt::{FmtArguments, FormatStyle};

/// Lint Kubernetes artifact-promotion manifests
///
/// Reads images.yaml, promoter-manifest.yaml, file promotion manifests, OWNERS and what belongs to
/// them, as a whole tree, and reports what would make a promotion fail, do nothing, or publish the
/// wrong thing. Works offline; changes files only with --fix, and by `fmt`.
#[derive(Debug, Parser)]
#[command(name = "promolint", version, arg_required_else_help = true, after_help = EXAMPLES, after_long_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true)]
    pub(crate) color: When,
}

const EXAMPLES: &str = "\
Examples:
  promolint check                       lint everything below this directory
  promolint check registry.k8s.io       lint one tree
  promolint fmt --diff                  what formatting would change
  promolint explain digest-syntax       what a rule is about, and how to repair a finding
  promolint rules                       all rules";

const EXIT_CODES: &str = "\
Examples:
  promolint check                       lint everything below this directory
  promolint check registry.k8s.io       lint one tree
  promolint fmt --diff                  what formatting would change
  promolint explain digest-syntax       what a rule is about, and how to repair a finding
  promolint rules                       all rules

Exit codes:
  0  no finding at or above --fail-on
  1  findings
  2  wrong usage or configuration
  3  something could not be read or written (findings are still printed)";

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lint promotion trees and single manifests
    Check(Box<CheckArguments>),
    /// Format promotion files in their own style, or in that of the promoter's tool
    Fmt(FmtArguments),
    /// Write the findings of today to a baseline, so that `check` reports only new ones
    Baseline(BaselineArguments),
    /// Show what a change promotes: images, digests, tags and destinations
    Diff(DiffArguments),
    /// List all rules
    Rules(RulesArguments),
    /// Explain a rule: what it looks for, why, and how to repair a finding
    Explain(ExplainArguments),
    /// Print the configuration in force, and where each value came from
    Config(ConfigArguments),
    /// Run the language server, for editors: findings, fixes and help while typing
    Lsp(LspArguments),
    /// Print a completion script for a shell
    #[command(after_help = "Example:\n  promolint completions bash > ~/.local/share/bash-completion/completions/promolint")]
    Completions {
        /// The shell
        #[arg(value_name = "SHELL")]
        shell: clap_complete::Shell,
    },
    /// Print the manual page, in roff
    #[command(after_help = "Example:\n  promolint man | man -l -")]
    Man {
        /// The command whose page is wanted; the main page without it
        #[arg(value_name = "COMMAND")]
        command: Option<String>,
    },
}

/// Arguments of `lsp`.
#[derive(Debug, Args)]
pub(crate) struct LspArguments {
    /// Speak on standard input and output, as is done anyway; many editors say so
    #[arg(long, action = clap::ArgAction::Count)]
    pub(crate) stdio: u8,
}

/// Which configuration is used.
#[derive(Debug, Default, Args)]
pub(crate) struct ConfigurationArguments {
    /// Use this configuration file instead of the nearest promolint.toml
    #[arg(long, value_name = "FILE", conflicts_with = "isolated", help_heading = "Configuration")]
    pub(crate) config: Option<PathBuf>,

    /// Ignore configuration files; use the built-in defaults
    #[arg(long, help_heading = "Configuration")]
    pub(crate) isolated: bool,

    /// Run only these rules or categories
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Configuration")]
    pub(crate) select: Vec<String>,

    /// Do not run these rules or categories
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Configuration")]
    pub(crate) ignore: Vec<String>,
}

/// Which change is judged.
#[derive(Debug, Default, Args)]
#[group(multiple = false)]
pub(crate) struct ComparisonArguments {
    /// Judge what changed since the branch left this git revision [default: what Prow, GitHub or GitLab names]
    #[arg(long, value_name = "REV", help_heading = "Change")]
    pub(crate) since: Option<String>,

    /// Judge what changed since the branch left the main branch, found by itself
    #[arg(long, help_heading = "Change")]
    pub(crate) branch: bool,

    /// Judge what is staged for the next commit
    #[arg(long, help_heading = "Change")]
    pub(crate) staged: bool,

    /// Judge the tree as it stands, in CI too
    #[arg(long, help_heading = "Change")]
    pub(crate) no_since: bool,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct CheckArguments {
    /// Files and directories; `-` reads standard input [default: the working directory]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Where the text on standard input would stand
    #[arg(long, value_name = "PATH")]
    pub(crate) stdin_filename: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) comparison: ComparisonArguments,

    /// Leave out what does not belong to the change
    #[arg(long, help_heading = "Change")]
    pub(crate) changed_only: bool,

    /// Apply the safe fixes, and report what is left
    #[arg(long, help_heading = "Fixes")]
    pub(crate) fix: bool,

    /// Take suggested fixes too, which need a look; alone, count them
    #[arg(long, help_heading = "Fixes")]
    pub(crate) unsafe_fixes: bool,

    /// Apply fixes and do not report what is left; implies --fix
    #[arg(long, help_heading = "Fixes")]
    pub(crate) fix_only: bool,

    /// Print what --fix would change as a patch for `git apply`, and write nothing
    #[arg(long, conflicts_with_all = ["format", "output", "statistics"], help_heading = "Fixes")]
    pub(crate) diff: bool,

    /// Let only these rules or categories fix
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Fixes")]
    pub(crate) fixable: Vec<String>,

    /// Do not let these rules or categories fix
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Fixes")]
    pub(crate) unfixable: Vec<String>,

    #[command(flatten)]
    pub(crate) configuration: ConfigurationArguments,

    /// Report only findings that this file of known ones lacks [default: `baseline` in promolint.toml]
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    pub(crate) baseline: Option<PathBuf>,

    /// Report known findings too
    #[arg(long, conflicts_with = "baseline", help_heading = "Configuration")]
    pub(crate) no_baseline: bool,

    /// How findings are printed on standard output [default: full]
    #[arg(long, value_name = "FORMAT", value_enum, help_heading = "Output")]
    pub(crate) format: Option<Format>,

    /// Write a further report to a file (`-`: standard output); repeatable
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_output, help_heading = "Output")]
    pub(crate) output: Vec<OutputFile>,

    /// Print at most this many findings, gravest first; 0 prints all
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Output")]
    pub(crate) max_diagnostics: usize,

    /// Count the findings of each rule
    #[arg(long, help_heading = "Output")]
    pub(crate) statistics: bool,

    /// Print findings and errors only: no summary, no notes
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,

    /// When rule names in `full` are links to their pages
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, help_heading = "Output")]
    pub(crate) hyperlinks: When,

    /// Print `full` as sentences, without drawings, for screen readers and braille displays
    #[arg(long, help_heading = "Output")]
    pub(crate) screen_reader: bool,

    /// The mildest severity that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = FailOn::Error, help_heading = "Exit code")]
    pub(crate) fail_on: FailOn,

    /// Exit with 0 whatever is found
    #[arg(long, help_heading = "Exit code")]
    pub(crate) exit_zero: bool,
}

impl CheckArguments {
    /// Whether fixes are written.
    pub(crate) fn fixes(&self) -> bool {
        (self.fix || self.fix_only) && !self.diff
    }
}

const CHECK_EXAMPLES: &str = "\
Examples:
  promolint check registry.k8s.io/images/k8s-staging-kueue
  promolint check --branch --changed-only
  promolint check --format github
  promolint check --output sarif=lint.sarif --output junit=\"$ARTIFACTS/junit_promolint.xml\"
  promolint check --select images,destination-conflict --fail-on warning
  promolint check --diff | git apply
  promolint check --stdin-filename images/k8s-staging-kueue/images.yaml - < draft.yaml";

/// Arguments of `baseline`.
#[derive(Debug, Args)]
#[command(after_help = BASELINE_EXAMPLES)]
pub(crate) struct BaselineArguments {
    /// Files and directories whose findings are written; what is known of others stays [default: the working directory]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// The file to write [default: `baseline` in promolint.toml, or promolint-baseline.toml]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) configuration: ConfigurationArguments,

    /// Print errors only
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

const BASELINE_EXAMPLES: &str = "\
Examples:
  promolint baseline
  promolint check --baseline promolint-baseline.toml
  promolint baseline registry.k8s.io --output known.toml";

/// Arguments of `diff`.
#[derive(Debug, Args)]
#[command(after_help = DIFF_EXAMPLES)]
pub(crate) struct DiffArguments {
    /// The git revision to compare with [default: what Prow, GitHub or GitLab names, else what the branch left]
    #[arg(value_name = "REV")]
    pub(crate) revision: Option<String>,

    /// How the change is printed
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) format: DiffFormat,

    #[command(flatten)]
    pub(crate) configuration: ConfigurationArguments,
}

const DIFF_EXAMPLES: &str = "\
Examples:
  promolint diff                        what is not committed yet
  promolint diff origin/main --format markdown > body.md";

/// Formats of a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For a terminal
    #[default]
    Text,
    /// For the text of a pull request
    Markdown,
    /// For programs
    Json,
}

/// Arguments of `rules`.
#[derive(Debug, Args)]
pub(crate) struct RulesArguments {
    /// How the list is printed
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) format: ListFormat,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// Name of the rule, as it stands in a finding
    #[arg(value_name = "RULE")]
    pub(crate) rule: String,

    /// How the page is printed
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) format: PageFormat,
}

/// Arguments of `config`.
#[derive(Debug, Args)]
pub(crate) struct ConfigArguments {
    /// The file or directory whose configuration is wanted [default: the working directory]
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) configuration: ConfigurationArguments,
}

/// Whether the terminal's abilities are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// When standard output is a terminal that can do it
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl When {
    /// Makes the choice known to everything that prints through `anstream`.
    pub(crate) fn write_global(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

/// The mildest severity that makes a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Errors only
    Error,
    /// Warnings and errors
    Warning,
    /// Everything but hints
    Info,
    /// Any finding
    Hint,
}

impl FailOn {
    /// The severity of that name.
    pub(crate) fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Info => Severity::Info,
            Self::Hint => Severity::Hint,
        }
    }
}

/// Formats of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// Formats of a rule's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    /// For a terminal
    #[default]
    Text,
    /// As it was written
    Markdown,
    /// For programs
    Json,
}

/// A further report and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutputFile {
    /// Its format.
    pub(crate) format: Format,
    /// The file; none for standard output.
    pub(crate) file: Option<PathBuf>,
}

fn parse_output(text: &str) -> Result<OutputFile, String> {
    let formats = || Format::value_variants().iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
    let (name, file) = text.split_once('=').ok_or_else(|| format!("expected FORMAT=FILE, with one of these formats: {}", formats()))?;
    let format = Format::from_str(name, false).map_err(|_| format!("`{name}` is no format; there are {}", formats()))?;
    if file.is_empty() {
        return Err("the name of the file is missing".to_owned());
    }
    Ok(OutputFile { format, file: (file != "-").then(|| PathBuf::from(file)) })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn outputs_name_format_and_file() {
        assert_eq!(parse_output("sarif=a=b.sarif"), Ok(OutputFile { format: Format::Sarif, file: Some("a=b.sarif".into()) }));
        assert_eq!(parse_output("json=-"), Ok(OutputFile { format: Format::Json, file: None }));
        for wrong in ["lint.sarif", "pdf=x", "json="] {
            assert!(parse_output(wrong).is_err(), "{wrong}");
        }
    }
}
