// SPDX-License-Identifier: MIT
// A change of chain, as filters and subscriptions of several clients see it; see harness.mjs.
import { assert, check, contracts, eventually, finish, keys, load, patience, rpc, url, wsUrl } from './harness.mjs'

const { ethers } = load('ethers')
const viem = load('viem')
const WebSocket = load('ws')

const provider = new ethers.JsonRpcProvider(url, undefined, { cacheTimeout: -1 })
provider.pollingInterval = 50
const alice = new ethers.Wallet(keys[0], provider)
const [, to] = await rpc('eth_accounts')
const { abi, bytecode } = contracts.Token
const deployed = await new ethers.ContractFactory(abi, bytecode, alice).deploy(1000n)
await deployed.waitForDeployment()
const token = new ethers.Contract(await deployed.getAddress(), abi, alice)

/// A bare subscription: its notifications in their order.
async function subscribe(...params) {
    const socket = new WebSocket(wsUrl)
    const seen = []
    const subscribed = new Promise((resolve) =>
        socket.on('message', (text) => {
            const message = JSON.parse(text)
            message.id === 1 ? resolve(message.result) : seen.push(message.params.result)
        }))
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject))
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params }))
    assert.match(await subscribed, /^0x/)
    return { seen, close: () => socket.terminate() }
}

/// What is told of a log.
const brief = (log) => [log.transactionHash, log.blockHash, log.removed === true]

await check('logs that are taken back come again as removed, then those of the other chain', async () => {
    const logs = await subscribe('logs', { address: token.target })
    const heads = await subscribe('newHeads')
    const filter = await rpc('eth_newFilter', { address: token.target })
    const blocks = await rpc('eth_newBlockFilter')
    const throughViem = []
    const listener = viem.createPublicClient({ transport: viem.webSocket(wsUrl, { timeout: patience }) })
    const unwatch = listener.watchEvent({ address: token.target, onLogs: (found) => throughViem.push(...found) })
    await listener.getBlockNumber()
    await listener.getBlockNumber()

    const first = await (await token.transfer(to, 1n)).wait()
    const second = await (await token.transfer(to, 2n)).wait()
    await eventually(() => logs.seen.length === 2, 'the logs')
    assert.deepEqual((await rpc('eth_getFilterChanges', filter)).map(brief), logs.seen.map(brief))

    // Both transactions go back to the pool, and come again upon the parent.
    await rpc('cairn_invalidateBlock', first.blockHash)
    await eventually(async () => (await rpc('eth_getTransactionReceipt', second.hash)) !== null, 'the other chain')
    const again = [await rpc('eth_getTransactionReceipt', first.hash), await rpc('eth_getTransactionReceipt', second.hash)]
    assert.notEqual(again[0].blockHash, first.blockHash)
    const expected = [
        [first.hash, first.blockHash, false], [second.hash, second.blockHash, false],
        [second.hash, second.blockHash, true], [first.hash, first.blockHash, true],
        [first.hash, again[0].blockHash, false], [second.hash, again[1].blockHash, false],
    ]
    const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other)
    await eventually(() => logs.seen.length === 6, 'the other logs')
    // Within one block's taking back the order is the block's own; over blocks, newest first or as they came.
    const told = logs.seen.map(brief)
    assert.deepEqual(told.slice(0, 2), expected.slice(0, 2))
    assert.ok(told.slice(2, 4).every(([, , removed]) => removed))
    assert.deepEqual(new Set(told.slice(2, 4).map(String)), new Set(expected.slice(2, 4).map(String)))
    assert.deepEqual(told.slice(4), expected.slice(4))
    const polled = (await rpc('eth_getFilterChanges', filter)).map(brief)
    assert.ok(isSame(polled, told.slice(2)), JSON.stringify(polled))
    await eventually(() => throughViem.length === 6, "viem's logs")
    assert.deepEqual(throughViem.map((log) => log.removed), [false, false, true, true, false, false])

    // New heads are told from the fork on; a block filter names the new chain's blocks.
    await eventually(() => heads.seen.some((head) => head.hash === again[1].blockHash), 'the new head')
    const hashes = await rpc('eth_getFilterChanges', blocks)
    assert.ok(hashes.includes(again[0].blockHash) && hashes.includes(first.blockHash))
    // What was taken back is not found where only the chain counts, but is by its hash.
    assert.equal((await rpc('eth_getLogs', { fromBlock: '0x0', address: token.target })).length, 3)
    assert.equal((await rpc('eth_getBlockByHash', first.blockHash, false)).hash, first.blockHash)
    await assert.rejects(rpc('eth_getBalance', to, { blockHash: first.blockHash, requireCanonical: true }),
        /not currently canonical/)
    unwatch()
    logs.close()
    heads.close()
    ;(await listener.transport.getRpcClient()).close()
})

await check('a block that is reconsidered can be chosen again', async () => {
    const head = await rpc('eth_getBlockByNumber', 'latest', false)
    await rpc('evm_setAutomine', false)
    await rpc('cairn_invalidateBlock', head.hash)
    assert.equal((await rpc('eth_getBlockByNumber', 'latest', false)).hash, head.parentHash)
    await rpc('cairn_reconsiderBlock', head.hash)
    await eventually(async () => (await rpc('eth_getBlockByNumber', 'latest', false)).hash === head.hash, 'the block')
    await rpc('evm_setAutomine', true)
})

provider.destroy()
finish()
