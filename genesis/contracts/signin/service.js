// SPDX-License-Identifier: MIT
// What both services need of HTTP: routes, forms, cookies, and memory that forgets.
'use strict';
const crypto = require('node:crypto');
const http = require('node:http');

/// Bytes of a request's body at most.
const kBodyBytesMax = 8192;
/// Things remembered at most; the oldest is forgotten first.
const kRememberedMax = 10000;

/// Ends a request with a status and a sentence.
class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/// Values under unguessable keys, each for some seconds.
class Memory {
  #items = new Map();

  constructor(seconds) {
    this.seconds = seconds;
  }
  /// Remembers the value under the key, by default a fresh one of 128 bits in hex; gives the key.
  add(value, key = crypto.randomBytes(16).toString('hex')) {
    if (this.#items.size >= kRememberedMax) this.#items.delete(this.#items.keys().next().value);
    this.#items.set(key, { value, expires: Date.now() + this.seconds * 1000 });
    return key;
  }
  find(key) {
    const item = this.#items.get(key);
    return item && item.expires > Date.now() ? item.value : undefined;
  }
  /// Finds and forgets: whoever comes second with the same key comes too late.
  take(key) {
    const value = this.find(key);
    this.#items.delete(key);
    return value;
  }
}

function cookieOf(request, name) {
  for (const pair of (request.headers.cookie || '').split(';')) {
    const [key, value] = pair.trim().split('=');
    if (key === name) return value;
  }
  return undefined;
}

/// A cookie that scripts cannot read and other sites' forms do not send along. Behind TLS add `Secure`.
const makeCookie = (name, value, seconds) =>
  `${name}=${value}; HttpOnly; SameSite=Lax; Path=/; Max-Age=${seconds}`;

async function formOf(request) {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
    if (body.length > kBodyBytesMax) throw new Refusal(413, 'the request is too large');
  }
  return new URLSearchParams(body);
}

/// Serves `routes` ('GET /path': async (request, url) => ({status, headers, body})) on loopback.
function serve(port, routes) {
  const origin = `http://127.0.0.1:${port}`;
  const answer = async (request) => {
    // A page of another site must not post here in its visitor's name.
    const from = request.headers.origin;
    if (from !== undefined && from !== origin) throw new Refusal(403, `${from} may not ask here`);
    const url = new URL(request.url, origin);
    const route = routes[`${request.method} ${url.pathname}`];
    if (!route) throw new Refusal(404, 'there is nothing here');
    return route(request, url);
  };
  const server = http.createServer(async (request, response) => {
    let reply;
    try {
      reply = await answer(request);
    } catch (error) {
      if (!(error instanceof Refusal)) console.error(error);
      const message = error instanceof Refusal ? error.message : 'the service has failed';
      reply = { status: error.status || 500, body: { error: message } };
    }
    const isText = typeof reply.body === 'string';
    response.writeHead(reply.status || 200, {
      'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
      'cache-control': 'no-store',
      ...reply.headers,
    });
    response.end(isText ? reply.body : JSON.stringify(reply.body ?? {}) + '\n');
  });
  server.on('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  server.listen(port, '127.0.0.1', () => console.log(`serving at ${origin}`));
  return origin;
}

module.exports = { Memory, Refusal, cookieOf, formOf, makeCookie, serve };
