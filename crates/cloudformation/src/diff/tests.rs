use std::collections::BTreeMap;

use super::super::parse;
use super::*;

fn diff_of(before: (&str, &[(&str, &str)]), after: (&str, &[(&str, &str)])) -> Vec<ResourceDiff> {
    let given = |parameters: &[(&str, &str)]| -> BTreeMap<String, String> {
        parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let (b, a) = (parse(before.0).unwrap(), parse(after.0).unwrap());
    template_diff(&Version::new(&b, &given(before.1)), &Version::new(&a, &given(after.1)))
}

fn by_text(before: &str, after: &str) -> Vec<ResourceDiff> {
    diff_of((before, &[]), (after, &[]))
}

/// `Bucket modified /Properties/A replaces Yes retained`.
fn lines(diffs: &[ResourceDiff]) -> Vec<String> {
    let line = |diff: &ResourceDiff| {
        let what = match &diff.kind {
            Kind::Added => "added".to_owned(),
            Kind::Removed => "removed".to_owned(),
            Kind::Modified { paths } => format!("modified {}", paths.join(" ")),
        };
        let replaces = match diff.replaces {
            Replaces::No => "",
            Replaces::Unknown => " may be replaced",
            Replaces::Yes => " replaced",
        };
        format!("{} {what}{replaces}{}", diff.logical_id, if diff.retained { " retained" } else { "" })
    };
    diffs.iter().map(line).collect()
}

const STACK: &str = "
Parameters:
  Name: {Type: String, Default: one}
  Days: {Type: Number, Default: 30}
  Readers: {Type: CommaDelimitedList, Default: ''}
Conditions:
  HasReaders: !Not [!Equals [!Join ['', !Ref Readers], '']]
  InTokyo: !Equals [!Ref AWS::Region, ap-northeast-1]
Resources:
  Logs:
    Type: AWS::S3::Bucket
    DeletionPolicy: RetainExceptOnCreate
    UpdateReplacePolicy: Retain
    Properties:
      BucketName: !Sub 'logs-${Name}-${AWS::AccountId}'
      LifecycleConfiguration: {Rules: [{Status: Enabled, ExpirationInDays: !Ref Days}]}
      Tags: [{Key: a, Value: b}]
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Logs
      PolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: !Ref Readers}, Resource: !Sub '${Logs.Arn}/*'}]}
  Extra:
    Type: AWS::SNS::Topic
    Condition: HasReaders
  Tokyo:
    Type: AWS::SNS::Topic
    Condition: InTokyo
";

#[test]
fn the_same_template_changes_nothing_however_it_is_written() {
    let reordered = STACK
        .replace("{Status: Enabled, ExpirationInDays: !Ref Days}", "{ExpirationInDays: {Ref: Days}, Status: Enabled}");
    assert_ne!(reordered, STACK);
    assert!(by_text(STACK, &reordered).is_empty());
    assert!(diff_of((STACK, &[]), (STACK, &[("Name", "one")])).is_empty(), "a default that is given is the same");
}

#[test]
fn a_property_that_cannot_be_changed_replaces_and_what_refers_to_it_follows() {
    let diffs = diff_of((STACK, &[]), (STACK, &[("Name", "two")]));
    assert_eq!(
        lines(&diffs),
        [
            "Logs modified /Properties/BucketName replaced retained",
            "Policy modified /Properties/Bucket /Properties/PolicyDocument/Statement may be replaced",
        ]
    );
}

#[test]
fn parameters_count_where_they_reach() {
    let diffs = diff_of((STACK, &[]), (STACK, &[("Days", "31")]));
    assert_eq!(lines(&diffs), ["Logs modified /Properties/LifecycleConfiguration/Rules"]);
    let diffs = diff_of((STACK, &[]), (STACK, &[("Readers", "111111111111, 222222222222")]));
    assert_eq!(lines(&diffs), ["Policy modified /Properties/PolicyDocument/Statement", "Extra added"]);
    let diffs = diff_of((STACK, &[("Readers", "111111111111")]), (STACK, &[]));
    assert_eq!(lines(&diffs), ["Policy modified /Properties/PolicyDocument/Statement", "Extra removed"]);
}

