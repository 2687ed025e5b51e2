//! Cursors: the sort key of a page's last item, sealed with a fingerprint of the query that gave it.
//!
//! A cursor says where to go on, never whose rows to read: the owner is in the statement whatever the cursor holds.
//! So the seal need only catch mistakes, and is no secret.

use std::fmt::{Display, Write};

use saydo_contract::Cursor;

use crate::ListError;

/// What a cursor belongs to: the list, its owner and its filters.
#[derive(Clone, Copy)]
pub(crate) struct Seal(u64);

impl Seal {
    /// Takes everything that the query's answer depends on, except the place and the limit.
    pub(crate) fn new(list: &str, parts: &[&dyn Display]) -> Self {
        let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
        hash.take(list);
        for part in parts {
            hash.take("\u{1f}");
            // Writing to a hash cannot fail.
            let _ = write!(hash, "{part}");
        }
        Self(hash.0)
    }

    /// The cursor after an item with this sort key.
    pub(crate) fn cursor<const N: usize>(self, key: [i64; N]) -> Result<Cursor, ListError> {
        let mut text = format!("{:016x}", self.0);
        for part in key {
            let _ = write!(text, ".{part}");
        }
        Cursor::try_from(text).map_err(|fault| ListError::Store(crate::StoreError::internal(fault)))
    }

    /// The sort key in a cursor of the same query.
    pub(crate) fn open<const N: usize>(self, cursor: &Cursor) -> Result<[i64; N], ListError> {
        let mut parts = cursor.as_str().split('.');
        if parts.next() != Some(&format!("{:016x}", self.0)) {
            return Err(ListError::InvalidCursor);
        }
        let key = parts.map(str::parse).collect::<Result<Vec<i64>, _>>().map_err(|_| ListError::InvalidCursor)?;
        key.try_into().map_err(|_| ListError::InvalidCursor)
    }
}

/// FNV-1a: the same on every version and machine, as cursors outlive a process.
struct Fnv(u64);

impl Fnv {
    fn take(&mut self, text: &str) {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl Write for Fnv {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.take(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_cursor_opens_only_under_its_seal() {
        let seal = Seal::new("tasks", &[&"ann", &1]);
        let cursor = seal.cursor([1, -5, i64::MAX]).unwrap();
        assert_eq!(seal.open::<3>(&cursor).unwrap(), [1, -5, i64::MAX]);
        assert!(matches!(seal.open::<2>(&cursor), Err(ListError::InvalidCursor)));
        for other in [Seal::new("tasks", &[&"ann", &2]), Seal::new("tasks", &[&"ann1"]), Seal::new("x", &[&"ann", &1])]
        {
            assert!(matches!(other.open::<3>(&cursor), Err(ListError::InvalidCursor)));
        }
    }
}
