//! Templates of the user's own: what validate finds in them, and that their text stays theirs.

use std::path::PathBuf;

use landing::model::Action;
use landing::sections::declare;
use serde_json::{Value, json};

use crate::world::{How, World};

const HEAD: &str = "version: 1
name: t
organization: {home_region: eu-west-1, regions: [eu-west-1, us-east-1], account_email: 'aws+{name}@corp.example'}
organizational_units: {Workloads: {accounts: [app, other]}}
stacks:
";

/// A folder with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("templates-{name}"));
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    for (file, text) in files {
        std::fs::write(folder.join(file), text).expect("the target folder can be written");
    }
    folder
}

/// What `validate` says of a blueprint with these stacks: `code file:line:column message`, and the help.
fn mistakes(name: &str, files: &[(&str, &str)], stacks: &str) -> Vec<(String, String)> {
    let path = folder(name, files).join("landing.yaml");
    std::fs::write(&path, format!("{HEAD}{stacks}")).expect("the target folder can be written");
    let Err(failed) = declare(&path) else { return Vec::new() };
    let rendered = failed.diagnostics.render(&failed.sources, false, 400);
    let reported = failed.diagnostics.iter().map(|it| (it.message.clone(), it.help.clone().unwrap_or_default()));
    let places: Vec<&str> = rendered.lines().filter(|line| line.contains("-->")).map(str::trim).collect();
    reported
        .enumerate()
        .map(|(nth, (message, help))| (format!("{} {message}", places.get(nth).unwrap_or(&"nowhere")), help))
        .collect()
}

const BAD: &str = "AWSTemplateFormatVersion: 2010-09-09
Resources:
  P:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !Ref Missing, Description: !GetAtt Nope.Arn}
  Q:
    Type: AWS::SSM::Parameter
    DependsOn: [P, Zed]
    Properties: {Type: String, Value: !Sub \"${P} ${Nada} ${account/app}\"}
Outputs:
  X: {Value: !Ref Q, Condition: NoSuch}
";

#[test]
fn what_a_template_refers_to_and_does_not_have_is_found_with_its_line() {
    let found = mistakes("bad", &[("bad.yaml", BAD)], "  bad: {template: bad.yaml, in: [app]}\n");
    let expected = [
        ("bad.yaml:5:", "Ref names `Missing`"),
        ("bad.yaml:5:", "Fn::GetAtt names `Nope`"),
        ("bad.yaml:8:", "DependsOn names `Zed`"),
        ("bad.yaml:9:", "Fn::Sub names `Nada`"),
        ("bad.yaml:9:", "Fn::Sub names `account/app`"),
        ("bad.yaml:11:", "Condition names `NoSuch`"),
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for ((message, _), (place, words)) in found.iter().zip(expected) {
        assert!(message.contains(place) && message.contains(words), "{message} is not {place} {words}");
    }
    assert!(found[4].1.contains("under the stack's `parameters`"), "{}", found[4].1);
}

const ROLE: &str = "Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: 'sts:AssumeRole'}}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: sagemaker:*
                Resource:
                  - 'arn:aws:sagemaker:*:${aws:PrincipalAccount}:app/*'
                  - !Sub 'arn:${AWS::Partition}:sagemaker:*:${!aws:PrincipalAccount}:space/*'
                  - !Sub 'arn:${AWS::Partition}:s3:::${AWS::AccountId}/${!aws:username}/*'
";

#[test]
fn a_policy_variable_in_the_account_of_an_arn_is_found_with_its_line() {
    let found = mistakes("role", &[("role.yaml", ROLE)], "  role: {template: role.yaml, in: [app]}\n");
    assert_eq!(found.len(), 2, "{found:#?}");
    for ((message, help), line) in found.iter().zip(["role.yaml:13:", "role.yaml:14:"]) {
        let words = "template role.yaml: a policy has the variable `${aws:PrincipalAccount}` in the account of an ARN";
        assert!(message.contains(line) && message.contains(words), "{message}");
        assert!(help.contains("after the fifth colon"), "{help}");
    }
}

#[test]
fn a_name_that_is_nearly_right_is_suggested() {
    let template = "Parameters: {Bucket: {Type: String}}\nResources:\n  P: {Type: AWS::SSM::Parameter, Properties: {Value: !Ref Buket}}\n";
    let stack = "  s: {template: near.yaml, in: [app], parameters: {Bucket: b}}\n";
    let found = mistakes("near", &[("near.yaml", template)], stack);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].0.contains("near.yaml:3:"), "{}", found[0].0);
    assert_eq!(found[0].1, "did you mean `Bucket`?");
}

