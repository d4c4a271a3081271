//! What both programs do alike, with bindings of the same shape.

/// Makes functions that turn the arguments and results of calls from and into the model's terms, for the bindings in
/// scope as `client` and `status`, with `fault`, `FOLDER` and the names of [`calls`](crate::calls) beside them.
#[macro_export]
macro_rules! outcomes {
    () => {
        fn options(target: &Target) -> client::ConnectionOptions {
            let options = target.options.clone();
            client::ConnectionOptions {
                strict: options.strict,
                timeout: options.timeout,
                source_address: options.source_address,
                blocksize: options.blocksize,
                max_response_headers: options.max_response_headers,
            }
        }

        fn message(it: &HttpMessage, call: &MessageCall) -> Outcome {
            match call {
                MessageCall::Get(name) => it.get(name).into(),
                MessageCall::GetAll(name) => Outcome::Texts(it.get_all(name)),
                MessageCall::Names => Outcome::Texts(it.names()),
                MessageCall::Items => Outcome::Fields(it.items()),
                MessageCall::Contains(name) => it.contains(name).into(),
                MessageCall::Headers => Outcome::Blocks(it.headers()),
                MessageCall::ContentType => Outcome::Text(it.get_content_type()),
                MessageCall::ContentMaintype => Outcome::Text(it.get_content_maintype()),
                MessageCall::ContentSubtype => Outcome::Text(it.get_content_subtype()),
                MessageCall::Params => Outcome::Fields(it.get_params()),
                MessageCall::Param(name) => it.get_param(name).into(),
                MessageCall::ContentCharset => it.get_content_charset().into(),
                MessageCall::Encoding => Outcome::Text(it.get_encoding()),
                MessageCall::ContentEncoding => Outcome::Texts(it.get_content_encoding()),
            }
        }

        /// A call that reads no file.
        fn context_at_once(it: &TlsContext, call: &ContextCall) -> Outcome {
            match call {
                ContextCall::SetCheckHostname(check) => {
                    it.set_check_hostname(*check);
                    done(())
                }
                ContextCall::SetVerifyMode(mode) => result(it.set_verify_mode(match mode {
                    Verify::None => client::VerifyMode::CertNone,
                    Verify::Optional => client::VerifyMode::CertOptional,
                    Verify::Required => client::VerifyMode::CertRequired,
                })),
                ContextCall::SetMinimumVersion(version) => {
                    it.set_minimum_version(match version {
                        Version::Tls12 => client::TlsVersion::Tls12,
                        Version::Tls13 => client::TlsVersion::Tls13,
                    });
                    done(())
                }
                ContextCall::SetCipherSuites(names) => result(it.set_cipher_suites(names)),
                ContextCall::SetAlpnProtocols(names) => result(it.set_alpn_protocols(names)),
                ContextCall::AddPin(pin) => result(it.add_pin(pin)),
                _ => Outcome::Absent,
            }
        }

        fn source(pem: &Pem) -> client::PemSource {
            let path = |name: &str| format!("{FOLDER}/{name}");
            match pem {
                Pem::BytesOf(name) => {
                    client::PemSource::Bytes(std::fs::read(path(name)).expect("the file is there"))
                }
                Pem::PathOf(name) => client::PemSource::Path(path(name)),
                Pem::Bytes(bytes) => client::PemSource::Bytes(bytes.clone()),
                Pem::Path(path) => client::PemSource::Path(path.clone()),
            }
        }

        fn constant(call: &StatusCall) -> Outcome {
            match call {
                StatusCall::HttpPort => number(status::http_port()),
                StatusCall::HttpsPort => number(status::https_port()),
                StatusCall::ReasonPhrase(code) => status::reason_phrase(*code).into(),
                StatusCall::Responses => number(status::responses().len() as u64),
                StatusCall::Constant(name) => status::constant(name).map(u64::from).into(),
            }
        }

        fn done((): ()) -> Outcome {
            Outcome::Done
        }

        fn number(number: impl Into<u64>) -> Outcome {
            Outcome::Number(number.into())
        }

        fn result(result: Result<(), client::Error>) -> Outcome {
            match result {
                Ok(()) => Outcome::Done,
                Err(error) => failed(&error),
            }
        }

        fn bytes(result: Result<Vec<u8>, client::Error>) -> Outcome {
            match result {
                Ok(bytes) => Outcome::Bytes(bytes),
                Err(error) => failed(&error),
            }
        }

        fn moved(result: Result<u64, client::Error>) -> Outcome {
            match result {
                Ok(moved) => Outcome::Number(moved),
                Err(error) => failed(&error),
            }
        }

        /// Puts what was made into its slot.
        fn keep<T>(slot: &mut Option<T>, made: Result<T, client::Error>) -> Outcome {
            match made {
                Ok(made) => {
                    *slot = Some(made);
                    Outcome::Done
                }
                Err(error) => failed(&error),
            }
        }

        /// Each error can be described, too.
        fn failed(error: &client::Error) -> Outcome {
            assert!(!client::describe(error).is_empty(), "{error:?}");
            Outcome::Failed(fault(error))
        }
    };
}
