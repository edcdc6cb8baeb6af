//! Parses, runs, exits; everything else is in the library.

/// Plans of thousands of accounts are thousands of small values: by the system's allocator a plan takes a third longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    landing::cli::run()
}
