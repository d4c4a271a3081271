//! `OfflineTest`: the constants.

use harness::component::{Guest, Result};

use crate::basic_test::statuses;

#[test]
fn test_responses() -> Result<()> {
    let guest = Guest::new();
    let responses = guest.responses();
    assert!(responses.contains(&(404, "Not Found".to_owned())));
    assert_eq!(guest.reason_phrase(404).as_deref(), Some("Not Found"));
    Ok(())
}

/// Both the old names and those of RFC 9110.
#[test]
fn test_client_constants() -> Result<()> {
    let guest = Guest::new();
    for (code, name, _) in statuses() {
        assert_eq!(guest.constant(name), Some(code), "{name}");
    }
    assert_eq!(guest.constant("HTTP_PORT"), Some(80));
    assert_eq!(guest.constant("HTTPS_PORT"), Some(443));
    assert_eq!(guest.constant("NO_SUCH_STATUS"), None);
    Ok(())
}