const MACRO: &str = "Transform: AWS::Serverless-2016-10-31
Resources:
  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: i.h, Runtime: python3.12, InlineCode: x}}
";
const NESTED: &str = "Resources:
  N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://s3.amazonaws.com/b/t.yaml'}}
";

#[test]
fn macros_and_nested_stacks_are_for_accounts_and_not_for_units() {
    let files = [("macro.yaml", MACRO), ("nested.yaml", NESTED)];
    for (file, words) in [("macro.yaml", "the transform AWS::Serverless-2016-10-31"), ("nested.yaml", "the resource N")]
    {
        let of = |place: &str| mistakes("units", &files, &format!("  s: {{template: {file}, in: [{place}]}}\n"));
        let found = of("Workloads");
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].0.contains(words) && found[0].0.contains("landing.yaml:6:"), "{}", found[0].0);
        assert_eq!(of("app"), []);
    }
}

const GIVES: &str = "Parameters: {In: {Type: String}}
Resources:
  P: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Ref In}}
Outputs:
  Out: {Value: !Ref P}
";

#[test]
fn stacks_that_need_each_others_outputs_are_refused_with_both_names() {
    let stacks = "  a: {template: b.yaml, in: [app], parameters: {In: '${stack/other/b/eu-west-1.Out}'}}
  b: {template: b.yaml, in: [other], parameters: {In: '${stack/app/a/eu-west-1.Out}'}}\n";
    let found = mistakes("circle", &[("b.yaml", GIVES)], stacks);
    assert_eq!(found.len(), 1, "{found:#?}");
    let (message, help) = &found[0];
    assert!(message.contains("stack/app/a/eu-west-1, stack/other/b/eu-west-1"), "{message}");
    assert!(message.contains("landing.yaml:6:") && message.contains("output"), "{message}");
    assert!(help.contains("remove one of these references"), "{help}");
    let chain = stacks.replace("${stack/other/b/eu-west-1.Out}", "x");
    assert_eq!(mistakes("chain", &[("b.yaml", GIVES)], &chain), []);
}

#[test]
fn an_account_called_management_has_no_stacks_and_its_namesake_is_warned_of() {
    let stacks =
        "  s: {template: budget, in: [account/management], parameters: {limit_usd: 1, emails: [a@x.example]}}\n";
    let folder = folder("namesake", &[]);
    let path = folder.join("landing.yaml");
    let head = HEAD.replace("[app, other]", "[app, management]");
    std::fs::write(&path, format!("{head}{stacks}")).expect("the target folder can be written");
    let failed = declare(&path).expect_err("its stacks would have the management account's addresses");
    assert!(failed.diagnostics.iter().any(|it| it.code == "ambiguous"), "{:?}", failed.diagnostics);
    std::fs::write(&path, format!("{head}{}", stacks.replace("account/management", "management"))).expect("it can");
    let declared = declare(&path).unwrap_or_else(|_| panic!("the word means the management account"));
    let warned: Vec<&str> = declared.warnings.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(warned, ["`management` is the management account here, not account/management"]);
}

/// A template of which the words are those of landing's references.
const THEIRS: &str = "Parameters:
  root: {Type: String, Default: r}
  Organization: {Type: String}
Resources:
  P:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Name: !Sub ['/x/${organization}', {organization: mine}]
      Value: !Sub '${root} ${!management} ${AWS::Region}'
      Description: 'echo ${account/app}'
  Q:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Name: /y, Value: !Ref Organization}
