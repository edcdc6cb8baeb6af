//! landing over the wire against programs that nobody here wrote: its engine against moto, and the sandbox
//! against boto3 and the AWS CLI.

mod bootstrap;
mod boto;
mod landing;
mod moto;
mod python;
mod served;
mod server;
mod throttling;
