// SPDX-License-Identifier: MIT
// ethers against a development node; see harness.mjs.
import { assert, check, contracts, eventually, finish, keys, load, rpc, url, wsUrl } from './harness.mjs'

const { ethers } = load('ethers')
const provider = new ethers.JsonRpcProvider(url, undefined, { polling: true, cacheTimeout: -1 })
provider.pollingInterval = 50
const socket = new ethers.WebSocketProvider(wsUrl)
const [alice, bob, carol] = keys.map((key) => new ethers.Wallet(key, provider))
const { abi, bytecode } = contracts.Token
const supply = 10n ** 24n
let token

await check('a token of OpenZeppelin is deployed', async () => {
    const deployed = await new ethers.ContractFactory(abi, bytecode, alice).deploy(supply)
    await deployed.waitForDeployment()
    token = new ethers.Contract(await deployed.getAddress(), abi, alice)
    assert.equal(await token.name(), 'Pebble')
    assert.equal(await token.balanceOf(alice.address), supply)
    assert.notEqual(await provider.getCode(token.target), '0x')
})

await check('a transfer moves units and leaves its event', async () => {
    const sent = await token.transfer(bob.address, 500n)
    const receipt = await sent.wait()
    assert.equal(receipt.status, 1)
    assert.equal(await token.balanceOf(bob.address), 500n)
    const log = token.interface.parseLog(receipt.logs[0])
    assert.equal(log.name, 'Transfer')
    assert.deepEqual([...log.args], [alice.address, bob.address, 500n])
})

await check('events are found by contract and topic', async () => {
    const minted = await token.queryFilter(token.filters.Transfer(ethers.ZeroAddress), 0, 'latest')
    assert.equal(minted.length, 1)
    assert.equal(minted[0].args.value, supply)
    const toBob = await token.queryFilter(token.filters.Transfer(null, bob.address))
    assert.deepEqual(toBob.map((event) => event.args.value), [500n])
    assert.deepEqual(await token.queryFilter(token.filters.Approval()), [])
})

await check('events arrive over HTTP, where ethers polls, and over WebSocket', async () => {
    const polled = []
    const pushed = []
    const heads = []
    await token.on('Transfer', (from, to, value) => polled.push(value))
    const listening = token.connect(socket)
    await listening.on('Transfer', (from, to, value) => pushed.push(value))
    await socket.on('block', (number) => heads.push(number))
    // The subscription is there once a later request of its connection is answered.
    await socket.getBlockNumber()
    await provider.getBlockNumber()
    await (await token.transfer(bob.address, 7n)).wait()
    await (await token.transfer(bob.address, 8n)).wait()
    await eventually(() => polled.length >= 2, 'polled events')
    await eventually(() => pushed.length >= 2 && heads.length >= 2, 'pushed events')
    assert.deepEqual(polled, [7n, 8n])
    assert.deepEqual(pushed, [7n, 8n])
    assert.equal(heads[1], heads[0] + 1)
    await token.removeAllListeners()
    await listening.removeAllListeners()
    await socket.removeAllListeners()
})

await check('pending transactions are announced', async () => {
    const seen = []
    await socket.on('pending', (hash) => seen.push(hash))
    await socket.getBlockNumber()
    const sent = await alice.sendTransaction({ to: bob.address, value: 1n })
    await sent.wait()
    await eventually(() => seen.includes(sent.hash), 'the announcement')
    await socket.removeAllListeners()
})

await check('a revert says its reason', async () => {
    await assert.rejects(token.refuse('not on a Sunday'), (error) => {
        assert.equal(error.code, 'CALL_EXCEPTION')
        assert.equal(error.reason, 'not on a Sunday')
        assert.match(error.info?.error?.message ?? error.shortMessage, /not on a Sunday/)
        return true
    })
    // Estimating is where a sender hears of it.
    await assert.rejects(token.transfer.estimateGas(ethers.ZeroAddress, 1n), (error) => {
        assert.equal(token.interface.parseError(error.data).name, 'ERC20InvalidReceiver')
        return true
    })
})

