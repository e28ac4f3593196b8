//! Arguments of `fmt`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Arguments of `fmt`.
#[derive(Debug, Args)]
#[command(after_help = FMT_EXAMPLES)]
pub(crate) struct FmtArguments {
    /// Files and directories; `-` formats standard input [default: the working directory]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Where the text on standard input would stand
    #[arg(long, value_name = "PATH")]
    pub(crate) stdin_filename: Option<PathBuf>,

    /// Whose order, spacing and quotes files follow
    #[arg(long, value_name = "STYLE", value_enum, default_value_t)]
    pub(crate) style: FormatStyle,

    /// Write nothing; name the files that would change, and exit with 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,

    /// Write nothing; print what would change as a unified diff, and exit with 1 if anything would
    #[arg(long)]
    pub(crate) diff: bool,

    /// Print errors only: neither names of files nor a summary
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

const FMT_EXAMPLES: &str = "\
Examples:
  promolint fmt registry.k8s.io/images/k8s-staging-kueue/images.yaml
  promolint fmt --diff                  what would change, everywhere below this directory
  promolint fmt --check --quiet         for CI: exit with 1 if a file is not formatted
  promolint fmt --style promoter --stdin-filename images/k8s-staging-kueue/images.yaml - < draft.yaml

Exit codes:
  0  everything is formatted, or was already
  1  something would change (--check, --diff)
  2  wrong usage or configuration
  3  a file could not be read, formatted or written; it stays as it is";

/// Whose conventions `fmt` follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatStyle {
    /// The file's own: only what departs from them is mended
    #[default]
    File,
    /// Those of the promoter's own tool, for images.yaml: names in byte order, digests by smallest tag
    Promoter,
}
