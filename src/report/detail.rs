use super::line::Line;

/// One line beneath a resource, so far in; its own further lines go two columns further.
#[derive(Clone, Debug)]
pub(super) struct Detail {
    pub indent: usize,
    pub line: Line,
}

impl Detail {
    pub fn new(indent: usize, line: Line) -> Detail {
        Detail { indent, line }
    }

    /// Wrapped behind `margin`.
    pub fn lines(&self, margin: &Line, width: usize) -> Vec<Line> {
        let behind = |columns: usize| margin.clone().plain(" ".repeat(columns));
        self.line.fill(&behind(self.indent), &behind(self.indent + 2), width)
    }
}