await check('custom errors and panics are decoded', async () => {
    await assert.rejects(token.take.staticCall(11n), (error) => {
        assert.equal(error.revert.name, 'TooMuch')
        assert.deepEqual([...error.revert.args], [alice.address, 11n, 10n])
        return true
    })
    // What a sender meets, who has not asked first.
    await assert.rejects(token.connect(carol).transfer(bob.address, 1n), (error) => {
        const revert = token.interface.parseError(error.data)
        assert.equal(revert.name, 'ERC20InsufficientBalance')
        assert.deepEqual([...revert.args], [carol.address, 0n, 1n])
        return true
    })
    await assert.rejects(token.divide(1n, 0n), (error) => {
        assert.equal(error.code, 'CALL_EXCEPTION')
        assert.equal(error.revert.name, 'Panic')
        assert.equal(Number(error.revert.args[0]), 0x12)
        return true
    })
    await assert.rejects(token.refuse_without_words(), (error) => {
        assert.equal(error.code, 'CALL_EXCEPTION')
        assert.equal(error.data, '0x')
        return true
    })
})

await check('a reverted transaction is mined with status 0', async () => {
    const sent = await token.take(11n, { gasLimit: 100_000n })
    await assert.rejects(sent.wait(), (error) => {
        assert.equal(error.code, 'CALL_EXCEPTION')
        assert.equal(error.receipt.status, 0)
        return true
    })
})

await check('refusals are what ethers has names for', async () => {
    const poor = ethers.Wallet.createRandom(provider)
    await assert.rejects(poor.sendTransaction({ to: bob.address, value: 1n, gasLimit: 21000n }),
        { code: 'INSUFFICIENT_FUNDS' })
    const nonce = await bob.getNonce()
    await (await bob.sendTransaction({ to: alice.address, value: 1n })).wait()
    await assert.rejects(bob.sendTransaction({ to: alice.address, nonce, gasLimit: 21000n }),
        { code: 'NONCE_EXPIRED' })
})

await check('a replacement must pay more', async () => {
    await rpc('evm_setAutomine', false)
    try {
        const fees = { maxFeePerGas: 10_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n }
        const nonce = await bob.getNonce()
        const first = await bob.sendTransaction({ to: carol.address, value: 1n, nonce, gasLimit: 21000n, ...fees })
        await assert.rejects(
            bob.sendTransaction({ to: carol.address, value: 2n, nonce, gasLimit: 21000n, ...fees }),
            { code: 'REPLACEMENT_UNDERPRICED' })
        const second = await bob.sendTransaction({
            to: carol.address, value: 3n, nonce, gasLimit: 21000n,
            maxFeePerGas: 12_000_000_000n, maxPriorityFeePerGas: 1_200_000_000n,
        })
        await rpc('evm_mine')
        assert.equal((await second.wait()).status, 1)
        assert.equal(await provider.getTransactionReceipt(first.hash), null)
    } finally {
        await rpc('evm_setAutomine', true)
    }
})

await check('fees and estimates', async () => {
    const fees = await provider.getFeeData()
    assert.ok(fees.gasPrice > 0n && fees.maxFeePerGas >= fees.maxPriorityFeePerGas)
    assert.equal(await provider.estimateGas({ from: alice.address, to: carol.address, value: 1n }), 21000n)
    const estimated = await token.transfer.estimateGas(carol.address, 1n)
    const receipt = await (await token.transfer(carol.address, 1n, { gasLimit: estimated })).wait()
    assert.equal(receipt.status, 1)
    assert.ok(receipt.gasUsed <= estimated)
    const block = await provider.getBlock(receipt.blockNumber)
    assert.ok(receipt.gasPrice >= block.baseFeePerGas)
    const history = await provider.send('eth_feeHistory', ['0x4', 'latest', [25, 75]])
    assert.equal(history.baseFeePerGas.length, history.gasUsedRatio.length + 1)
    assert.equal(BigInt(history.baseFeePerGas.at(-2)), block.baseFeePerGas)
})

