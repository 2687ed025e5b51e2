#![allow(clippy::unwrap_used)]

use super::*;
use crate::{
    routes::PAGES,
    words::{ENGLISH, ENGLISH_SHELL},
};

fn render(path: &str, signed_in: bool) -> String {
    let owner = Owner::new();
    owner.with(|| {
        provide_context(PageRequest { path: path.into(), signed_in, ..PageRequest::default() });
        leptos::nonce::provide_nonce();
        let assets = SiteAssets { js: "/pkg/a.js".into(), wasm: "/pkg/a.wasm".into(), css: "/pkg/a.css".into() };
        view! { <Shell assets /> }.to_html()
    })
}

fn every_page() -> Vec<(String, String)> {
    let paths = PAGES.iter().map(|page| page.replace("{id}", "5")).chain(["/nowhere".to_owned()]);
    let both = paths.flat_map(|path| [(path.clone(), true), (path, false)]);
    both.map(|(path, signed_in)| (format!("{path} {signed_in}"), render(&path, signed_in))).collect()
}

fn count(html: &str, what: &str) -> usize {
    html.matches(what).count()
}

/// The start tags of a kind of element.
fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("<{name}");
    html.match_indices(&start)
        .map(|(at, _)| &html[at..at + html[at..].find('>').unwrap()])
        .filter(|tag| tag[start.len()..].starts_with([' ', '>']) || tag.len() == start.len())
        .collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// UI-01: landmarks, one heading of the first level, a title, and first of all a link past the rest.
#[test]
fn each_page_is_well_formed() {
    for (page, html) in every_page() {
        assert_eq!(tags(&html, "main").len(), 1, "{page}");
        assert_eq!(tags(&html, "h1").len(), 1, "{page}");
        assert!(html.contains("<html lang=\"en\" dir=\"ltr\""), "{page}");
        let title = html.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0;
        assert!(title.contains("Saydo"), "{page}: {title}");
        let body = html.split_once("<body>").unwrap().1;
        let link = tags(body, "a")[0];
        assert_eq!(attribute(link, "class"), Some("skip"), "{page}");
        let target = attribute(link, "href").unwrap().trim_start_matches('#').to_owned();
        assert!(body.contains(&format!("id=\"{target}\"")), "{page}: {target}");
    }
}

/// UI-02: without a session there is the sign-in form, and it remembers where one wanted to go.
#[test]
fn signing_in_comes_first() {
    for (path, next) in [("/", "/"), ("/c/5", "/c/5")] {
        let html = render(path, false);
        let inputs = tags(&html, "input");
        let hidden = inputs.iter().find(|tag| attribute(tag, "name") == Some("next")).unwrap();
        assert_eq!(attribute(hidden, "value"), Some(next));
        assert!(html.contains("autocomplete=\"current-password\""));
        assert!(!html.contains("<textarea"));
        assert!(render(path, true).contains("<textarea"));
    }
}

/// UI-04: every field has a label, a purpose and a place for its error; no form is sent before the
/// page can, and whoever runs no script is told.
#[test]
fn forms_are_labelled() {
    for path in ["/sign-in", "/sign-up", "/"] {
        let html = render(path, path == "/");
        let labels = tags(&html, "label");
        let inputs = tags(&html, "input").into_iter().chain(tags(&html, "textarea"));
        for input in inputs.filter(|tag| attribute(tag, "type") != Some("hidden")) {
            // What is no part of a form carries its label with it, or stands in it.
            if matches!(attribute(input, "type"), Some("search" | "radio")) {
                assert!(attribute(input, "aria-label").or(attribute(input, "name")).is_some(), "{path}: {input}");
                continue;
            }
            let id = attribute(input, "id").unwrap();
            assert!(labels.iter().any(|label| attribute(label, "for") == Some(id)), "{path}: {id}");
            assert!(attribute(input, "autocomplete").is_some(), "{path}: {id}");
            assert!(attribute(input, "name").is_some(), "{path}: {id}");
            let fault = attribute(input, "aria-describedby").unwrap();
            assert!(html.contains(&format!("id=\"{fault}\"")), "{path}: {fault}");
        }
        for button in tags(&html, "button").into_iter().filter(|tag| attribute(tag, "type") == Some("submit")) {
            assert_eq!(attribute(button, "disabled"), Some(""), "{path}");
        }
        let plain =
            format!("<noscript><a href=\"{}\">{}</a></noscript>", plain_path(path, ""), ENGLISH_SHELL.plain_page);
        assert!(html.contains(&plain), "{path}");
        for form in tags(&html, "form") {
            assert_eq!(attribute(form, "method"), Some("post"), "{path}");
            assert!(attribute(form, "action").unwrap().starts_with('/'), "{path}");
        }
    }
}

