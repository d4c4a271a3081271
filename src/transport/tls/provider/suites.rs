//! The cipher suites, in the order in which they are offered.

use rustls::crypto::tls12::PrfUsingHmac;
use rustls::crypto::tls13::HkdfUsingHmac;
use rustls::crypto::{CipherSuiteCommon, KeyExchangeAlgorithm};
use rustls::{
    CipherSuite, SignatureScheme, SupportedCipherSuite, Tls12CipherSuite, Tls13CipherSuite,
};

use super::aead::Algorithm;
use super::cipher::Cipher;
use super::hash::{HMAC_SHA256, HMAC_SHA384, SHA256, SHA384};

pub(super) static ALL: &[SupportedCipherSuite] = &[
    SupportedCipherSuite::Tls13(&TLS13_CHACHA20_POLY1305),
    SupportedCipherSuite::Tls13(&TLS13_AES_128_GCM),
    SupportedCipherSuite::Tls13(&TLS13_AES_256_GCM),
    SupportedCipherSuite::Tls12(&ECDSA_CHACHA20_POLY1305),
    SupportedCipherSuite::Tls12(&RSA_CHACHA20_POLY1305),
    SupportedCipherSuite::Tls12(&ECDSA_AES_128_GCM),
    SupportedCipherSuite::Tls12(&RSA_AES_128_GCM),
    SupportedCipherSuite::Tls12(&ECDSA_AES_256_GCM),
    SupportedCipherSuite::Tls12(&RSA_AES_256_GCM),
];

static ECDSA: &[SignatureScheme] = &[
    SignatureScheme::ED25519,
    SignatureScheme::ECDSA_NISTP256_SHA256,
    SignatureScheme::ECDSA_NISTP384_SHA384,
    SignatureScheme::ECDSA_NISTP521_SHA512,
];

static RSA: &[SignatureScheme] = &[
    SignatureScheme::RSA_PSS_SHA256,
    SignatureScheme::RSA_PSS_SHA384,
    SignatureScheme::RSA_PSS_SHA512,
    SignatureScheme::RSA_PKCS1_SHA256,
    SignatureScheme::RSA_PKCS1_SHA384,
    SignatureScheme::RSA_PKCS1_SHA512,
];

static CHACHA20_POLY1305: Cipher = Cipher(Algorithm::ChaCha20Poly1305);
static AES_128_GCM: Cipher = Cipher(Algorithm::Aes128Gcm);
static AES_256_GCM: Cipher = Cipher(Algorithm::Aes256Gcm);

static TLS13_CHACHA20_POLY1305: Tls13CipherSuite = Tls13CipherSuite {
    common: sha256(
        CipherSuite::TLS13_CHACHA20_POLY1305_SHA256,
        &CHACHA20_POLY1305,
    ),
    hkdf_provider: &HkdfUsingHmac(&HMAC_SHA256),
    aead_alg: &CHACHA20_POLY1305,
    quic: None,
};

static TLS13_AES_128_GCM: Tls13CipherSuite = Tls13CipherSuite {
    common: sha256(CipherSuite::TLS13_AES_128_GCM_SHA256, &AES_128_GCM),
    hkdf_provider: &HkdfUsingHmac(&HMAC_SHA256),
    aead_alg: &AES_128_GCM,
    quic: None,
};

static TLS13_AES_256_GCM: Tls13CipherSuite = Tls13CipherSuite {
    common: sha384(CipherSuite::TLS13_AES_256_GCM_SHA384, &AES_256_GCM),
    hkdf_provider: &HkdfUsingHmac(&HMAC_SHA384),
    aead_alg: &AES_256_GCM,
    quic: None,
};

static ECDSA_CHACHA20_POLY1305: Tls12CipherSuite = Tls12CipherSuite {
    common: sha256(
        CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        &CHACHA20_POLY1305,
    ),
    kx: KeyExchangeAlgorithm::ECDHE,
    sign: ECDSA,
    aead_alg: &CHACHA20_POLY1305,
    prf_provider: &PrfUsingHmac(&HMAC_SHA256),
};

static RSA_CHACHA20_POLY1305: Tls12CipherSuite = Tls12CipherSuite {
    common: sha256(
        CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        &CHACHA20_POLY1305,
    ),
    kx: KeyExchangeAlgorithm::ECDHE,
    sign: RSA,
    aead_alg: &CHACHA20_POLY1305,
    prf_provider: &PrfUsingHmac(&HMAC_SHA256),
};

static ECDSA_AES_128_GCM: Tls12CipherSuite = Tls12CipherSuite {
    common: sha256(
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        &AES_128_GCM,
    ),
    kx: KeyExchangeAlgorithm::ECDHE,
    sign: ECDSA,
    aead_alg: &AES_128_GCM,
    prf_provider: &PrfUsingHmac(&HMAC_SHA256),
};

static RSA_AES_128_GCM: Tls12CipherSuite = Tls12CipherSuite {
    common: sha256(
        CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        &AES_128_GCM,
    ),
    kx: KeyExchangeAlgorithm::ECDHE,
    sign: RSA,
    aead_alg: &AES_128_GCM,
    prf_provider: &PrfUsingHmac(&HMAC_SHA256),
};

static ECDSA_AES_256_GCM: Tls12CipherSuite = Tls12CipherSuite {
    common: sha384(
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        &AES_256_GCM,
    ),
    kx: KeyExchangeAlgorithm::ECDHE,
    sign: ECDSA,
    aead_alg: &AES_256_GCM,
    prf_provider: &PrfUsingHmac(&HMAC_SHA384),
};

static RSA_AES_256_GCM: Tls12CipherSuite = Tls12CipherSuite {
    common: sha384(
        CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        &AES_256_GCM,
    ),
    kx: KeyExchangeAlgorithm::ECDHE,
    sign: RSA,
    aead_alg: &AES_256_GCM,
    prf_provider: &PrfUsingHmac(&HMAC_SHA384),
};

const fn sha256(suite: CipherSuite, aead: &Cipher) -> CipherSuiteCommon {
    CipherSuiteCommon {
        suite,
        hash_provider: &SHA256,
        confidentiality_limit: aead.0.confidentiality_limit(),
    }
}

const fn sha384(suite: CipherSuite, aead: &Cipher) -> CipherSuiteCommon {
    CipherSuiteCommon {
        suite,
        hash_provider: &SHA384,
        confidentiality_limit: aead.0.confidentiality_limit(),
    }
}
