// SPDX-License-Identifier: MIT
// A miner in the manners of minerd, cpuminer-opt and cgminer, from the public descriptions of what these send and expect:
// nothing here comes from Cairn's own code, hashing included. It ends with an error at whatever would stop or starve the
// miner it stands for, and prints what it has done as one JSON object.
//
//   node foreign_miner.mjs stratum HOST PORT USER BLOCKS minerd|cpuminer-opt|cgminer
//   node foreign_miner.mjs getwork URL BLOCKS       polls, then waits at the long poll
//   node foreign_miner.mjs gbt URL BLOCKS           getblocktemplate and submitblock
//   node foreign_miner.mjs ethash URL BLOCKS        eth_getWork and eth_submitWork, with an Ethash of its own (epoch 0)
//   node foreign_miner.mjs fallback URL             how a client finds out what a server speaks
//   node foreign_miner.mjs swarm HOST PORT USER CLIENTS SECONDS PID    many at once; PID's memory is watched
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';

const sha256d = (bytes) => createHash('sha256').update(createHash('sha256').update(bytes).digest()).digest();
const hex = (text) => Buffer.from(text, 'hex');
const reversed = (bytes) => Buffer.from(bytes).reverse();
const swapWords = (bytes) => Buffer.from(bytes).swap32();
const hex32 = (number) => (number >>> 0).toString(16).padStart(8, '0');
// How long an answer may take on a machine with other work to do.
const patience = 300_000;
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const yieldTurn = () => new Promise((done) => setImmediate(done));

function ensure(holds, what) {
  if (!holds) throw new Error(what);
}

/** A hash as the number that proof of work compares: its bytes little-endian. */
const numberOf = (hash) => BigInt(`0x${reversed(hash).toString('hex')}`);

/** Bitcoin's compact form of a target. */
function targetOfBits(bits) {
  const size = bits >>> 24;
  const word = BigInt(bits & 0x7fffff);
  return size <= 3 ? word >> BigInt(8 * (3 - size)) : word << BigInt(8 * (size - 3));
}

/** The clients' ideas of the largest hash of a share of some difficulty. */
const shareTargets = {
  minerd: (difficulty) => BigInt(Math.floor(0xffff0000 / difficulty)) << 192n,
  cgminer: (difficulty) => BigInt(Math.floor(0xffff0000 / difficulty)) << 192n,
  'cpuminer-opt': (difficulty) => (BigInt(Math.floor(2 ** 96 / difficulty)) << 128n) | ((1n << 128n) - 1n),
};

/** Counts nonces of a header from `first` on until one reaches the target or `stops` says so; the nonce, or nothing. */
async function search(header, target, first, stops) {
  const limit = Buffer.from(target.toString(16).padStart(64, '0').slice(-64), 'hex');
  for (let nonce = first; nonce < 0x100000000; ++nonce) {
    if (nonce % 1024 === 0) {
      await yieldTurn();
      if (stops()) return undefined;
    }
    header.writeUInt32LE(nonce, 76);
    if (sha256d(header).reverse().compare(limit) <= 0) return nonce;
  }
  return undefined;
}

/** Lines over TCP. */
class Lines {
  constructor(host, port) {
    this.lines = [];
    this.rest = '';
    this.socket = net.connect(port, host);
    this.socket.setNoDelay(true);
    this.socket.on('data', (data) => {
      const parts = (this.rest + data.toString()).split('\n');
      this.rest = parts.pop();
      for (const line of parts) this.lines.push(JSON.parse(line));
      this.wake?.();
    });
    this.socket.on('error', (error) => this.end(error.message));
    this.socket.on('close', () => this.end('closed'));
  }
  end(why) {
    this.ended ??= why;
    this.wake?.();
  }
  send(message) {
    this.socket.write(`${JSON.stringify(message)}\n`);
  }
  /** The next line, or nothing after that time. */
  async next(milliseconds) {
    const until = Date.now() + milliseconds;
    while (this.lines.length === 0) {
      ensure(!this.ended, `connection ended: ${this.ended}`);
      const left = until - Date.now();
      if (left <= 0) return undefined;
      await Promise.race([new Promise((done) => (this.wake = done)), pause(left)]);
    }
    return this.lines.shift();
  }
}

