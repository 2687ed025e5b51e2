//! The session cookie and its bearer twin, byte for byte as Better Auth writes and reads them.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::Mac;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::{AuthSecret, SessionTerm, SessionToken};

/// What JavaScript's `encodeURIComponent` escapes.
const COMPONENT: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// Writes and reads session cookies, and session tokens as bearer credentials.
#[derive(Debug, Clone)]
pub struct SessionCookies {
    secret: AuthSecret,
    session: &'static str,
    dont_remember: &'static str,
    attributes: &'static str,
}

/// The session that a request's cookies name. Whether it exists and lasts is for the store to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentedSession {
    /// The session's token.
    pub token: SessionToken,
    /// The term it was made for.
    pub term: SessionTerm,
}

impl SessionCookies {
    /// Cookies for a server at `public_url`: on https they are `Secure`, and their names say so.
    #[must_use]
    pub fn new(secret: AuthSecret, public_url: &str) -> Self {
        if public_url.starts_with("https://") {
            Self {
                secret,
                session: "__Secure-better-auth.session_token",
                dont_remember: "__Secure-better-auth.dont_remember",
                attributes: "; Path=/; HttpOnly; Secure; SameSite=Lax",
            }
        } else {
            Self {
                secret,
                session: "better-auth.session_token",
                dont_remember: "better-auth.dont_remember",
                attributes: "; Path=/; HttpOnly; SameSite=Lax",
            }
        }
    }

