//! landing over the wire against programs that nobody here wrote: its engine against moto, and the sandbox
//! against boto3 and the AWS CLI.

mod adopt;
mod behind;
mod bootstrap;
mod boto;
mod landing;
mod moto;
mod organization;
mod python;
mod sandbox;
mod server;
mod throttling;