/** The 80 bytes that a share of a Stratum job claims to have hashed. */
function stratumHeader(job, extranonce1, extranonce2, time, version) {
  let root = sha256d(hex(job.coinb1 + extranonce1 + extranonce2 + job.coinb2));
  for (const branch of job.branches) root = sha256d(Buffer.concat([root, hex(branch)]));
  return Buffer.concat([reversed(hex(version)), swapWords(hex(job.prevhash)), root, reversed(hex(time)),
    reversed(hex(job.nbits)), Buffer.alloc(4)]);
}

/** A Stratum client; `manner` is the miner that it stands for. */
class StratumMiner {
  constructor(lines, user, manner) {
    Object.assign(this, { lines, user, manner, jobs: 0, sent: [], accepted: 0, rejected: 0, blocks: 0, reasons: [] });
    this.difficulty = this.nextDifficulty = 1;
    this.mask = 0;
    this.jobIds = new Set();
    this.sealed = new Set();
  }

  async answerTo(id) {
    const until = Date.now() + patience;
    for (;;) {
      const message = await this.lines.next(until - Date.now());
      ensure(message, `request ${id} was not answered in time`);
      if (message.method) {
        this.take(message);
        continue;
      }
      ensure(message.id === id, `an answer to ${message.id} instead of ${id}`);
      return message;
    }
  }

  async logIn() {
    if (this.manner === 'cgminer') {
      this.lines.send({ id: 0, method: 'mining.configure',
        params: [['version-rolling'], { 'version-rolling.mask': 'ffffffff' }] });
      const { result } = await this.answerTo(0);
      ensure(Object.keys(result).sort().join() === 'version-rolling,version-rolling.mask',
        `keys that were not asked for: ${Object.keys(result)}`);
      this.mask = parseInt(result['version-rolling.mask'], 16);
    }
    const agent = { minerd: 'cpuminer/2.5.1', 'cpuminer-opt': 'cpuminer-opt/24.8', cgminer: 'cgminer/4.12.0' };
    this.lines.send({ id: 1, method: 'mining.subscribe', params: [agent[this.manner]] });
    // minerd reads one line here and takes it for the answer.
    const answer = await this.lines.next(patience);
    ensure(answer && answer.id === 1 && Array.isArray(answer.result), `not an answer to subscribe: ${JSON.stringify(answer)}`);
    [, this.extranonce1, this.extranonce2Size] = answer.result;
    ensure(/^([0-9a-f]{2})*$/.test(this.extranonce1), 'extranonce1 is no hex');
    ensure(this.extranonce2Size >= 2 && this.extranonce2Size <= 16, `extranonce2 of ${this.extranonce2Size} bytes`);
    this.lines.send({ id: 2, method: 'mining.authorize', params: [this.user, 'x'] });
    ensure((await this.answerTo(2)).result === true, 'not authorized');
    if (this.manner === 'cpuminer-opt') {
      // Unless this is answered within three seconds it idles when its nonces are used up.
      this.lines.send({ id: 3, method: 'mining.extranonce.subscribe', params: [] });
      ensure((await this.answerTo(3)).result === true, 'extranonces cannot be subscribed to');
    }
  }

  /** A push, or an answer to a share. */
  take(message) {
    if (!message.method) {
      // minerd takes every answer with an id for a share's; cpuminer-opt those from 4 on. All shares are sent with 4.
      ensure(message.id === 4 && this.sent.length > 0, `an answer that nobody asked for: ${JSON.stringify(message)}`);
      const share = this.sent.shift();
      if (message.result === true) {
        this.accepted += 1;
        // A job's block is sealed once; further shares of it on their way are shares.
        if (share.isBlock && !this.sealed.has(share.job)) this.blocks += 1;
        if (share.isBlock) this.sealed.add(share.job);
      } else {
        this.rejected += 1;
        this.reasons.push(message.error[1]);
      }
      return;
    }
    ensure(message.id === null || ['client.get_version', 'mining.ping'].includes(message.method), 'a push with an id');
    if (message.method === 'mining.set_difficulty') {
      [this.nextDifficulty] = message.params;
      ensure(this.nextDifficulty >= 2.4e-10, `difficulty ${this.nextDifficulty} overflows`);
    }
    if (message.method === 'mining.notify') this.takeJob(message.params);
  }

