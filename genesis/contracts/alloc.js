// SPDX-License-Identifier: MIT
// Prints the `alloc` entries that put the contracts into a genesis file.
// usage: node alloc.js CONTRACTS_JSON
'use strict';
const fs = require('fs');

/// Where the contracts stand; wallet/commands/contracts.hpp and README.md name the same addresses.
const places = [
  ['0xCA12000000000000000000000000000000000001', 'ExistenceRegistry.sol', 'ExistenceRegistry', 'Proof of existence'],
  ['0xCA12000000000000000000000000000000000002', 'Dao.sol', 'DaoFactory', 'Founds organisations that decide by vote'],
  ['0xCA12000000000000000000000000000000000003', 'IdentityRegistry.sol', 'IdentityRegistry', 'Identities, delegates, attestations'],
];

const file = process.argv[2];
if (!file) {
  console.error('usage: node alloc.js CONTRACTS_JSON (build/…/genesis/contracts/contracts.json)');
  process.exit(2);
}
const { contracts } = JSON.parse(fs.readFileSync(file, 'utf8'));
const alloc = {};
for (const [address, source, name, comment] of places)
  alloc[address] = {
    comment: `${comment} (genesis/contracts/${source})`,
    balance: '0x0',
    nonce: '0x1',
    code: '0x' + contracts[source][name].evm.deployedBytecode.object,
  };
console.log(JSON.stringify(alloc, null, 2));
