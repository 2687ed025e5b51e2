//! Looking for words, the same way on both databases: what is searched is stored in lower case beside the original,
//! because SQLite folds ASCII only and PostgreSQL folds by the locale that the database was made with.

use std::borrow::Cow;

use saydo_contract::SearchQuery;
use sea_orm::{
    Condition,
    sea_query::{Expr, ExprTrait, IntoColumnRef, LikeExpr},
};

const ESCAPE: char = '!';

/// What is stored for a search to look into.
pub(crate) fn folded(parts: &[&str]) -> String {
    parts.join("\n").to_lowercase()
}

/// The words of a query, in lower case.
pub(crate) fn words(query: &SearchQuery) -> Vec<String> {
    query.as_str().split_whitespace().map(str::to_lowercase).collect()
}

/// That a column holds every one of the words. No words fit everything.
pub(crate) fn holds_all(column: impl IntoColumnRef + Clone, words: &[String]) -> Condition {
    words.iter().fold(Condition::all(), |all, word| {
        all.add(Expr::col(column.clone()).like(LikeExpr::new(pattern(word)).escape(ESCAPE)))
    })
}

fn pattern(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len() + 2);
    pattern.push('%');
    for c in word.chars() {
        if matches!(c, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Text as PostgreSQL can store it: it has no NUL, which a model might still write.
pub(crate) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}
