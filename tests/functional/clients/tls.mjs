// SPDX-License-Identifier: MIT
// https and wss, with clients that check the certificate; see harness.mjs. NODE_EXTRA_CA_CERTS names the only authority
// that vouches for the node's. A further argument `untrusted` says that none does.
import { assert, check, finish, furtherArguments, load, patience, url, wsUrl } from './harness.mjs'

const viem = load('viem')
const { ethers } = load('ethers')
const WebSocket = load('ws')

if (furtherArguments[0] === 'untrusted') {
    await check('a client that checks does not talk to a node nobody vouches for', async () => {
        await assert.rejects(fetch(url, { method: 'POST', body: '{}' }),
            (error) => /self.signed|unable to verify/i.test(error.cause?.message))
        await assert.rejects(new Promise((resolve, reject) =>
            new WebSocket(wsUrl).on('open', resolve).on('error', reject)), /self.signed|unable to verify/i)
    })
} else {
    await check('requests over https', async () => {
        const client = viem.createPublicClient({ transport: viem.http(url, { timeout: patience }) })
        assert.equal(await client.getChainId(), 1337)
        const provider = new ethers.JsonRpcProvider(url)
        assert.equal((await provider.getNetwork()).chainId, 1337n)
        // One that fills several records of TLS.
        const { methods } = await provider.send('rpc.discover', [])
        assert.ok(methods.length > 100)
        provider.destroy()
    })
    await check('many connections at once', async () => {
        const answers = await Promise.all(Array.from({ length: 40 }, (unused, id) =>
            fetch(url, {
                method: 'POST', headers: { 'content-type': 'application/json' },
                body: JSON.stringify({ jsonrpc: '2.0', id, method: 'eth_getBlockByNumber', params: ['latest', true] }),
            }).then((response) => response.json())))
        assert.deepEqual(answers.map((answer) => answer.id), [...answers.keys()])
    })
    await check('subscriptions over wss', async () => {
        const socket = new ethers.WebSocketProvider(wsUrl)
        const head = new Promise((resolve) => socket.on('block', resolve))
        await socket.getBlockNumber()
        await socket.send('evm_mine', [])
        assert.equal(await head, 1)
        await socket.destroy()
    })
    await check('plain http is not taken for TLS', async () => {
        await assert.rejects(fetch(url.replace('https', 'http'), { method: 'POST', body: '{}' }))
        assert.equal((await fetch(url)).status, 200)
    })
}
finish()
