// SPDX-License-Identifier: MIT
// web3.js against a development node; see harness.mjs.
import { assert, check, contracts, eventually, finish, keys, load, rpc, url, wsUrl } from './harness.mjs'

const { Web3 } = load('web3')
const web3 = new Web3(new Web3.providers.HttpProvider(url))
const pushed = new Web3(new Web3.providers.WebsocketProvider(wsUrl))
web3.eth.transactionPollingInterval = 50
const [alice, bob] = keys.map((key) => web3.eth.accounts.privateKeyToAccount(key))
web3.eth.accounts.wallet.add(alice)
const { abi, bytecode } = contracts.Token
let token

await check('a token of OpenZeppelin is deployed', async () => {
    token = await new web3.eth.Contract(abi).deploy({ data: bytecode, arguments: [10n ** 24n] })
        .send({ from: alice.address, gas: '3000000' })
    assert.equal(await token.methods.name().call(), 'Pebble')
    assert.equal(await token.methods.totalSupply().call(), 10n ** 24n)
})

await check('a transfer and its event', async () => {
    const receipt = await token.methods.transfer(bob.address, 500n).send({ from: alice.address })
    assert.equal(receipt.status, 1n)
    assert.equal(receipt.events.Transfer.returnValues.value, 500n)
    const events = await token.getPastEvents('Transfer', { filter: { to: bob.address }, fromBlock: 0 })
    assert.deepEqual(events.map((event) => event.returnValues.value), [500n])
})

await check('subscriptions over WebSocket', async () => {
    const events = []
    const heads = []
    const listening = new pushed.eth.Contract(abi, token.options.address)
    const subscription = listening.events.Transfer({ filter: { to: bob.address } })
    subscription.on('data', (event) => events.push(event.returnValues.value))
    const blocks = await pushed.eth.subscribe('newBlockHeaders')
    blocks.on('data', (head) => heads.push(head.number))
    await eventually(async () => {
        await token.methods.transfer(bob.address, 1n).send({ from: alice.address })
        return events.length > 0 && heads.length > 0
    }, 'the first event')
    await token.methods.transfer(bob.address, 9n).send({ from: alice.address })
    await eventually(() => events.includes(9n), 'an event')
    await blocks.unsubscribe()
    await subscription.unsubscribe()
})

await check('reasons and custom errors', async () => {
    await assert.rejects(token.methods.refuse('not on a Sunday').call(), (error) => {
        const inner = error.innerError ?? error
        assert.match(`${error.message} ${error.reason} ${inner.message}`, /not on a Sunday/)
        return true
    })
    await assert.rejects(token.methods.take(11n).call({ from: alice.address }), (error) => {
        const inner = error.innerError ?? error.cause ?? error
        assert.equal(inner.errorName, 'TooMuch')
        assert.equal(inner.errorArgs.asked, 11n)
        return true
    })
    await assert.rejects(token.methods.take(11n).send({ from: alice.address }), (error) => {
        assert.equal(error.innerError.errorName, 'TooMuch')
        return true
    })
})

await check('gas is estimated and fees are known', async () => {
    assert.equal(await web3.eth.estimateGas({ from: alice.address, to: bob.address, value: '1' }), 21000n)
    assert.ok(await web3.eth.getGasPrice() > 0n)
    const fees = await web3.eth.calculateFeeData()
    assert.ok(fees.maxFeePerGas > 0n)
    const history = await web3.eth.getFeeHistory(4, 'latest', [50])
    assert.equal(history.baseFeePerGas.length, history.gasUsedRatio.length + 1)
})

await check('legacy and access-list transactions', async () => {
    const gasPrice = await web3.eth.getGasPrice()
    const legacy = await web3.eth.sendTransaction(
        { from: alice.address, to: bob.address, value: '1', gasPrice, gas: 21000, type: 0 })
    assert.equal(legacy.type, 0n)
    const data = token.methods.transfer(bob.address, 1n).encodeABI()
    const { accessList } = await web3.eth.createAccessList({ from: alice.address, to: token.options.address, data })
    assert.equal(accessList[0].storageKeys.length, 2)
    const listed = await web3.eth.sendTransaction(
        { from: alice.address, to: token.options.address, data, accessList, gasPrice, gas: 100000, type: 1 })
    assert.equal(listed.status, 1n)
    assert.equal(listed.type, 1n)
})

await check('signatures of the node are those of the key', async () => {
    // eth_sign and personal_sign hash the same way; only the order of their parameters differs.
    const message = web3.utils.utf8ToHex('a stone')
    const signed = web3.eth.accounts.sign('a stone', keys[0]).signature
    assert.equal(await rpc('personal_sign', message, alice.address, ''), signed)
    assert.equal(await rpc('eth_sign', alice.address, message), signed)
    const plain = new Web3(new Web3.providers.HttpProvider(url))
    assert.equal(await plain.eth.personal.sign(message, alice.address, ''), signed)
    assert.equal((await plain.eth.getAccounts())[0], alice.address)
    const receipt = await plain.eth.sendTransaction({ from: alice.address, to: bob.address, value: '3' })
    assert.equal(receipt.status, 1n)
})

await check('an unknown transaction is told as such', async () => {
    await assert.rejects(web3.eth.getTransactionReceipt('0x' + '12'.repeat(32)), /not found/i)
})

await check('proofs', async () => {
    const slot = '0x' + '2'.padStart(64, '0')
    const proof = await web3.eth.getProof(token.options.address, [slot], 'latest')
    assert.equal(BigInt(proof.storageProof[0].value), await token.methods.totalSupply().call())
})

pushed.provider.disconnect()
finish()