";

#[tokio::test(start_paused = true)]
async fn a_templates_text_is_sent_as_it_is_and_only_parameters_are_resolved() {
    let folder = folder("theirs", &[("theirs.yaml", THEIRS)]);
    let world = World { folder: Some(folder), ..World::new() };
    let text = format!(
        "{HEAD}  s: {{template: ./theirs.yaml, in: [app], parameters: {{Organization: '${{organization}}'}}}}\n"
    );
    world.applied(&text, How::default()).await;
    let state = world.sandbox.snapshot();
    let mut values: Vec<String> = Vec::new();
    for (_, _, _, properties) in crate::world::resources(&state, "AWS::SSM::Parameter") {
        values.extend(["Name", "Value"].map(|key| properties[key].as_str().unwrap_or_default().to_owned()));
    }
    let id = state["organization"]["id"].as_str().expect("there is an organization").to_owned();
    values.sort();
    let mut expected = vec!["/x/mine".to_owned(), "r ${management} eu-west-1".into(), "/y".into(), id];
    expected.sort();
    assert_eq!(values, expected);
    world.quiet(&text).await;
}

const RENDERED: &str = "Resources:
  P:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Name: {{json name}}
      Value: !Sub ['{{account}} ${management}', {management: mine}]
";

#[tokio::test(start_paused = true)]
async fn what_rendering_puts_into_a_template_is_resolved() {
    let rendered = RENDERED.replace("'{{account}} ${management}'", "{{json (concat account \" ${management}\")}}");
    let folder = folder("rendered", &[("own.yaml.hbs", &rendered)]);
    let world = World { folder: Some(folder), ..World::new() };
    let text = format!(
        "{HEAD}  s: {{template: ./own.yaml.hbs, in: [app], parameters: {{name: /z, account: '${{account/other}}'}}}}\n"
    );
    let plan = world.plan(&text).await.expect("it can be planned").plan;
    let stack = plan.changes.iter().find(|change| change.kind == "stack").expect("it is made");
    assert_eq!(stack.action, Action::Create);
    assert!(stack.needs.iter().any(|need| need.as_str() == "account/other"), "{:?}", stack.needs);
    world.applied(&text, How::default()).await;
    let state = world.sandbox.snapshot();
    let made = crate::world::resources(&state, "AWS::SSM::Parameter");
    let accounts = state["organization"]["accounts"].as_object().expect("there are accounts");
    let other = accounts.iter().find(|(_, account)| account["name"] == "other").map(|(id, _)| id.clone());
    assert_eq!(made[0].3["Value"], json!(format!("{} mine", other.expect("it is there"))));
    world.quiet(&text).await;
}

/// The plan of a changed bucket prefix.
#[tokio::test(start_paused = true)]
async fn a_changed_prefix_names_every_bucket_that_is_replaced_and_that_stays() {
    let world = World::new();
    let text = |prefix: &str| {
        format!("{HEAD}  archive: {{template: log-archive, in: [app], parameters: {{bucket_prefix: {prefix}}}}}\n")
    };
    world.applied(&text("acme"), How::default()).await;
    let plan = world.plan(&text("beta")).await.expect("it can be planned").plan;
    let change = &plan.changes[0];
    assert!(change.risk.needs_permission());
    let names = |path: &str| -> Vec<String> {
        let listed = change.field(path).and_then(|field| field.before.as_array().cloned()).unwrap_or_default();
        let mut names: Vec<String> = listed.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        names.sort();
        names
    };
    let buckets = ["AccessLogBucket", "ConfigBucket", "TrailBucket"];
    let taken = names("takes_away");
    assert!(buckets.iter().all(|bucket| taken.contains(&(*bucket).to_owned())), "{taken:?}");
    assert!(taken.contains(&"LogKeyAlias".to_owned()), "{taken:?}");
    assert!(buckets.iter().all(|bucket| names("retains").contains(&(*bucket).to_owned())), "{:?}", names("retains"));
}
