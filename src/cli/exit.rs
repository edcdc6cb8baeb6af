use std::process::ExitCode;

/// How the program ends, for scripts. Programs rely on these numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit(u8);

impl Exit {
    /// Done, and nothing differs (or no one asked for a code that says so).
    pub const DONE: Exit = Exit(0);
    /// An error; nothing was written.
    pub const ERROR: Exit = Exit(1);
    /// It worked, and something differs.
    pub const DIFFERS: Exit = Exit(2);
    /// A guard said no: destruction without the flag, a stale plan, a held lease, a lock-out, no one who agreed.
    pub const REFUSED: Exit = Exit(3);
    /// An apply ended part way; run it again.
    pub const PARTIAL: Exit = Exit(4);
    /// An import left something out that a blueprint cannot say or that AWS did not report.
    pub const LEFT_OUT: Exit = Exit(5);
    /// Planning what an import wrote would change something.
    pub const UNPROVEN: Exit = Exit(6);
    /// Wrong usage, as `EX_USAGE` of sysexits.h.
    pub const USAGE: Exit = Exit(64);
    /// Interrupted: 128 and the number of SIGINT, as shells have it.
    pub const INTERRUPTED: Exit = Exit(130);

    /// The number.
    pub fn code(self) -> u8 {
        self.0
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.0)
    }
}