await check('every kind of transaction it knows is taken', async () => {
    const to = carol.address
    for (const fields of [
        { type: 0 }, { type: 1, accessList: [] },
        { type: 1, accessList: [{ address: to, storageKeys: [ethers.ZeroHash] }] }, { type: 2 },
    ]) {
        const sent = await alice.sendTransaction({ to, value: 1n, ...fields })
        const receipt = await sent.wait()
        assert.equal(receipt.type, fields.type)
        const found = await provider.getTransaction(sent.hash)
        assert.equal(found.type, fields.type)
        assert.equal(found.from, alice.address)
        if (fields.accessList) assert.equal(found.accessList.length, fields.accessList.length)
    }
    const proposed = await provider.send('eth_createAccessList', [{
        from: alice.address, to: token.target,
        data: token.interface.encodeFunctionData('transfer', [bob.address, 1n]),
    }, 'latest'])
    assert.equal(proposed.accessList.length, 1)
    assert.equal(ethers.getAddress(proposed.accessList[0].address), token.target)
    assert.equal(proposed.accessList[0].storageKeys.length, 2)
    const sent = await token.transfer(bob.address, 1n, { accessList: proposed.accessList })
    assert.equal((await sent.wait()).status, 1)
})

await check('a blob transaction is refused', async () => {
    const signed = await alice.signTransaction({
        type: 3, chainId: (await provider.getNetwork()).chainId, nonce: await alice.getNonce(), to: bob.address,
        gasLimit: 21000n, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n, maxFeePerBlobGas: 1n,
        blobVersionedHashes: ['0x01' + '00'.repeat(31)],
    })
    await assert.rejects(provider.broadcastTransaction(signed), /transaction type not supported|blob/)
})

await check('concurrent sends, out of order', async () => {
    const sender = ethers.Wallet.createRandom(provider)
    await (await alice.sendTransaction({ to: sender.address, value: 10n ** 18n })).wait()
    const count = 40
    const { chainId } = await provider.getNetwork()
    const signed = await Promise.all(Array.from({ length: count }, (unused, nonce) =>
        sender.signTransaction({
            type: 2, chainId, nonce, to: carol.address, value: 1n, gasLimit: 21000n,
            maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 10n ** 9n,
        })))
    // Every third first, then the rest from behind.
    const order = [...signed.keys()].sort((a, b) => (a % 3) - (b % 3) || b - a)
    const hashes = await Promise.all(order.map((at) => provider.send('eth_sendRawTransaction', [signed[at]])))
    for (const hash of hashes) assert.equal((await provider.waitForTransaction(hash, 1, 60_000)).status, 1)
    assert.equal(await provider.getTransactionCount(sender.address), count)
})

await check('many transfers at once, their nonces counted by ethers', async () => {
    const managed = new ethers.NonceManager(new ethers.Wallet(keys[3], provider))
    const before = await provider.getBalance(ethers.getAddress('0x' + '77'.repeat(20)))
    const sent = await Promise.all(Array.from({ length: 20 }, () =>
        managed.sendTransaction({ to: '0x' + '77'.repeat(20), value: 1n })))
    for (const one of sent) assert.equal((await one.wait()).status, 1)
    assert.equal(await provider.getBalance('0x' + '77'.repeat(20)), before + 20n)
})

