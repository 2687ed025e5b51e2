//! The OpenAPI document, made of the handlers and the contract, and the pages that show it.

use std::{collections::BTreeMap, mem};

use axum::{Router, http::HeaderValue, http::header};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document, Ref, RefOr, Schema,
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::refusals;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Saydo",
        description = "A to-do list that you talk to. A person signs up or in, gets a token for the API with the session \
                       (`GET /api/auth/token`), and sends messages to the agent (`POST /api/{user_id}/chat`). Every answer \
                       names its request in `x-request-id`.",
        contact(name = "Saydo"),
    ),
    servers((url = "/", description = "The server that this document comes from")),
    components(schemas(saydo_contract::AuthError, saydo_contract::Problem)),
    modifiers(&Components),
    security(("token" = [])),
    tags(
        (name = "Chat", description = "The agent: the one way to change tasks"),
        (name = "Conversations", description = "What was said"),
        (name = "Account", description = "Everything of one person"),
        (name = "Sign-in", description = "Better Auth's e-mail-and-password flow"),
    ),
)]
struct Head;

struct Components;

impl Modify for Components {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let mut token = Http::new(HttpAuthScheme::Bearer);
        token.bearer_format = Some("JWT".to_owned());
        token.description = Some("A JWT from `GET /api/auth/token`, valid for 15 minutes".to_owned());
        components.add_security_scheme("token", SecurityScheme::Http(token));
        let cookie = ApiKeyValue::with_description(
            "better-auth.session_token",
            "Set by sign-up and sign-in; named `__Secure-better-auth.session_token` where the public URL is https",
        );
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        let mut session = Http::new(HttpAuthScheme::Bearer);
        session.description = Some("A session's token, as sign-up and sign-in answer it".to_owned());
        components.add_security_scheme("sessionToken", SecurityScheme::Http(session));
        components.responses.extend(refusals::components());
    }
}

/// The whole document, with addresses from the root.
fn document() -> Document {
    let (_, routes) = super::api::api_routes().merge(super::api::documented_auth_routes()).split_for_parts();
    let mut document = Head::openapi().nest("/api", routes);
    if let Some(components) = &mut document.components {
        ["AccountEvent", "TurnEvent"].into_iter().for_each(|union| name_events(&mut components.schemas, union));
    }
    document
}

/// Gives each event of a stream a schema of its own: generated clients have a type for what has a name, and
/// openapi-python-client cannot read an object within an unnamed one of several.
fn name_events(schemas: &mut BTreeMap<String, RefOr<Schema>>, union: &str) {
    let Some(RefOr::T(Schema::OneOf(events))) = schemas.get_mut(union) else { return };
    let mut named = Vec::new();
    for event in &mut events.items {
        if let Some(name) = event_name(event) {
            let name = format!("{union}{name}");
            let reference = Ref::from_schema_name(&name).into();
            named.push((name, mem::replace(event, reference)));
        }
    }
    schemas.extend(named);
}

/// `TurnStarted` of an event whose `type` is `turn.started`.
fn event_name(event: &RefOr<Schema>) -> Option<String> {
    let RefOr::T(Schema::Object(event)) = event else { return None };
    let RefOr::T(Schema::Object(kind)) = event.properties.get("type")? else { return None };
    let kind = kind.enum_values.as_ref()?.first()?.as_str()?;
    let capitalised = |word: &str| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_ascii_uppercase() + rest
    };
    Some(kind.split('.').map(capitalised).collect())
}

/// The document at `/api/openapi.json` and its pages at `/api/docs`, served from this binary.
pub(crate) fn routes() -> Router {
    // The pages set styles from script; they are ours and show no one's data.
    let policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
    let pages =
        SwaggerUi::new("/api/docs").config(Config::from("/api/openapi.json")).url("/api/openapi.json", document());
    Router::from(pages)
        .layer(SetResponseHeaderLayer::overriding(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)))
}
