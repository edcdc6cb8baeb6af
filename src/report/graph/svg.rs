//! The picture as SVG: units are boxes in boxes and hold accounts, as in AWS's own pictures of landing zones.
//! <https://docs.aws.amazon.com/whitepapers/latest/organizing-your-aws-environment/recommended-ous-and-accounts.html>

mod boxes;
mod icons;
mod legend;
mod lines;
mod measure;
mod spot;

use super::picture::Picture;
use crate::report::xml::escape;
use boxes::{Level, management, unit};
use icons::symbols;
use legend::legend;
use spot::{GAP, Spot};

/// Pixels; pages show pictures of about this width.
const WIDTH: u32 = 1000;
const MARGIN: u32 = 20;

/// Colours for light and dark surroundings.
const STYLE: &str = include_str!("svg/style.css");

/// Draws it. Everything in it is text and shapes of its own: nothing is fetched, and colours only repeat what shapes and words
/// say.
#[must_use]
pub fn graph_svg(picture: &Picture) -> String {
    let inner = WIDTH - 2 * MARGIN;
    let mut y = MARGIN + 20;
    let mut body = format!(
        "<text class=\"title\" x=\"{MARGIN}\" y=\"{y}\">{}<tspan class=\"quiet\" dx=\"8\">{}</tspan></text>\n",
        escape(&picture.title),
        picture.view.words()
    );
    y += 16;
    let legend = legend(picture, Spot { x: MARGIN, y, width: inner });
    y += legend.height + GAP;
    body += &legend.svg;
    let beside = management(&picture.management, Spot { x: MARGIN, y, width: inner });
    y += beside.height + GAP;
    body += &beside.svg;
    let root = unit(&picture.root, Spot { x: MARGIN, y, width: inner }, Level::of_root(picture.root.all_accounts()));
    y += root.height + MARGIN;
    body += &root.svg;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{y}\" viewBox=\"0 0 {WIDTH} {y}\" role=\"img\" \
         aria-labelledby=\"landing-title landing-summary\">\n<title id=\"landing-title\">{}, {}</title>\n<desc \
         id=\"landing-summary\">{}.</desc>\n<style>\n{STYLE}</style>\n{}<rect class=\"page\" width=\"{WIDTH}\" \
         height=\"{y}\"/>\n{body}</svg>\n",
        escape(&picture.title),
        picture.view.words(),
        escape(&picture.summary()),
        symbols(),
    )
}
