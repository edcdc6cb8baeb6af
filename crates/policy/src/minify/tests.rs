use super::*;

fn scp(statements: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn denying(action: &str) -> Value {
    json!({"Effect": "Deny", "Action": action, "Resource": "*"})
}

/// Two statements that cannot be joined: they differ in action and resource.
fn two() -> [Value; 2] {
    let other = json!({"Effect": "Deny", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*"});
    [scp(&json!([denying("s3:GetObject")])), scp(&json!([other]))]
}

/// `{"Version":"2012-10-17","Statement":[]}` has 39 characters, the statements 56 and 71, the comma one.
const TOGETHER: usize = 39 + 56 + 1 + 71;

#[test]
fn statements_share_a_policy_up_to_its_last_character() {
    assert_eq!(two().map(|policy| size(&policy)), [39 + 56, 39 + 71]);
    let packed_in = |limit| packed(&two(), PolicyType::ServiceControl, limit).map(|policies| policies.len());
    assert_eq!(packed_in(TOGETHER), Some(1));
    assert_eq!(packed_in(TOGETHER - 1), Some(2));
    assert_eq!(packed_in(39 + 71), Some(2));
    assert_eq!(packed_in(39 + 71 - 1), None);
    let whole = packed(&two(), PolicyType::ServiceControl, TOGETHER).unwrap_or_default();
    assert_eq!(whole.iter().map(size).collect::<Vec<_>>(), [TOGETHER]);
}

#[test]
fn what_to_do_with_too_many_policies_depends_on_the_places() {
    let advice = |limit, places| how_to_pack(&two(), PolicyType::ServiceControl, limit, places);
    assert_eq!(advice(TOGETHER, 1), "all that they say fits into 1 policy: join them");
    let still = "joined as far as it goes they are still 1: attach some of them to another level";
    assert_eq!(advice(TOGETHER, 0), still);
    let cannot = "they cannot be joined into fewer: attach some of them to another level";
    assert_eq!(advice(TOGETHER - 1, 1), cannot);
    assert_eq!(advice(60, 1), "join some, or attach some of them to another level");
}

#[test]
fn of_equal_statements_the_first_stays() {
    let statement = |sid: &str| json!({"Sid": sid, "Effect": "Deny", "NotAction": "iam:*", "Resource": "*"});
    let short = shortened(&scp(&json!([statement("First"), statement("Second")])), PolicyType::ServiceControl);
    assert_eq!(short, scp(&json!([statement("First")])));
}

#[test]
fn how_much_shorter_a_policy_gets_is_said() {
    let long = scp(&json!([denying("s3:GetObject"), denying("s3:GetObject")]));
    let shorter = ShorterForm::of(&long, PolicyType::ServiceControl).expect("one statement is enough");
    assert_eq!((shorter.before, shorter.after), (39 + 56 + 1 + 56, 39 + 56));
    assert_eq!(shorter.message(), "the same can be said in 95 characters instead of 152");
    assert_eq!(ShorterForm::of(&shorter.document, PolicyType::ServiceControl), None);
}
