//! `completions` and `man`: printed from the same definition as `--help`.

use clap::CommandFactory;
use promolint_analysis::suggest::closest;

use super::outcome::print;
use crate::arguments::Arguments;
use crate::exit::Exit;
use crate::message;

/// A completion script.
pub(crate) fn completions(shell: clap_complete::Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "promolint", &mut script);
    print(|out| out.write_all(&script))
}

/// The manual page of the program or of one of its commands.
pub(crate) fn manual(name: Option<&str>) -> Exit {
    let mut command = Arguments::command();
    // Gives the subcommands their full names and the global options.
    command.build();
    let page = match name {
        None => command,
        Some(name) => {
            let Some(found) = command.find_subcommand(name) else {
                let near = closest(name, command.get_subcommands().map(clap::Command::get_name));
                let help = near.map(|near| format!("did you mean `{near}`?"));
                message::error(format_args!("there is no command `{name}`"), help.as_deref());
                return Exit::Usage;
            };
            found.clone()
        }
    };
    print(|mut out| clap_mangen::Man::new(page).source(concat!("promolint ", env!("CARGO_PKG_VERSION"))).render(&mut out))
}
