// SPDX-License-Identifier: MIT
// Hundreds of clients at once, and such as never finish a request, drip it, or do not read their answers. Nobody else
// may notice them, and the node's memory may not grow. See harness.mjs; PID of the node follows the common arguments.
import http from 'node:http'
import net from 'node:net'
import { assert, check, eventually, finish, furtherArguments, load, memoryOf, rpc, sleep, url, wsUrl } from './harness.mjs'

const WebSocket = load('ws')
const [pid] = furtherArguments
const { hostname, port } = new URL(url)
// Under the sanitizers a node takes ten times as long, and keeps what it frees for a while.
const isSlow = Boolean(process.env.CAIRN_SANITIZED)
const [callers, listeners] = isSlow ? [150, 60] : [500, 200]
/// KiB by which memory may grow while it is misused: sockets' and subscribers' buffers, far from what is sent.
const growthMax = isSlow ? 500_000 : 100_000

const body = (method, params = [], id = 1) => JSON.stringify({ jsonrpc: '2.0', id, method, params })

/// One request over an agent's connection.
function ask(agent, text) {
    return new Promise((resolve, reject) => {
        const request = http.request(url, { method: 'POST', agent, headers: { 'content-type': 'application/json' } },
            (response) => {
                let answer = ''
                response.on('data', (part) => (answer += part)).on('error', reject)
                response.on('end', () => resolve(JSON.parse(answer)))
            })
        request.on('error', reject)
        request.end(text)
    })
}

function subscriber(...params) {
    return new Promise((resolve, reject) => {
        const socket = new WebSocket(wsUrl, { perMessageDeflate: false })
        const seen = []
        socket.on('error', reject)
        socket.on('open', () => socket.send(body('eth_subscribe', params)))
        socket.on('message', (text) => {
            const message = JSON.parse(text)
            message.id === 1 ? resolve({ socket, seen }) : seen.push(message.params.result)
        })
    })
}

await check('hundreds of callers and listeners at once', async () => {
    const heads = await Promise.all(Array.from({ length: listeners }, () => subscriber('newHeads')))
    const agent = new http.Agent({ keepAlive: true, maxSockets: callers })
    const methods = ['eth_blockNumber', 'eth_gasPrice', 'eth_chainId', 'eth_feeHistory']
    const rounds = Array.from({ length: callers }, async (unused, at) => {
        for (const method of methods) {
            const params = method === 'eth_feeHistory' ? ['0x2', 'latest', []] : []
            const answer = await ask(agent, body(method, params, at))
            assert.equal(answer.id, at)
            assert.ok('result' in answer, JSON.stringify(answer))
        }
    })
    const before = Number(await rpc('eth_blockNumber'))
    for (let i = 0; i < 5; ++i) await rpc('evm_mine')
    await Promise.all(rounds)
    await eventually(() => heads.every(({ seen }) => seen.length === 5), 'every head at every listener')
    for (const { seen } of heads)
        assert.deepEqual(seen.map((head) => Number(head.number)), [1, 2, 3, 4, 5].map((i) => before + i))
    for (const { socket } of heads) socket.terminate()
    agent.destroy()
})

/// A bare connection that has sent something.
function connect(text) {
    return new Promise((resolve, reject) => {
        const socket = net.connect(Number(port), hostname, () => {
            socket.write(text)
            resolve(socket)
        })
        socket.on('error', reject)
    })
}
const request = (text) =>
    `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`