  takeJob([id, prevhash, coinb1, coinb2, branches, version, nbits, ntime, clean]) {
    ensure(/^[0-9a-f]{1,16}$/.test(id), `job id ${id}`);
    // A job id that was there before is no other job to minerd and cpuminer-opt.
    ensure(!this.jobIds.has(id), `job id ${id} again`);
    this.jobIds.add(id);
    ensure([prevhash, coinb1, coinb2, version, nbits, ntime].every((text) => /^[0-9a-f]+$/.test(text)), 'job without hex');
    ensure(prevhash.length === 64 && version.length === 8 && nbits.length === 8 && ntime.length === 8, 'lengths of a job');
    ensure(branches.length >= 2, 'bad work: fewer than two branches');
    ensure((parseInt(version, 16) & 0x1fffe000) === 0, 'the version has bits of the mask');
    const coinbase = hex(coinb1 + this.extranonce1 + '00'.repeat(this.extranonce2Size) + coinb2);
    ensure(coinbase.length >= 60, 'the coinbase ends before the height');
    const at = coinbase.indexOf(Buffer.from([0xff, 0xff, 0xff, 0xff]), 32);
    const push = coinbase[at + 5];
    ensure(at === 37 && (push === 3 || push === 4), 'the script does not begin with a height');
    this.height = coinbase.readUIntLE(at + 6, push);
    this.difficulty = this.nextDifficulty;
    this.job = { id, prevhash, coinb1, coinb2, branches, version, nbits, ntime, clean };
    this.blockTarget = targetOfBits(parseInt(nbits, 16));
    this.shareTarget = shareTargets[this.manner](this.difficulty);
    ensure(this.shareTarget >= this.blockTarget, 'shares would keep blocks back');
    this.extranonce = 0;
    this.jobs += 1;
  }

  drain() {
    while (this.lines.lines.length > 0) this.take(this.lines.lines.shift());
    ensure(!this.lines.ended, `connection ended: ${this.lines.ended}`);
  }

  /** Finds a share of the job at this moment and sends it, unless another job comes first. */
  async mine() {
    const job = this.job;
    const extranonce2 = Buffer.alloc(this.extranonce2Size);
    extranonce2.writeUInt16LE(this.extranonce++ & 0xffff);
    // cgminer's drivers roll the time by up to a minute.
    const rolled = this.manner === 'cgminer' ? (this.extranonce * 7) % 60 : 0;
    const time = hex32(parseInt(job.ntime, 16) + rolled);
    const bits = this.mask === 0 ? 0 : ((this.extranonce * 0x9e3779b1) & this.mask) >>> 0;
    const header = stratumHeader(job, this.extranonce1, extranonce2.toString('hex'), time,
      hex32(parseInt(job.version, 16) | bits));
    const nonce = await search(header, this.shareTarget, 0, () => {
      this.drain();
      return this.job !== job;
    });
    // minerd keeps shares of another prevhash to itself.
    if (nonce === undefined || this.job.prevhash !== job.prevhash) return;
    const params = [this.user, job.id, extranonce2.toString('hex'), time, hex32(nonce)];
    if (this.mask !== 0) params.push(hex32(bits));
    this.sent.push({ job: job.id, isBlock: numberOf(sha256d(header)) <= this.blockTarget });
    this.lines.send({ id: 4, method: 'mining.submit', params });
    await yieldTurn();
  }
}

