//! The refusals and failures of each kind of operation, for the API's description: one response a status, which the
//! operations refer to.

use std::collections::BTreeMap;

use saydo_contract::{AuthErrorCode, ProblemKind};
use utoipa::{
    IntoResponses,
    openapi::{
        ContentBuilder, Object, Ref, RefOr, Response, ResponseBuilder, Type,
        header::{Header, HeaderBuilder},
    },
};

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $body:ident $($status:literal)*;)*) => { $(
        $(#[$doc])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                let refer = |status: u16| (status.to_string(), Ref::from_response_name(Body::$body.name(status)).into());
                [$($status),*].map(refer).into()
            }
        }
    )* };
}

refusals! {
    /// Any request.
    AnyRefusal = Problem 400;
    /// One about a person's data.
    OwnerRefusals = Problem 400 401 403 500 503;
    /// One that names a thing of theirs.
    MissingRefusal = Problem 404;
    /// One with fields outside a body.
    FieldRefusal = Problem 422;
    /// One with a body.
    BodyRefusals = Problem 400 413 415 422;
    /// One that is limited.
    RateRefusal = Problem 429;
    /// One that begins a turn.
    TurnRefusals = Problem 404 409 422 429 502 504;
    /// One about a session.
    SessionRefusals = AuthError 500 503;
    /// One that needs a session.
    SignedOutRefusal = AuthError 401;
    /// One that another site may not send.
    OriginRefusal = AuthError 403;
    /// One with an address and a password.
    PasswordRefusals = AuthError 400 403 413 415 429 500 503;
    /// One that makes an account.
    SignUpRefusal = AuthError 422;
}

/// What a refusal is written as.
#[derive(Clone, Copy)]
enum Body {
    Problem,
    AuthError,
}

impl Body {
    /// The name of its schema.
    const fn schema(self) -> &'static str {
        match self {
            Self::Problem => "Problem",
            Self::AuthError => "AuthError",
        }
    }

    fn name(self, status: u16) -> String {
        format!("{}{status}", self.schema())
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Problem => "application/problem+json",
            Self::AuthError => "application/json",
        }
    }

    /// The statuses that operations refer to, with what they mean. No operation has 405: it is of another.
    fn statuses(self) -> BTreeMap<u16, Vec<String>> {
        let mut statuses: BTreeMap<u16, Vec<String>> = BTreeMap::new();
        match self {
            Self::Problem => ProblemKind::ALL
                .into_iter()
                .filter(|&kind| kind != ProblemKind::MethodNotAllowed)
                .for_each(|kind| statuses.entry(kind.status()).or_default().push(kind.title().to_owned())),
            Self::AuthError => AuthErrorCode::ALL
                .into_iter()
                .filter(|code| !matches!(code, AuthErrorCode::NotFound | AuthErrorCode::MethodNotAllowed))
                .for_each(|code| statuses.entry(code.status()).or_default().push(code.message().to_owned())),
        }
        statuses
    }

    fn response(self, status: u16, meanings: &[String]) -> Response {
        let content = |body: Self| ContentBuilder::new().schema(Some(Ref::from_schema_name(body.schema()))).build();
        let mut response =
            ResponseBuilder::new().description(meanings.join("; or: ")).content(self.content_type(), content(self));
        match (self, status) {
            // What every request may be refused for has one form.
            (Self::AuthError, 400) => {
                response = response.content(Self::Problem.content_type(), content(Self::Problem));
            }
            (Self::Problem, 401) => response = response.header("WWW-Authenticate", header(Type::String, "`Bearer`")),
            (_, 409 | 429 | 503) => {
                response = response.header("Retry-After", header(Type::Integer, "Seconds to wait before another try"));
            }
            _ => {}
        }
        response.build()
    }
}

fn header(kind: Type, description: &str) -> Header {
    HeaderBuilder::new().schema(Some(Object::with_type(kind))).description(Some(description)).build()
}

/// Every response that the operations refer to, by its name.
pub(super) fn components() -> impl Iterator<Item = (String, RefOr<Response>)> {
    [Body::Problem, Body::AuthError].into_iter().flat_map(|body| {
        let responses = body.statuses().into_iter();
        responses.map(move |(status, meanings)| (body.name(status), body.response(status, &meanings).into()))
    })
}