    /// The session cookie's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.session
    }

    /// The `Set-Cookie` values that begin or extend a session.
    #[must_use]
    pub fn set(&self, token: &SessionToken, term: SessionTerm) -> [String; 2] {
        let session = utf8_percent_encode(&self.signed(token), &COMPONENT).to_string();
        match term {
            SessionTerm::Remembered => {
                let max_age = term.lifetime().num_seconds();
                let session = format!("{}={session}; Max-Age={max_age}{}", self.session, self.attributes);
                [session, self.expired(self.dont_remember)]
            }
            SessionTerm::Browser => {
                let mark = self.sign("true");
                let mark = utf8_percent_encode(&mark, &COMPONENT);
                [
                    format!("{}={session}{}", self.session, self.attributes),
                    format!("{}={mark}{}", self.dont_remember, self.attributes),
                ]
            }
        }
    }

    /// The `Set-Cookie` values that end a session.
    #[must_use]
    pub fn clear(&self) -> [String; 2] {
        [self.expired(self.session), self.expired(self.dont_remember)]
    }

    /// The session that the request's `Cookie` headers name, if its signature is right. The first of several counts.
    pub fn read<'a>(&self, headers: impl IntoIterator<Item = &'a str>) -> Option<PresentedSession> {
        let (mut session, mut mark) = (None, None);
        for pair in headers.into_iter().flat_map(|header| header.split(';')) {
            let Some((name, value)) = pair.split_once('=') else { continue };
            let value = value.trim();
            match name.trim() {
                name if name == self.session => session = session.or(Some(value)),
                name if name == self.dont_remember => mark = mark.or(Some(value)),
                _ => {}
            }
        }
        let token = self.verify_encoded(session?)?.parse().ok()?;
        let marked = mark.and_then(|mark| self.verify_encoded(mark)).is_some_and(|mark| mark == "true");
        Some(PresentedSession { token, term: SessionTerm::of_remember_me(Some(!marked)) })
    }

    /// The token signed, as the header `set-auth-token` gives it and [`Self::bearer`] takes it.
    #[must_use]
    pub fn signed(&self, token: &SessionToken) -> String {
        self.sign(token.expose())
    }

    /// The session token in bearer credentials (what follows `Bearer `): signed, signed and percent-encoded, or raw.
    /// A JWT is none.
    #[must_use]
    pub fn bearer(&self, credentials: &str) -> Option<SessionToken> {
        credentials.parse().ok().or_else(|| self.verify_encoded(credentials)?.parse().ok())
    }

    fn expired(&self, name: &str) -> String {
        format!("{name}=; Max-Age=0{}", self.attributes)
    }

    fn sign(&self, value: &str) -> String {
        let signature = self.secret.mac(value.as_bytes()).finalize().into_bytes();
        format!("{value}.{}", BASE64_STANDARD.encode(signature))
    }

    fn verify_encoded(&self, signed: &str) -> Option<String> {
        let signed = percent_decode_str(signed).decode_utf8().ok()?;
        let (value, signature) = signed.rsplit_once('.')?;
        let signature = BASE64_STANDARD.decode(signature).ok()?;
        self.secret.mac(value.as_bytes()).verify_slice(&signature).ok()?;
        Some(value.to_owned())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TOKEN: &str = "AbCdEfGhIjKlMnOpQrStUvWxYz012345";
    const SIGNATURE: &str = "HY8Hdl9Fl0htTPFMJYl4iat75e/vgynZck0aYWgsY48=";
    const ENCODED: &str = "HY8Hdl9Fl0htTPFMJYl4iat75e%2FvgynZck0aYWgsY48%3D";

    fn cookies(public_url: &str) -> SessionCookies {
        let secret = AuthSecret::new("0123456789abcdef0123456789abcdef-secret".into()).unwrap();
        SessionCookies::new(secret, public_url)
    }

    fn token() -> SessionToken {
        TOKEN.parse().unwrap()
    }

    /// AUTH-07: equal to what better-call's `serializeSignedCookie` gives for this secret and token.
    #[test]
    fn the_cookie_is_better_auths() {
        let [session, unmarked] = cookies("http://localhost:3000").set(&token(), SessionTerm::Remembered);
        let expected =
            format!("better-auth.session_token={TOKEN}.{ENCODED}; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(session, expected);
        assert_eq!(unmarked, "better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");

        let https = cookies("https://saydo.example");
        let [session, _] = https.set(&token(), SessionTerm::Remembered);
        let expected = format!(
            "__Secure-better-auth.session_token={TOKEN}.{ENCODED}; Max-Age=604800; Path=/; HttpOnly; Secure; \
             SameSite=Lax"
        );
        assert_eq!(session, expected);
        assert_eq!(https.name(), "__Secure-better-auth.session_token");
    }

    /// AUTH-10: no `Max-Age`, and the mark that Better Auth sets beside it.
    #[test]
    fn a_browser_session_ends_with_the_browser() {
        let cookies = cookies("http://localhost:3000");
        let [session, mark] = cookies.set(&token(), SessionTerm::Browser);
        assert_eq!(session, format!("better-auth.session_token={TOKEN}.{ENCODED}; Path=/; HttpOnly; SameSite=Lax"));
        assert_eq!(
            mark,
            "better-auth.dont_remember=true.2Rs%2B3PonottkpR3%2FhX1AqNm4IQHv47z%2F%2ByMLBDHVrnM%3D; Path=/; HttpOnly; \
             SameSite=Lax"
        );
        let sent = [pair(&session), pair(&mark)].join("; ");
        let presented = PresentedSession { token: token(), term: SessionTerm::Browser };
        assert_eq!(cookies.read([sent.as_str()]), Some(presented));
    }

    /// AUTH-07: what was set is read, among other cookies and over several headers.
    #[test]
    fn a_set_cookie_is_read() {
        for url in ["http://localhost:3000", "https://saydo.example"] {
            let cookies = cookies(url);
            let [session, _] = cookies.set(&token(), SessionTerm::Remembered);
            let sent = format!("theme=dark;  {} ; broken", pair(&session));
            let presented = Some(PresentedSession { token: token(), term: SessionTerm::Remembered });
            assert_eq!(cookies.read(["a=b", &sent]), presented);
        }
        let plain = cookies("http://localhost:3000").set(&token(), SessionTerm::Remembered);
        let https = cookies("https://saydo.example");
        assert_eq!(https.read([pair(&plain[0])]), None, "on https only the secure name counts");
    }

    /// AUTH-08: another secret's cookie, and a bare token, are no session.
    #[test]
    fn a_wrong_signature_is_no_session() {
        let cookies = cookies("http://localhost:3000");
        let other = SessionCookies::new(AuthSecret::generate(), "http://localhost:3000");
        let [foreign, _] = other.set(&token(), SessionTerm::Remembered);
        assert_eq!(cookies.read([pair(&foreign)]), None);
        for value in ["", ".", TOKEN, &format!("{TOKEN}."), &format!(".{SIGNATURE}"), "true.%FF", &"%".repeat(99)] {
            assert_eq!(cookies.read([format!("better-auth.session_token={value}").as_str()]), None, "{value}");
        }
        let mark = cookies.sign("true");
        let sent = format!("better-auth.session_token={mark}");
        assert_eq!(cookies.read([sent.as_str()]), None, "a signed mark is no session");
    }

    /// AUTH-11: raw and signed tokens are taken, a foreign signature and a JWT are not.
    #[test]
    fn a_session_token_is_a_bearer_credential() {
        let cookies = cookies("http://localhost:3000");
        assert_eq!(cookies.signed(&token()), format!("{TOKEN}.{SIGNATURE}"));
        for credentials in [TOKEN.to_owned(), format!("{TOKEN}.{SIGNATURE}"), format!("{TOKEN}.{ENCODED}")] {
            assert_eq!(cookies.bearer(&credentials), Some(token()), "{credentials}");
        }
        let foreign = SessionCookies::new(AuthSecret::generate(), "http://localhost:3000").signed(&token());
        for credentials in ["", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln", &foreign] {
            assert_eq!(cookies.bearer(credentials), None, "{credentials}");
        }
    }

    fn pair(set_cookie: &str) -> &str {
        set_cookie.split(';').next().unwrap()
    }

    proptest! {
        /// AUTH-08: changing any byte of the cookie's value, or cutting it, ends the session.
        #[test]
        fn a_changed_cookie_is_no_session(at in 0..TOKEN.len() + 1 + SIGNATURE.len(), with in "[ -~]", cut: bool) {
            let cookies = cookies("http://localhost:3000");
            let good = format!("{TOKEN}.{SIGNATURE}");
            let mut changed = good.clone();
            if cut { changed.truncate(at) } else { changed.replace_range(at..=at, &with) }
            prop_assume!(changed != good);
            let sent = format!("better-auth.session_token={changed}");
            prop_assert_eq!(cookies.read([sent.as_str()]), None);
        }

        /// AUTH-08: no text at all makes the reader fail.
        #[test]
        fn any_cookie_header_is_read(header in "\\PC*", credentials in "\\PC*") {
            let cookies = cookies("http://localhost:3000");
            prop_assert_eq!(cookies.read([header.as_str()]), None);
            prop_assert_eq!(cookies.bearer(&credentials), credentials.parse().ok());
        }
    }
}
