//! P-521, which ring does not have: what OpenSSL and RFC 6979 say.

use rustls::pki_types::alg_id;

use super::*;

/// The key whose signatures follow, and `openssl dgst -sign` over `message`.
const OPENSSL_KEY: &str = "04012de3a04b973871d086bd397e66cc22eb5339330d930098c00773662e5941e2716d086a78831d7ffd\
     a65524d183335f3ef9bc3bdaace65f0bac8e76e475347a2120018ddd4244041c93140dc1057d633d4a65\
     8224853bfb21358590f6f26a76607ddcb3963aab840885c8f00644084fa19f29303377ccef4f7a96b306\
     a64eaa8e1c2bc4";
const SIGNATURES: [(SignatureScheme, &str); 3] = [
    (
        SignatureScheme::ECDSA_NISTP256_SHA256,
        "308188024201109f656791f94b3be528763b5ff86a6083bf3de7f0c016e7693eb62b23e8798940f461ef\
         9fb37c996c6cc7db7356a8c61120bc666d2feb9dd8a98c74217882a742024201d9686bdedc9e8c9863d1\
         f78ad45286165764c85facdd55c95d19fe5eba3b4ea80aee6b3c9b57cd2681b01ff1b32a4c53c95b2dc6\
         bf72d9d019974d1b2d7ea6fc0c",
    ),
    (
        SignatureScheme::ECDSA_NISTP384_SHA384,
        "308187024201121774cb0e31d03aadaed39a296dda0568b922822b48c5e6895c8675542408998bb07726\
         21bb4bc364a8f3811d65b85b41586ecd4e4315114c3a1f3307ef9d677e024159e4c7e15374a32ddfa470\
         2f0cb5019bcf34e2a171a8dcae1a7dee0a83dc4f06cea41e53cab8042a6bf0368246b68fa0fcca09b9ef\
         4cff339a6b6f36c1fa6d94c0",
    ),
    (
        SignatureScheme::ECDSA_NISTP521_SHA512,
        "30818802420174a65b2e2a9c2822baeeeb43db0a3a368644a953db13b10d5153b7d878cc4a929183e34c\
         3f75ad75f2086338412fb3923255a4d98a38a734588ad36080f08eda4b024201c754d160a8515a76b6b2\
         f090d9b1060ce43fdc7a7d2fb3d91788826cce2ddf134e07d63e25c307a46cde82691e1f5adfc9174300\
         5ec9c4b657e2059068e4826d42",
    ),
];

#[test]
fn believes_openssl_s_signatures_over_each_hash() {
    let key = hex(OPENSSL_KEY);
    for (scheme, signature) in SIGNATURES {
        let mut candidates = algorithms(scheme).iter();
        let algorithm = candidates.find(|it| it.public_key_alg_id() == alg_id::ECDSA_P521);
        let algorithm = algorithm.unwrap();
        let signature = hex(signature);
        let verdict = algorithm.verify_signature(&key, b"message", &signature);
        assert!(verdict.is_ok(), "{scheme:?}");
        let verdict = algorithm.verify_signature(&key, b"massage", &signature);
        assert!(verdict.is_err(), "{scheme:?}");
    }
}

/// RFC 6979, section A.2.7.
#[test]
fn signs_as_rfc_6979_does() {
    let secret = hex(
        "00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75caa896eb32f1f47c7085\
         5836a6d16fcc1466f6d8fbec67db89ec0c08b0e996b83538",
    );
    let sec1 = [&[0x30, 71, 2, 1, 1, 4, 66], &secret[..]].concat();
    let key = sign::load(&PrivateKeyDer::Sec1(sec1.into())).unwrap();
    let scheme = SignatureScheme::ECDSA_NISTP521_SHA512;
    assert!(
        key.choose_scheme(&[SignatureScheme::ECDSA_NISTP256_SHA256])
            .is_none()
    );
    let signer = key.choose_scheme(&[scheme]).unwrap();
    let signature = signer.sign(b"sample").unwrap();
    let expected = hex("3081870242\
         00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450\
         606add152b534931d7d4e8455cc91f9b15bf05ec36e377fa0241\
         617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8\
         b8c37ff0777b1a20f8ccb1dccc43997f1ee0e44da4a67a");
    assert_eq!(signature, expected);
    let public = public_key(key.as_ref());
    let verdict = algorithms(scheme)[0].verify_signature(&public, b"sample", &signature);
    assert!(verdict.is_ok());
}
