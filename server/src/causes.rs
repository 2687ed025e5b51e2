//! An error with its causes, on one line.

use std::error::Error;

/// What an error says, then what each of its causes adds. Some errors repeat their causes.
pub(crate) fn chain(fault: &(dyn Error + 'static)) -> String {
    let mut line = fault.to_string();
    for cause in std::iter::successors(fault.source(), |&cause| cause.source()) {
        let said = cause.to_string();
        if !line.ends_with(&said) {
            line.push_str(": ");
            line.push_str(&said);
        }
    }
    line.replace('\n', " ")
}
