//! Server-Sent Events, read as their bytes arrive (WHATWG HTML, "Interpreting an event stream").

/// One event of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The last `id` seen, also of an earlier event.
    pub(crate) id: String,
    /// The event's name; empty where none was given.
    pub(crate) name: String,
    /// The data lines, joined by line breaks.
    pub(crate) data: String,
}

/// Puts events together from chunks that may end anywhere, even inside a character.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    line: Vec<u8>,
    /// The last byte was a CR: an LF that follows belongs to it.
    after_cr: bool,
    /// The first line was read: a byte order mark is no longer one.
    begun: bool,
    id: String,
    name: String,
    data: Option<String>,
}

impl Parser {
    /// Takes the next bytes and returns the events that they complete.
    pub(crate) fn feed(&mut self, chunk: &[u8]) -> Vec<Frame> {
        let mut frames = Vec::new();
        for &byte in chunk {
            let after_cr = std::mem::replace(&mut self.after_cr, byte == b'\r');
            match byte {
                b'\n' if after_cr => {}
                b'\n' | b'\r' => frames.extend(self.end_line()),
                _ => self.line.push(byte),
            }
        }
        frames
    }

    fn end_line(&mut self) -> Option<Frame> {
        let bytes = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&bytes);
        let line: &str = if self.begun { &line } else { line.strip_prefix('\u{feff}').unwrap_or(&line) };
        self.begun = true;
        if line.is_empty() {
            let name = std::mem::take(&mut self.name);
            return self.data.take().map(|data| Frame { id: self.id.clone(), name, data });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                none => *none = Some(value.to_owned()),
            },
            "event" => value.clone_into(&mut self.name),
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(id: &str, name: &str, data: &str) -> Frame {
        Frame { id: id.into(), name: name.into(), data: data.into() }
    }

    /// UI-07: every cut of a stream, and each kind of line end, gives the same events.
    #[test]
    fn chunks_may_end_anywhere() {
        let stream = "\u{feff}: keep-alive\nretry: 3\nid: 7-1\nevent: message.delta\ndata: {\"text\":\"Grüße ☕\"}\n\n\
                      data:a\ndata: b\ndata\n\n:\nevent: lost\n\nid: 7-2\nevent:turn.completed\ndata: {}\nmore: x\n\n";
        let expected = vec![
            frame("7-1", "message.delta", "{\"text\":\"Grüße ☕\"}"),
            frame("7-1", "", "a\nb\n"),
            frame("7-2", "turn.completed", "{}"),
        ];
        for end in ["\n", "\r", "\r\n"] {
            let bytes = stream.replace('\n', end).into_bytes();
            for cut in 0..bytes.len() {
                let mut parser = Parser::default();
                let mut seen = parser.feed(&bytes[..cut]);
                seen.extend(parser.feed(&bytes[cut..]));
                assert_eq!(seen, expected, "{end:?} cut at {cut}");
            }
            let mut parser = Parser::default();
            let seen: Vec<_> = bytes.iter().flat_map(|byte| parser.feed(&[*byte])).collect();
            assert_eq!(seen, expected, "{end:?} byte by byte");
        }
    }

    /// UI-07: what the stream's end cuts off is no event.
    #[test]
    fn an_unfinished_event_is_dropped() {
        assert_eq!(Parser::default().feed(b"data: whole\n\ndata: half\n"), [frame("", "", "whole")]);
    }
}
