// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// An OpenZeppelin token with permits (EIP-2612), and a way to fail for every manner in which Solidity does.
contract Token is ERC20, ERC20Permit {
    error TooMuch(address asker, uint256 asked, uint256 limit);

    uint256 public constant LIMIT = 10;
    uint256 public taken;

    constructor(uint256 supply) ERC20("Pebble", "PBL") ERC20Permit("Pebble") {
        _mint(msg.sender, supply);
    }

    /// Gives at most LIMIT units to whoever asks.
    function take(uint256 asked) external {
        if (asked > LIMIT) revert TooMuch(msg.sender, asked, LIMIT);
        taken += asked;
        _mint(msg.sender, asked);
    }

    function refuse(string calldata reason) external pure {
        revert(reason);
    }

    function divide(uint256 a, uint256 b) external pure returns (uint256) {
        return a / b;
    }

    function refuse_without_words() external pure {
        revert();
    }

    /// Never ends.
    function spin() external pure {
        while (true) {}
    }
}
