//! How this browser wants the page to look and to be worked. Kept in a cookie, so that the first paint has it too.

use leptos::prelude::*;

use crate::{
    app::Page,
    browser,
    html::{Node, effect, el},
    words::{LANGUAGES, Words, accepted},
};

/// The cookie: its tokens are separated by dots; what is not said is as usual.
pub const COOKIE: &str = "saydo-look";

/// The tokens of `html`'s attributes, and the attributes.
const THEMES: [&str; 3] = ["system", "light", "dark"];
const DENSITIES: [&str; 2] = ["comfortable", "compact"];
const KEYS: [&str; 2] = ["keys", "no-keys"];
/// First the browser's wish, then ours in the order of [`LANGUAGES`].
const TONGUES: [&str; 3] = ["any", "en", "ur"];

/// What was chosen, by its place in each list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Look {
    pub(crate) theme: usize,
    pub(crate) density: usize,
    keys: usize,
    language: usize,
}

/// The tag of the language to show: the one that was chosen, else the one that `Accept-Language` asks for.
#[must_use]
pub fn language(look: &str, accepts: &str) -> &'static str {
    let chosen = Look::parse(look).language.checked_sub(1).and_then(|at| LANGUAGES.get(at));
    chosen.map_or_else(|| accepted(accepts), |(tag, _)| tag)
}

impl Look {
    /// Reads the cookie's value; what it does not know it passes over.
    pub(crate) fn parse(text: &str) -> Self {
        let chosen = |known: &[&str]| known.iter().position(|name| text.split('.').any(|token| token == *name));
        Self {
            theme: chosen(&THEMES).unwrap_or_default(),
            density: chosen(&DENSITIES).unwrap_or_default(),
            keys: chosen(&KEYS).unwrap_or_default(),
            language: chosen(&TONGUES).unwrap_or_default(),
        }
    }

    pub(crate) fn theme(self) -> &'static str {
        THEMES.get(self.theme).copied().unwrap_or_default()
    }

    pub(crate) fn density(self) -> &'static str {
        DENSITIES.get(self.density).copied().unwrap_or_default()
    }

    /// Whether a single key may do something outside a field.
    pub(crate) fn single_keys(self) -> bool {
        self.keys == 0
    }

    /// The cookie's value.
    pub(crate) fn text(self) -> String {
        let token = |known: &[&'static str], at: usize| known.get(at).copied().unwrap_or_default();
        [self.theme(), self.density(), token(&KEYS, self.keys), token(&TONGUES, self.language)].join(".")
    }
}

/// The preferences of this browser.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Preferences {
    pub(crate) look: RwSignal<Look>,
}

impl Preferences {
    pub(crate) fn new(look: Look) -> Self {
        Self { look: RwSignal::new(look) }
    }

    /// Shows and keeps what is chosen.
    pub(crate) fn follow(self) {
        let last = StoredValue::new(self.look.get_untracked());
        effect(move || {
            let look = self.look.get();
            let before = last.try_update_value(|last| std::mem::replace(last, look)).unwrap_or(look);
            if before == look {
                return;
            }
            browser::set_root("data-theme", look.theme());
            browser::set_root("data-density", look.density());
            browser::set_cookie(COOKIE, &look.text());
            // All words are of one language: the page begins anew in another.
            if before.language != look.language {
                browser::keep(OPEN_MENU, "language");
                browser::reload();
            }
        });
    }
}

/// The account's menu.
pub(crate) const MENU: &str = "account";

/// Kept over the reload that a change of language needs: the menu is open again afterwards.
const OPEN_MENU: &str = "open-menu";

/// Opens the menu where it was open when the language changed, with the focus where it was.
pub(crate) fn reopen_menu() {
    if browser::kept(OPEN_MENU).is_some() {
        browser::keep(OPEN_MENU, "");
        browser::next_frame(open_language);
    }
}

/// Opens the menu at the choice of the language.
pub(crate) fn open_language() {
    browser::show_popover(MENU);
    browser::focus_first("[name=language]:checked");
}

/// The settings in the account's menu.
pub(crate) fn preference_fields(page: Page) -> Node {
    let Page { words, preferences, .. } = page;
    let look = preferences.look;
    let choice = move |label: &'static str,
                       name: &'static str,
                       options: Vec<&'static str>,
                       at: fn(&mut Look) -> &mut usize| {
        let buttons = options.into_iter().enumerate().map(move |(place, text)| {
            let is_chosen = move || *at(&mut look.get()) == place;
            let radio = el("input")
                .attr("type", "radio")
                .attr("name", name)
                .attr_fn("checked", move || is_chosen().then_some(""))
                .on("change", move |_| look.update(|look| *at(look) = place));
            el("label").attr_fn("class", move || Some(if is_chosen() { "is-chosen" } else { "" })).add(radio).add(text)
        });
        el("fieldset").class("preference").add(el("legend").add(label)).add(el("div").add(Node::all(buttons)))
    };
    let themes = words.themes.to_vec();
    let densities = words.densities.to_vec();
    let keys = words.on_off.to_vec();
    let [system, ..] = words.themes;
    let languages = std::iter::once(system).chain(LANGUAGES.map(|(_, name)| name)).collect();
    Node::all([
        choice(words.theme, "theme", themes, |look| &mut look.theme),
        choice(words.density, "density", densities, |look| &mut look.density),
        choice(words.language_label, "language", languages, |look| &mut look.language),
        choice(words.single_keys, "keys", keys, |look| &mut look.keys),
    ])
}

/// Changes the look.
pub(crate) type Change = fn(&mut Look);

/// What the palette can choose: the words, and the change.
pub(crate) fn choices(words: &Words) -> Vec<(String, Change)> {
    let named = |group: &str, name: &str| group.to_owned() + ": " + name;
    let [system, light, dark] = words.themes;
    let [comfortable, compact] = words.densities;
    vec![
        (named(words.theme, system), |look| look.theme = 0),
        (named(words.theme, light), |look| look.theme = 1),
        (named(words.theme, dark), |look| look.theme = 2),
        (named(words.density, comfortable), |look| look.density = 0),
        (named(words.density, compact), |look| look.density = 1),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// UI-44: the cookie brings back what was chosen, and nothing else.
    #[test]
    fn the_cookie_keeps_the_look() {
        let look = Look { theme: 2, density: 1, keys: 1, language: 2 };
        assert_eq!(Look::parse(&look.text()), look);
        for text in ["", "purple", "dark\"><script>", "a.b.c"] {
            assert_eq!(Look::parse(text), Look::default(), "{text}");
        }
    }

    /// UI-68: what was chosen goes before what the browser asks for.
    #[test]
    fn a_chosen_language_goes_first() {
        assert_eq!(language("system.comfortable.keys.ur", "en"), "ur");
        assert_eq!(language("system.comfortable.keys.en", "ur"), "en");
        assert_eq!(language("system.comfortable.keys.any", "ur"), "ur");
        assert_eq!(language("", ""), "en");
    }
}
