//! `http-message`.

use crate::calls::{Fields, MessageCall, Outcome};

/// What the call gives of these headers.
pub fn expected(headers: &Fields, call: &MessageCall) -> Outcome {
    let all = |name: &str| -> Vec<String> {
        let named = headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.clone()).collect()
    };
    let first = |name: &str| all(name).into_iter().next();
    // One of the replies has a type.
    let is_typed = first("Content-Type").is_some();
    let typed = |yes: &str, no: &str| Outcome::Text(if is_typed { yes } else { no }.to_owned());
    let charset = |value: &str| is_typed.then(|| value.to_owned());
    match call {
        MessageCall::Get(name) => {
            let values = all(name);
            (!values.is_empty()).then(|| values.join(", ")).into()
        }
        MessageCall::GetAll(name) => Outcome::Texts(all(name)),
        MessageCall::Names => {
            Outcome::Texts(headers.iter().map(|(name, _)| name.clone()).collect())
        }
        MessageCall::Items => Outcome::Fields(headers.clone()),
        MessageCall::Contains(name) => Outcome::Flag(first(name).is_some()),
        MessageCall::Headers => {
            let line =
                |(name, value): &(String, String)| format!("{name}: {value}\r\n").into_bytes();
            Outcome::Blocks(headers.iter().map(line).collect())
        }
        MessageCall::ContentType => typed("text/html", "text/plain"),
        MessageCall::ContentMaintype => typed("text", "text"),
        MessageCall::ContentSubtype => typed("html", "plain"),
        MessageCall::Params => {
            let params = charset("UTF-8").map(|it| ("charset".to_owned(), it));
            Outcome::Fields(params.into_iter().collect())
        }
        MessageCall::Param(name) => {
            let named = charset("UTF-8").filter(|_| name.eq_ignore_ascii_case("charset"));
            named.into()
        }
        MessageCall::ContentCharset => charset("utf-8").into(),
        MessageCall::Encoding => Outcome::Text("7bit".into()),
        MessageCall::ContentEncoding => {
            let codings = all("Content-Encoding").join(",").to_ascii_lowercase();
            let codings = codings
                .split(',')
                .map(str::trim)
                .filter(|it| !it.is_empty());
            Outcome::Texts(codings.map(str::to_owned).collect())
        }
    }
}