await check('the node signs for its accounts as a wallet does', async () => {
    const signer = await provider.getSigner(0)
    assert.equal(signer.address, alice.address)
    const message = 'a stone for the pile'
    assert.equal(await signer.signMessage(message), await alice.signMessage(message))
    const domain = { name: 'Pile', version: '1', chainId: 1337, verifyingContract: token.target }
    const types = {
        Stone: [{ name: 'weight', type: 'uint256' }, { name: 'by', type: 'Person' }],
        Person: [{ name: 'name', type: 'string' }, { name: 'where', type: 'address[]' }],
    }
    const stone = { weight: 12n, by: { name: 'Ada', where: [bob.address, carol.address] } }
    assert.equal(await signer.signTypedData(domain, types, stone), await alice.signTypedData(domain, types, stone))
    const sent = await signer.sendTransaction({ to: bob.address, value: 5n })
    assert.equal((await sent.wait()).from, alice.address)
})

await check('a permit signed by the node is taken by the token', async () => {
    const signer = await provider.getSigner(0)
    const deadline = (await provider.getBlock('latest')).timestamp + 3600
    const domain = { name: 'Pebble', version: '1', chainId: 1337, verifyingContract: token.target }
    const types = {
        Permit: [
            { name: 'owner', type: 'address' }, { name: 'spender', type: 'address' },
            { name: 'value', type: 'uint256' }, { name: 'nonce', type: 'uint256' },
            { name: 'deadline', type: 'uint256' },
        ],
    }
    const nonce = await token.nonces(alice.address)
    const permit = { owner: alice.address, spender: bob.address, value: 99n, nonce, deadline }
    const { v, r, s } = ethers.Signature.from(await signer.signTypedData(domain, types, permit))
    await (await token.connect(bob).permit(alice.address, bob.address, 99n, deadline, v, r, s)).wait()
    assert.equal(await token.allowance(alice.address, bob.address), 99n)
    await (await token.connect(bob).transferFrom(alice.address, carol.address, 99n)).wait()
})

await check('traces tell what happened', async () => {
    const receipt = await (await token.transfer(bob.address, 2n)).wait()
    const struct = await provider.send('debug_traceTransaction', [receipt.hash])
    assert.equal(struct.failed, false)
    assert.equal(BigInt(struct.gas), receipt.gasUsed)
    assert.ok(struct.structLogs.some((step) => step.op === 'SSTORE'))
    assert.ok(struct.structLogs.some((step) => step.op === 'LOG3'))
    const calls = await provider.send('debug_traceTransaction',
        [receipt.hash, { tracer: 'callTracer', tracerConfig: { withLog: true } }])
    assert.equal(calls.type, 'CALL')
    assert.equal(calls.logs.length, 1)
    assert.equal(BigInt(calls.gasUsed), receipt.gasUsed)
    const changes = await provider.send('debug_traceTransaction',
        [receipt.hash, { tracer: 'prestateTracer', tracerConfig: { diffMode: true } }])
    const storage = changes.post[token.target.toLowerCase()].storage
    assert.equal(Object.keys(storage).length, 2)
    const refused = await provider.send('debug_traceCall', [{
        from: alice.address, to: token.target, data: token.interface.encodeFunctionData('refuse', ['no']),
    }, 'latest', { tracer: 'callTracer' }])
    assert.equal(refused.error, 'execution reverted')
    assert.equal(refused.revertReason, 'no')
})

await check('what a loop without end costs is bounded', async () => {
    await assert.rejects(token.spin.staticCall({ gasLimit: 1_000_000n }), (error) => {
        assert.equal(error.code, 'CALL_EXCEPTION')
        assert.match(error.info.error.message, /out of gas/)
        return true
    })
})

await check('batches of ethers are answered as one', async () => {
    const batching = new ethers.JsonRpcProvider(url, undefined, { batchMaxCount: 50, staticNetwork: true })
    const balances = await Promise.all(Array.from({ length: 120 }, (unused, at) =>
        batching.getBalance('0x' + at.toString(16).padStart(40, '0'))))
    assert.equal(balances.length, 120)
    batching.destroy()
})

await socket.destroy()
provider.destroy()
finish()
