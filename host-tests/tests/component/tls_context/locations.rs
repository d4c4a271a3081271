//! `load-verify-locations` with a path.

use std::fs;
use std::process::Command;

use harness::component::{Error, FileErrorCode, Guest, PemSource, Result, TlsError};
use harness::tls::Authority;
use tempfile::TempDir;

use super::visit;
use crate::support::failure;

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("a fresh folder");
    }
    folder
}

fn path(path: &str) -> PemSource {
    PemSource::Path(path.into())
}

#[test]
fn trusts_every_file_of_a_directory() -> Result<()> {
    let [one, two, three] = [Authority::new(), Authority::new(), Authority::new()];
    let both = format!("{}{}", one.pem(), two.pem());
    let folder = folder(&[
        ("both.pem", both.as_bytes()),
        ("again.0", one.pem().as_bytes()),
        ("three.der", three.der()),
        ("README", b"not a certificate"),
        ("empty", b""),
        ("list", one.revoke(&[], 3000).as_bytes()),
    ]);
    fs::create_dir(folder.path().join("below")).expect("a fresh folder");
    std::os::unix::fs::symlink("/nowhere", folder.path().join("link")).expect("a fresh folder");
    let pipe = Command::new("mkfifo")
        .arg(folder.path().join("pipe"))
        .status();
    assert!(pipe.expect("mkfifo is there").success());
    let guest = Guest::builder().preopen(&folder, "/ca").build();
    let context = guest.create_default_context()?;
    context.load_verify_locations(&path("/ca"))?;
    for authority in [one, two, three] {
        visit(&guest, Some(&context), &authority.issue(&["localhost"]))?;
    }
    Ok(())
}

#[test]
fn refuses_a_directory_without_a_certificate() -> Result<()> {
    let folder = folder(&[("README", b"not a certificate")]);
    let guest = Guest::builder().preopen(&folder, "/ca").build();
    let context = guest.create_default_context()?;
    let refused = failure(context.load_verify_locations(&path("/ca")));
    assert!(matches!(refused, Error::Tls(TlsError::Configuration(_))));
    Ok(())
}

#[test]
fn names_the_file_of_a_directory_that_is_broken_and_loads_nothing() -> Result<()> {
    let authority = Authority::new();
    let torn = authority.pem().replace("-----END", "");
    let folder = folder(&[
        ("a.pem", authority.pem().as_bytes()),
        ("b.pem", torn.as_bytes()),
    ]);
    let guest = Guest::builder().preopen(&folder, "/ca").build();
    let context = guest.create_default_context()?;
    let refused = failure(context.load_verify_locations(&path("/ca")));
    let Error::Tls(TlsError::Configuration(text)) = refused else {
        panic!("{refused:?}")
    };
    assert!(text.contains("/ca/b.pem: bad pem"), "{text}");
    let identity = authority.issue(&["localhost"]);
    assert!(visit(&guest, Some(&context), &identity).is_err());
    Ok(())
}

#[test]
fn says_which_path_there_is_not() -> Result<()> {
    let folder = folder(&[]);
    let guest = Guest::builder().preopen(&folder, "/ca").build();
    let context = guest.create_default_context()?;
    for missing in ["/ca/none.pem", "/elsewhere"] {
        for refused in [
            context.load_verify_locations(&path(missing)),
            context.load_crls(&path(missing)),
        ] {
            let Error::File(error) = failure(refused) else {
                panic!("it is no file")
            };
            assert_eq!(error.path.as_deref(), Some(missing));
            assert!(matches!(error.code, FileErrorCode::NoEntry), "{error:?}");
        }
    }
    Ok(())
}

#[test]
fn a_directory_holds_authorities_only() -> Result<()> {
    let folder = folder(&[]);
    fs::create_dir(folder.path().join("below")).expect("a fresh folder");
    let guest = Guest::builder().preopen(&folder, "/ca").build();
    let context = guest.create_default_context()?;
    for refused in [
        context.load_crls(&path("/ca/below")),
        context.load_cert_chain(&path("/ca/below"), None),
    ] {
        let Error::File(error) = failure(refused) else {
            panic!("it is no file")
        };
        assert!(
            matches!(error.code, FileErrorCode::IsDirectory),
            "{error:?}"
        );
    }
    Ok(())
}

#[test]
fn a_path_leads_into_the_directory_that_the_host_gave_under_its_name() -> Result<()> {
    let pem = Authority::new().pem();
    let folder = folder(&[("root.pem", pem.as_bytes())]);
    let elsewhere = [
        "/nowhere/root.pem",
        "/caroot.pem",
        "/c/root.pem",
        "/CA/root.pem",
    ];
    for (name, paths) in [
        ("/ca", &["/ca/root.pem", "ca/root.pem", "./ca/root.pem"][..]),
        ("ca/", &["/ca/root.pem", "//ca//root.pem", "/ca/./root.pem"]),
        ("/a/b", &["/a/b/root.pem", "a/b/root.pem"]),
        (".", &["root.pem", "./root.pem", "/root.pem"]),
        ("/", &["/root.pem", "root.pem", ".//root.pem"]),
    ] {
        let guest = Guest::builder().preopen(&folder, name).build();
        let context = guest.create_unverified_context();
        for right in paths {
            let loaded = context.load_verify_locations(&path(right));
            assert_eq!(loaded, Ok(()), "{right} in {name}");
        }
        for wrong in elsewhere {
            let Error::File(error) = failure(context.load_verify_locations(&path(wrong))) else {
                panic!("{wrong} in {name} is no file")
            };
            let missing = matches!(error.code, FileErrorCode::NoEntry);
            assert!(missing, "{wrong} in {name}: {error:?}");
        }
    }
    Ok(())
}

#[test]
fn of_two_directories_the_one_with_the_longer_name_is_meant() -> Result<()> {
    let pem = Authority::new().pem();
    let (outer, inner) = (folder(&[]), folder(&[("root.pem", pem.as_bytes())]));
    for names in [["/ca", "/ca/own"], ["/", "/ca/own"]] {
        let guest = Guest::builder()
            .preopen(&outer, names[0])
            .preopen(&inner, names[1])
            .build();
        let context = guest.create_unverified_context();
        context.load_verify_locations(&path("/ca/own/root.pem"))?;
    }
    Ok(())
}

#[test]
fn without_any_directory_there_is_no_file() -> Result<()> {
    let guest = Guest::new();
    let context = guest.create_unverified_context();
    let refused = failure(context.load_verify_locations(&path("/root.pem")));
    let Error::File(error) = refused else {
        panic!("{refused:?}")
    };
    assert!(matches!(error.code, FileErrorCode::NoEntry), "{error:?}");
    assert_eq!(error.path.as_deref(), Some("/root.pem"));
    Ok(())
}
