use crate::report::graph::holding::Sort;

/// Shapes of 16 by 16 pixels by their names: what is a shield stops, what is a glass finds.
const SHAPES: [(&str, &str); 11] = [
    ("account", "M8 1.5 14 4.6v6.8L8 14.5 2 11.4V4.6zM2 4.6 8 7.7l6-3.1M8 7.7v6.8"),
    ("unit", "M1.5 3h4.8l1.6 2h6.6v8.5h-13z"),
    ("stops", "M8 1.5 13.5 3.4V8c0 3.4-2.4 5.6-5.5 6.6C4.9 13.6 2.5 11.4 2.5 8V3.4zM5.4 8h5.2"),
    ("finds", "M11.5 7A4.5 4.5 0 1 1 2.5 7a4.5 4.5 0 0 1 9 0zM10.3 10.3 14 14"),
    ("refuses", "M2.5 14.5v-11M13.5 14.5v-11M2.5 6h11M2.5 10h11M5.5 3.5v9M10.5 3.5v9"),
    ("policy", "M3.5 1.5h6l3 3v10h-9zM6 7h4M6 10h4"),
    ("people", "M11 5A3 3 0 1 1 5 5a3 3 0 0 1 6 0zM2.5 14.5c0-3.3 2.4-5 5.5-5s5.5 1.7 5.5 5"),
    ("set", "M1.5 5h9.5v9.5H1.5zM5 5V1.5h9.5V11H11"),
    ("stack", "M2.5 2.5h11v11h-11zM2.5 8h11"),
    (
        "shared",
        "M5.5 8A2 2 0 1 1 1.5 8a2 2 0 0 1 4 0zM14.5 3.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM14.5 12.5a2 2 0 1 1-4 0 2 2 0 0 1 4 \
         0zM5.3 7.1l5.4-2.7M5.3 8.9l5.4 2.7",
    ),
    ("administers", "M8 11a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM7.2 8.8l6.3-6.3M11 5l2 2"),
];

/// The shapes, to be used by name.
pub(super) fn symbols() -> String {
    let symbol = |(name, path): &(&str, &str)| format!("<path id=\"landing-{name}\" d=\"{path}\"/>\n");
    format!("<defs>\n{}</defs>\n", SHAPES.iter().map(symbol).collect::<String>())
}

/// A shape with its upper left corner there, three quarters as large.
pub(super) fn icon(name: &str, x: u32, y: u32) -> String {
    format!("<use href=\"#landing-{name}\" class=\"icon {name}\" transform=\"translate({x} {y}) scale(.75)\"/>\n")
}

/// The shape of what holds.
pub(super) fn icon_of(sort: Sort, x: u32, y: u32) -> String {
    icon(sort.class(), x, y)
}
