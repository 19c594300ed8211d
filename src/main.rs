use std::process::ExitCode;

use clap::Parser;
use log_gardener::{
    cli::Cli,
    commands,
    ingest::stop::{INTERRUPTED, Interrupted},
};

fn main() -> ExitCode {
    let cli = Cli::parse();
    match commands::run(cli) {
        Ok(code) => code,
        Err(error) if commands::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            commands::print_error(&error);
            ExitCode::from(if error.is::<Interrupted>() { INTERRUPTED } else { 2 })
        }
    }
}
