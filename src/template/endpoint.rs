use handlebars::RenderErrorReason;
use serde_json::{Value, json};

use super::helpers::logical_id;

/// What SageMaker takes in a network without a way to the internet.
/// <https://docs.aws.amazon.com/sagemaker/latest/dg/studio-notebooks-and-internet-access.html>
/// The names of `notebook` and `studio` begin with `aws.sagemaker` in every region that has them, in China and GovCloud too.
/// <https://docs.aws.amazon.com/sagemaker/latest/dg/studio-interface-endpoint.html>
/// <https://docs.amazonaws.cn/en_us/sagemaker/latest/dg/studio-interface-endpoint.html>
const SAGEMAKER: [&str; 15] = [
    "sagemaker.api",
    "sagemaker.runtime",
    "notebook",
    "studio",
    "sts",
    "kms",
    "ecr.api",
    "ecr.dkr",
    "logs",
    "monitoring",
    "ssm",
    "codecommit",
    "git-codecommit",
    "codeartifact.api",
    "codeartifact.repositories",
];

/// Services of which the names of endpoints begin with `cn.` in China.
/// <https://docs.amazonaws.cn/en_us/vpc/latest/privatelink/aws-services-privatelink-support.html>
const OTHERS_IN_CHINA: [&str; 26] = [
    "application-autoscaling",
    "athena",
    "autoscaling",
    "backup",
    "batch",
    "cloudformation",
    "databrew",
    "ebs",
    "ec2",
    "ecr.api",
    "ecr.dkr",
    "eks",
    "elasticfilesystem",
    "emr-containers",
    "execute-api",
    "lambda",
    "monitoring",
    "rds",
    "redshift",
    "sagemaker.api",
    "sagemaker.featurestore-runtime",
    "sagemaker.runtime",
    "sqs",
    "states",
    "sts",
    "xray",
];

/// The endpoints of these services, each once and with `sagemaker` for [`SAGEMAKER`]: `id` for the template, `service`,
/// `name` and, where it is another one, `name_in_china` with `${AWS::Region}` in it.
///
/// # Errors
/// What is not the name of a service.
pub(super) fn list(names: &Value) -> Result<Value, RenderErrorReason> {
    let mut services: Vec<&str> = Vec::new();
    for name in names.as_array().into_iter().flatten().filter_map(Value::as_str) {
        let named = if name == "sagemaker" { &SAGEMAKER[..] } else { &[name] };
        for service in named {
            check(service)?;
            if !services.contains(service) {
                services.push(service);
            }
        }
    }
    Ok(services.into_iter().map(described).collect())
}

fn check(service: &str) -> Result<(), RenderErrorReason> {
    let is_part = |part: &str| part.starts_with(|c: char| c.is_ascii_lowercase());
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    if service.split('.').all(is_part) && service.chars().all(letters) && !service.starts_with("com.") {
        return Ok(());
    }
    let why =
        format!("endpoints: `{service}` is no service such as `sts` or `ecr.api`, without com.amazonaws and region");
    Err(RenderErrorReason::Other(why))
}

fn described(service: &str) -> Value {
    let name = match service {
        "notebook" | "studio" => format!("aws.sagemaker.${{AWS::Region}}.{service}"),
        _ => format!("com.amazonaws.${{AWS::Region}}.{service}"),
    };
    let name_in_china = if OTHERS_IN_CHINA.contains(&service) { format!("cn.{name}") } else { String::new() };
    json!({"id": logical_id([service, "Endpoint"].into_iter()), "service": service, "name": name, "name_in_china": name_in_china})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sagemaker_stands_for_all_that_it_takes_and_nothing_is_there_twice() {
        let endpoints = list(&json!(["sts", "sagemaker", "xray"])).expect("all are services");
        let endpoints = endpoints.as_array().expect("a list");
        assert_eq!(endpoints.len(), SAGEMAKER.len() + 1);
        let named = |service: &str| endpoints.iter().find(|it| it["service"] == service).expect("it is among them");
        assert_eq!(named("studio")["name"], "aws.sagemaker.${AWS::Region}.studio");
        assert_eq!(named("studio")["name_in_china"], "", "it is the same there");
        assert_eq!(named("git-codecommit")["id"], "GitCodecommitEndpoint");
        assert_eq!(named("ecr.api")["name_in_china"], "cn.com.amazonaws.${AWS::Region}.ecr.api");
    }

    #[test]
    fn what_is_no_service_is_refused() {
        for name in ["", "STS", "com.amazonaws.eu-west-1.sts", "s ts", "ecr.", "é"] {
            assert!(list(&json!([name])).is_err(), "{name}");
        }
    }
}
