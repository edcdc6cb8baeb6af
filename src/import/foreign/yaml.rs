use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::json::below;
use super::source::Mistake;
use super::tree::{Kind, MAX_DEPTH, MAX_NODES, Node, Scalar};

/// Reads the first document of a YAML file, with its tags, the lines of its values and the comments beside them.
pub(super) fn parse(file: &str, text: &str) -> Result<Node, Mistake> {
    let file: Rc<str> = file.into();
    let mut reader = Reader {
        file: file.clone(),
        events: Events { parser: Parser::new_from_str(text), file },
        comments: comments(text),
        anchors: BTreeMap::new(),
        nodes: 0,
    };
    loop {
        let (event, line) = reader.events.next()?;
        match event {
            Event::StreamEnd => return Ok(reader.nothing()),
            Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
            event => {
                let node = reader.node(event, line, String::new(), 0)?;
                return reader.is_all().map(|()| node);
            }
        }
    }
}

struct Events<'t> {
    parser: Parser<'t, saphyr_parser::StrInput<'t>>,
    file: Rc<str>,
}

impl<'t> Events<'t> {
    /// The next event and the line it begins in.
    fn next(&mut self) -> Result<(Event<'t>, usize), Mistake> {
        let help = "correct it as the tool that it is for has it";
        match self.parser.next() {
            Some(Ok((event, span))) => Ok((event, span.start.line())),
            Some(Err(error)) => {
                let line = error.marker().line();
                Err(Mistake::of(&self.file, format!("it is not YAML: {}", error.info()), help).at(line))
            }
            None => Err(Mistake::of(&self.file, "it ends too early", help)),
        }
    }
}

struct Reader<'t> {
    file: Rc<str>,
    events: Events<'t>,
    comments: BTreeMap<usize, String>,
    anchors: BTreeMap<usize, Node>,
    nodes: usize,
}

impl<'t> Reader<'t> {
    fn nothing(&self) -> Node {
        let kind = Kind::Map(Vec::new());
        Node { file: self.file.clone(), path: String::new(), line: 1, tag: None, comment: None, kind }
    }

    /// Whether nothing follows, so that no value is left uncounted.
    fn is_all(&mut self) -> Result<(), Mistake> {
        loop {
            match self.events.next()? {
                (Event::StreamEnd, _) => return Ok(()),
                (Event::DocumentStart(_), line) => {
                    return Err(self.refused(line, "it holds several documents".into()));
                }
                _ => {}
            }
        }
    }

    fn refused(&self, line: usize, message: String) -> Mistake {
        Mistake::of(&self.file, message, "give the files of the organization alone").at(line)
    }

    fn node(&mut self, event: Event<'t>, line: usize, path: String, depth: usize) -> Result<Node, Mistake> {
        self.count(1, line)?;
        if depth > MAX_DEPTH {
            return Err(self.refused(line, format!("it is nested deeper than {MAX_DEPTH} levels")));
        }
        let (kind, anchor, tag) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let scalar = Scalar { text: text.into_owned(), quoted: style != ScalarStyle::Plain };
                (Kind::Scalar(scalar), anchor, tag)
            }
            Event::SequenceStart(anchor, tag) => (self.list(&path, depth)?, anchor, tag),
            Event::MappingStart(anchor, tag) => (self.map(&path, depth)?, anchor, tag),
            Event::Alias(anchor) => return self.alias(anchor, line, &path, depth),
            _ => return Err(self.refused(line, "it ends too early".into())),
        };
        let comment = self.comments.get(&line).cloned();
        let tag = tag.and_then(|tag| name(&tag));
        let node = Node { file: self.file.clone(), path, line, tag, comment, kind };
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn list(&mut self, path: &str, depth: usize) -> Result<Kind, Mistake> {
        let mut items = Vec::new();
        loop {
            let (event, line) = self.events.next()?;
            if matches!(event, Event::SequenceEnd) {
                return Ok(Kind::List(items));
            }
            let path = format!("{path}[{}]", items.len());
            items.push(self.node(event, line, path, depth + 1)?);
        }
    }

    fn map(&mut self, path: &str, depth: usize) -> Result<Kind, Mistake> {
        let mut entries: Vec<(String, Node)> = Vec::new();
        let mut keys = BTreeSet::new();
        loop {
            let (event, line) = self.events.next()?;
            let key = match event {
                Event::MappingEnd => return Ok(Kind::Map(entries)),
                Event::Scalar(text, ..) => text.into_owned(),
                _ => return Err(self.refused(line, "a key is no text".into())),
            };
            // Only `<<` may be there twice.
            let nth = entries.iter().filter(|(known, _)| key == "<<" && known == "<<").count();
            if !keys.insert(key.clone()) && key != "<<" {
                return Err(self.refused(line, format!("the key {key} occurs twice")));
            }
            let at = if nth > 0 { format!("<<({})", nth + 1) } else { key.clone() };
            let (event, at_line) = self.events.next()?;
            let mut node = self.node(event, at_line, below(path, &at), depth + 1)?;
            // A value that is a map begins below its key; the line that people look for is the key's.
            node.line = line;
            node.comment = self.comments.get(&line).cloned();
            entries.push((key, node));
        }
    }

    /// What an alias stands for, as if it were written out where the alias is.
    fn alias(&mut self, anchor: usize, line: usize, path: &str, depth: usize) -> Result<Node, Mistake> {
        let Some(node) = self.anchors.get(&anchor).cloned() else {
            return Err(self.refused(line, "an alias stands for something that it is in itself".into()));
        };
        let mut size = 0;
        let moved = moved(&node, path, line, depth, &mut size);
        self.count(size, line)?;
        moved.ok_or_else(|| self.refused(line, format!("it is nested deeper than {MAX_DEPTH} levels")))
    }

    fn count(&mut self, more: usize, line: usize) -> Result<(), Mistake> {
        self.nodes += more;
        match self.nodes > MAX_NODES {
            true => Err(self.refused(line, format!("it has more than {MAX_NODES} values, aliases written out"))),
            false => Ok(()),
        }
    }
}

