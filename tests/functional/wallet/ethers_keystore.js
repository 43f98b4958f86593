// SPDX-License-Identifier: MIT
// Key files as ethers makes and opens them. Reads a request from standard input, prints the answer, both JSON:
//   {make: PASSWORD, phrase}     → {file, address}
//   {open: FILE_TEXT, password}  → {address, signature of "hello"} or {error}
'use strict';
const { ethers } = require('ethers');

async function answer(request) {
  if (request.make) {
    const wallet = ethers.Wallet.fromPhrase(request.phrase);
    return { address: wallet.address, file: wallet.encryptSync(request.make) };
  }
  try {
    const wallet = ethers.Wallet.fromEncryptedJsonSync(request.open, request.password);
    return { address: wallet.address, signature: await wallet.signMessage('hello') };
  } catch (error) {
    return { error: error.message };
  }
}

answer(JSON.parse(require('node:fs').readFileSync(0, 'utf8')))
  .then((result) => console.log(JSON.stringify(result)));
