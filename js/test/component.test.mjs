/** `@httplib/http/component`. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { client, status } from '@httplib/http/component';

import { ca, ports } from './support/site.mjs';

test('the component is called synchronously', () => {
  const context = client.TlsContext.createDefault();
  context.loadVerifyLocations({ tag: 'bytes', val: Buffer.from(ca) });
  const connection = client.HttpConnection.https('localhost', ports.secure, undefined, { context });
  connection.request('GET', '/hello', undefined, []);
  const response = connection.getResponse();
  assert.equal(response.status(), 200);
  assert.equal(Buffer.from(response.read()).toString(), 'hello\n');
});

test('its errors are thrown with the WIT value', () => {
  const connection = client.HttpConnection.http('127.0.0.1', ports.closed, undefined);
  assert.throws(
    () => connection.connect(),
    (error) => error.payload.tag === 'socket' && /refused/i.test(client.describe(error.payload)),
  );
});

test('with a timeout of 0 it throws would-block', () => {
  const connection = client.HttpConnection.http('127.0.0.1', ports.plain, { timeout: 0n });
  const exchange = () => {
    connection.request('GET', '/silent', undefined, []);
    connection.getResponse();
  };
  assert.throws(exchange, (error) => error.payload.tag === 'would-block' && connection.subscribe().length > 0);
});

test('the constants are there', () => {
  assert.equal(status.constant('NOT_FOUND'), 404);
  assert.equal(status.reasonPhrase(404), 'Not Found');
});
