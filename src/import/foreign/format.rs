/// A tool whose files can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// AWS Organization Formation.
    OrgFormation,
    /// Landing Zone Accelerator on AWS.
    Lza,
    /// Customizations for AWS Control Tower.
    Cfct,
    /// Terraform or OpenTofu.
    Terraform,
}

impl Format {
    /// What the tool is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::OrgFormation => "org-formation",
            Format::Lza => "Landing Zone Accelerator",
            Format::Cfct => "Customizations for AWS Control Tower",
            Format::Terraform => "Terraform",
        }
    }
}
