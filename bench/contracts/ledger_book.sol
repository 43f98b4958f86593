// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// Writes many fresh slots in one call: storage growth for benchmark chains.
contract LedgerBook {
    mapping(uint256 => uint256) public entries;
    uint256 public count;

    function write(uint256 n) external {
        uint256 first = count;
        for (uint256 i = 0; i < n; ++i) entries[first + i] = block.number;
        count = first + n;
    }
}
