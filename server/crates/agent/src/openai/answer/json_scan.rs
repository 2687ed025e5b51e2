//! Where JSON values end, without parsing them: each byte is looked at once, however the text is cut into pieces.

/// Counts brackets and strings. What is no JSON never ends.
#[derive(Debug, Default)]
pub(super) struct JsonScan {
    depth: usize,
    in_string: bool,
    escaped: bool,
    ended: bool,
}

impl JsonScan {
    pub(super) fn push(&mut self, text: &[u8]) {
        text.iter().for_each(|byte| self.push_byte(*byte));
    }

    pub(super) fn push_byte(&mut self, byte: u8) {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            self.ended = !self.in_string && self.depth == 0;
            return;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                self.ended = self.depth == 0;
                return;
            }
            _ => return,
        }
        self.ended = false;
    }

    /// Whether an object, a list or a string has ended and no other has begun since.
    pub(super) const fn is_whole(&self) -> bool {
        self.ended
    }
}
