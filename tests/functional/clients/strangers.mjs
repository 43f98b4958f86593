// SPDX-License-Identifier: MIT
// Requests that nobody means: broken JSON, deep nesting, giant numbers, and every parameter of every method, as the
// node's own OpenRPC document lists them, given values of every wrong kind. Each must be answered by JSON-RPC, and the
// node must stay up and keep its memory. See harness.mjs; PID of the node follows the common arguments.
import { ask, assert, check, finish, furtherArguments, memoryOf, post, rpc } from './harness.mjs'

const [pid] = furtherArguments
/// What memory may grow by over all rounds but the first: caches fill, arenas widen. A sanitized node also quarantines
/// what it frees.
const kGrowthMax = process.env.CAIRN_SANITIZED ? 400_000 : 64_000

/// These do what they are asked without looking at a parameter: stop the node; wait as long as they are told.
const unasked = new Set(['cairn_stop', 'eth_sendRawTransactionSync'])

const strange = [
    'null', 'true', 'false', '7', '-7', '0', '1.5', '1e300', '-1e300', '18446744073709551615', '18446744073709551616',
    '9223372036854775808', '-9223372036854775809', '""', '"0x"', '"0x0"', '"0x00"', '"zzz"',
    '"0xzz"', '"-0x1"', '"0x-1"', '"latest"', '"0xffffffffffffffff"', '"0x10000000000000000"', `"0x${'f'.repeat(64)}"`,
    `"0x1${'0'.repeat(64)}"`, `"0x${'ab'.repeat(20)}"`, `"${'f'.repeat(5000)}"`, '"\\u0000"', '"\\ud83d\\ude00"', '[]',
    '[1,"a",null]', '[[[[]]]]', '[{}]', '{}', '{"a":1}', '{"address":5,"from":[],"blockHash":1}',
    '{"from":"0x","to":7,"gas":-1,"value":1.5,"data":{},"nonce":"zz"}',
    '{"blockNumber":"0xffffffffffffffff"}', '{"fromBlock":"0xffffffffffffffff","toBlock":"0x0","topics":[[[]]]}',
    '{"timestamp":18446744073709551615}', '{"timestamp":-1}',
]

/// Whether a value is of a kind that the schema cannot mean, so that taking it would be a fault.
function isForeign(schema, value) {
    if (value === null) return false
    if (schema.oneOf) return typeof value === 'boolean' || Array.isArray(value) || value === 'zzz'
    switch (schema.type) {
    case 'string': return typeof value !== 'string' && typeof value !== 'number'
    case 'boolean': return typeof value !== 'boolean'
    case 'object': return typeof value !== 'object' || Array.isArray(value)
    case 'array': return !Array.isArray(value)
    case 'number': return typeof value !== 'number'
    default: return false
    }
}

/// One batch for a method: every strange value at every place, by position and by name.
function questionsFor(row) {
    const questions = []
    // Each start of threads that it understands takes its time.
    const values = row.name === 'miner_start' ? strange.slice(0, 12) : strange
    row.params.forEach((param, at) => {
        for (const text of values) {
            const before = 'null,'.repeat(at)
            questions.push({ param, text, params: `[${before}${text}]` })
            questions.push({ param, text, params: `{${JSON.stringify(param.name)}:${text}}` })
        }
    })
    for (const params of ['7', '"a"', 'true', '[1,2,3,4,5,6,7,8,9,10,11,12]', '{"no such name":1}'])
        questions.push({ params })
    return questions
}

async function askStrangely(row) {
    const questions = questionsFor(row)
    for (let from = 0; from < questions.length; from += 200) {
        const part = questions.slice(from, from + 200)
        const body = part.map(({ params }, id) =>
            `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(row.name)},"params":${params}}`)
        const answers = JSON.parse((await post(`[${body.join(',')}]`)).text)
        assert.equal(answers.length, part.length)
        for (const answer of answers) {
            const { param, text, params } = part[answer.id]
            const what = `${row.name} ${params.slice(0, 200)}`
            assert.notEqual('result' in answer, 'error' in answer, what)
            if ('error' in answer) {
                assert.equal(typeof answer.error.message, 'string', what)
                assert.ok(answer.error.message.length > 0, what)
                assert.notEqual(answer.error.code, -32603, `${what}: ${answer.error.message}`)
                continue
            }
            if (!param) continue
            assert.ok(!isForeign(param.schema, JSON.parse(text)), `${what} is taken: ${JSON.stringify(answer.result)}`)
        }
    }
}

