use super::super::parse;
use super::*;

/// `Ref Missing: resource or parameter at /Resources/…`.
fn lines(text: &str) -> Vec<String> {
    let template = parse(text).unwrap_or_else(|error| panic!("{error:?}: {text}"));
    let line = |it: &Dangling| format!("{} {}: {} at {}", it.by, it.name, it.missing, it.pointer);
    dangling(&template).iter().map(line).collect()
}

/// A template with a parameter, a condition, a mapping and a resource `Own`, of which a property is this.
fn with(property: &str) -> Vec<String> {
    lines(&format!(
        "Parameters: {{Given: {{Type: String}}}}\nConditions: {{Is: !Equals [a, b]}}\nMappings: {{M: {{k: {{x: 1}}}}}}\n\
         Resources:\n  Own: {{Type: AWS::SNS::Topic, Properties: {{P: {property}}}}}\n"
    ))
}

#[test]
fn what_the_template_has_can_be_referred_to() {
    for property in [
        "!Ref Given",
        "!Ref Own",
        "!Ref AWS::Region",
        "!Ref AWS::NoValue",
        "!GetAtt Own.Arn",
        "!GetAtt [Own, !Ref Given]",
        "!Sub '${Given} ${Own} ${Own.Arn} ${AWS::StackName} ${!Missing} $Missing'",
        "!Sub ['${x} ${Given}', {x: !Ref Own}]",
        "!Sub '${/account/audit}'",
        "!If [Is, a, !Ref AWS::NoValue]",
        "!FindInMap [M, k, x]",
        "!FindInMap [M, !Ref Given, y]",
        "!FindInMap [!Ref Given, k, x]",
        "!FindInMap [M, no, x, {DefaultValue: 1}]",
        "{Ref: Missing, Other: 1}",
        "{Condition: {StringEquals: {a: b}}}",
        "{Condition: Missing}",
        "'plain ${Missing}'",
    ] {
        assert_eq!(with(property), [""; 0], "{property}");
    }
}

#[test]
fn what_the_template_does_not_have_is_found_at_its_place() {
    let at = "/Resources/Own/Properties/P";
    for (property, expected) in [
        ("!Ref Missing", format!("Ref Missing: resource or parameter at {at}")),
        ("{Ref: Missing}", format!("Ref Missing: resource or parameter at {at}")),
        ("!Ref AWS::Nothing", format!("Ref AWS::Nothing: resource or parameter at {at}")),
        ("!GetAtt Missing.Arn", format!("Fn::GetAtt Missing: resource at {at}")),
        ("!GetAtt Given.Arn", format!("Fn::GetAtt Given: resource at {at}")),
        ("!Sub 'a-${Missing}'", format!("Fn::Sub Missing: resource or parameter at {at}")),
        ("!Sub '${root}'", format!("Fn::Sub root: resource or parameter at {at}")),
        ("!Sub '${Missing.Arn}'", format!("Fn::Sub Missing: resource at {at}")),
        ("!Sub ['${x} ${y}', {x: 1}]", format!("Fn::Sub y: resource or parameter at {at}")),
        ("!Sub ['${x}', {x: !Ref Missing}]", format!("Ref Missing: resource or parameter at {at}/Fn::Sub/1/x")),
        ("!If [Missing, a, b]", format!("Fn::If Missing: condition at {at}")),
        ("!If [Is, a, !Ref Missing]", format!("Ref Missing: resource or parameter at {at}/Fn::If/2")),
        ("!FindInMap [Missing, k, x]", format!("Fn::FindInMap Missing: mapping at {at}")),
        ("!FindInMap [M, no, x]", format!("Fn::FindInMap M.no: key at {at}")),
        ("!FindInMap [M, k, no]", format!("Fn::FindInMap M.no: key at {at}")),
        ("[1, {a/b: !Ref Missing}]", format!("Ref Missing: resource or parameter at {at}/1/a~1b")),
    ] {
        assert_eq!(with(property), [expected], "{property}");
    }
}

#[test]
fn attributes_of_resources_outputs_and_conditions_count() {
    let text = "
Conditions:
  A: !And [!Condition Missing, !Equals [!Ref Own, b]]
Resources:
  Own: {Type: AWS::SNS::Topic, DependsOn: Gone, Condition: No, Metadata: {m: !Ref Absent}}
  Other: {Type: AWS::SNS::Topic, DependsOn: [Own, Zed], DeletionPolicy: Retain}
Outputs:
  Out: {Value: !Ref Nothing, Condition: NoSuch, Export: {Name: !Sub '${Nada}'}}
";
    assert_eq!(
        lines(text),
        [
            "Condition Missing: condition at /Conditions/A/Fn::And/0",
            "Ref Own: parameter at /Conditions/A/Fn::And/1/Fn::Equals/0",
            "Condition No: condition at /Resources/Own/Condition",
            "DependsOn Gone: resource at /Resources/Own/DependsOn",
            "Ref Absent: resource or parameter at /Resources/Own/Metadata/m",
            "DependsOn Zed: resource at /Resources/Other/DependsOn/1",
            "Condition NoSuch: condition at /Outputs/Out/Condition",
            "Ref Nothing: resource or parameter at /Outputs/Out/Value",
            "Fn::Sub Nada: resource or parameter at /Outputs/Out/Export/Name",
        ]
    );
}

#[test]
fn what_a_macro_or_a_module_makes_is_not_known() {
    let missing = "Resources: {A: {Type: AWS::SNS::Topic, Properties: {P: !Ref Missing}}}\n";
    assert_eq!(lines(missing).len(), 1);
    assert_eq!(lines(&format!("Transform: AWS::Serverless-2016-10-31\n{missing}")), [""; 0]);
    assert_eq!(lines(&format!("Transform: [AWS::LanguageExtensions, Mine]\n{missing}")), [""; 0]);
    assert_eq!(lines(&format!("Transform: AWS::LanguageExtensions\n{missing}")).len(), 1);
    let included = "Resources: {A: {Type: T, Properties: {Fn::Transform: {Name: AWS::Include}, P: !Ref Missing}}}\n";
    assert_eq!(lines(included), [""; 0]);
    let module = "Resources: {M: {Type: My::Own::Thing::MODULE}, A: {Type: T, Properties: {P: !Ref MBucket, Q: !GetAtt M.Bucket.Arn}}}\n";
    assert_eq!(lines(module), [""; 0]);
}

#[test]
fn what_a_loop_makes_can_be_referred_to() {
    let text = |reference: &str| {
        format!(
            "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Topics:\n    - T\n    - [Alpha, Beta]\n    - \
             Topic${{T}}: {{Type: AWS::SNS::Topic, Properties: {{TopicName: !Sub 't-${{T}}', DisplayName: !Ref T}}}}\n  \
             A: {{Type: T, Properties: {{P: {reference}}}}}\n"
        )
    };
    assert_eq!(lines(&text("!GetAtt TopicAlpha.Arn")), [""; 0]);
    assert_eq!(lines(&text("!Ref TopicGamma")), ["Ref TopicGamma: resource or parameter at /Resources/A/Properties/P"]);
    let open = text("!Ref TopicGamma").replace("[Alpha, Beta]", "!Ref Names");
    assert_eq!(lines(&open), [""; 0]);
}
