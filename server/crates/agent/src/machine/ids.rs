//! The ids of calls: a model's own where it can be kept, else one that every server takes.

use std::collections::HashSet;

use saydo_contract::TurnId;

/// The longest call id of a model that is kept; a longer one is replaced by ours.
const LONGEST: usize = 256;
/// The numbers between the own ids of two turns.
const IDS_OF_TURN: u64 = 1024;

/// The ids that a conversation uses.
#[derive(Debug)]
pub(super) struct CallIds {
    turn: TurnId,
    used: HashSet<String>,
}

impl CallIds {
    pub(super) const fn new(turn: TurnId, used: HashSet<String>) -> Self {
        Self { turn, used }
    }

    /// The id of a new call: the model's, unless it is empty, too long or used.
    pub(super) fn assign(&mut self, id: String) -> String {
        let is_usable = (1..=LONGEST).contains(&id.len()) && !self.used.contains(&id);
        let id = if is_usable { id } else { self.own() };
        self.used.insert(id.clone());
        id
    }

    /// Nine letters and digits: some servers take nothing else. The same in each run of the turn.
    fn own(&self) -> String {
        let turn = self.turn.get().unsigned_abs().wrapping_mul(IDS_OF_TURN);
        let own = |number: u64| base36(turn.wrapping_add(number));
        let mut number = u64::try_from(self.used.len()).unwrap_or_default() + 1;
        while self.used.contains(&own(number)) {
            number += 1;
        }
        own(number)
    }
}

/// `c` and eight digits of base 36.
fn base36(mut number: u64) -> String {
    let mut digits = ['0'; 8];
    for digit in digits.iter_mut().rev() {
        *digit = u32::try_from(number % 36).ok().and_then(|digit| char::from_digit(digit, 36)).unwrap_or('0');
        number /= 36;
    }
    std::iter::once('c').chain(digits).collect()
}