#[test]
fn what_leaves_the_template_is_removed_or_retained() {
    let without = "Resources:\n  Tokyo: {Type: AWS::SNS::Topic, Condition: InTokyo}\nConditions: {InTokyo: !Equals [!Ref AWS::Region, ap-northeast-1]}";
    assert_eq!(lines(&by_text(STACK, without)), ["Logs removed retained", "Policy removed"]);
    assert_eq!(lines(&by_text(without, STACK)), ["Logs added", "Policy added"]);
}

#[test]
fn tags_and_policies_of_the_template_are_changed_in_place() {
    let tagged = STACK.replace("{Key: a, Value: b}", "{Key: a, Value: c}");
    assert_eq!(lines(&by_text(STACK, &tagged)), ["Logs modified /Properties/Tags"]);
    let deleted = STACK.replace("DeletionPolicy: RetainExceptOnCreate", "DeletionPolicy: Delete");
    assert_eq!(lines(&by_text(STACK, &deleted)), ["Logs modified /DeletionPolicy"]);
}

#[test]
fn of_types_that_are_not_known_no_one_can_determine() {
    let item = |property: &str| format!("Resources: {{Thing: {{Type: AWS::New::Thing, Properties: {property}}}}}");
    let diffs = by_text(&item("{A: 1}"), &item("{A: 2}"));
    assert_eq!(lines(&diffs), ["Thing modified /Properties/A may be replaced"]);
    assert!(by_text(&item("{A: !Ref B}"), &item("{A: {Ref: B}}")).is_empty());
}

#[test]
fn another_type_is_another_resource() {
    let diffs = by_text("Resources: {A: {Type: AWS::SNS::Topic}}", "Resources: {A: {Type: AWS::SSM::Parameter}}");
    assert_eq!(lines(&diffs), ["A modified /Type replaced"]);
}

#[test]
fn nested_properties_are_distinguished() {
    let budget = |limit: &str, name: &str| {
        let budget = format!("{{BudgetName: {name}, BudgetLimit: {{Amount: {limit}, Unit: USD}}}}");
        format!("Resources: {{Budget: {{Type: AWS::Budgets::Budget, Properties: {{Budget: {budget}}}}}}}")
    };
    assert_eq!(
        lines(&by_text(&budget("5", "a"), &budget("6", "a"))),
        ["Budget modified /Properties/Budget/BudgetLimit/Amount"]
    );
    assert_eq!(
        lines(&by_text(&budget("5", "a"), &budget("5", "b"))),
        ["Budget modified /Properties/Budget/BudgetName replaced"]
    );
    let bare = "Resources: {Budget: {Type: AWS::Budgets::Budget, Properties: {Budget: !Ref Somewhere}}}";
    assert_eq!(lines(&by_text(&budget("5", "a"), bare)), ["Budget modified /Properties/Budget may be replaced"]);
}

#[test]
fn conditions_that_parameters_do_not_decide_stay_open() {
    let with = |days: &str| {
        format!(
            "Conditions: {{C: !Equals [!Ref AWS::Region, a]}}\nResources: {{A: {{Type: AWS::SNS::Topic, Properties: \
             {{DisplayName: !If [C, {days}, !Ref AWS::NoValue]}}}}}}"
        )
    };
    assert!(by_text(&with("x"), &with("x")).is_empty());
    assert_eq!(lines(&by_text(&with("x"), &with("y"))), ["A modified /Properties/DisplayName"]);
}

#[test]
fn outputs_change_with_what_they_say_and_with_what_is_replaced() {
    let version = |name: &str, shown: &str| {
        parse(&format!(
            "Resources: {{A: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {name}}}}}}}\nOutputs: {{Name: {{Value: \
             !Ref A}}, Shown: {{Value: {shown}}}, Region: {{Value: !Ref AWS::Region}}}}"
        ))
        .expect("it is a template")
    };
    let changed = |before: &Value, after: &Value| {
        let none = BTreeMap::new();
        changed_outputs(&Version::new(before, &none), &Version::new(after, &none))
    };
    assert_eq!(changed(&version("a", "x"), &version("a", "x")), Vec::<String>::new());
    assert_eq!(changed(&version("a", "x"), &version("b", "x")), ["Name"]);
    assert_eq!(changed(&version("a", "x"), &version("a", "y")), ["Shown"]);
    assert_eq!(changed(&version("a", "x"), &parse("Resources: {}").expect("it is one")), ["Name", "Shown", "Region"]);
}
