//! `create-default`, `load-default-certs` and the environment: `SSL_CERT_FILE` and `SSL_CERT_DIR`.

use std::fs;

use harness::component::{Error, Guest, Result, TlsError};
use harness::tls::Authority;
use tempfile::TempDir;

use super::{pem, visit};
use crate::support::failure;

/// A folder with each authority in a folder of its own, `0/ca.pem` and so on.
fn folder(authorities: &[&Authority]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (number, authority) in authorities.iter().enumerate() {
        let own = folder.path().join(number.to_string());
        fs::create_dir(&own).expect("a fresh folder");
        fs::write(own.join("ca.pem"), authority.pem()).expect("a fresh folder");
    }
    folder
}

/// Which of the authorities a guest with these variables trusts: by its default context, by a bare one
/// that loaded the same, and without one.
fn trusted(variables: &[(&str, &str)], authorities: &[&Authority]) -> Result<Vec<bool>> {
    let folder = folder(authorities);
    let mut builder = Guest::builder().preopen(&folder, "/ca");
    for (name, value) in variables {
        builder = builder.env(name, value);
    }
    let guest = builder.build();
    let context = guest.create_default_context()?;
    let bare = guest.create_bare_context();
    bare.load_default_certs()?;
    let trusted = |authority: &&Authority| {
        let identity = authority.issue(&["localhost"]);
        let [with, loaded, without] = [Some(&context), Some(&bare), None]
            .map(|context| visit(&guest, context, &identity).is_ok());
        assert_eq!((with, with), (loaded, without));
        with
    };
    Ok(authorities.iter().map(trusted).collect())
}

#[test]
fn trusts_the_file_of_ssl_cert_file() -> Result<()> {
    let (one, two) = (Authority::new(), Authority::new());
    let variables = [("SSL_CERT_FILE", "/ca/0/ca.pem")];
    assert_eq!(trusted(&variables, &[&one, &two])?, [true, false]);
    Ok(())
}

#[test]
fn trusts_the_directories_of_ssl_cert_dir() -> Result<()> {
    let [one, two, three] = [Authority::new(), Authority::new(), Authority::new()];
    let variables = [("SSL_CERT_DIR", "/ca/0:/ca/none:/ca/2")];
    assert_eq!(
        trusted(&variables, &[&one, &two, &three])?,
        [true, false, true]
    );
    Ok(())
}

#[test]
fn trusts_both_together() -> Result<()> {
    let [one, two, three] = [Authority::new(), Authority::new(), Authority::new()];
    let variables = [("SSL_CERT_FILE", "/ca/0/ca.pem"), ("SSL_CERT_DIR", "/ca/1")];
    assert_eq!(
        trusted(&variables, &[&one, &two, &three])?,
        [true, true, false]
    );
    Ok(())
}

#[test]
fn trusts_mozilla_s_where_the_host_does_not_give_the_file() -> Result<()> {
    let one = Authority::new();
    for variables in [
        &[("SSL_CERT_FILE", "/elsewhere/ca.pem")][..],
        &[("SSL_CERT_DIR", "/elsewhere")],
        &[("SSL_CERT_FILE", ""), ("SSL_CERT_DIR", "")],
    ] {
        assert_eq!(trusted(variables, &[&one])?, [false]);
    }
    Ok(())
}

/// An empty path is a name for the working directory on some systems.
#[test]
fn trusts_nothing_in_the_working_directory() -> Result<()> {
    let authority = Authority::new();
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("ca.pem"), authority.pem()).expect("a fresh folder");
    let identity = authority.issue(&["localhost"]);
    for directories in [None, Some(""), Some(":"), Some("/elsewhere:")] {
        let mut builder = Guest::builder().preopen(&folder, ".");
        if let Some(directories) = directories {
            builder = builder.env("SSL_CERT_DIR", directories);
        }
        let refused = failure(visit(&builder.build(), None, &identity));
        let cause = matches!(refused, Error::Tls(TlsError::UnknownIssuer(_)));
        assert!(cause, "{directories:?}: {refused:?}");
    }
    Ok(())
}

#[test]
fn default_certs_come_to_those_that_are_loaded() -> Result<()> {
    let [one, two] = [Authority::new(), Authority::new()];
    let folder = folder(&[&one]);
    let guest = Guest::builder()
        .preopen(&folder, "/ca")
        .env("SSL_CERT_FILE", "/ca/0/ca.pem")
        .build();
    let context = guest.create_bare_context();
    context.load_verify_locations(&pem(&two))?;
    context.load_default_certs()?;
    context.load_default_certs()?;
    for authority in [one, two] {
        visit(&guest, Some(&context), &authority.issue(&["localhost"]))?;
    }
    Ok(())
}

#[test]
fn mozilla_s_trust_no_stranger() -> Result<()> {
    let guest = Guest::new();
    let context = guest.create_bare_context();
    context.load_default_certs()?;
    let stranger = Authority::new().issue(&["localhost"]);
    let refused = failure(visit(&guest, Some(&context), &stranger));
    assert!(matches!(refused, Error::Tls(TlsError::UnknownIssuer(_))));
    Ok(())
}

#[test]
fn refuses_a_file_without_a_certificate() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("ca.pem"), "nothing").expect("a fresh folder");
    let guest = Guest::builder()
        .preopen(&folder, "/ca")
        .env("SSL_CERT_FILE", "/ca/ca.pem")
        .build();
    let refused = failure(guest.create_default_context());
    let Error::Tls(TlsError::Configuration(text)) = refused else {
        panic!("{refused:?}")
    };
    assert!(text.contains("/ca/ca.pem"), "{text}");
    let refused = failure(guest.create_bare_context().load_default_certs());
    assert_eq!(refused, Error::Tls(TlsError::Configuration(text)));
    let refused = failure(guest.https("localhost", None, None, None));
    assert!(matches!(refused, Error::Tls(TlsError::Configuration(_))));
}

#[test]
fn no_variable_switches_anything_off() -> Result<()> {
    let authority = Authority::new();
    let mut builder = Guest::builder();
    for name in [
        "PYTHONHTTPSVERIFY",
        "NODE_TLS_REJECT_UNAUTHORIZED",
        "SSL_VERIFY",
    ] {
        builder = builder.env(name, "0");
    }
    let guest = builder.build();
    let refused = failure(visit(&guest, None, &authority.issue(&["localhost"])));
    assert!(matches!(refused, Error::Tls(TlsError::UnknownIssuer(_))));
    Ok(())
}
