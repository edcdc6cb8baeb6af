//! The engine against the simulated AWS: through the SDK, its signing and its parsing.

mod bootstrap;
mod converges;
mod draw;
mod picture;
mod world;
