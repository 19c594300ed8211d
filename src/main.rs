use std::process::ExitCode;

use log_gardener::{
    cli::Cli,
    commands,
    interrupt::{INTERRUPTED, Interrupted},
    text::errors,
};

fn main() -> ExitCode {
    let cli = Cli::from_command_line();
    match commands::run(cli) {
        Ok(code) => code,
        Err(error) if errors::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            errors::print_error(&error);
            ExitCode::from(if error.is::<Interrupted>() { INTERRUPTED } else { 2 })
        }
    }
}
