//! landing over the wire against programs that no one here wrote: its engine against moto, and the sandbox
//! against boto3 and the AWS CLI.

#![expect(clippy::panic, clippy::print_stderr, reason = "helpers of tests fail at once, and say what is skipped")]

mod account_settings;
mod adopt;
mod aws_cli;
mod behind;
mod bootstrap;
mod boto;
mod built_by_hand;
mod catalogue;
mod cfn_lint;
mod checkov;
mod editor;
mod endpoints;
mod iam_data;
mod identity;
mod identity_policies;
mod import;
mod landing;
mod landing_zone;
mod models;
mod moto;
mod npm;
mod occupied;
mod organization;
mod outputs;
mod paging;
mod python;
mod refusals;
mod rendered;
mod sandbox;
mod schema;
mod server;
mod services;
mod stacks;
mod template_examples;
mod throttling;
mod tools;
