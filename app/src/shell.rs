//! The HTML around the page.

use leptos::{nonce::use_nonce, prelude::*};
use saydo_contract::{ConversationId, HourCycle};

use crate::{
    app::{Page, app, page_title},
    browser,
    plain::plain_path,
    preferences::Look,
    routes::Route,
    words::{Words, shell_words, words},
};

/// The attribute of `html` that tells the browser which clock the server's words have.
const HOUR_CYCLE: &str = "data-hour-cycle";

/// Where the built site's files are, as absolute paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteAssets {
    /// The module that loads the WASM.
    pub js: String,
    /// The WASM.
    pub wasm: String,
    /// The style sheet.
    pub css: String,
}

/// What the server knows of a request for a page. It is put into Leptos' context before rendering.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// The path of the address.
    pub path: String,
    /// Its query, with or without `?`.
    pub query: String,
    /// Whether a session cookie came along.
    pub signed_in: bool,
    /// The value of the cookie [`LOOK_COOKIE`](crate::LOOK_COOKIE), or nothing.
    pub look: String,
    /// The tag of the page's language: what [`language`](crate::language) makes of the request.
    pub language: String,
    /// How the hours of a day are counted, as `Accept-Language` says.
    pub hour_cycle: HourCycle,
}

impl PageRequest {
    /// The conversation in the address.
    #[must_use]
    pub fn conversation(&self) -> Option<ConversationId> {
        match Route::parse(&self.path) {
            Route::Conversation(id) => Some(id),
            _ => None,
        }
    }

    /// The same, as the rendered HTML tells the browser.
    pub(crate) fn of_browser() -> Self {
        let (path, query) = browser::address();
        Self {
            path,
            query,
            signed_in: browser::rendered_signed_in(),
            look: browser::root("data-look"),
            language: browser::root("lang"),
            hour_cycle: HourCycle::parse(&browser::root(HOUR_CYCLE)).unwrap_or_default(),
        }
    }
}

fn title(request: &PageRequest, words: &Words) -> String {
    let page = match Route::parse(&request.path) {
        Route::SignIn => Some(words.sign_in),
        Route::SignUp => Some(words.sign_up),
        Route::NotFound => Some(words.page_missing),
        Route::Home | Route::Conversation(_) if request.signed_in => None,
        Route::Home | Route::Conversation(_) => Some(words.sign_in),
    };
    page_title(page, words)
}

/// The whole document. It needs a [`PageRequest`] in the context.
///
/// Nothing should change it before it is hydrated: browsers are asked to make no links of numbers and dates, and to
/// translate nothing until then. The page repairs what is changed all the same.
#[component]
pub fn Shell(
    /// The files of the built site.
    assets: SiteAssets,
) -> impl IntoView {
    let request = expect_context::<PageRequest>();
    let (words, shell_words) = (words(&request.language), shell_words(&request.language));
    let session = if request.signed_in { "yes" } else { "no" };
    let look = Look::parse(&request.look);
    let plain = plain_path(&request.path, &request.query);
    let to_plain = "0;url=".to_owned() + &plain;
    view! {
        <!DOCTYPE html>
        <html
            lang=words.language
            dir=words.direction
            translate="no"
            data-session=session
            data-theme=look.theme()
            data-density=look.density()
            data-look=look.text()
            data-hour-cycle=request.hour_cycle.as_str()
        >
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content" />
                <title>{title(&request, words)}</title>
                <meta name="description" content=shell_words.description />
                <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#f7f7f4" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#141614" media="(prefers-color-scheme: dark)" />
                <link rel="stylesheet" href=assets.css.clone() />
                <link rel="modulepreload" href=assets.js.clone() />
                <link rel="icon" href="/icon.svg" r#type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/icon-192.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <noscript>
                    <meta http-equiv="refresh" content=to_plain />
                </noscript>
                <script r#type="module" nonce=use_nonce()>
                    {script(&assets)}
                </script>
            </head>
            <body>
                {app(Page::new(&request))}
                <p id="stuck" class="stuck" role="alert" hidden>
                    {shell_words.stuck} " " <a href="">{shell_words.load_again}</a> " "
                    <a href=plain.clone()>{shell_words.plain_page}</a>
                </p>
                <noscript>
                    <a href=plain>{shell_words.plain_page}</a>
                </noscript>
            </body>
        </html>
    }
}

/// Loads the module once what is written here is painted: before, it would share the way with the style sheet. Says so
/// where that fails or takes 20 s. An Enter that is pressed meanwhile counts when the page listens; a character that is
/// typed outside a field goes into the composer, unless single keys are off.
fn script(SiteAssets { js, wasm, .. }: &SiteAssets) -> String {
    let (js, wasm) = (script_text(js), script_text(wasm));
    format!(
        "let entered;const soon=()=>new Promise(then=>setTimeout(then)),\
         stuck=is=>document.getElementById('stuck').hidden=!is,late=setTimeout(stuck,20000,true),\
         enter=event=>{{if(event.key=='Enter'&&!event.shiftKey&&!event.isComposing&&event.target.form&&event.target.type!='button')\
         {{event.preventDefault();event.stopPropagation();entered=event.target.form}}\
         else if([...event.key].length==1&&!' ?'.includes(event.key)&&!event.ctrlKey&&!event.metaKey&&!event.altKey\
         &&!event.target.closest('input,textarea,select')&&!document.documentElement.dataset.look.includes('no-keys'))\
         {{if(event.key=='/')event.preventDefault();document.getElementById('message')?.focus()}}}},\
         load=()=>import({js}).then(m=>m.default({{module_or_path:{wasm}}})\
         .then(soon).then(m.hydrate).then(mount=>soon().then(mount)))\
         .then(()=>stuck(clearTimeout(late)),fault=>{{stuck(true);throw fault}});\
         addEventListener('keydown',enter,true);\
         new MutationObserver(()=>{{removeEventListener('keydown',enter,true);entered?.requestSubmit()}})\
         .observe(document.documentElement,{{attributeFilter:['data-ready']}});\
         document.hidden?load():requestAnimationFrame(()=>setTimeout(load))"
    )
}

/// A path as a string of the script. Nothing in it can end the script.
fn script_text(path: &str) -> String {
    serde_json::to_string(path).unwrap_or_default().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests;
