//! `status`.

use crate::calls::{Outcome, StatusCall};

/// Some of the registry.
const KNOWN: &[(u16, &str, &str)] = &[
    (100, "Continue", "CONTINUE"),
    (200, "OK", "OK"),
    (404, "Not Found", "NOT_FOUND"),
    (413, "Content Too Large", "REQUEST_ENTITY_TOO_LARGE"),
    (413, "Content Too Large", "CONTENT_TOO_LARGE"),
    (
        511,
        "Network Authentication Required",
        "NETWORK_AUTHENTICATION_REQUIRED",
    ),
];

/// What the call gives.
pub fn expected(call: &StatusCall, seen: &Outcome) -> Outcome {
    match call {
        StatusCall::HttpPort => Outcome::Number(80),
        StatusCall::HttpsPort => Outcome::Number(443),
        StatusCall::ReasonPhrase(code) => {
            let known = KNOWN.iter().find(|(known, ..)| known == code);
            match known {
                Some((_, phrase, _)) => Outcome::Text((*phrase).to_owned()),
                // The registry has more than this table, between 100 and 511.
                None if (100..=511).contains(code) => seen.clone(),
                None => Outcome::Nothing,
            }
        }
        StatusCall::Responses => match seen {
            Outcome::Number(40..=99) => seen.clone(),
            _ => Outcome::Number(62),
        },
        StatusCall::Constant(name) => match name.as_str() {
            "HTTP_PORT" => Outcome::Number(80),
            "HTTPS_PORT" => Outcome::Number(443),
            name => {
                let known = KNOWN.iter().find(|(_, _, known)| *known == name);
                known.map(|(code, ..)| u64::from(*code)).into()
            }
        },
    }
}
