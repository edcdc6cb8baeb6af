//! What `landing render` writes of the built-in blueprints, in the regions of each partition.

use std::fs;
use std::path::{Path, PathBuf};

use landing::sections::builtin;
use serde_json::Value;

use super::landing::program;

/// Where a blueprint is to govern.
#[derive(Clone, Copy)]
pub enum Regions {
    /// The regions that it has.
    Own,
    /// Others in their place, the home region first.
    Instead([&'static str; 2]),
}

pub const GOVCLOUD: Regions = Regions::Instead(["us-gov-west-1", "us-gov-east-1"]);

/// What stands for China where something is written for GovCloud.
const AS_IN_CHINA: [(&str, &str); 3] =
    [("us-gov-west-1", "cn-north-1"), ("us-gov-east-1", "cn-northwest-1"), ("arn:aws-us-gov:", "arn:aws-cn:")];

pub struct Rendered {
    /// The regions that the blueprint governs, its home region first.
    pub governed: Vec<String>,
    folder: PathBuf,
}

/// All built-in blueprints as files of a folder of that name.
pub fn blueprints(folder: &str, regions: Regions) -> Vec<Rendered> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    builtin::list().iter().map(|builtin| Rendered::new(builtin, &folder.join(builtin.name), regions)).collect()
}

/// The same templates as they are in China, where blueprints name accounts instead of units: CloudFormation has no stack sets for
/// units there.
pub fn as_in_china(rendered: &[Rendered], folder: &str) -> Vec<Rendered> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    let _ = fs::remove_dir_all(&folder);
    let in_china =
        |text: &str| AS_IN_CHINA.iter().fold(text.to_owned(), |text, (here, there)| text.replace(here, there));
    rendered
        .iter()
        .enumerate()
        .map(|(number, rendered)| {
            let folder = folder.join(number.to_string());
            fs::create_dir_all(folder.join("stacks")).expect("the target folder can be written");
            for template in rendered.templates() {
                let text = fs::read_to_string(&template).expect("it was rendered");
                let name = template.file_name().expect("a file has a name");
                fs::write(folder.join("stacks").join(name), in_china(&text)).expect("the target folder can be written");
            }
            Rendered { governed: rendered.governed.iter().map(|region| in_china(region)).collect(), folder }
        })
        .collect()
}

impl Rendered {
    fn new(builtin: &builtin::Builtin, folder: &Path, regions: Regions) -> Rendered {
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder).expect("the target folder can be written");
        let [(file, text)] = builtin.files else { panic!("{} has more files", builtin.name) };
        let (text, governed) = in_regions(text, regions);
        let path = folder.join(file);
        fs::write(&path, text).expect("the target folder can be written");
        let output = program().arg("render").arg(&path).arg("--out").arg(folder).output();
        let output = output.expect("landing can be started");
        assert!(output.status.success(), "{}: {}", builtin.name, String::from_utf8_lossy(&output.stderr));
        Rendered { governed, folder: folder.to_owned() }
    }

    /// The templates, each in a file of JSON that is called as its stack is.
    pub fn templates(&self) -> Vec<PathBuf> {
        let Ok(files) = fs::read_dir(self.folder.join("stacks")) else { return Vec::new() };
        let files = files.map(|file| file.expect("a file").path());
        files.filter(|file| !file.to_string_lossy().ends_with(".parameters.json")).collect()
    }
}

impl Rendered {
    /// The inline policies of permission sets, each in a file of JSON that is called as its set is.
    pub fn inline_policies(&self) -> Vec<PathBuf> {
        let Ok(files) = fs::read_dir(self.folder.join("policies/permission-set")) else { return Vec::new() };
        files.map(|file| file.expect("a file").path()).collect()
    }
}

/// The templates of several blueprints.
pub fn templates(rendered: &[Rendered]) -> Vec<PathBuf> {
    let templates: Vec<PathBuf> = rendered.iter().flat_map(Rendered::templates).collect();
    let with_stacks = rendered.iter().filter(|rendered| rendered.templates().len() > 10);
    assert_eq!(with_stacks.count(), 2, "ml-landing-zone and regulated have stacks: {templates:?}");
    templates
}

/// The blueprint's text with these regions, and which it governs.
fn in_regions(text: &str, regions: Regions) -> (String, Vec<String>) {
    let blueprint: Value = serde_yaml::from_str(text).expect("a blueprint is YAML");
    let governed = &blueprint["organization"]["regions"];
    let governed: Vec<String> = serde_json::from_value(governed.clone()).expect("a list of regions");
    let Regions::Instead(instead) = regions else { return (text.to_owned(), governed) };
    let list = |regions: &[&str]| format!("[{}]", regions.join(", "));
    let own: Vec<&str> = governed.iter().map(String::as_str).collect();
    let text = text.replace(&list(&own), &list(&instead)).replace(own[0], instead[0]);
    // Of a region of another partition nothing can be expected.
    let text = text.replace("  - {deny: ec2:RunInstances, region: ap-southeast-2}\n", "");
    assert!(own.iter().all(|region| !text.contains(region)), "{text}");
    (text, instead.map(str::to_owned).to_vec())
}
