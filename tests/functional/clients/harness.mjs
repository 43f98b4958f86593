// SPDX-License-Identifier: MIT
// What the clients' programs share: counting checks, asking a node by hand, waiting.
//
// Every program is called as `node PROGRAM.mjs MODULES CONTRACTS URL …`:
//   MODULES    folder with node_modules (scripts/setup fills build/clients)
//   CONTRACTS  what contracts/compile.mjs wrote
//   URL        the node's address for HTTP, http://… or https://…; WebSocket is at the same port
// It prints a line for each check that fails and ends with `N passed, M failed`.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import http from 'node:http'
import { pathToFileURL } from 'node:url'

export { assert }

const [modules, contractsFile, url] = process.argv.slice(2)
/// The node's address.
export { url }
/// The same door for WebSocket.
export const wsUrl = url.replace(/^http/, 'ws')
/// What follows the common arguments.
export const furtherArguments = process.argv.slice(5)
/// Loads a package of build/clients.
export const load = createRequire(pathToFileURL(modules + '/'))
/// {NAME: {abi, bytecode}}
export const contracts = JSON.parse(readFileSync(contractsFile, 'utf8'))

/// The development accounts' keys, in their order (the mnemonic "test test … junk").
export const keys = [
    '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
    '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
    '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
    '0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6',
    '0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a',
]

let passed = 0
let failed = 0

/// Runs one check; what it throws is its failure.
export async function check(name, run) {
    try {
        await run()
        passed += 1
    } catch (error) {
        failed += 1
        console.log(`FAILED ${name}: ${error?.stack ?? error}`)
    }
}

/// Says how it went and ends the program.
export function finish() {
    console.log(`${passed} passed, ${failed} failed`)
    process.exit(failed === 0 ? 0 : 1)
}

process.on('unhandledRejection', (error) => {
    failed += 1
    console.log(`FAILED unhandled: ${error?.stack ?? error}`)
})

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/// Milliseconds that anything may take on a machine with other work to do.
export const patience = 300_000

/// Waits until `holds()` is true, and fails after a time that only a broken node needs.
export async function eventually(holds, what = 'condition') {
    const deadline = Date.now() + patience
    while (!(await holds())) {
        if (Date.now() > deadline) throw new Error(`${what} does not come`)
        await sleep(20)
    }
}

/// One HTTP request with a body; gives {status, headers, text}.
/// @param options  as of http.request, beside what a POST of JSON needs
export function post(body, options = {}) {
    return new Promise((resolve, reject) => {
        const request = http.request(
            url,
            { method: 'POST', ...options, headers: { 'content-type': 'application/json', ...options.headers } },
            (response) => {
                const parts = []
                response.on('data', (part) => parts.push(part))
                response.on('error', reject)
                response.on('end', () =>
                    resolve({
                        status: response.statusCode,
                        headers: response.headers,
                        text: Buffer.concat(parts).toString(),
                    }))
            })
        request.on('error', reject)
        request.end(body)
    })
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 8 })

/// Sends JSON-RPC as it is, without a client's ideas about it; gives the parsed answer.
export async function ask(request) {
    const answer = await post(JSON.stringify(request), { agent })
    return JSON.parse(answer.text)
}

/// The result of a method; its error is thrown.
export async function rpc(method, ...params) {
    const answer = await ask({ jsonrpc: '2.0', id: 1, method, params })
    if (answer.error) throw Object.assign(new Error(answer.error.message), answer.error)
    return answer.result
}

/// Resident memory of a process in KiB; what Linux calls VmRSS.
export function memoryOf(pid) {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1])
}
