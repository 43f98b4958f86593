// SPDX-License-Identifier: MIT
// A service without accounts of its own: who its visitors are it learns from the sign-in service (server.js).
// usage: node app.js PORT SIGNIN_URL
'use strict';
const { ethers } = require('ethers');
const { Memory, Refusal, cookieOf, makeCookie, serve } = require('./service.js');

const kSessionSeconds = 24 * 3600;
/// From the first visit to the return with a ticket.
const kStateSeconds = 600;

const [port, signin] = process.argv.slice(2);
if (!/^\d+$/.test(port || '') || !signin) {
  console.error('usage: node app.js PORT SIGNIN_URL');
  process.exit(2);
}
// Each service has cookies of its own name: browsers do not keep ports of one host apart.
const kSessionCookie = `session_${port}`;
const kStateCookie = `state_${port}`;
const sessions = new Memory(kSessionSeconds);
const states = new Memory(kStateSeconds);

function front(request) {
  const address = sessions.find(cookieOf(request, kSessionCookie));
  if (address) return { body: `Welcome, ${address}\n` };
  const state = states.add(true);
  const query = new URLSearchParams({ service: origin, state });
  return {
    status: 302,
    headers: {
      location: `${signin}/authorize?${query}`,
      'set-cookie': makeCookie(kStateCookie, state, kStateSeconds),
    },
  };
}

/// The address of the key that signs the tickets.
async function signinKey() {
  const answer = await fetch(`${signin}/key`).catch(() => undefined);
  if (!answer || !answer.ok) throw new Refusal(502, 'the sign-in service does not answer');
  return (await answer.json()).address;
}

/// Takes a ticket that is signed by the sign-in service, for this service, in time, and for the visit that it answers.
async function comeBack(request, url) {
  let ticket;
  let signer;
  try {
    const text = url.searchParams.get('ticket');
    ticket = JSON.parse(text);
    signer = ethers.verifyMessage(text, url.searchParams.get('signature'));
  } catch {
    throw new Refusal(400, 'this is no ticket');
  }
  const state = cookieOf(request, kStateCookie);
  const isAnswer = state !== undefined && ticket.state === state && states.take(state);
  const isValid = signer === (await signinKey()) && ticket.service === origin && ticket.expires > Date.now();
  if (!isAnswer || !isValid) throw new Refusal(401, 'this ticket does not hold here');
  const session = sessions.add(ticket.address);
  return {
    status: 302,
    headers: { location: '/', 'set-cookie': makeCookie(kSessionCookie, session, kSessionSeconds) },
  };
}

const origin = serve(port, {
  'GET /': async (request) => front(request),
  'GET /return': comeBack,
});
