//! What this tab and this browser keep of a person, apart from anybody else's.

use crate::browser;

/// Where the messages are that the server has not.
pub(crate) const UNSENT: &str = "unsent";

/// Where the conversations are that are to be deleted.
pub(crate) const DELETING: &str = "deleting";

/// Changes each time that somebody signs in by a form.
const SIGNED_IN: &str = "saydo:signed-in";

/// Whose texts the tab keeps at present.
const OWNER: &str = "saydo:account";

/// Whose it is: the account that was signed in last, in this tab or else in another, unless it signed out.
pub(crate) fn owner() -> Option<String> {
    browser::kept(OWNER).or_else(|| browser::stored(OWNER))
}

/// Who is signed in by what all tabs share, and which signing in that was.
pub(super) fn signed_in() -> [Option<String>; 2] {
    [OWNER, SIGNED_IN].map(browser::stored)
}

/// Who is signed in by what all tabs share, where another tab changed the text of this name and it tells that.
pub(super) fn signed_in_elsewhere(name: Option<&str>) -> Option<Option<String>> {
    let owner = browser::stored(OWNER);
    let tells = match name {
        None | Some(OWNER) => true,
        // After a sign-out, who it is will be told.
        Some(name) => name == SIGNED_IN && owner.is_some(),
    };
    tells.then_some(owner)
}

/// Whether somebody else is signed in by now than whose this tab was.
pub(crate) fn is_left() -> bool {
    browser::kept(OWNER).is_some_and(|owner| browser::stored(OWNER) != Some(owner))
}

/// What is written in this tab from now on is this account's.
pub(super) fn write_as(account: &str) {
    browser::keep(OWNER, account);
}

/// Tells the other tabs, also those of the same person.
pub(super) fn tell_sign_in() {
    browser::store(SIGNED_IN, &browser::random_key());
}

/// Forgets what this tab kept of a person who signed out in another, but not what is still to be deleted.
pub(super) fn leave() {
    let left = owner().map(|owner| key(&owner, DELETING)).and_then(|key| Some((browser::kept(&key)?, key)));
    browser::forget_all();
    if let Some((ids, key)) = left {
        browser::keep(&key, &ids);
    }
}

/// From now on this account's texts are read and written. Those of the one before wait for their owner.
pub(super) fn belong_to(account: &str) {
    write_as(account);
    browser::store(OWNER, account);
}

/// Forgets the owner, and what is kept for them.
pub(super) fn sign_out() {
    store(UNSENT, "");
    browser::store(OWNER, "");
    browser::forget_all();
    browser::forget_shell();
}

/// Reads a text of the owner's.
pub(crate) fn kept(name: &str) -> Option<String> {
    browser::kept(&key(&owner()?, name))
}

/// Keeps a text for the owner; an empty one is forgotten.
pub(crate) fn keep(name: &str, text: &str) {
    if let Some(owner) = owner() {
        browser::keep(&key(&owner, name), text);
    }
}

/// Reads a text of the owner's that all tabs share and that outlasts them.
pub(crate) fn stored(name: &str) -> Option<String> {
    browser::stored(&key(&owner()?, name))
}

/// Stores a text for the owner, for all tabs; an empty one is forgotten.
pub(crate) fn store(name: &str, text: &str) {
    if let Some(owner) = owner() {
        browser::store(&key(&owner, name), text);
    }
}

fn key(owner: &str, name: &str) -> String {
    // The length keeps one owner's names apart from another's, whatever an id is made of.
    let mut key = "saydo:".to_owned();
    for part in [&owner.len().to_string(), ":", owner, ":", name] {
        key.push_str(part);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    /// UI-24: no name of one account is a name of another's.
    #[test]
    fn accounts_keep_their_own() {
        assert_eq!(key("ann", "draft:5"), "saydo:3:ann:draft:5");
        assert_ne!(key("ann", "draft:5"), key("bob", "draft:5"));
        assert_ne!(key("ann", "b:c"), key("ann:b", "c"));
        assert_ne!(key("ann", "b:c"), super::OWNER);
    }
}