/// The same value at another place; `None` where that is too deep.
fn moved(node: &Node, path: &str, line: usize, depth: usize, size: &mut usize) -> Option<Node> {
    *size += 1;
    if depth > MAX_DEPTH {
        return None;
    }
    let kind = match &node.kind {
        Kind::Scalar(scalar) => Kind::Scalar(scalar.clone()),
        Kind::List(items) => {
            let items = items.iter().enumerate();
            let items = items.map(|(nth, item)| moved(item, &format!("{path}[{nth}]"), line, depth + 1, size));
            Kind::List(items.collect::<Option<_>>()?)
        }
        Kind::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, node)| Some((key.clone(), moved(node, &below(path, key), line, depth + 1, size)?)));
            Kind::Map(entries.collect::<Option<_>>()?)
        }
    };
    Some(Node { path: path.to_owned(), line, kind, ..node.clone() })
}

/// A tag of the file's own, such as `!Ref`. YAML's own say nothing new.
fn name(tag: &Tag) -> Option<String> {
    (!tag.is_yaml_core_schema()).then(|| format!("{}{}", tag.handle.trim_matches('!'), tag.suffix))
}

/// The comments, by the lines of what they are about: behind it, else in the lines right above it.
fn comments(text: &str) -> BTreeMap<usize, String> {
    let mut comments = BTreeMap::new();
    let mut above: Vec<&str> = Vec::new();
    for (nth, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(comment) = line.strip_prefix('#') {
            above.push(comment);
            continue;
        }
        let behind = behind(line);
        let comment = behind.and_then(said).or_else(|| above.iter().find_map(|comment| said(comment)));
        if let Some(comment) = comment.filter(|_| !line.is_empty()) {
            comments.insert(nth + 1, comment);
        }
        above.clear();
    }
    comments
}

/// The comment behind a value. A `#` within quotation marks begins none.
fn behind(line: &str) -> Option<&str> {
    let is_outside = |before: &str| ['"', '\''].iter().all(|mark| before.matches(*mark).count() % 2 == 0);
    let begins = line.match_indices(" #").find(|(at, _)| is_outside(&line[..*at]));
    begins.map(|(at, sign)| &line[at + sign.len()..])
}

/// What a comment says, unless it is a rule, a value that is switched off, or may be a secret.
fn said(comment: &str) -> Option<String> {
    const MOST: usize = 100;
    let text = comment.trim_matches(|c: char| c.is_whitespace() || "#-=*".contains(c));
    let is_said = text.chars().any(char::is_alphanumeric);
    let is_off = text.starts_with('!')
        || text.ends_with(':')
        || text.split_once(": ").is_some_and(|(key, _)| !key.contains(' '));
    let lower = text.to_lowercase();
    let is_secret =
        ["password", "secret", "token", "akia", "asia", "private key"].iter().any(|word| lower.contains(word));
    (is_said && !is_off && !is_secret).then(|| text.chars().take(MOST).collect())
}