async function mineStratum(host, port, user, blocks, manner) {
  const miner = new StratumMiner(new Lines(host, Number(port)), user, manner);
  await miner.logIn();
  while (miner.blocks < Number(blocks)) {
    miner.drain();
    if (!miner.job) {
      const message = await miner.lines.next(patience);
      ensure(message, 'no job within a minute');
      miner.take(message);
      continue;
    }
    await miner.mine();
  }
  miner.lines.socket.destroy();
  const { accepted, rejected, jobs, height, reasons } = miner;
  return { accepted, rejected, blocks: miner.blocks, jobs, height, reasons };
}

/** A call as Bitcoin's miners make it: JSON-RPC 1.0 over POST, with the user in the URL. */
function post(url, method, params) {
  const body = JSON.stringify({ jsonrpc: method.startsWith('eth_') ? '2.0' : '1.0', id: 0, method, params });
  return new Promise((done, fail) => {
    const request = http.request(url, {
      method: 'POST',
      auth: url.username ? decodeURIComponent(`${url.username}:${url.password}`) : undefined,
      headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body),
        'User-Agent': 'cpuminer/2.5.1', 'X-Mining-Extensions': 'longpoll noncerange reject-reason' },
    }, (response) => {
      let text = '';
      response.on('data', (data) => (text += data));
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, ...JSON.parse(text) }));
    });
    request.on('error', fail);
    request.end(body);
  });
}

/** getwork's data and target as header and number. */
function readWork({ data, target }) {
  ensure(data.length === 256 && target.length === 64, 'lengths of getwork');
  const bytes = swapWords(hex(data));
  ensure(bytes[80] === 0x80 && bytes.readUInt32BE(124) === 640, 'padding of getwork');
  ensure(bytes.subarray(81, 124).every((byte) => byte === 0), 'padding of getwork is not 0');
  return { bytes, target: BigInt(`0x${reversed(hex(target)).toString('hex')}`) };
}

async function mineGetwork(text, blocks) {
  const url = new URL(text);
  let accepted = 0;
  const first = await post(url, 'getwork', []);
  const second = await post(url, 'getwork', []);
  const root = (answer) => readWork(answer.result ?? ensure(false, JSON.stringify(answer))).bytes.subarray(36, 68).toString('hex');
  ensure(root(first) !== root(second), 'two clients get the same work');
  let answer = second;
  while (accepted < Number(blocks)) {
    ensure(answer.status === 200 && answer.error === null, `getwork: ${JSON.stringify(answer)}`);
    ensure(answer.headers['x-long-polling'], 'no long poll is offered');
    const work = readWork(answer.result);
    const header = work.bytes.subarray(0, 80);
    // minerd appends the path to its URL.
    const longPoll = post(new URL(url.href + answer.headers['x-long-polling']), 'getwork', []);
    const nonce = await search(header, work.target, 0, () => false);
    header.writeUInt32LE(nonce, 76);
    const submitted = await post(url, 'getwork', [swapWords(work.bytes).toString('hex')]);
    ensure(submitted.result === true, `refused: ${submitted.headers['x-reject-reason']}`);
    accepted += 1;
    answer = await longPoll;
    ensure(root(answer) !== header.subarray(36, 68).toString('hex'), 'the long poll gave the same work');
    const again = await post(url, 'getwork', [swapWords(work.bytes).toString('hex')]);
    ensure(again.result === false && again.headers['x-reject-reason'], 'a seal is taken twice');
  }
  return { accepted, stratum: answer.headers['x-stratum'] };
}

