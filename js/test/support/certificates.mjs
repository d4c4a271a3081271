/** A certificate authority and what it issues, by openssl. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Of the authority's list of revoked certificates, which must be of version 2. */
const SETTINGS = `
[ca]
default_ca=us
[us]
database=index
crlnumber=number
default_md=sha256
default_crl_days=2
crl_extensions=extensions
[extensions]
authorityKeyIdentifier=keyid
`;

/** The authority's certificate, one for `localhost`, and one for a client named `friend`; all in PEM. */
export function certificates() {
  const folder = mkdtempSync(join(tmpdir(), 'httplib-'));
  const openssl = (...given) => execFileSync('openssl', given, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const issue = (name, subject, extension) => {
    openssl('req', '-new', ...NEW_KEY, '-subj', subject, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    writeFileSync(join(folder, `${name}.ext`), extension);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-days', '2', '-out', `${name}.pem`);
    return { cert: read(`${name}.pem`), key: read(`${name}.key`) };
  };
  const read = (name) => readFileSync(join(folder, name), 'utf8');
  try {
    const authority = ['-subj', '/CN=Authority of the tests', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2'];
    openssl('req', '-x509', ...NEW_KEY, ...authority, '-addext', 'keyUsage=keyCertSign,cRLSign');
    const server = issue('server', '/CN=Server', 'subjectAltName=DNS:localhost\n');
    const client = issue('client', '/CN=friend', 'extendedKeyUsage=clientAuth\n');
    writeFileSync(join(folder, 'index'), '');
    writeFileSync(join(folder, 'number'), '01\n');
    writeFileSync(join(folder, 'settings'), SETTINGS);
    const us = ['-config', 'settings', '-cert', 'ca.pem', '-keyfile', 'ca.key'];
    openssl('ca', ...us, '-revoke', 'server.pem');
    openssl('ca', ...us, '-gencrl', '-out', 'crl.pem');
    const key = openssl('x509', '-in', 'server.pem', '-pubkey', '-noout').toString();
    return { ca: read('ca.pem'), crl: read('crl.pem'), server, client, serverKey: key };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
