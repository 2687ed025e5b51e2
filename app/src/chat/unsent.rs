//! Messages that are on their way: kept until the server has them, so that neither a reload nor a lost connection loses
//! one. All tabs of an account keep theirs in one list.

use leptos::prelude::*;
use saydo_contract::{ConversationId, TurnId};
use serde::{Deserialize, Serialize};

use super::turn::Turn;
use crate::session::kept::{self, UNSENT};

/// A message that nothing says has arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unsent {
    pub(super) said: String,
    /// All tries carry this.
    pub(super) key: String,
    /// `None` where the conversation is not begun.
    pub(super) conversation: Option<ConversationId>,
    /// The key of the message that is to begin its conversation.
    pub(super) start: Option<String>,
    /// The turn before it.
    pub(super) after: Option<TurnId>,
    /// The server refused it for now: it is sent again only where the person asks for it.
    pub(super) refused: bool,
    /// What the pane of tasks of this page shows already.
    #[serde(skip)]
    pub(super) expected: Option<u32>,
}

/// Where an unsent message stands among the turns the server tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It arrived after all, as this turn.
    Arrived(TurnId),
    AtEnd,
}

impl Unsent {
    pub(super) fn place(&self, turns: &[Turn]) -> Place {
        // Where the turn before is not known, the same words may have been said at any time.
        let before = self.after.and_then(|after| turns.iter().position(|turn| turn.id == Some(after)));
        let next = before.and_then(|at| turns.get(at + 1)).filter(|next| next.said == self.said);
        next.and_then(|next| next.id).map_or(Place::AtEnd, Place::Arrived)
    }

    /// The message with this key began, as this turn of this conversation.
    fn follow(&mut self, key: &str, conversation: ConversationId, turn: TurnId) {
        if self.start.as_deref() == Some(key) {
            self.conversation = Some(conversation);
            self.start = None;
        }
        if self.conversation == Some(conversation) {
            self.after = Some(turn);
        }
    }
}

/// What this tab has to send, in order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Queue {
    list: StoredValue<Vec<Unsent>>,
    /// Whose they are, as far as is known.
    owner: StoredValue<Option<String>>,
}

impl Queue {
    pub(super) fn new() -> Self {
        Self { list: StoredValue::new(Vec::new()), owner: StoredValue::new(None) }
    }

    /// Whose messages these are, once that is known.
    pub(super) fn owner(self) -> Option<String> {
        self.owner.get_value()
    }

    pub(super) fn all(self) -> Vec<Unsent> {
        self.list.get_value()
    }

    /// The first that can be sent, of those that are not for an occupied conversation.
    pub(super) fn next(self, occupied: &[ConversationId]) -> Option<Unsent> {
        let is_taken = |unsent: &Unsent| unsent.conversation.is_some_and(|id| occupied.contains(&id));
        let is_free = |unsent: &&Unsent| !unsent.refused && unsent.start.is_none() && !is_taken(unsent);
        self.list.with_value(|list| list.iter().find(is_free).cloned())
    }

    pub(super) fn find(self, key: &str) -> Option<Unsent> {
        self.list.with_value(|list| list.iter().find(|unsent| unsent.key == key).cloned())
    }

    pub(super) fn add(self, unsent: Unsent) {
        self.owner.set_value(kept::owner());
        self.change(&|list| list.push(unsent.clone()));
    }

    /// The server has it.
    pub(super) fn taken(self, key: &str, conversation: ConversationId, turn: TurnId) {
        self.change(&|list| {
            list.retain(|unsent| unsent.key != key);
            list.iter_mut().for_each(|unsent| unsent.follow(key, conversation, turn));
        });
    }

    /// It is not to be sent any more.
    pub(super) fn forget(self, key: &str) {
        self.change(&|list| list.retain(|unsent| unsent.key != key));
    }

    pub(super) fn set_refused(self, key: &str, refused: bool) {
        self.change(&|list| {
            list.iter_mut().filter(|unsent| unsent.key == key).for_each(|unsent| unsent.refused = refused);
        });
    }

    /// Changes this tab's list and the one that is kept, where other tabs have theirs too.
    fn change(self, change: &dyn Fn(&mut Vec<Unsent>)) {
        self.list.update_value(change);
        let mut kept = stored();
        change(&mut kept);
        store(&kept);
    }

