//! `config`: what is in force, and where each value came from.

use super::outcome::{configuration_error, print, request};
use crate::arguments::ConfigArguments;
use crate::exit::Exit;

pub(crate) fn run(arguments: ConfigArguments) -> Exit {
    let mut request = match request(arguments.configuration) {
        Ok(request) => request,
        Err(exit) => return exit,
    };
    request.paths.extend(arguments.path);
    let (configuration, _) = match promolint_workspace::configure(&request) {
        Ok(configured) => configured,
        Err(error) => return configuration_error(&error),
    };
    print(|out| {
        for value in &configuration.values {
            writeln!(out, "{value}")?;
        }
        Ok(())
    })
}
