//! Files that are not as their tool would have them.

use super::*;

fn refused<const N: usize>(format: Format, files: [(&str, &str); N]) -> String {
    let given = [files[0].0];
    match read_these(format, &given, files) {
        Ok(_) => panic!("it was read"),
        Err(mistake) => mistake.to_string(),
    }
}

#[test]
fn includes_in_a_circle_out_of_the_folder_or_from_elsewhere_are_refused() {
    let circle = [("a.yml", "Organization: !Include b.yml\n"), ("b.yml", "x: !Include a.yml\n")];
    let message = refused(Format::OrgFormation, circle);
    assert!(message.starts_with("a.yml: it includes itself: a.yml → b.yml → a.yml"), "{message}");
    for (named, why) in [
        ("../secret.yml", "which leads out of the folder"),
        ("x/../../secret.yml", "which leads out of the folder"),
        ("/etc/passwd", "which is not below the folder of the file"),
        ("https://example.com/x.yml", "which is not a file: nothing is fetched"),
        ("C:\\x.yml", "which is not below the folder of the file"),
    ] {
        let text = format!("Organization:\n  a: !Include '{named}'\n");
        let message = refused(Format::OrgFormation, [("organization.yml", &text)]);
        assert_eq!(message, format!("organization.yml:2: it names {named}, {why}"));
    }
    let message = refused(Format::OrgFormation, [("o.yml", "Organization: !Include gone.yml\n")]);
    assert_eq!(message, "gone.yml: it cannot be read: there is no such file (included by o.yml:1)");
}

#[test]
fn aliases_that_multiply_and_depth_are_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let before = format!("*a{}", level - 1);
        bomb += &format!("a{level}: &a{level} [{}]\n", vec![before; 10].join(", "));
    }
    let message = refused(Format::OrgFormation, [("bomb.yml", &bomb)]);
    assert!(message.ends_with("it has more than 500000 values, aliases written out"), "{message}");
    let chain: String = (1..300).map(|level| format!("a{level}: &a{level} [*a{}]\n", level - 1)).collect();
    let message = refused(Format::OrgFormation, [("chain.yml", &format!("a0: &a0 [x]\n{chain}"))]);
    assert!(message.ends_with("it is nested deeper than 100 levels"), "{message}");
    let deep = format!("a: {}{}\n", "[".repeat(5_000), "]".repeat(5_000));
    assert!(!refused(Format::Cfct, [("manifest.yaml", &deep)]).is_empty());
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    assert!(refused(Format::Terraform, [("x.tfstate", &deep)]).contains("it is not JSON"));
}

#[test]
fn what_is_no_file_of_the_tool_is_refused_with_a_way_on() {
    for (format, file, text, message) in [
        (Format::Terraform, "main.tf", "resource", "main.tf: it is code, which says less than a state"),
        (Format::Terraform, "s.json", r#"{"planned_values": {}}"#, "s.json: it is a plan, not a state"),
        (
            Format::Terraform,
            "s.tfstate",
            r#"{"version": 3}"#,
            "s.tfstate: it is no state of Terraform that can be read",
        ),
        (
            Format::Cfct,
            "manifest.yaml",
            "version: 2020-01-01\n",
            "manifest.yaml:1: the manifest's version is 2020-01-01, and only 2021-03-15 is read",
        ),
        (Format::Lza, "x-config.yaml", "a: 1\na: 2\n", "x-config.yaml:2: the key a occurs twice"),
        (Format::OrgFormation, "o.yml", "---\na: 1\n---\nb: 2\n", "o.yml:3: it holds several documents"),
    ] {
        assert_eq!(refused(format, [(file, text)]), message);
    }
}

#[test]
fn leaves_of_keys_with_dots_are_counted_apart() {
    let text = r#"{"format_version": "1", "a.b": 1, "a": {"b": 2, "": 3, "[0]": 4, "c": [5]}, "a[\"b\"]": 6}"#;
    let foreign = read_these(Format::Terraform, &["s.json"], [("s.json", text)]).expect("it is read");
    all_are_counted(&foreign, |_| text.to_owned());
}