async function mineTemplates(text, blocks) {
  const url = new URL(text);
  const request = { capabilities: ['coinbasetxn', 'coinbasevalue', 'longpoll', 'workid'], rules: ['segwit'] };
  let accepted = 0;
  let { result: template } = await post(url, 'getblocktemplate', [request]);
  while (accepted < Number(blocks)) {
    ensure(template.transactions.length === 0 && template.coinbasetxn.data.length >= 120, 'template without a coinbase');
    const coinbase = hex(template.coinbasetxn.data);
    const words = Buffer.alloc(8);
    words.writeUInt32LE(template.curtime, 0);
    reversed(hex(template.bits)).copy(words, 4);
    const version = Buffer.alloc(4);
    version.writeUInt32LE(template.version);
    const header = Buffer.concat([version, reversed(hex(template.previousblockhash)), sha256d(coinbase), words,
      Buffer.alloc(4)]);
    const target = BigInt(`0x${template.target}`);
    const longPoll = post(url, 'getblocktemplate', [{ ...request, longpollid: template.longpollid }]);
    const nonce = await search(header, target, 0, () => false);
    header.writeUInt32LE(nonce, 76);
    const block = Buffer.concat([header, Buffer.from([1]), coinbase]).toString('hex');
    const submitted = await post(url, 'submitblock', [block]);
    ensure(submitted.result === null && submitted.error === null, `refused: ${JSON.stringify(submitted.result)}`);
    accepted += 1;
    ensure((await post(url, 'submitblock', [block])).result !== null, 'a block is taken twice');
    const next = (await longPoll).result;
    ensure(next.longpollid !== template.longpollid && next.previousblockhash !== template.previousblockhash,
      'the long poll gave the same template');
    template = next;
  }
  return { accepted, height: template.height };
}

/** Keccak[2 * digestBytes * 8] of some bytes (not SHA-3: the padding begins with 1), words as pairs of 32 bits. */
const state = new Uint8Array(200);
const words = new Uint32Array(state.buffer);
function keccak(bytes, digestBytes) {
  const rate = 200 - 2 * digestBytes;
  state.fill(0);
  let at = 0;
  for (let i = 0; i < bytes.length; ++i) {
    state[at++] ^= bytes[i];
    if (at === rate) {
      permute(words);
      at = 0;
    }
  }
  state[at] ^= 1;
  state[rate - 1] ^= 0x80;
  permute(words);
  return state.slice(0, digestBytes);
}

/**
 * Keccak-f[1600] on 25 lanes of two words, the low one first. Written out by this program from FIPS 202's own definitions
 * (theta, rho, pi, chi, and iota's constants by their shift register), for loops over tables take ten times as long.
 */
const permute = (() => {
  const constants = new Uint32Array(48);
  for (let round = 0, register = 1; round < 24; ++round)
    for (let j = 0; j < 7; ++j) {
      const bit = 2 ** j - 1;
      if (register & 1) constants[2 * round + (bit >> 5)] |= 1 << (bit & 31);
      register = register & 0x80 ? (register << 1) ^ 0x171 : register << 1;
    }
  const all = Array.from({ length: 50 }, (_, i) => i);
  const lines = [];
  for (let i = 0; i < 10; ++i) lines.push(`const c${i} = ${[0, 10, 20, 30, 40].map((k) => `a${i + k}`).join(' ^ ')};`);
  for (let x = 0; x < 5; ++x) {
    const [before, after] = [2 * ((x + 4) % 5), 2 * ((x + 1) % 5)];
    for (let half = 0; half < 2; ++half) {
      const turned = `(c${after + half} << 1 | c${after + 1 - half} >>> 31)`;
      lines.push(`const d${2 * x + half} = c${before + half} ^ ${turned};`);
    }
  }
  for (const i of all) lines.push(`a${i} ^= d${i % 10};`);
  lines.push('const b0 = a0, b1 = a1;');
  for (let t = 0, x = 1, y = 0; t < 24; ++t, [x, y] = [y, (2 * x + 3 * y) % 5]) {
    const turn = (((t + 1) * (t + 2)) / 2) % 64;
    const to = 2 * (y + 5 * ((2 * x + 3 * y) % 5));
    for (let half = 0; half < 2; ++half) {
      const from = 2 * (x + 5 * y) + (half ^ (turn >> 5));
      lines.push(`const b${to + half} = a${from} << ${turn & 31} | a${from ^ 1} >>> ${32 - (turn & 31)};`);
    }
  }
  for (const i of all) {
    const row = i - (i % 10);
    lines.push(`a${i} = b${i} ^ (~b${row + ((i + 2) % 10)} & b${row + ((i + 4) % 10)});`);
  }
  lines.push('a0 ^= constants[2 * round]; a1 ^= constants[2 * round + 1];');
  const body = `let ${all.map((i) => `a${i} = a[${i}]`).join(', ')};
    for (let round = 0; round < 24; ++round) { ${lines.join('\n')} }
    ${all.map((i) => `a[${i}] = a${i};`).join(' ')}`;
  const written = new Function('a', 'constants', body);
  return (words) => written(words, constants);
})();

