"""HTTPS: what is trusted, and what is not."""

from support import TestCase, World, httplib, ssl

GREETING = b"Hello from the test server.\n"


class Https(TestCase):
    def context(self):
        return ssl.create_default_context(cafile=World.file("ca.pem"))

    def fetch(self, *server, **options):
        connection = self.https(*server, **options)
        connection.request("GET", "/")
        return connection.getresponse().read()

    def refusal(self, *server, **options):
        with self.assertRaises(ssl.SSLCertVerificationError) as caught:
            self.fetch(*server, **options)
        self.assertEqual(caught.exception.reason, "CERTIFICATE_VERIFY_FAILED")
        return caught.exception

    def test_an_own_authority_is_trusted(self):
        self.assertEqual(self.fetch(), GREETING)

    def test_an_authority_can_be_given_as_text_or_der(self):
        with open(World.file("ca.pem"), encoding="ascii") as file:
            text = file.read()
        der = ssl.PEM_cert_to_DER_cert(text)
        for cadata in [text, der]:
            context = ssl.create_default_context(cadata=cadata)
            self.assertEqual(self.fetch(context=context), GREETING)

    def test_an_empty_context_trusts_what_is_loaded(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        with self.assertRaises(ssl.SSLError):
            self.fetch(context=context)
        context.load_verify_locations(World.file("ca.pem"))
        self.assertEqual(self.fetch(context=context), GREETING)

    def test_the_default_context_does_not_know_the_authority(self):
        error = self.refusal(context=ssl.create_default_context())
        self.assertEqual(error.verify_code, 20)
        self.assertIsInstance(error, OSError)
        self.assertIsInstance(error, ValueError)
        self.refusal(context=None)

    def test_a_certificate_for_another_name_is_refused(self):
        error = self.refusal("https", "127.0.0.1")
        self.assertIn(error.verify_code, [62, 64])
        self.assertIn("127.0.0.1", error.verify_message)

    def test_a_certificate_that_has_expired_is_refused(self):
        self.assertEqual(self.refusal("expired").verify_code, 10)

    def test_names_need_not_be_checked(self):
        context = self.context()
        context.check_hostname = False
        self.assertEqual(self.fetch("https", "127.0.0.1", context=context), GREETING)
        self.refusal("expired", context=context)

    def test_nothing_need_be_checked(self):
        context = ssl._create_unverified_context()
        self.assertEqual(context.verify_mode, ssl.CERT_NONE)
        self.assertEqual(self.fetch("expired", "127.0.0.1", context=context), GREETING)

    def test_what_is_checked_is_consistent(self):
        context = self.context()
        self.assertEqual((context.check_hostname, context.verify_mode), (True, ssl.CERT_REQUIRED))
        with self.assertRaises(ValueError):
            context.verify_mode = ssl.CERT_NONE
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.check_hostname = True
        self.assertEqual(context.verify_mode, ssl.CERT_REQUIRED)
        self.refusal("https", "127.0.0.1", context=context)

    def test_the_hook_makes_contexts_for_those_without(self):
        self.addCleanup(setattr, ssl, "_create_default_https_context", ssl.create_default_context)
        ssl._create_default_https_context = ssl._create_unverified_context
        self.assertEqual(self.fetch(context=None), GREETING)

    def test_a_client_shows_its_certificate(self):
        context = self.context()
        context.load_cert_chain(World.file("client.pem"), World.file("client.key"))
        self.assertEqual(self.fetch("mutual", context=context), GREETING)

    def test_a_client_without_a_certificate_is_sent_away(self):
        with self.assertRaises(OSError):
            self.fetch("mutual")

    def test_files_have_to_be_there(self):
        with self.assertRaises(FileNotFoundError):
            self.context().load_cert_chain(World.file("none.pem"))
        with self.assertRaises(FileNotFoundError):
            self.context().load_verify_locations(World.file("none.pem"))
        with self.assertRaises(TypeError):
            self.context().load_verify_locations()

    def test_files_have_to_hold_what_they_are_for(self):
        with self.assertRaises(ssl.SSLError):
            self.context().load_cert_chain(World.file("ca.pem"))
        with self.assertRaises(ssl.SSLError):
            self.context().load_verify_locations(World.file("client.key"))

    def test_the_version_can_be_chosen(self):
        context = self.context()
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        self.assertEqual(context.minimum_version, ssl.TLSVersion.TLSv1_3)
        connection = self.https(context=context)
        connection.connect()
        self.assertEqual(connection.sock.version(), "TLSv1.3")
        self.assertEqual(connection.sock.cipher()[1], "TLSv1.3")
        self.assertTrue(connection.sock.getpeercert(True))

    def test_cipher_suites_of_the_older_version_can_be_chosen(self):
        context = self.context()
        context.set_ciphers("ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:NONE-SUCH")
        connection = self.https(context=context)
        connection.connect()
        self.assertEqual(connection.sock.version(), "TLSv1.3")
        with self.assertRaises(ssl.SSLError):
            context.set_ciphers("NONE-SUCH")

    def test_the_key_log_has_the_secrets(self):
        context = self.context()
        context.keylog_filename = World.file("secrets.log")
        self.fetch(context=context)
        with open(context.keylog_filename, encoding="ascii") as file:
            self.assertIn("CLIENT_TRAFFIC_SECRET_0", file.read())

    def test_a_server_that_does_not_speak_tls(self):
        with self.assertRaises(ssl.SSLError):
            self.fetch("http")

    def test_protocols_can_be_offered(self):
        context = self.context()
        context.set_alpn_protocols(["http/1.1"])
        self.assertEqual(self.fetch(context=context), GREETING)
        with self.assertRaises((ValueError, ssl.SSLError)):
            context.set_alpn_protocols(["a", ""])


class Exceptions(TestCase):
    def test_have_their_bases(self):
        self.assertTrue(issubclass(ssl.SSLError, OSError))
        self.assertTrue(issubclass(ssl.SSLEOFError, ssl.SSLError))
        self.assertIs(ssl.CertificateError, ssl.SSLCertVerificationError)
        self.assertEqual(httplib.HTTPSConnection.default_port, 443)
