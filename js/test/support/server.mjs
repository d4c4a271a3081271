/** The servers, in a process of their own: what is tested may block, and must not block them. */

import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';

import { certificates } from './certificates.mjs';

const { ca, crl, server, client, serverKey } = certificates();

/** How many connections to the proxy are open, the bytes that were uploaded, and the blocks last sent. */
const seen = { open: 0, uploaded: 0, sent: 0 };

const PAGES = {
  '/': (request, response, query) => {
    if (query.has('echo')) echo(request, response);
    else response.setHeader('Content-Type', 'text/html').end('<p>Hello!</p>');
  },
  '/items': (_, response, query) => response.end(JSON.stringify({ page: Number(query.get('page')) })),
  '/upload': keep,
  '/report.csv': (_, response) => {
    response.writeHead(200, { Trailer: 'X-Lines' }).write(kept);
    response.addTrailers({ 'X-Lines': String(kept.split('\n').length - 1) });
    response.end();
  },
  '/hello': (_, response) => response.setHeader('X-Kind', 'greeting').appendHeader('x-kind', 'short').end('hello\n'),
  '/json': (_, response) => response.end('{"answer": 42}'),
  '/empty': (_, response) => response.writeHead(204).end(),
  '/echo': echo,
  '/big': big,
  '/seen': (_, response) => response.end(JSON.stringify(seen)),
  '/slow': (_, response, query) => setTimeout(() => response.end('slow'), Number(query.get('ms'))),
  '/together': together,
  '/silent': () => {},
  '/stalls': (_, response) => response.writeHead(200, { 'Content-Length': 10 }).write('hello'),
  '/drips': drip,
  '/hints': (_, response) => response.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => response.end('hinted')),
  '/swallows-nothing': (request) => request.pause(),
  '/who': (request, response) => response.end(request.socket.getPeerCertificate().subject?.CN),
};

function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const page = PAGES[pathname];
  if (page === undefined) response.writeHead(404).end();
  else page(request, response, searchParams);
}

/** What the request was, its body by length and hash. */
function echo(request, response) {
  const { method, url, rawHeaders } = request;
  const hash = createHash('sha256');
  let length = 0;
  request.on('data', (data) => {
    hash.update(data);
    length += data.length;
    seen.uploaded += data.length;
  });
  request.on('end', () => {
    const { rawTrailers, socket } = request;
    const sha256 = hash.digest('hex');
    const told = { method, url, rawHeaders, rawTrailers, length, sha256, port: socket.remotePort };
    response.end(JSON.stringify(told));
  });
}

/** A body that takes its time, a byte after the other. */
function drip(_, response) {
  let left = 6;
  const timer = setInterval(() => {
    left -= 1;
    response.write('x');
    if (left > 0) return;
    clearInterval(timer);
    response.end();
  }, 100);
}

/** What was uploaded last. */
let kept = '';

async function keep(request, response) {
  kept = (await request.toArray()).join('');
  response.writeHead(201).end();
}

/** Those who wait for each other. */
const waiting = [];

function together(_, response, query) {
  waiting.push(response);
  if (waiting.length < Number(query.get('count'))) return;
  for (const response of waiting.splice(0)) response.end('all');
}

