// SPDX-License-Identifier: MIT
// Who may ask: tokens, host names and pages of other origins, through real sockets; see harness.mjs. The node was
// started for a token or a JWT secret, whose value follows the common arguments: `token VALUE`, `jwt HEX`, or `pages`
// where it was started with names and origins of its own.
import { createHmac } from 'node:crypto'
import { assert, check, finish, furtherArguments, load, patience, post, url, wsUrl } from './harness.mjs'

const WebSocket = load('ws')
const viem = load('viem')
const { ethers } = load('ethers')
const [kind, value] = furtherArguments
const question = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}'

/// HTTP status of a question with such header fields.
const statusOf = async (headers = {}) => (await post(question, { headers })).status

/// Whether a WebSocket opens, and else the status it is refused with.
const opens = (options) =>
    new Promise((resolve) => {
        const socket = new WebSocket(wsUrl, options)
        socket.on('unexpected-response', (request, response) => resolve(response.statusCode))
        socket.on('error', () => resolve(false))
        socket.on('open', () => {
            socket.terminate()
            resolve(true)
        })
    })

const base64url = (data) => Buffer.from(data).toString('base64url')
/// A JSON Web Token (RFC 7519), signed by HMAC-SHA-256.
function webToken(claims, key = value, header = { alg: 'HS256', typ: 'JWT' }) {
    const text = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`
    return `${text}.${createHmac('sha256', Buffer.from(key, 'hex')).update(text).digest('base64url')}`
}
const now = () => Math.floor(Date.now() / 1000)

/// Checks that clients of several makes get in with a field, at every door.
async function checkField(authorization) {
    assert.equal(await statusOf({ authorization }), 200)
    assert.equal(await opens({ headers: { authorization } }), true)
    const client = viem.createPublicClient(
        { transport: viem.http(url, { fetchOptions: { headers: { authorization } }, timeout: patience }) })
    assert.equal(await client.getChainId(), 1337)
}
async function checkRefused(headers) {
    assert.equal(await statusOf(headers), 401)
    assert.equal(await opens({ headers }), 401)
}

if (kind === 'token') {
    const basic = (text) => `Basic ${Buffer.from(text).toString('base64')}`
    await check('the token opens both doors', async () => {
        await checkField(`Bearer ${value}`)
        await checkField(basic(`anybody:${value}`))
        const request = new ethers.FetchRequest(url)
        request.setCredentials('anybody', value)
        // ethers sends a password over plain HTTP only when it is told to.
        request.allowInsecureAuthentication = true
        const provider = new ethers.JsonRpcProvider(request)
        assert.equal(await provider.send('eth_chainId', []), '0x539')
        provider.destroy()
    })
    await check('without it, or with another, nothing opens', async () => {
        const wrong = [{}, { authorization: 'Bearer ' }, { authorization: `Bearer ${value}x` },
            { authorization: `Bearer ${value.slice(1)}` }, { authorization: value }, { authorization: 'Basic !!!' },
            { authorization: basic(value) }, { authorization: basic(`${value}:`) }]
        for (const headers of wrong) await checkRefused(headers)
    })
} else if (kind === 'jwt') {
    await check('a fresh web token opens both doors', async () => {
        await checkField(`Bearer ${webToken({ iat: now() })}`)
        assert.equal(await statusOf({ authorization: `Bearer ${webToken({ iat: now() - 30, id: 'someone' })}` }), 200)
    })
    await check('an old, foreign or tampered one does not', async () => {
        const good = webToken({ iat: now() })
        const wrong = [webToken({ iat: now() - 3600 }), webToken({ iat: now() + 3600 }), webToken({}),
            webToken({ iat: now() }, '00'.repeat(32)), webToken({ iat: now() }, value, { alg: 'none' }),
            webToken({ iat: String(now()) }), good.slice(0, -2), good.slice(1), `${good}.x`, value, '']
        for (const token of wrong) await checkRefused({ authorization: `Bearer ${token}` })
        await checkRefused({})
    })
} else {
    const fieldsOf = async (headers, options = {}) => (await post(question, { headers, ...options })).headers
    await check('a host that is not ours is not answered', async () => {
        for (const host of ['localhost', '127.0.0.1', '127.0.0.1:1', '[::1]:8545', 'node.example', 'NODE.example:80'])
            assert.equal(await statusOf({ host }), 200, host)
        for (const host of ['evil.example', 'node.example.evil', 'xnode.example', 'localhost.evil:80'])
            assert.equal(await statusOf({ host }), 403, host)
    })
    await check("a page's browser is told which origins may read", async () => {
        const page = 'https://dapp.example'
        assert.equal((await fieldsOf({ origin: page }))['access-control-allow-origin'], page)
        assert.equal((await fieldsOf({ origin: 'https://evil.example' }))['access-control-allow-origin'], undefined)
        const ask = { origin: page, 'access-control-request-method': 'POST',
            'access-control-request-headers': 'content-type' }
        const allowed = await fieldsOf(ask, { method: 'OPTIONS' })
        assert.equal(allowed['access-control-allow-origin'], page)
        assert.match(allowed['access-control-allow-methods'], /POST/)
        assert.match(allowed['access-control-allow-headers'], /content-type/i)
        const denied = await fieldsOf({ ...ask, origin: 'https://evil.example' }, { method: 'OPTIONS' })
        assert.equal(denied['access-control-allow-origin'], undefined)
    })
    await check('a page opens a WebSocket only from where it may', async () => {
        assert.equal(await opens({}), true)
        assert.equal(await opens({ origin: 'https://socket.example' }), true)
        assert.equal(await opens({ origin: 'https://evil.example' }), 403)
    })
    await check('a form cannot ask', async () => {
        for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
            assert.equal(await statusOf({ 'content-type': type }), 415, type)
    })
}
finish()
