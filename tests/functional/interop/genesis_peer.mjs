// SPDX-License-Identifier: MIT
// Another client's peer on a network that a geth genesis file describes. Either it dials a node and
// fetches its chain, or it has the chain, is dialled, answers questions and pushes the last block.
// Ends with one line of JSON: what it fetched, as hex.
//
// usage: node genesis_peer.mjs MODULES fetch NETWORK ID TCP_PORT
//        node genesis_peer.mjs MODULES serve NETWORK PORT_FILE
//   MODULES    folder with node_modules
//   NETWORK    JSON file: {genesis, hash, blocks: [{hash, header, body, total}]}: the geth genesis,
//              its hash, and blocks from 1 on as RLP in hex; `total` is the total difficulty
//   ID         the node's public key, 128 hex digits; it listens at 127.0.0.1
//   PORT_FILE  where to write the port at which this peer listens

import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [modules, mode, networkFile, ...more] = process.argv.slice(2)
const require = createRequire(pathToFileURL(modules + '/'))
const { RLPx, ETH } = require('@ethereumjs/devp2p')
const { createCommonFromGethGenesis, Hardfork } = require('@ethereumjs/common')
const { RLP } = require('@ethereumjs/rlp')
const { bytesToBigInt, bytesToHex, hexToBytes } = require('@ethereumjs/util')

const network = JSON.parse(readFileSync(networkFile))
const genesisHash = hexToBytes(network.hash)
const common = createCommonFromGethGenesis(network.genesis, { genesisHash, hardfork: Hardfork.London })
const decoded = (hex) => RLP.decode(hexToBytes(hex))
const seen = { headers: [], bodies: [], asked: [] }

function finish(error) {
    seen.error = error ? String(error.stack ?? error) : ''
    console.log(JSON.stringify(seen))
    process.exit(error ? 1 : 0)
}
// More than any machine needs.
const patience = 300_000
let lastFailure
setTimeout(() => finish(`time is up; ${lastFailure}`), patience)

const rlpx = new RLPx(hexToBytes('0x' + '22'.repeat(32)), {
    capabilities: [ETH.eth66, ETH.eth67, ETH.eth68], common, maxPeers: 2, listenPort: null, timeout: patience,
})
rlpx.events.on('error', finish)
rlpx.events.on('peer:error', (_, error) => { lastFailure = error })

/// A number as RLP has it.
function quantity(n) {
    const hex = BigInt(n).toString(16)
    return n === 0 ? new Uint8Array() : hexToBytes('0x' + (hex.length % 2 ? '0' : '') + hex)
}

function fetchChain(eth) {
    eth.events.once('status', () =>
        eth.sendMessage(3, [quantity(1), [quantity(1), quantity(1024), quantity(0), quantity(0)]]))
    eth.events.on('message', (code, payload) => {
        if (code === 4) {
            seen.headers = payload[1].map((header) => bytesToHex(RLP.encode(header)))
            eth.sendMessage(5, [quantity(2), network.blocks.map((block) => hexToBytes(block.hash))])
        } else if (code === 6) {
            seen.bodies = payload[1].map((body) => bytesToHex(RLP.encode(body)))
            finish()
        }
    })
    eth.sendStatus({ td: quantity(0x20000), bestHash: genesisHash, genesisHash })
}

function serveChain(eth) {
    // The last one is kept back for a push.
    const known = network.blocks.slice(0, -1)
    const last = network.blocks.at(-1)
    const places = new Map(known.map((block, i) => [block.hash, i + 1]))
    eth.events.on('message', (code, payload) => {
        seen.asked.push(code)
        if (code === 3) {
            const [origin, amount, skip, reverse] = payload[1]
            let at = origin.length === 32 ? places.get(bytesToHex(origin)) : Number(bytesToBigInt(origin))
            const step = (Number(bytesToBigInt(skip)) + 1) * (reverse.length > 0 ? -1 : 1)
            const headers = []
            for (; headers.length < bytesToBigInt(amount) && at >= 1 && at <= known.length; at += step)
                headers.push(decoded(known[at - 1].header))
            eth.sendMessage(4, [payload[0], headers])
        } else if (code === 5) {
            eth.sendMessage(6, [payload[0], payload[1].map((hash) => decoded(known[places.get(bytesToHex(hash)) - 1].body))])
            eth.sendMessage(7, [[decoded(last.header), ...decoded(last.body)], hexToBytes(last.total)])
            seen.hasPushed = true
        } else if (code === 15) {
            eth.sendMessage(16, [payload[0], []])
        }
    })
    const best = known.at(-1)
    eth.sendStatus({ td: hexToBytes(best.total), bestHash: hexToBytes(best.hash), genesisHash })
}

rlpx.events.on('peer:added', (peer) => {
    const eth = peer.getProtocols()[0]
    if (mode === 'fetch') fetchChain(eth)
    else serveChain(eth)
})

if (mode === 'fetch') {
    const [id, tcpPort] = more
    const remote = { id: hexToBytes('0x' + id), address: '127.0.0.1', tcpPort: Number(tcpPort) }
    // Both ends give up a greeting after five seconds, which a machine with other work to do may take. An end before the
    // greeting is told by nothing, so that it is tried again and again; where there is a connection, that is refused.
    const connect = () =>
        rlpx.connect(remote).catch((error) => {
            if (error.message !== 'Already connected') lastFailure = error
        })
    rlpx.events.on('peer:removed', (_, reason) => { lastFailure = 'removed: ' + reason })
    connect()
    setInterval(connect, 1000)
} else {
    // Who ends before that comes back.
    rlpx.events.on('peer:removed', (_, reason) => {
        lastFailure = 'removed: ' + reason
        if (seen.hasPushed) finish()
    })
    rlpx.listen(0, '127.0.0.1')
    rlpx._server.on('listening', () => {
        // Renamed when whole, so that nobody reads half of it.
        writeFileSync(more[0] + '.part', JSON.stringify({ port: rlpx._server.address().port, id: bytesToHex(rlpx.id) }))
        renameSync(more[0] + '.part', more[0])
    })
}
