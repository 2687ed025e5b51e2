//! What a link in an answer can do on the page.
//!
//! The agent writes them into answers as links to `/#name` (`[Turn on dark mode](/#dark-mode)`); the page runs them on a
//! click, and never by itself. An older page, and one without scripts, follows the link to the list.

/// Something that the page does for a click on a link of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageAction {
    /// Turns the dark theme on.
    DarkMode,
    /// Turns the light theme on.
    LightMode,
    /// Follows the theme of the system.
    SystemTheme,
    /// Opens the choice of the page's language.
    Language,
    /// Opens the list of keyboard shortcuts.
    Shortcuts,
    /// Opens what can be said.
    Help,
    /// Saves everything of the account as a file.
    Export,
    /// Signs out.
    SignOut,
    /// Opens a new conversation.
    NewChat,
    /// Opens the command menu, which also searches.
    CommandMenu,
}

impl PageAction {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::DarkMode,
        Self::LightMode,
        Self::SystemTheme,
        Self::Language,
        Self::Shortcuts,
        Self::Help,
        Self::Export,
        Self::SignOut,
        Self::NewChat,
        Self::CommandMenu,
    ];

    /// The address that stands for it.
    #[must_use]
    pub const fn address(self) -> &'static str {
        match self {
            Self::DarkMode => "/#dark-mode",
            Self::LightMode => "/#light-mode",
            Self::SystemTheme => "/#system-theme",
            Self::Language => "/#language",
            Self::Shortcuts => "/#shortcuts",
            Self::Help => "/#help",
            Self::Export => "/#export",
            Self::SignOut => "/#sign-out",
            Self::NewChat => "/#new-chat",
            Self::CommandMenu => "/#command-menu",
        }
    }

    /// The action of exactly this address.
    #[must_use]
    pub fn at(address: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.address() == address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CONTRACT-54: each action has an address of its own, and no other address is one.
    #[test]
    fn an_action_has_one_address() {
        for action in PageAction::ALL {
            assert_eq!(PageAction::at(action.address()), Some(action));
            assert!(action.address().starts_with("/#"));
        }
        for other in ["", "/", "/#", "#dark-mode", "/#Dark-Mode", "https://b.example/#dark-mode", "/#dark-mode/"] {
            assert_eq!(PageAction::at(other), None, "{other}");
        }
    }
}
