#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// How long eth_getLogs and trace_filter take from genesis to the head of a long chain.
//
// usage: bench/rpc_logs.mjs PATH_OF_CAIRN_NODE [BLOCKS=50000]
//
// Starts a developer's node on a free port of loopback and lets it make the blocks, each with one
// transaction to a contract that makes four logs, but three of them to one that makes a single log.
// Then asks each query 21 times over one connection and prints the first and the median time.
import { spawn } from "node:child_process";
import http from "node:http";

const [program, blocks = "50000"] = process.argv.slice(2);
if (!program) {
    console.error("usage: bench/rpc_logs.mjs PATH_OF_CAIRN_NODE [BLOCKS=50000]");
    process.exit(2);
}
const blockCount = Number(blocks);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/// The node and its URL, once it says that it listens.
function start() {
    const node = spawn(program, ["--dev", "--http.port", "0", "--maxpeers", "0", "--ipcdisable",
        "--http.api", "eth,trace,hardhat"], { stdio: ["ignore", "pipe", "ignore"] });
    return new Promise((resolve, reject) => {
        let said = "";
        node.on("exit", (code) => reject(new Error(`cairn-node ended with ${code}`)));
        node.stdout.on("data", (text) => {
            said += text;
            const url = said.match(/http:\/\/127\.0\.0\.1:\d+/);
            if (url) resolve([node, url[0]]);
        });
    });
}

const [node, url] = await start();

/// The whole answer.
function ask(method, params) {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
        const request = http.request(url, { method: "POST", agent, headers }, (answer) => {
            const parts = [];
            answer.on("data", (part) => parts.push(part));
            answer.on("end", () => resolve(JSON.parse(Buffer.concat(parts))));
        });
        request.on("error", reject);
        request.end(body);
    });
}
async function call(method, ...params) {
    const { result, error } = await ask(method, params);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
}

const [sender] = await call("eth_accounts");
const word = (number) => "0x" + number.toString(16).padStart(64, "0");

/// A contract whose every call makes logs with these topics, each beside the block's number.
async function deploy(topics) {
    // NUMBER PUSH1 topic PUSH1 32 PUSH1 0 LOG2, as often as there are topics; STOP.
    const log = (topic) => "4360" + topic.toString(16).padStart(2, "0") + "60206000a2";
    const code = topics.map(log).join("") + "00";
    const size = (code.length / 2).toString(16).padStart(2, "0");
    // PUSH1 size DUP1 PUSH1 11 PUSH1 0 CODECOPY PUSH1 0 RETURN
    const data = "0x60" + size + "80600b6000396000f3" + code;
    const hash = await call("eth_sendTransaction", { from: sender, data, gas: "0x100000" });
    return (await call("eth_getTransactionReceipt", hash)).contractAddress;
}
const common = await deploy([1, 2, 3, 4]);
const rare = await deploy([0xaa]);
const rareBlocks = new Set([10, blockCount >> 1, blockCount - 10]);
for (let i = 0; i < blockCount; ++i) {
    const to = rareBlocks.has(i) ? rare : common;
    await call("eth_sendTransaction", { from: sender, to, gas: "0x10000" });
}

const whole = { fromBlock: "earliest", toBlock: "latest" };
const nobody = "0x" + "11".repeat(20);
const middle = word((blockCount >> 1) + 100);
const queries = [
    ["logs of an address that has three", "eth_getLogs", { ...whole, address: rare }],
    ["logs of an address that has none", "eth_getLogs", { ...whole, address: nobody }],
    ["logs with a topic of one block", "eth_getLogs", { ...whole, topics: [null, middle] }],
    ["logs of an address with a topic of one block", "eth_getLogs",
        { ...whole, address: common, topics: [word(2), middle] }],
    ["logs of an address that has all", "eth_getLogs", { ...whole, address: common }],
    ["logs of an address that has all, 1000 blocks", "eth_getLogs",
        { fromBlock: "0x100", toBlock: "0x4e7", address: common }],
    ["traces to an account that has three", "trace_filter", { ...whole, toAddress: [rare] }],
    ["traces to nobody", "trace_filter", { ...whole, toAddress: [nobody] }],
    ["traces from a contract", "trace_filter", { ...whole, fromAddress: [common] }],
];
console.log(`head ${Number(await call("eth_blockNumber"))}`);
for (const [name, method, filter] of queries) {
    const times = [];
    let answer;
    for (let i = 0; i < 21; ++i) {
        const begin = process.hrtime.bigint();
        answer = await ask(method, [filter]);
        times.push(Number(process.hrtime.bigint() - begin) / 1e6);
    }
    const first = times[0].toFixed(2).padStart(9);
    const median = times.sort((a, b) => a - b)[10].toFixed(2).padStart(9);
    const found = answer.result ? `${answer.result.length} found` : answer.error.message;
    console.log(`${name.padEnd(46)} first ${first} ms  median ${median} ms  ${found}`);
}
agent.destroy();
node.removeAllListeners("exit");
node.kill("SIGINT");