/// UI-05: nothing that the content security policy forbids.
#[test]
fn the_html_is_strict() {
    for (page, html) in every_page() {
        assert!(!html.contains(" style=") && !html.contains("<style"), "{page}");
        for (at, _) in html.match_indices(" on") {
            let name: String = html[at + 1..].chars().take_while(char::is_ascii_alphanumeric).collect();
            assert!(!html[at + 1 + name.len()..].starts_with('='), "{page}: {name}");
        }
        for name in ["src", "href", "action"] {
            for tag in html.split('<') {
                let value = attribute(tag, name).unwrap_or("/");
                // What is empty is the page itself.
                let own =
                    value.is_empty() || value.starts_with('#') || value.starts_with('/') && !value.starts_with("//");
                assert!(own, "{page}: {value}");
            }
        }
        let scripts = tags(&html, "script");
        assert_eq!(scripts.len(), 1, "{page}");
        assert!(attribute(scripts[0], "nonce").is_some_and(|nonce| nonce.len() >= 16), "{page}");
        assert_eq!(count(&html, "javascript:"), 0, "{page}");
    }
}

/// UI-06: the same request gives the same HTML, and that says whether there is a session.
#[test]
fn the_first_view_depends_on_the_request_alone() {
    let body = |html: &str| html.split_once("<body>").unwrap().1.to_owned();
    for path in ["/", "/c/5", "/sign-in", "/nowhere"] {
        for signed_in in [true, false] {
            let html = render(path, signed_in);
            assert_eq!(body(&html), body(&render(path, signed_in)), "{path}");
            let session = if signed_in { "yes" } else { "no" };
            assert_eq!(attribute(tags(&html, "html")[0], "data-session"), Some(session), "{path}");
        }
    }
}

/// UI-95c, UI-95d: nothing is translated before the page reacts, and no number or date becomes a link.
#[test]
fn browsers_are_asked_to_leave_it_alone() {
    for (page, html) in every_page() {
        assert_eq!(attribute(tags(&html, "html")[0], "translate"), Some("no"), "{page}");
        let formats = tags(&html, "meta").into_iter().find(|tag| attribute(tag, "name") == Some("format-detection"));
        let formats = attribute(formats.unwrap(), "content").unwrap();
        for format in ["telephone", "date", "address", "email"] {
            assert!(formats.contains(&format!("{format}=no")), "{page}: {formats}");
        }
    }
}

/// UI-22: what is no page says so and leads back.
#[test]
fn an_unknown_page_leads_back() {
    for path in ["/nowhere", "/c/0", "/c/x"] {
        let html = render(path, true);
        assert!(html.contains(ENGLISH.page_missing), "{path}");
        assert!(tags(&html, "a").iter().any(|link| attribute(link, "href") == Some("/")), "{path}");
    }
}

/// UI-05: a name of a file cannot end the script.
#[test]
fn names_are_quoted_in_the_script() {
    assert_eq!(script_text("/a\"</script>"), r#""/a\"\u003c/script>""#);
}