await check('half-open, dripping and unreading clients are noticed by nobody', async () => {
    const before = memoryOf(pid)
    const sockets = []
    const starts = ['', 'P', 'POST / HTTP/1.1\r\nHost: local', request(body('eth_chainId')).slice(0, -5),
        'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n', '\x16\x03\x01\x02\x00\x01']
    for (let i = 0; i < 120; ++i) sockets.push(await connect(starts[i % starts.length]))
    // One byte at a time.
    const whole = request(body('eth_blockNumber'))
    const drips = await Promise.all(Array.from({ length: 20 }, () => connect('')))
    sockets.push(...drips)
    let sent = 0
    const timer = setInterval(() => {
        for (const socket of drips) socket.write(whole[sent] ?? '')
        sent += 1
    }, 1000)
    // Asks for much, again and again, and never reads.
    const history = request(body('eth_feeHistory', ['0x400', 'latest', [1, 2, 3, 4, 5, 6, 7, 8, 9]]))
    const discover = request(body('rpc.discover'))
    for (let i = 0; i < 20; ++i) {
        const socket = await connect(discover + history)
        socket.pause()
        socket.write((discover + history).repeat(500))
        sockets.push(socket)
    }
    const agent = new http.Agent({ keepAlive: true })
    const times = []
    for (let i = 0; i < (isSlow ? 100 : 400); ++i) {
        const began = performance.now()
        await ask(agent, body('eth_blockNumber'))
        times.push(performance.now() - began)
        await sleep(2)
    }
    agent.destroy()
    clearInterval(timer)
    const grown = memoryOf(pid) - before
    times.sort((one, other) => one - other)
    const [median, slowest] = [times[times.length >> 1], times.at(-1)]
    console.log(`answers beside them: median ${median.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms; memory grew by ${grown} KiB`)
    // A node that waited for them would be late each time; a machine with other work to do is late at times.
    assert.ok(median < 10_000, `${median} ms`)
    assert.ok(grown < growthMax, `${grown} KiB`)
    for (const socket of sockets) {
        socket.removeAllListeners('error')
        socket.on('error', () => {})
        socket.destroy()
    }
})

await check('a listener that does not read is cut off', async () => {
    const before = memoryOf(pid)
    const idle = []
    const unread = isSlow ? 5 : 20
    for (let i = 0; i < unread; ++i) {
        const { socket } = await subscriber('newPendingTransactions', true)
        const lost = { is: false }
        socket.on('close', () => (lost.is = true))
        socket.on('error', () => (lost.is = true))
        socket._socket.pause()
        idle.push({ socket, lost })
    }
    const reading = await subscriber('newPendingTransactions', true)
    const [from] = await rpc('eth_accounts')
    // Each transaction is a notification of 250 KB, 35 MB in all: what the node keeps of them for a client ends at
    // 16 MiB, and sockets hold 10 MB.
    const data = '0x' + '00'.repeat(125_000)
    const count = 140
    for (let i = 0; i < count; ++i) await rpc('eth_sendTransaction', { from, to: from, data, gas: '0x1e8480' })
    await eventually(() => reading.seen.length === count, 'every notification at the one who reads')
    const grown = memoryOf(pid) - before
    console.log(`${unread} unread listeners: memory grew by ${grown} KiB`)
    assert.ok(grown < growthMax, `${grown} KiB`)
    // Reading what is left shows that nothing more comes.
    for (const { socket } of idle) socket._socket.resume()
    await eventually(() => idle.every(({ lost }) => lost.is), 'the end of the unread')
    reading.socket.terminate()
})

await check('more connections than there may be do no harm', async () => {
    const sockets = await Promise.allSettled(Array.from({ length: 1100 }, () => connect('')))
    for (const { value } of sockets) value?.on('error', () => {})
    for (const { value } of sockets) value?.destroy()
    await eventually(async () => {
        try {
            return await rpc('eth_chainId') === '0x539'
        } catch {
            return false
        }
    }, 'an answer')
})

await check('requests over WebSocket that nobody reads the answers of wait', async () => {
    const before = memoryOf(pid)
    const { socket } = await subscriber('newHeads')
    socket._socket.pause()
    for (let i = 0; i < 5000; ++i) socket.send(body('rpc.discover', [], i + 2))
    await sleep(isSlow ? 3000 : 1000)
    const grown = memoryOf(pid) - before
    console.log(`5000 unread answers: memory grew by ${grown} KiB`)
    assert.ok(grown < growthMax, `${grown} KiB`)
    socket.terminate()
})

finish()
