// SPDX-License-Identifier: MIT
// Compiles every .sol file of this folder with the pinned solc and writes its standard-JSON output.
// usage: node compile.js NODE_MODULES OUTPUT
'use strict';
const fs = require('fs');
const path = require('path');

const [modules, output] = process.argv.slice(2);
if (!modules || !output) {
  console.error('usage: node compile.js NODE_MODULES OUTPUT');
  process.exit(2);
}
const solc = require(path.resolve(modules, 'solc'));

const sources = {};
for (const name of fs.readdirSync(__dirname).filter((n) => n.endsWith('.sol')).sort())
  sources[name] = { content: fs.readFileSync(path.join(__dirname, name), 'utf8') };

const input = {
  language: 'Solidity',
  sources,
  settings: {
    // Cairn's networks run Osaka from block 0; this solc knows revisions up to Prague by default.
    evmVersion: 'prague',
    optimizer: { enabled: true, runs: 200 },
    // Without a metadata hash the bytecode depends on the code alone, not on comments or paths.
    metadata: { bytecodeHash: 'none', appendCBOR: false },
    outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
  },
};

const result = JSON.parse(solc.compile(JSON.stringify(input)));
const errors = result.errors || [];
for (const e of errors) console.error(e.formattedMessage);
// Warnings count: these contracts are examples to learn from.
if (errors.length > 0) process.exit(1);
fs.writeFileSync(output, JSON.stringify({ contracts: result.contracts }, null, 1) + '\n');
