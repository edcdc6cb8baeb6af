use super::icons::icon_of;
use super::measure::width;
use super::spot::{Drawn, Spot};
use crate::report::graph::holding::Sort;
use crate::report::graph::picture::Picture;

const LINE: u32 = 18;

/// What the shapes in the picture mean, those that are in it.
pub(super) fn legend(picture: &Picture, spot: Spot) -> Drawn {
    let holdings = picture.all_holdings();
    let shown = Sort::ALL.into_iter().filter(|sort| holdings.iter().any(|holding| holding.sort == *sort));
    let mut drawn = Drawn::default();
    let mut x = spot.x;
    let mut y = spot.y;
    let mut place = |wide: u32| {
        if x + wide > spot.x + spot.width {
            x = spot.x;
            y += LINE;
        }
        x += wide;
        (x - wide, y)
    };
    for sort in shown {
        let (x, y) = place(width(sort.meaning(), 11) + 34);
        drawn.svg += &icon_of(sort, x, y);
        drawn.svg += &format!("<text class=\"quiet\" x=\"{}\" y=\"{}\">{}</text>\n", x + 17, y + 10, sort.meaning());
    }
    if picture.is_marked() {
        let (x, y) = place(180);
        drawn.svg += &format!("<text class=\"new\" x=\"{x}\" y=\"{}\">+ new  ~ changes</text>\n", y + 10);
    }
    drawn.height = y + LINE - spot.y;
    drawn
}
