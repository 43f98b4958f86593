// SPDX-License-Identifier: MIT
// Compiles this folder's contracts, and what they import from OpenZeppelin, with npm's solc.
// usage: node compile.mjs SOLC_MODULES CLIENT_MODULES OUTPUT
//   OUTPUT  becomes {NAME: {abi, bytecode}}
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const [solcModules, clientModules, output] = process.argv.slice(2)
if (!output) {
    console.error('usage: node compile.mjs SOLC_MODULES CLIENT_MODULES OUTPUT')
    process.exit(2)
}
const here = dirname(fileURLToPath(import.meta.url))
const solc = createRequire(import.meta.url)(resolve(solcModules, 'solc'))

const sources = {}
for (const name of readdirSync(here).filter((file) => file.endsWith('.sol')).sort())
    sources[name] = { content: readFileSync(join(here, name), 'utf8') }
const input = {
    language: 'Solidity',
    sources,
    settings: {
        evmVersion: 'prague',
        optimizer: { enabled: true, runs: 200 },
        outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
}
const find = (path) => {
    try {
        return { contents: readFileSync(join(clientModules, path), 'utf8') }
    } catch (error) {
        return { error: error.message }
    }
}
const result = JSON.parse(solc.compile(JSON.stringify(input), { import: find }))
const errors = (result.errors ?? []).filter((error) => error.severity === 'error')
for (const error of errors) console.error(error.formattedMessage)
if (errors.length > 0) process.exit(1)

const contracts = {}
for (const file of Object.keys(sources)) {
    const name = basename(file, '.sol')
    const { abi, evm } = result.contracts[file][name]
    contracts[name] = { abi, bytecode: '0x' + evm.bytecode.object }
}
writeFileSync(output, JSON.stringify(contracts, null, 1) + '\n')
