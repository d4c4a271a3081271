"""Whom requests trusts, and what it shows of itself."""

import hashlib
import warnings

import requests
import urllib3
from requests.adapters import HTTPAdapter

from support import HEAD, LIMIT, OK, World, send, ssl

from .exchange import GREETING, Pages


class WithContext(HTTPAdapter):
    """An adapter whose connections use a context of the program's."""

    def __init__(self, context):
        self.context = context
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, ssl_context=self.context, **kwargs)


class Trust(Pages):
    def fetch(self, server="https", host="localhost", **options):
        options.setdefault("verify", World.file("ca.pem"))
        url = f"https://{host}:{World.ports[server]}/"
        return requests.get(url, timeout=LIMIT, **options).content

    def refusal(self, *server, **options):
        with self.assertRaises(requests.exceptions.SSLError) as caught:
            self.fetch(*server, **options)
        return str(caught.exception)

    def test_an_authority_from_a_file(self):
        self.assertEqual(self.fetch(), GREETING)

    def test_authorities_from_a_folder(self):
        self.assertEqual(self.fetch(verify=World.file("hashed")), GREETING)

    def test_a_file_has_to_be_there(self):
        with self.assertRaises(OSError):
            self.fetch(verify=World.file("none.pem"))

    def test_an_unknown_authority_is_refused(self):
        for options in [{"verify": True}, {"verify": World.file("client.pem")}]:
            self.refusal(**options)

    def test_another_name_is_refused(self):
        self.assertIn("127.0.0.1", self.refusal("https", "127.0.0.1"))

    def test_an_expired_certificate_is_refused(self):
        self.assertIn("expired", self.refusal("expired"))

    def test_the_error_has_that_of_tls(self):
        with self.assertRaises(requests.exceptions.SSLError) as caught:
            self.fetch("expired")
        reason = caught.exception.args[0].reason
        self.assertIsInstance(reason, urllib3.exceptions.SSLError)
        self.assertEqual(reason.args[0].verify_code, 10)

    def test_nothing_need_be_verified(self):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            self.assertEqual(self.fetch("expired", "127.0.0.1", verify=False), GREETING)
        kinds = [it.category for it in caught]
        self.assertIn(urllib3.exceptions.InsecureRequestWarning, kinds)

    def test_what_is_verified_gives_no_warning(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            self.fetch()

    def test_verification_is_a_matter_of_each_request(self):
        with requests.Session() as session:
            url = self.url("https")
            self.assertEqual(session.get(url, verify=False).content, GREETING)
            with self.assertRaises(requests.exceptions.SSLError):
                session.get(url, verify=True)
            self.assertEqual(session.get(url, verify=World.file("ca.pem")).content, GREETING)

    def test_a_client_shows_its_certificate(self):
        pair = World.file("client.pem"), World.file("client.key")
        for cert in [pair, World.file("client-both.pem")]:
            self.assertEqual(self.fetch("mutual", cert=cert), GREETING)

    def test_a_client_without_a_certificate_is_sent_away(self):
        with self.assertRaises(requests.exceptions.ConnectionError):
            self.fetch("mutual")

    def test_a_context_of_the_programs(self):
        context = ssl.create_default_context(cafile=World.file("ca.pem"))
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        with requests.Session() as session:
            session.mount("https://", WithContext(context))
            self.assertEqual(session.get(self.url("https"), timeout=LIMIT).content, GREETING)
            with self.assertRaises(requests.exceptions.SSLError):
                session.get(self.url("https").replace("localhost", "127.0.0.1"), timeout=LIMIT)


class Pools(Pages):
    """urllib3's own keywords."""

    def fetch(self, server="https", host="localhost", **options):
        options.setdefault("ca_certs", World.file("ca.pem"))
        with urllib3.PoolManager(retries=False, timeout=LIMIT, **options) as pools:
            return pools.request("GET", f"https://{host}:{World.ports[server]}/").data

    def refused(self, *server, **options):
        with self.assertRaises(urllib3.exceptions.SSLError) as caught:
            self.fetch(*server, **options)
        return str(caught.exception)

    def fingerprint(self, algorithm):
        context = ssl.create_default_context(cafile=World.file("ca.pem"))
        connection = self.https(context=context)
        connection.connect()
        return hashlib.new(algorithm, connection.sock.getpeercert(True)).hexdigest()

    def test_authorities_as_data(self):
        with open(World.file("ca.pem"), encoding="ascii") as file:
            self.assertEqual(self.fetch(ca_certs=None, ca_cert_data=file.read()), GREETING)
        self.refused(ca_certs=None)

    def test_versions(self):
        version = ssl.TLSVersion
        for wanted in [version.TLSv1_2, version.TLSv1_3]:
            options = {"ssl_minimum_version": wanted, "ssl_maximum_version": wanted}
            with urllib3.PoolManager(ca_certs=World.file("ca.pem"), **options) as pools:
                pool = pools.connection_from_url(self.url("https"))
                connection = pool._get_conn()
                connection.connect()
                self.assertEqual(connection.sock.version(), wanted.name.replace("_", "."))
                connection.close()

    def test_names_need_not_be_checked(self):
        self.assertEqual(self.fetch("https", "127.0.0.1", assert_hostname=False), GREETING)
        self.assertIn("expired", self.refused("expired", assert_hostname=False))
        self.assertEqual(self.fetch(assert_hostname="localhost"), GREETING)

    def test_a_context_that_checks_no_names_does_not_mean_any_name(self):
        context = ssl.create_default_context(cafile=World.file("ca.pem"))
        context.check_hostname = False
        self.assertEqual(self.fetch(ssl_context=context), GREETING)
        self.assertIn("127.0.0.1", self.refused("https", "127.0.0.1", ssl_context=context))

    def test_a_fingerprint_takes_the_place_of_the_name(self):
        for algorithm in ["md5", "sha1", "sha256"]:
            right = self.fingerprint(algorithm)
            wrong = hashlib.new(algorithm, b"another").hexdigest()
            self.assertEqual(self.fetch("https", "127.0.0.1", assert_fingerprint=right), GREETING)
            self.assertIn(wrong, self.refused(assert_fingerprint=wrong))
            self.refused(ca_certs=None, assert_fingerprint=right)
            options = {"cert_reqs": "CERT_NONE", "ca_certs": None}
            self.assertEqual(self.fetch(assert_fingerprint=right, **options), GREETING)
            self.assertIn(wrong, self.refused(assert_fingerprint=wrong, **options))
        self.refused(assert_fingerprint="AA:BB")

    def test_a_fingerprint_holds_for_each_connection(self):
        peer = self.peer([HEAD, send(OK)], [HEAD, send(OK)], tls=True)
        right = self.fingerprint("sha256")
        options = {"assert_fingerprint": right, "ca_certs": World.file("ca.pem")}
        with urllib3.PoolManager(timeout=LIMIT, **options) as pools:
            for _ in range(2):
                self.assertEqual(pools.request("GET", f"https://localhost:{peer.port}/").data, b"ok")

    def test_so_does_that_of_a_proxy(self):
        peer = self.peer([HEAD, send(OK)], [HEAD, send(OK)], tls=True)
        proxy, context = f"https://localhost:{peer.port}", ssl.create_default_context()
        context.load_verify_locations(World.file("ca.pem"))
        for wrong in [True, False]:
            fingerprint = "00" * 32 if wrong else self.fingerprint("sha256")
            options = {"proxy_assert_fingerprint": fingerprint, "proxy_ssl_context": context}
            with urllib3.ProxyManager(proxy, timeout=LIMIT, retries=False, **options) as pools:
                if wrong:
                    with self.assertRaises(urllib3.exceptions.ProxyError):
                        pools.request("GET", "http://server.example/")
                else:
                    response = pools.request("GET", "http://server.example/")
                    self.assertEqual(response.data, b"ok")

    def test_an_identity(self):
        files = {"cert_file": World.file("client.pem"), "key_file": World.file("client.key")}
        self.assertEqual(self.fetch("mutual", **files), GREETING)

    def test_files_have_to_hold_what_they_are_for(self):
        self.refused(ca_certs=World.file("client.key"))
        self.refused(ca_certs=World.file("none.pem"))
