/// Pixels between boxes, and between a box and what is in it.
pub(super) const GAP: u32 = 12;

/// Where something is drawn; how high it is comes out of drawing it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub x: u32,
    pub y: u32,
    pub width: u32,
}

impl Spot {
    pub fn inner(self, used: u32) -> Spot {
        Spot { x: self.x + GAP, y: self.y + used, width: self.width - 2 * GAP }
    }

    pub fn down(self, by: u32) -> Spot {
        Spot { y: self.y + by, ..self }
    }

    /// The `nth` of several of equal width beside each other.
    pub fn column(self, nth: usize, columns: usize) -> Spot {
        let (nth, columns) = (pixels(nth), pixels(columns));
        let width = (self.width - GAP * (columns - 1)) / columns;
        Spot { x: self.x + nth * (width + GAP), width, ..self }
    }

    /// How many of `number` boxes of at least this width are beside each other, so that all rows have about as many.
    pub fn columns(self, least: u32, number: usize) -> usize {
        let room = usize::try_from((self.width + GAP) / (least + GAP)).unwrap_or(1).max(1);
        number.div_ceil(number.div_ceil(room).max(1)).max(1)
    }
}

/// What was drawn, and how high that is.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    pub svg: String,
    pub height: u32,
}

impl Drawn {
    pub fn below(&mut self, next: Drawn) {
        self.svg += &next.svg;
        self.height += next.height;
    }
}

pub(super) fn pixels(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
