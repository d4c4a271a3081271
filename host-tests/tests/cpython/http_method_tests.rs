//! `HttpMethodTests`: what is no method.

use harness::component::{Guest, Result};

use crate::support::is_value;

#[test]
fn test_invalid_method_names() -> Result<()> {
    for method in [
        "GET\r",
        "POST\n",
        "PUT\n\r",
        "POST\nValue",
        "POST\nHOST:abc",
        "GET\nrHost:abc\n",
        "POST\rRemainder:\r",
        "GET\rHOST:\n",
        "\nPUT",
    ] {
        let connection = Guest::new().http("127.0.0.1", 9, None)?;
        assert!(
            is_value(&connection.request(method, "/", None, &[])),
            "{method:?}"
        );
        assert!(is_value(&connection.put_request(method, "/")), "{method:?}");
    }
    Ok(())
}