const fnv = (a, b) => (Math.imul(a, 0x01000193) ^ b) >>> 0;
const wordsOf = (bytes) => new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const bytesOf = (words) => new Uint8Array(words.buffer, words.byteOffset, words.byteLength);

/** Ethash of epoch 0 by its cache alone, as its specification has it; sizes are that epoch's. */
class LightEthash {
  constructor() {
    this.rows = 16776896 / 64;
    this.pages = 1073739904 / 128;
    this.cache = new Uint32Array(this.rows * 16);
    let row = new Uint8Array(32);
    for (let i = 0; i < this.rows; ++i) {
      row = keccak(row, 64);
      this.cache.set(wordsOf(row), 16 * i);
    }
    const mixed = new Uint32Array(16);
    for (let round = 0; round < 3; ++round)
      for (let i = 0; i < this.rows; ++i) {
        const other = 16 * (this.cache[16 * i] % this.rows);
        const before = 16 * ((i + this.rows - 1) % this.rows);
        for (let w = 0; w < 16; ++w) mixed[w] = this.cache[before + w] ^ this.cache[other + w];
        this.cache.set(wordsOf(keccak(bytesOf(mixed), 64)), 16 * i);
      }
  }
  item(index) {
    let mix = this.cache.slice(16 * (index % this.rows), 16 * (index % this.rows) + 16);
    mix[0] ^= index;
    mix = wordsOf(keccak(bytesOf(mix), 64));
    for (let j = 0; j < 256; ++j) {
      const parent = 16 * (fnv(index ^ j, mix[j % 16]) % this.rows);
      for (let w = 0; w < 16; ++w) mix[w] = fnv(mix[w], this.cache[parent + w]);
    }
    return wordsOf(keccak(bytesOf(mix), 64));
  }
  /** Mix and value of a nonce, which is a BigInt. */
  hash(sealHash, nonce) {
    const input = Buffer.alloc(40);
    sealHash.copy(input);
    input.writeBigUInt64LE(nonce, 32);
    const seed = keccak(input, 64);
    const s = wordsOf(seed);
    const mix = new Uint32Array(32);
    for (let w = 0; w < 32; ++w) mix[w] = s[w % 16];
    for (let i = 0; i < 64; ++i) {
      const page = fnv(i ^ s[0], mix[i % 32]) % this.pages;
      const items = [this.item(2 * page), this.item(2 * page + 1)];
      for (let w = 0; w < 32; ++w) mix[w] = fnv(mix[w], items[w >> 4][w & 15]);
    }
    const short = new Uint32Array(8);
    for (let w = 0; w < 32; w += 4) short[w / 4] = fnv(fnv(fnv(mix[w], mix[w + 1]), mix[w + 2]), mix[w + 3]);
    return { mix: Buffer.from(bytesOf(short)), value: Buffer.from(keccak(Buffer.concat([seed, bytesOf(short)]), 32)) };
  }
}

