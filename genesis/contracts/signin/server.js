// SPDX-License-Identifier: MIT
// A sign-in service. It gives out challenges (EIP-4361), takes signatures for them, and vouches for who has signed in to
// the services that it serves (single sign-on).
// usage: node server.js PORT [SERVICE_URL…]      $CAIRN_RPC: the node to ask, by default http://127.0.0.1:8545
'use strict';
const { ethers } = require('ethers');
const { Memory, Refusal, cookieOf, formOf, makeCookie, serve } = require('./service.js');

/// The predeployed registry (../README.md), and the kind of its delegates that may sign in.
const kRegistry = '0xCA12000000000000000000000000000000000003';
const kSigninKind = ethers.encodeBytes32String('signin');
const kChallengeSeconds = 600;
const kSessionSeconds = 24 * 3600;
/// Between the redirect to a service and its arrival there.
const kTicketSeconds = 60;

const [port, ...services] = process.argv.slice(2);
if (!/^\d+$/.test(port || '')) {
  console.error('usage: node server.js PORT [SERVICE_URL…]');
  process.exit(2);
}
const provider = new ethers.JsonRpcProvider(process.env.CAIRN_RPC || 'http://127.0.0.1:8545');
const registry = new ethers.Contract(
  kRegistry, ['function isDelegate(address identity, bytes32 kind, address delegate) view returns (bool)'], provider);
/// Signs the tickets; services ask for its address at /key. One that lives longer than this process belongs in a file.
const key = ethers.Wallet.createRandom();
const challenges = new Memory(kChallengeSeconds);
const sessions = new Memory(kSessionSeconds);

const dateText = (milliseconds) => new Date(milliseconds).toISOString().replace(/\.\d+/, '');

/// The text of EIP-4361 that the account is to sign.
function challengeText(address, chainId, nonce) {
  return [
    `127.0.0.1:${port} wants you to sign in with your Ethereum account:`,
    address,
    '',
    'Sign in. This costs nothing and allows nothing else.',
    '',
    `URI: ${origin}/login`,
    'Version: 1',
    `Chain ID: ${chainId}`,
    `Nonce: ${nonce}`,
    `Issued At: ${dateText(Date.now())}`,
    `Expiration Time: ${dateText(Date.now() + kChallengeSeconds * 1000)}`,
  ].join('\n');
}

async function giveChallenge(request, url) {
  const asked = url.searchParams.get('address') || '';
  if (!ethers.isAddress(asked)) throw new Refusal(400, 'address=0x… must be an address');
  const address = ethers.getAddress(asked);
  const { chainId } = await provider.getNetwork();
  const challenge = { address };
  const nonce = challenges.add(challenge);
  challenge.text = challengeText(address, chainId, nonce);
  return { body: challenge.text + '\n' };
}

/// Whether the key may speak for the account: the registry knows owners and delegates. Where there is no registry, every
/// account speaks for itself.
async function maySignIn(address, signer) {
  if ((await provider.getCode(kRegistry)) === '0x') return signer === address;
  return registry.isDelegate(address, kSigninKind, signer);
}

async function login(request) {
  const form = await formOf(request);
  const message = (form.get('message') || '').replace(/\n$/, '');
  const nonce = /^Nonce: (\S+)$/m.exec(message);
  // Taken, so that nobody signs in twice with one signature. The text must be the one that was given out, to the letter:
  // that settles domain, chain, address and times at once.
  const challenge = nonce && challenges.take(nonce[1]);
  if (!challenge || challenge.text !== message)
    throw new Refusal(401, 'this is no challenge of ours, or it was used or has expired: ask for another at /challenge');
  let signer;
  try {
    signer = ethers.verifyMessage(message, (form.get('signature') || '').trim());
  } catch {
    throw new Refusal(400, 'signature=0x… must be 65 bytes in hex');
  }
  if (!(await maySignIn(challenge.address, signer)))
    throw new Refusal(401, `${challenge.address} did not sign this, nor did a delegate`);
  const session = sessions.add(challenge.address);
  return {
    headers: { 'set-cookie': makeCookie('session', session, kSessionSeconds) },
    body: { address: challenge.address, delegated: signer !== challenge.address },
  };
}

function signedIn(request) {
  const address = sessions.find(cookieOf(request, 'session'));
  if (!address) throw new Refusal(401, 'nobody is signed in here: begin at /challenge?address=0x…');
  return address;
}

function logout(request) {
  sessions.take(cookieOf(request, 'session'));
  return { headers: { 'set-cookie': makeCookie('session', '', 0) } };
}

/// Sends a visitor of a service back to it with a ticket that says who they are.
async function authorize(request, url) {
  const service = url.searchParams.get('service');
  if (!services.includes(service)) throw new Refusal(400, `${service} is none of the services served here`);
  const ticket = JSON.stringify({
    address: signedIn(request),
    service,
    state: url.searchParams.get('state'),
    expires: Date.now() + kTicketSeconds * 1000,
  });
  const query = new URLSearchParams({ ticket, signature: await key.signMessage(ticket) });
  return { status: 302, headers: { location: `${service}/return?${query}` } };
}

const origin = serve(port, {
  'GET /challenge': giveChallenge,
  'POST /login': login,
  'GET /me': async (request) => ({ body: { address: signedIn(request) } }),
  'POST /logout': async (request) => logout(request),
  'GET /key': async () => ({ body: { address: key.address } }),
  'GET /authorize': authorize,
});
