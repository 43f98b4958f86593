// SPDX-License-Identifier: MIT
// Another client's peer: dials a node, greets it, asks for headers, bodies, receipts and pooled
// transactions, answers what it is asked, sends transactions, bonds by discv4 and asks for
// neighbours. Ends with one line of JSON: everything that it received, as hex.
//
// usage: node devp2p_peer.mjs MODULES ID TCP_PORT UDP_PORT ANSWERS
//   MODULES  folder with node_modules
//   ID       the node's public key, 128 hex digits; it listens at 127.0.0.1
//   ANSWERS  JSON: {headers, tx} as hex, what to answer and to send

import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [modules, id, tcpPort, udpPort, answersText] = process.argv.slice(2)
const answers = JSON.parse(answersText)
const require = createRequire(pathToFileURL(modules + '/'))
const { RLPx, ETH, DPT } = require('@ethereumjs/devp2p')
const { Common, Mainnet, Hardfork } = require('@ethereumjs/common')
const { RLP } = require('@ethereumjs/rlp')
const { hexToBytes, bytesToHex } = require('@ethereumjs/util')

const seen = { status: null, messages: {}, neighbours: [], bonded: false }
const privateKey = hexToBytes('0x' + '11'.repeat(32))
const nodeId = hexToBytes('0x' + id)
const genesis = hexToBytes('0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3')
const hash = hexToBytes('0x' + '00'.repeat(28) + 'deadc0de')
const codes = { 3: 'getHeaders', 4: 'headers', 6: 'bodies', 10: 'pooled', 16: 'receipts' }

function finish(error) {
    seen.error = error ? String(error) : ''
    console.log(JSON.stringify(seen))
    process.exit(error ? 1 : 0)
}
// More than any machine needs.
const patience = 300_000
let lastFailure
setTimeout(() => finish(`time is up; ${lastFailure}`), patience)

/// Both ends give up a greeting after five seconds, which a machine with other work to do may take. An end before the
/// greeting is told by nothing, so that it is tried again and again; where there is a connection, that is refused.
function connect() {
    if (isComplete()) return
    rlpx.connect(remote).catch((error) => {
        if (error.message !== 'Already connected') lastFailure = error
    })
}

function isComplete() {
    return Object.values(codes).every((name) => seen.messages[name]) &&
        seen.bonded && seen.neighbours.length > 0
}

const common = new Common({ chain: Mainnet, hardfork: Hardfork.Chainstart })
const rlpx = new RLPx(privateKey, {
    capabilities: [ETH.eth66, ETH.eth67, ETH.eth68],
    common,
    maxPeers: 2,
    listenPort: null,
    timeout: patience,
})
rlpx.events.on('error', finish)
rlpx.events.on('peer:error', (_, error) => { lastFailure = error })
rlpx.events.on('peer:removed', (_, reason) => { lastFailure = 'removed: ' + reason })
rlpx.events.on('peer:added', (peer) => {
    const eth = peer.getProtocols()[0]
    seen.version = eth.getVersion()
    seen.client = String(peer.getHelloMessage().clientId)
    eth.events.once('status', (status) => {
        seen.status = { td: bytesToHex(status.td), head: bytesToHex(status.bestHash) }
        eth.sendMessage(3, [Uint8Array.of(1), [Uint8Array.of(5), Uint8Array.of(2), new Uint8Array(), new Uint8Array()]])
        eth.sendMessage(5, [Uint8Array.of(2), [hash]])
        eth.sendMessage(15, [Uint8Array.of(3), [hash]])
        eth.sendMessage(9, [Uint8Array.of(4), [hash]])
        eth.sendMessage(2, [RLP.decode(hexToBytes('0x' + answers.tx))])
        eth.sendMessage(8, [Uint8Array.of(0), [Uint8Array.of(100)], [hash]])
        eth.sendMessage(1, [[hash, Uint8Array.of(7)]])
    })
    eth.events.on('message', (code, payload) => {
        if (codes[code]) seen.messages[codes[code]] = bytesToHex(RLP.encode(payload))
        if (code === 3)
            eth.sendMessage(4, [payload[0], RLP.decode(hexToBytes('0x' + answers.headers))])
        if (isComplete()) setTimeout(finish, 500)
    })
    eth.sendStatus({ td: Uint8Array.of(17), bestHash: genesis, genesisHash: genesis })
})

const dpt = new DPT(privateKey, {
    endpoint: { address: '127.0.0.1', udpPort: 0, tcpPort: null },
    refreshInterval: 1000,
    timeout: patience,
})
dpt.events.on('error', () => {})
dpt.events.on('peer:added', () => { seen.bonded = true })
dpt._server.events.on('peers', (peers) => {
    for (const peer of peers) seen.neighbours.push(peer.udpPort)
    if (isComplete()) setTimeout(finish, 500)
})
dpt.bind(0, '127.0.0.1')

const remote = { id: nodeId, address: '127.0.0.1', tcpPort: Number(tcpPort), udpPort: Number(udpPort) }
connect()
setInterval(connect, 1000)
setTimeout(() => dpt.bootstrap(remote).catch(() => {}), 300)