async function mineEthash(text, blocks) {
  const url = new URL(text);
  const call = async (method, params) => {
    const answer = await post(url, method, params);
    return answer.result;
  };
  const ethash = new LightEthash();
  let accepted = 0;
  let last;
  let since = Date.now();
  while (accepted < Number(blocks)) {
    ensure(Date.now() - since < patience, 'no other work');
    const work = await call('eth_getWork', []);
    // While a block is on its way to the head there may be none for a moment.
    if (!work || work[0] === last) {
      await pause(100);
      continue;
    }
    const [sealHash, seed, boundary, number] = work;
    last = sealHash;
    ensure(/^0x0{64}$/.test(seed), 'the seed of another epoch');
    ensure(/^0x[0-9a-f]+$/.test(number), 'no number');
    const limit = hex(boundary.slice(2));
    for (let nonce = 0x1122334455667788n; ; ++nonce) {
      const { mix, value } = ethash.hash(hex(sealHash.slice(2)), nonce);
      const submit = (digest) => call('eth_submitWork', [`0x${nonce.toString(16).padStart(16, '0')}`, sealHash,
        `0x${digest.toString('hex')}`]);
      if (value.compare(limit) > 0) {
        if (nonce === 0x1122334455667788n) ensure((await submit(mix)) === false, 'too little work is taken');
        continue;
      }
      ensure((await submit(reversed(mix))) === false, 'a wrong mix is taken');
      ensure((await submit(mix)) === true, 'a seal is refused');
      accepted += 1;
      since = Date.now();
      break;
    }
  }
  return { accepted };
}

/** minerd and cpuminer-opt go on after HTTP 404 with an error that is a text, and give up at an error's code. */
async function fallBack(text) {
  const refused = await post(new URL(text), 'getmininginfo', []);
  ensure(refused.status === 404, `status ${refused.status}`);
  ensure(typeof refused.error === 'string', `error ${JSON.stringify(refused.error)}`);
  return { status: refused.status };
}

/** Many clients whose shares come by chance, each at its own rate; real time. */
async function swarm(host, port, user, count, seconds, pid) {
  const miners = [];
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
  for (let i = 0; i < Number(count); ++i) {
    const miner = new StratumMiner(new Lines(host, Number(port)), `${user}${i}`, 'minerd');
    miners.push(miner);
    await miner.logIn();
    // A share is worth some hashes only, so that all of them can be done: up to 8 hashes a second.
    miner.lines.send({ id: 5, method: 'mining.suggest_difficulty', params: [1e-8] });
    miner.answersToSkip = 1;
    miner.rate = 0.5 * 2 ** (4 * Math.random());
    miner.late = 0;
  }
  const report = [];
  const start = Date.now();
  let last = start;
  for (let tick = 0; Date.now() - start < 1000 * Number(seconds); ++tick) {
    await pause(200);
    const now = Date.now();
    for (const miner of miners) {
      if (miner.answersToSkip > 0) {
        const at = miner.lines.lines.findIndex((line) => line.id === 5);
        if (at >= 0) {
          miner.lines.lines.splice(at, 1);
          miner.answersToSkip = 0;
        }
        if (at < 0) continue;
      }
      miner.drain();
      if (!miner.job) continue;
      const chance = miner.rate * ((now - last) / 1000) / (miner.difficulty * 2 ** 32);
      if (Math.random() < 1 - Math.exp(-chance)) {
        await miner.mine();
        miner.late += now - start > 500 * Number(seconds) ? 1 : 0;
      }
    }
    last = now;
    if (tick % 150 === 0) report.push({ second: Math.round((now - start) / 1000), rss_kb: memory() });
  }
  const minutes = Number(seconds) / 120;
  const rates = miners.map((miner) => miner.late / minutes).sort((a, b) => a - b);
  const sum = (key) => miners.reduce((total, miner) => total + miner[key], 0);
  for (const miner of miners) miner.lines.socket.destroy();
  return { clients: miners.length, accepted: sum('accepted'), rejected: sum('rejected'),
    shares_a_minute: { least: rates[0], tenth: rates[Math.floor(rates.length / 10)], median: rates[rates.length >> 1],
      ninetieth: rates[Math.floor(rates.length * 0.9)], most: rates.at(-1) }, memory: report };
}

const modes = { stratum: mineStratum, getwork: mineGetwork, gbt: mineTemplates, ethash: mineEthash, fallback: fallBack, swarm };
const [mode, ...rest] = process.argv.slice(2);
try {
  console.log(JSON.stringify(await modes[mode](...rest)));
  process.exit(0);
} catch (error) {
  console.error(`foreign_miner: ${error.stack}`);
  process.exit(1);
}