    /// Takes up what is kept for the account that was told, and returns the keys of messages that are another's.
    pub(super) fn load(self) -> Vec<String> {
        let owner = kept::owner();
        let before = self.owner.try_update_value(|now| std::mem::replace(now, owner.clone())).flatten();
        let mut all = stored();
        let mut others = Vec::new();
        for unsent in self.list.try_update_value(std::mem::take).unwrap_or_default() {
            if before.is_some() && before != owner {
                others.push(unsent.key);
            } else if let Some(kept) = all.iter_mut().find(|kept| kept.key == unsent.key) {
                kept.expected = unsent.expected;
            } else {
                all.push(unsent);
            }
        }
        store(&all);
        self.list.set_value(all);
        others
    }

    /// Drops what another tab has sent, and returns it.
    pub(super) fn compare(self) -> Vec<Unsent> {
        self.list.try_update_value(|list| compare(list, &stored())).unwrap_or_default()
    }

    /// What is kept waits for its owner.
    pub(super) fn clear(self) {
        self.list.set_value(Vec::new());
        self.owner.set_value(None);
    }
}

/// Takes over what another tab knows by now of where its messages stand.
fn compare(list: &mut Vec<Unsent>, kept: &[Unsent]) -> Vec<Unsent> {
    let mut gone = Vec::new();
    list.retain_mut(|unsent| {
        let other = kept.iter().find(|other| other.key == unsent.key);
        match other {
            Some(other) => {
                (unsent.conversation, unsent.after) = (other.conversation, other.after);
                unsent.start.clone_from(&other.start);
            }
            None => gone.push(unsent.clone()),
        }
        other.is_some()
    });
    gone
}

fn stored() -> Vec<Unsent> {
    kept::stored(UNSENT).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

fn store(list: &[Unsent]) {
    kept::store(UNSENT, &if list.is_empty() { String::new() } else { serde_json::to_string(list).unwrap_or_default() });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn unsent(said: &str, key: &str) -> Unsent {
        Unsent {
            said: said.into(),
            key: key.into(),
            conversation: None,
            start: None,
            after: None,
            refused: false,
            expected: None,
        }
    }

    fn turn_id(id: i64) -> TurnId {
        id.try_into().unwrap()
    }

    /// UI-25: a message that arrived although no answer came is not shown twice.
    #[test]
    fn an_unsent_message_finds_its_turn() {
        let turn = |id: i64, said: &str| Turn { id: Some(turn_id(id)), ..Turn::sent(said.into()) };
        let unsent = Unsent { after: Some(turn_id(4)), ..unsent("yes", "k") };
        assert_eq!(unsent.place(&[turn(3, "add"), turn(4, "yes")]), Place::AtEnd, "the same words, said before");
        assert_eq!(unsent.place(&[turn(4, "yes"), turn(5, "yes")]), Place::Arrived(turn_id(5)));
        assert_eq!(unsent.place(&[turn(4, "yes"), turn(5, "no")]), Place::AtEnd);
        assert_eq!(unsent.place(&[]), Place::AtEnd);
        let unknown = Unsent { after: None, ..unsent.clone() };
        assert_eq!(unknown.place(&[turn(4, "yes")]), Place::AtEnd, "written before the conversation was loaded");
        let text = serde_json::to_string(&unsent).unwrap();
        assert_eq!(serde_json::from_str::<Unsent>(&text).unwrap(), unsent);
    }

    /// UI-61: what was written after the message that begins a conversation goes into that conversation, and the same
    /// words said twice are two messages.
    #[test]
    fn messages_follow_the_one_that_begins() {
        let conversation = |id: i64| ConversationId::try_from(id).unwrap();
        let mut second = Unsent { start: Some("new-a".into()), ..unsent("yes", "b") };
        second.follow("other", conversation(1), turn_id(8));
        assert_eq!((second.conversation, second.after), (None, None));
        second.follow("new-a", conversation(2), turn_id(9));
        assert_eq!((second.conversation, second.start.as_deref()), (Some(conversation(2)), None));
        let first = Turn { id: Some(turn_id(9)), ..Turn::sent("yes".into()) };
        assert_eq!(second.place(&[first]), Place::AtEnd);
    }

    /// UI-61: where another tab sent one, the next knows where it stands, and the same words said twice stay two messages.
    #[test]
    fn tabs_agree_on_what_waits() {
        let (first, second) = (unsent("go on", "a"), Unsent { expected: Some(7), ..unsent("go on", "b") });
        let kept = Unsent { after: Some(turn_id(5)), ..unsent("go on", "b") };
        let mut list = vec![first.clone(), second];
        assert_eq!(compare(&mut list, std::slice::from_ref(&kept)), [first]);
        assert_eq!(list, [Unsent { expected: Some(7), ..kept }]);
        let running = Turn { id: Some(turn_id(5)), ..Turn::sent("go on".into()) };
        assert_eq!(list[0].place(&[running]), Place::AtEnd);
    }
}