const document = await rpc('rpc.discover')
const rows = document.methods.filter((row) => !unasked.has(row.name))
const chain = await rpc('eth_chainId')

for (const row of rows)
    await check(`strange parameters of ${row.name}`, async () => {
        await askStrangely(row)
        // It may have understood one of them.
        if (row.name === 'miner_start') await rpc('miner_stop')
        assert.equal(await rpc('eth_chainId'), chain)
    })

const broken = {
    'nothing': '', 'a word': 'hello', 'half an object': '{"jsonrpc":"2.0","id":1,"method":"eth_chai',
    'a lone bracket': ']', 'a trailing comma': '[{"jsonrpc":"2.0","id":1,"method":"eth_chainId"},]',
    'bytes that are no text': Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]),
    'a broken surrogate': '{"jsonrpc":"2.0","id":1,"method":"\\ud800"}',
    'a bare control character': '{"jsonrpc":"2.0","id":1,"method":"a\nb"}',
    'an infinite number': '{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":[1e99999]}',
    'a number of 400 digits': `{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":[${'9'.repeat(400)}]}`,
    'a negative one': `{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":[-${'9'.repeat(400)}]}`,
    'a quantity of a million digits': `{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x${'9'.repeat(1e6)}"]}`,
    'a hundred thousand brackets': '['.repeat(100_000), 'as many, closed': '['.repeat(100_000) + ']'.repeat(100_000),
    'deep objects': '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000),
    'deep parameters': `{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":${'['.repeat(5000)}${']'.repeat(5000)}}`,
    'an empty batch': '[]', 'no object': '7', 'a text': '"eth_chainId"', 'null': 'null',
    'no version': '{"id":1,"method":"eth_chainId"}', 'another version': '{"jsonrpc":"1.0","id":1,"method":"eth_chainId"}',
    'a method of no kind': '{"jsonrpc":"2.0","id":1,"method":{"a":1}}',
    'a method nobody has': '{"jsonrpc":"2.0","id":1,"method":"eth_nothing"}',
    'an endless method': `{"jsonrpc":"2.0","id":1,"method":"${'a'.repeat(1_000_000)}"}`,
    'an id of no kind': '{"jsonrpc":"2.0","id":{"a":[]},"method":"eth_nothing"}',
    'parameters of no kind': '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":7}',
    'too large a batch': '[' + Array(1001).fill('{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}').join(',') + ']',
}
for (const [name, body] of Object.entries(broken))
    await check(`answer to ${name}`, async () => {
        const { status, text } = await post(body)
        if (body === '') return assert.ok(status === 200 || status === 400, `${status} ${text}`)
        const answer = JSON.parse(text)
        const first = Array.isArray(answer) ? answer[0] : answer
        assert.equal(typeof first.error.code, 'number', text)
        assert.equal(first.jsonrpc, '2.0')
        assert.notEqual(first.error.code, -32603, text.slice(0, 300))
    })

await check('a body beyond the limit is refused as such', async () => {
    const { status } = await post('{"jsonrpc":"2.0","id":1,"method":"' + 'a'.repeat(6 << 20) + '"}')
    assert.equal(status, 413)
})

await check('ids come back as they were', async () => {
    for (const id of [0, -1, 9007199254740991, 'seven', '', null])
        assert.equal((await ask({ jsonrpc: '2.0', id, method: 'eth_chainId' })).id, id)
})

await check('memory stays where it was', async () => {
    const light = rows.filter((row) => !/mine$|reset$|trace|testing_|miner_start/i.test(row.name))
    const round = async () => {
        for (const row of light) await askStrangely(row)
        for (const body of Object.values(broken)) await post(body)
    }
    await round()
    const before = memoryOf(pid)
    for (let i = 0; i < (process.env.CAIRN_TESTS_LONG ? 20 : 1); ++i) await round()
    const after = memoryOf(pid)
    console.log(`memory: ${before} KiB, then ${after} KiB`)
    assert.ok(after - before < kGrowthMax, `${before} KiB grew to ${after} KiB`)
})

finish()
