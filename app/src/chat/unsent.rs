//! A message that is on its way: kept until the server has it, so that a reload does not lose it.

use saydo_contract::{ConversationId, TurnId};
use serde::{Deserialize, Serialize};

use super::turn::Turn;
use crate::session::kept::{keep, kept};

/// The last message of a conversation, as long as nothing says that it arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unsent {
    pub(super) said: String,
    /// All tries carry this.
    pub(super) key: String,
    /// The turn before it.
    pub(super) after: Option<TurnId>,
}

/// Where an unsent message stands among the turns the server tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It arrived after all, as this turn.
    Arrived(TurnId),
    AtEnd,
}

impl Unsent {
    pub(super) fn read(conversation: Option<ConversationId>) -> Option<Self> {
        serde_json::from_str(&kept(&name(conversation))?).ok()
    }

    pub(super) fn keep(&self, conversation: Option<ConversationId>) {
        keep(&name(conversation), &serde_json::to_string(self).unwrap_or_default());
    }

    pub(super) fn forget(conversation: Option<ConversationId>) {
        keep(&name(conversation), "");
    }

    pub(super) fn place(&self, turns: &[Turn]) -> Place {
        let last = turns.last().filter(|last| last.said == self.said && last.id != self.after);
        last.and_then(|last| last.id).map_or(Place::AtEnd, Place::Arrived)
    }
}

fn name(conversation: Option<ConversationId>) -> String {
    "unsent:".to_owned() + &conversation.map_or_else(|| "new".to_owned(), |id| id.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// UI-25: a message that arrived although no answer came is not shown twice.
    #[test]
    fn an_unsent_message_finds_its_turn() {
        let turn = |id: i64, said: &str| Turn { id: Some(id.try_into().unwrap()), ..Turn::sent(said.into()) };
        let id = |id: i64| Some(TurnId::try_from(id).unwrap());
        let unsent = Unsent { said: "yes".into(), key: "k".into(), after: id(4) };
        assert_eq!(unsent.place(&[turn(3, "add"), turn(4, "yes")]), Place::AtEnd, "the same words, said before");
        assert_eq!(unsent.place(&[turn(4, "yes"), turn(5, "yes")]), Place::Arrived(id(5).unwrap()));
        assert_eq!(unsent.place(&[turn(4, "yes"), turn(5, "no")]), Place::AtEnd);
        assert_eq!(unsent.place(&[]), Place::AtEnd);
        let text = serde_json::to_string(&unsent).unwrap();
        assert_eq!(serde_json::from_str::<Unsent>(&text).unwrap(), unsent);
    }
}