/** As many bytes as asked for, no two blocks the same, and their hash in the trailers. */
async function big(_, response, query) {
  const hash = createHash('sha256');
  const block = Buffer.alloc(65_536, 'httplib');
  response.setHeader('Trailer', 'X-SHA256');
  for (let left = Number(query.get('size')), count = 0; left > 0; left -= block.length, count += 1) {
    block.writeUInt32BE(count);
    const piece = Buffer.from(block.subarray(0, left));
    hash.update(piece);
    seen.sent = count;
    if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.addTrailers({ 'X-SHA256': hash.digest('hex') });
  response.end();
}

/** 101, and then everything comes back in upper case. */
function upgrade(_, socket) {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: loud\r\n\r\nWELCOME');
  socket.on('data', (data) => socket.write(data.toString().toUpperCase()));
  socket.on('end', () => socket.end());
  socket.on('error', () => {});
}

const plain = http.createServer(answer).on('upgrade', upgrade);
plain.on('checkContinue', (request, response) => {
  if (request.url === '/unwelcome') return response.writeHead(417).end();
  if (request.url !== '/echo?silent') response.writeContinue();
  answer(request, response);
});
const secure = https.createServer(server, answer).on('upgrade', upgrade);
const friends = https.createServer({ ...server, ca, requestCert: true }, answer);

/** Replies that no server library would send. */
const RAW = {
  '/': 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello',
  '/cut': 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello',
  '/cut-chunked': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
  '/nothing': '',
  '/http2': 'HTTP/2.0 200 OK\r\n\r\n',
  '/nonsense': 'nonsense\r\n',
  '/coding': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: rot13\r\n\r\n',
  '/long': `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`,
  '/many': `HTTP/1.1 200 OK\r\n${'X: a\r\n'.repeat(200)}\r\n`,
};

/** Answers before the body has come, and takes no more of it. */
function refuse(socket) {
  socket.pause();
  socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo large');
}

/** Says a part of it, and breaks the connection when that must have arrived. */
function reset(socket) {
  socket.write(RAW['/cut']);
  setTimeout(() => socket.resetAndDestroy(), 100);
}

function reply(socket) {
  socket.once('data', (data) => {
    const [, path] = data.toString().split(' ');
    if (path === '/refuses') refuse(socket);
    else if (path === '/reset') reset(socket);
    else socket.end(RAW[path]);
  });
  socket.on('error', () => {});
}

const raw = net.createServer(reply);
const silent = net.createServer((socket) => socket.on('error', () => {}));

/** A handshake that never comes to an end, a byte after the other. */
const drips = net.createServer((socket) => {
  const timer = setInterval(() => socket.write('\x02'), 50);
  socket.on('error', () => {}).on('close', () => clearInterval(timer));
  socket.write(Buffer.from([22, 3, 3, 64, 0]));
});
const secureRaw = tls.createServer(server, reply);

/** A proxy for those who know its password; of tunnels it says so in a header. */
const proxy = http.createServer((request, response) => {
  const { hostname, port, pathname } = new URL(request.url);
  http.get({ hostname, port, path: pathname }, (reply) => reply.pipe(response.setHeader('Via', 'the proxy')));
});
proxy.on('connection', (socket) => {
  seen.open += 1;
  socket.on('close', () => (seen.open -= 1));
});
proxy.on('connect', (request, socket, head) => {
  socket.on('error', () => {});
  if (request.headers['proxy-authorization'] !== `Basic ${btoa('user:secret')}`) {
    socket.end('HTTP/1.1 407 Who Are You\r\nProxy-Authenticate: Basic\r\nContent-Length: 4\r\n\r\nwho?');
    return;
  }
  const [host, port] = request.url.split(':');
  const server = net.connect(port, host, () => {
    socket.write('HTTP/1.1 200 Go\r\nX-Proxy: yes\r\n\r\n');
    server.write(head);
    server.pipe(socket).pipe(server);
  });
  server.on('error', () => socket.destroy());
});

const listening = Object.entries({ plain, secure, friends, raw, secureRaw, silent, drips, proxy }).map(
  ([name, server]) => new Promise((done) => server.listen(0, '127.0.0.1', () => done([name, server.address().port]))),
);
const ports = Object.fromEntries(await Promise.all(listening));
// Where nobody listens any more.
const closed = net.createServer();
ports.closed = await new Promise((done) => closed.listen(0, '127.0.0.1', () => done(closed.address().port)));
closed.close();
process.send({ ports, ca, crl, client, serverKey });
// Whoever started this process has ended.
process.on('disconnect', () => process.exit());
