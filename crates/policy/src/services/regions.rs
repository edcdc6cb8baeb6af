//! The regions that AWS has.

use super::Lookup;
use super::meant;

/// The day of the table of regions.
pub const REGIONS_DATE: &str = "2026-11-27";

/// A region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Its code, such as `eu-west-1`.
    pub code: &'static str,
    /// Whether an account has to opt in to it: every region since March 2019.
    /// <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>
    pub is_opt_in: bool,
}

const fn region(code: &'static str) -> Region {
    Region { code, is_opt_in: false }
}

const fn opt_in(code: &'static str) -> Region {
    Region { code, is_opt_in: true }
}

/// The regions of the partitions `aws`, `aws-us-gov`, `aws-cn` and `aws-eusc`, by their codes.
const REGIONS: [Region; 41] = [
    opt_in("af-south-1"),
    opt_in("ap-east-1"),
    opt_in("ap-east-2"),
    region("ap-northeast-1"),
    region("ap-northeast-2"),
    region("ap-northeast-3"),
    region("ap-south-1"),
    opt_in("ap-south-2"),
    region("ap-southeast-1"),
    region("ap-southeast-2"),
    opt_in("ap-southeast-3"),
    opt_in("ap-southeast-4"),
    opt_in("ap-southeast-5"),
    opt_in("ap-southeast-6"),
    opt_in("ap-southeast-7"),
    region("ca-central-1"),
    opt_in("ca-west-1"),
    region("cn-north-1"),
    region("cn-northwest-1"),
    region("eu-central-1"),
    opt_in("eu-central-2"),
    region("eu-north-1"),
    opt_in("eu-south-1"),
    opt_in("eu-south-2"),
    region("eu-west-1"),
    region("eu-west-2"),
    region("eu-west-3"),
    region("eusc-de-east-1"),
    opt_in("il-central-1"),
    opt_in("me-central-1"),
    opt_in("me-south-1"),
    opt_in("me-west-1"),
    opt_in("mx-central-1"),
    region("sa-east-1"),
    opt_in("sa-west-1"),
    region("us-east-1"),
    region("us-east-2"),
    region("us-gov-east-1"),
    region("us-gov-west-1"),
    region("us-west-1"),
    region("us-west-2"),
];

/// Every region of the partitions that landing works in, by code.
#[must_use]
pub fn regions() -> &'static [Region] {
    &REGIONS
}

/// The region with this code.
#[must_use]
pub fn region_called(code: &str) -> Option<&'static Region> {
    REGIONS.iter().find(|region| region.code == code)
}

/// Looks up a region by its code. The table is complete as of [`REGIONS_DATE`].
#[must_use]
pub fn look_up_region(code: &str) -> Lookup {
    if region_called(code).is_some() {
        return Lookup::Found;
    }
    let written = code.trim().to_lowercase().replace(['_', ' '], "-");
    let near = match region_called(&written) {
        Some(region) => Some(region.code),
        None => meant(&written, REGIONS.iter().map(|region| region.code)),
    };
    near.map_or(Lookup::Unknown, |code| Lookup::Near(code.to_owned()))
}

/// Whether a code that the table does not have may be that of a region which is newer than the table: it has the form of a
/// code, and either its part before the number is that of a known region, or nothing in the table is like it.
#[must_use]
pub fn may_be_newer_region(code: &str) -> bool {
    let same_area = |region: &Region| match (region.code.rsplit_once('-'), code.rsplit_once('-')) {
        (Some((known, _)), Some((area, _))) => known == area,
        _ => false,
    };
    has_form_of_region(code) && (REGIONS.iter().any(same_area) || look_up_region(code) == Lookup::Unknown)
}

/// What the codes of all regions begin with outside of the partition `aws-eusc`, where they begin with `eusc`.
const AREA: usize = 2;

/// Whether a text has the form of a region's code, as `eu-west-1`, `us-isob-east-1` and `eusc-de-east-1` have it: the table
/// may lack it. <https://docs.aws.amazon.com/general/latest/gr/rande.html>
#[must_use]
pub fn has_form_of_region(text: &str) -> bool {
    let Some((area, number)) = text.rsplit_once('-') else { return false };
    let words: Vec<&str> = area.split('-').collect();
    let is_word = |word: &&str| (2..=12).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase());
    matches!(number.as_bytes(), [b'1'..=b'9'])
        && (2..=3).contains(&words.len())
        && words.iter().all(is_word)
        && words.first().is_some_and(|first| first.len() == AREA || *first == "eusc")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_has_each_region_once() {
        assert!(REGIONS.is_sorted_by(|one, next| one.code < next.code));
        assert!(region_called("eu-south-1").is_some_and(|region| region.is_opt_in));
        assert!(region_called("eu-west-1").is_some_and(|region| !region.is_opt_in));
    }

    #[test]
    fn a_region_that_does_not_exist_is_reported_with_the_one_that_was_probably_meant() {
        for (code, expected) in [
            ("us-east-1", Lookup::Found),
            ("us-gov-west-1", Lookup::Found),
            ("cn-north-1", Lookup::Found),
            ("eusc-de-east-1", Lookup::Found),
            ("us-eats-1", Lookup::Near("us-east-1".into())),
            ("eu-wset-2", Lookup::Near("eu-west-2".into())),
            ("EU-WEST-1", Lookup::Near("eu-west-1".into())),
            ("eu_west_1", Lookup::Near("eu-west-1".into())),
            ("ap-southest-2", Lookup::Near("ap-southeast-2".into())),
            ("xx-nowhere-1", Lookup::Unknown),
            ("", Lookup::Unknown),
        ] {
            assert_eq!(look_up_region(code), expected, "{code}");
        }
    }

    #[test]
    fn a_code_may_be_a_newer_regions_if_it_is_no_slip_of_a_known_one() {
        for (code, may_be) in [
            ("ap-southeast-8", true),
            ("eu-west-4", true),
            ("xx-nowhere-1", true),
            ("us-eats-1", false),
            ("ap-southest-2", false),
            ("eu-west", false),
            ("eu-west-x", false),
            ("EU-WEST-4", false),
            ("eu-west-0", false),
        ] {
            assert_eq!(may_be_newer_region(code), may_be, "{code}");
        }
    }
}
