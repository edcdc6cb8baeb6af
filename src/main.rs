//! Parses, runs, exits; everything else is in the library.

fn main() -> std::process::ExitCode {
    landing::cli::run()
}
