/** Serves bodies of the size that the path names, over HTTP and HTTPS. */

import http from 'node:http';
import https from 'node:https';

import { certificates } from '../test/support/certificates.mjs';

const BLOCK = Buffer.alloc(2 ** 20, 'httplib');
const { ca, server: certificate } = certificates();

async function answer(request, response) {
  const size = Number(request.url.slice(1));
  response.setHeader('Content-Length', size);
  for (let left = size; left > 0; left -= BLOCK.length) {
    if (!response.write(BLOCK.subarray(0, left))) await new Promise((done) => response.once('drain', done));
  }
  response.end();
}

// The client's preference decides, as with nginx: each client gets the cipher that it does best.
const options = { ...certificate, honorCipherOrder: false };
const servers = { plain: http.createServer(answer), secure: https.createServer(options, answer) };
const ports = {};
for (const [name, server] of Object.entries(servers)) {
  await new Promise((listening) => server.listen(0, 'localhost', listening));
  ports[name] = server.address().port;
}
process.send({ ports, ca });
process.on('disconnect', () => process.exit());
