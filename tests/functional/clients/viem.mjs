// SPDX-License-Identifier: MIT
// viem against a development node; see harness.mjs.
import { assert, check, contracts, eventually, finish, keys, load, patience, rpc, url, wsUrl } from './harness.mjs'

const viem = load('viem')
const { privateKeyToAccount, generatePrivateKey } = load('viem/accounts')
const chain = viem.defineChain({
    id: 1337, name: 'development', nativeCurrency: { name: 'Coin', symbol: 'C', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
})
const [alice, bob, carol] = keys.map((key) => privateKeyToAccount(key))
const over = (transport) => ({ chain, transport, pollingInterval: 50, cacheTime: 0 })
const reader = viem.createPublicClient(over(viem.http(url, { retryCount: 0, timeout: patience })))
const listener = viem.createPublicClient(over(viem.webSocket(wsUrl, { timeout: patience })))
const walletOf = (account) =>
    viem.createWalletClient({ account, ...over(viem.http(url, { retryCount: 0, timeout: patience })) })
const wallet = walletOf(alice)
const dev = viem.createTestClient({ mode: 'anvil', ...over(viem.http(url, { retryCount: 0, timeout: patience })) })
const { abi, bytecode } = contracts.Token
const nobody = '0x00000000000000000000000000000000000000bb'
const mined = (hash) => reader.waitForTransactionReceipt({ hash })
const write = async (functionName, args, more = {}) =>
    mined(await wallet.writeContract({ address: token, abi, functionName, args, ...more }))
const read = (functionName, args = []) => reader.readContract({ address: token, abi, functionName, args })
let token

await check('a token of OpenZeppelin is deployed and written to', async () => {
    const receipt = await mined(await wallet.deployContract({ abi, bytecode, args: [10n ** 24n] }))
    assert.equal(receipt.status, 'success')
    token = receipt.contractAddress
    assert.equal(await read('symbol'), 'PBL')
    const { request } = await reader.simulateContract(
        { account: alice, address: token, abi, functionName: 'transfer', args: [bob.address, 500n] })
    assert.equal((await mined(await wallet.writeContract(request))).status, 'success')
    assert.equal(await read('balanceOf', [bob.address]), 500n)
})

await check('events are found from genesis to the head', async () => {
    const events = await reader.getContractEvents({ address: token, abi, eventName: 'Transfer', fromBlock: 'earliest' })
    assert.deepEqual(events.map((event) => event.args.value), [10n ** 24n, 500n])
    const logs = await reader.getLogs({ blockHash: events[1].blockHash })
    assert.equal(logs.length, 1)
})

await check('events arrive through a filter over HTTP and a subscription over WebSocket', async () => {
    const seen = { http: [], ws: [], heads: [] }
    const stops = []
    const watch = (client, list) =>
        stops.push(client.watchContractEvent({
            address: token, abi, eventName: 'Transfer', onError: (error) => list.push(error),
            onLogs: (logs) => list.push(...logs.map((log) => log.args.value)),
        }))
    watch(reader, seen.http)
    watch(listener, seen.ws)
    stops.push(listener.watchBlocks({ onBlock: (block) => seen.heads.push(block.number) }))
    // Nothing tells when the watchers are in place, so what is sent until they are counts for none.
    await eventually(async () => {
        await write('transfer', [bob.address, 1n])
        return seen.http.length > 0 && seen.ws.length > 0 && seen.heads.length > 0
    }, 'the first events')
    await write('transfer', [bob.address, 77n])
    await write('transfer', [bob.address, 78n])
    for (const list of [seen.http, seen.ws]) {
        await eventually(() => list.includes(78n), 'an event')
        assert.deepEqual(list.slice(-2), [77n, 78n])
    }
    await eventually(() => seen.heads.length > 2, 'heads')
    assert.ok(seen.heads.every((number, at) => at === 0 || number === seen.heads[at - 1] + 1n))
    for (const stop of stops) stop()
})

await check('reasons, custom errors and panics are decoded', async () => {
    const fails = async (functionName, args) => {
        try {
            await reader.simulateContract({ account: carol, address: token, abi, functionName, args })
        } catch (error) {
            return error.walk((inner) => inner instanceof viem.ContractFunctionRevertedError)
        }
        throw new Error(`${functionName} succeeds`)
    }
    assert.equal((await fails('refuse', ['not on a Sunday'])).reason, 'not on a Sunday')
    const custom = await fails('take', [11n])
    assert.equal(custom.data.errorName, 'TooMuch')
    assert.deepEqual(custom.data.args, [carol.address, 11n, 10n])
    assert.equal((await fails('transfer', [bob.address, 1n])).data.errorName, 'ERC20InsufficientBalance')
    const panic = await fails('divide', [1n, 0n])
    assert.equal(panic.data.errorName, 'Panic')
    assert.equal(panic.data.args[0], 0x12n)
})

await check('refusals are what viem has names for', async () => {
    const is = (kind) => (error) => {
        assert.ok(error.walk((inner) => inner instanceof kind) instanceof kind, error.message)
        return true
    }
    const poor = walletOf(privateKeyToAccount(generatePrivateKey()))
    const plain = { to: nobody, value: 1n, gas: 21000n }
    await assert.rejects(poor.sendTransaction(plain), is(viem.InsufficientFundsError))
    const nonce = await reader.getTransactionCount({ address: alice.address })
    await assert.rejects(wallet.sendTransaction({ ...plain, nonce: nonce - 1 }), is(viem.NonceTooLowError))
    await assert.rejects(wallet.sendTransaction({ ...plain, gas: 20_999n }), is(viem.IntrinsicGasTooLowError))
    await assert.rejects(wallet.sendTransaction({ ...plain, maxFeePerGas: 1n, maxPriorityFeePerGas: 2n }),
        is(viem.TipAboveFeeCapError))
    await assert.rejects(reader.getTransactionReceipt({ hash: `0x${'12'.repeat(32)}` }),
        is(viem.TransactionReceiptNotFoundError))
})

await check('an access list is proposed and used', async () => {
    const data = viem.encodeFunctionData({ abi, functionName: 'transfer', args: [bob.address, 1n] })
    const { accessList, gasUsed } = await reader.createAccessList({ account: alice, to: token, data })
    assert.equal(accessList[0].storageKeys.length, 2)
    assert.ok(gasUsed > 21000n)
    const receipt = await mined(await wallet.sendTransaction({ to: token, data, accessList, type: 'eip2930' }))
    assert.equal(receipt.type, 'eip2930')
    assert.equal(receipt.status, 'success')
})

await check('an account borrows code (EIP-7702), pays by it, and gives it back', async () => {
    const batch = contracts.Batch
    const deployed = await mined(await wallet.deployContract({ abi: batch.abi, bytecode: batch.bytecode }))
    const key = generatePrivateKey()
    const owner = privateKeyToAccount(key)
    const own = walletOf(owner)
    await mined(await wallet.sendTransaction({ to: owner.address, value: 10n ** 18n }))
    await write('transfer', [owner.address, 100n])
    const steps = [
        { to: nobody, value: 5n, data: '0x' },
        { to: token, value: 0n, data: viem.encodeFunctionData({ abi, functionName: 'transfer', args: [nobody, 30n] }) },
        { to: token, value: 0n, data: viem.encodeFunctionData({ abi, functionName: 'transfer', args: [nobody, 12n] }) },
    ]
    const authorization = await own.signAuthorization({ contractAddress: deployed.contractAddress, executor: 'self' })
    const call = { address: owner.address, abi: batch.abi, functionName: 'run', args: [steps] }
    const receipt = await mined(await own.writeContract({ ...call, authorizationList: [authorization] }))
    assert.equal(receipt.status, 'success')
    assert.equal(receipt.type, 'eip7702')
    assert.equal(await read('balanceOf', [nobody]), 42n)
    assert.equal(await reader.getBalance({ address: nobody }), 5n)
    const done = viem.parseEventLogs({ abi: batch.abi, logs: receipt.logs, eventName: 'Done' })
    assert.deepEqual({ ...done[0].args }, { account: owner.address, steps: 3n })
    assert.equal(await reader.getCode({ address: owner.address }),
        viem.concat(['0xef0100', deployed.contractAddress]).toLowerCase())
    const found = await reader.getTransaction({ hash: receipt.transactionHash })
    assert.equal(viem.getAddress(found.authorizationList[0].address), viem.getAddress(deployed.contractAddress))
    // Nobody else may.
    await assert.rejects(reader.simulateContract({ ...call, account: bob }), /OwnerOnly/)
    const revoke = await own.signAuthorization({ contractAddress: viem.zeroAddress, executor: 'self' })
    await mined(await own.sendTransaction({ to: owner.address, authorizationList: [revoke] }))
    assert.equal(await reader.getCode({ address: owner.address }), undefined)
})

await check('somebody else sends an authorization', async () => {
    const owner = privateKeyToAccount(generatePrivateKey())
    const authorization = await walletOf(owner).signAuthorization({ account: owner, contractAddress: token })
    const receipt = await mined(await wallet.sendTransaction({ to: nobody, authorizationList: [authorization] }))
    assert.equal(receipt.status, 'success')
    assert.equal(await reader.getCode({ address: owner.address }), viem.concat(['0xef0100', token]).toLowerCase())
})

await check('typed data and messages verify on the chain and off it', async () => {
    const domain = { name: 'Pile', version: '1', chainId: 1337, verifyingContract: token }
    const types = { Stone: [{ name: 'weight', type: 'uint256' }, { name: 'colours', type: 'string[]' }] }
    const message = { weight: 3n, colours: ['grey', 'red'] }
    const stone = { domain, types, primaryType: 'Stone', message }
    // Without a key of its own, viem asks the node to sign.
    const byNode = walletOf(alice.address)
    assert.equal(await byNode.signTypedData(stone), await alice.signTypedData(stone))
    assert.equal(await byNode.signMessage({ message: 'hello' }), await alice.signMessage({ message: 'hello' }))
    assert.ok(await reader.verifyTypedData(
        { address: alice.address, ...stone, signature: await alice.signTypedData(stone) }))
    assert.deepEqual((await byNode.getAddresses()).slice(0, 2), [alice.address, bob.address])
    const hash = await byNode.sendTransaction({ to: nobody, value: 1n })
    assert.equal((await mined(hash)).status, 'success')
})

await check('state overrides', async () => {
    const rich = privateKeyToAccount(generatePrivateKey()).address
    const { data } = await reader.call({
        account: rich, to: token, data: viem.encodeFunctionData({ abi, functionName: 'decimals' }),
        value: 0n, stateOverride: [{ address: rich, balance: 10n ** 20n }],
    })
    assert.equal(BigInt(data), 18n)
    const other = await reader.call({ to: nobody, data: '0x', stateOverride: [{ address: nobody, code: '0x602a5f5260205ff3' }] })
    assert.equal(BigInt(other.data), 42n)
    const gas = await reader.estimateGas({
        account: rich, to: bob.address, value: 1n, stateOverride: [{ address: rich, balance: 10n ** 20n }],
    })
    assert.equal(gas, 21000n)
})

await check('calls are simulated in blocks of their own', async () => {
    const { results } = await reader.simulateCalls({
        account: alice, calls: [
            { to: token, abi, functionName: 'transfer', args: [bob.address, 1n] },
            { to: token, abi, functionName: 'balanceOf', args: [bob.address] },
            { to: token, abi, functionName: 'take', args: [11n] },
        ],
    })
    assert.deepEqual(results.map((result) => result.status), ['success', 'success', 'failure'])
    assert.equal(results[1].result, await read('balanceOf', [bob.address]) + 1n)
})

await check('fees, history and proofs', async () => {
    const fees = await reader.estimateFeesPerGas()
    assert.ok(fees.maxFeePerGas >= fees.maxPriorityFeePerGas)
    const history = await reader.getFeeHistory({ blockCount: 4, rewardPercentiles: [25, 75] })
    assert.equal(history.baseFeePerGas.length, history.gasUsedRatio.length + 1)
    assert.equal(history.reward[0].length, 2)
    const proof = await reader.getProof({ address: token, storageKeys: [viem.toHex(2, { size: 32 })] })
    assert.equal(proof.storageProof.length, 1)
    assert.equal(BigInt(proof.storageProof[0].value), await read('totalSupply'))
})

await check('a developer pretends and mines', async () => {
    await dev.setBalance({ address: nobody, value: 12345n })
    assert.equal(await reader.getBalance({ address: nobody }), 12345n)
    await dev.setNonce({ address: nobody, nonce: 9 })
    assert.equal(await reader.getTransactionCount({ address: nobody }), 9)
    await dev.setCode({ address: nobody, bytecode: '0x602a5f5260205ff3' })
    assert.equal(BigInt((await reader.call({ to: nobody })).data), 42n)
    await dev.setStorageAt({ address: token, index: 2, value: viem.toHex(777, { size: 32 }) })
    assert.equal(await read('totalSupply'), 777n)
    const before = await reader.getBlockNumber()
    await dev.mine({ blocks: 3, interval: 10 })
    assert.equal(await reader.getBlockNumber(), before + 3n)
    const whale = '0x' + '99'.repeat(20)
    await dev.setBalance({ address: whale, value: 10n ** 18n })
    await dev.impersonateAccount({ address: whale })
    const sent = await walletOf(whale).sendTransaction({ to: bob.address, value: 1n })
    assert.equal((await mined(sent)).from, whale)
    await dev.stopImpersonatingAccount({ address: whale })
    await assert.rejects(walletOf(whale).sendTransaction({ to: bob.address, value: 1n }), /unknown account/)
    const { timestamp } = await reader.getBlock()
    await dev.setNextBlockTimestamp({ timestamp: timestamp + 1000n })
    await dev.mine({ blocks: 1 })
    assert.equal((await reader.getBlock()).timestamp, timestamp + 1000n)
    await dev.increaseTime({ seconds: 500 })
    await dev.mine({ blocks: 1 })
    assert.ok((await reader.getBlock()).timestamp >= timestamp + 1500n)
})

await check('a snapshot brings back what was', async () => {
    const id = await dev.snapshot()
    const before = await read('balanceOf', [carol.address])
    await write('transfer', [carol.address, 3n])
    assert.equal(await read('balanceOf', [carol.address]), before + 3n)
    await dev.revert({ id })
    assert.equal(await read('balanceOf', [carol.address]), before)
})

await check('the pool is looked into while blocks wait', async () => {
    await dev.setAutomine(false)
    try {
        const hash = await wallet.sendTransaction({ to: bob.address, value: 1n })
        assert.deepEqual(await dev.getTxpoolStatus(), { pending: 1, queued: 0 })
        const content = await dev.getTxpoolContent()
        assert.equal(Object.values(content.pending).length, 1)
        const pending = await reader.getBlock({ blockTag: 'pending', includeTransactions: true })
        assert.equal(pending.transactions[0].hash, hash)
        await dev.dropTransaction({ hash })
        assert.deepEqual(await dev.getTxpoolStatus(), { pending: 0, queued: 0 })
    } finally {
        await dev.setAutomine(true)
    }
    assert.equal(await dev.getAutomine(), true)
})

await check('the next block is as it was set', async () => {
    await dev.setNextBlockBaseFeePerGas({ baseFeePerGas: viem.parseGwei('3') })
    await dev.setBlockGasLimit({ gasLimit: 60_000_000n })
    await dev.setCoinbase({ address: carol.address })
    await dev.mine({ blocks: 1 })
    const first = await reader.getBlock()
    assert.equal(first.baseFeePerGas, viem.parseGwei('3'))
    assert.equal(first.gasLimit, 60_000_000n)
    assert.equal(first.miner, carol.address.toLowerCase())
    await dev.setBlockTimestampInterval({ interval: 7 })
    await dev.mine({ blocks: 1 })
    assert.equal((await reader.getBlock()).timestamp, first.timestamp + 7n)
    await dev.removeBlockTimestampInterval()
    await dev.setBlockGasLimit({ gasLimit: 30_000_000n })
})

await check('the node fills a transaction', async () => {
    const { raw, transaction } = await reader.fillTransaction({ account: alice.address, to: bob.address, value: 5n })
    assert.equal(transaction.type, 'eip1559')
    assert.equal(transaction.gas, 21000n)
    assert.equal(transaction.gasPrice, undefined)
    assert.ok(transaction.maxFeePerGas > 0n)
    assert.equal(viem.parseTransaction(raw).value, 5n)
})

await check('a receipt is waited for by the node', async () => {
    const request = await wallet.prepareTransactionRequest({ to: bob.address, value: 1n })
    const signed = await wallet.signTransaction(request)
    const receipt = await rpc('eth_sendRawTransactionSync', signed, 60_000)
    assert.equal(receipt.status, '0x1')
})

const raw = await listener.transport.getRpcClient()
raw.close()
finish()
