// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// Code for an account to borrow (EIP-7702): several calls in one transaction, all or none.
contract Batch {
    struct Step {
        address to;
        uint256 value;
        bytes data;
    }

    error OwnerOnly(address caller);
    error StepFailed(uint256 index);

    event Done(address indexed account, uint256 steps);

    function run(Step[] calldata steps) external payable {
        if (msg.sender != address(this)) revert OwnerOnly(msg.sender);
        for (uint256 i = 0; i < steps.length; i++) {
            (bool ok,) = steps[i].to.call{value: steps[i].value}(steps[i].data);
            if (!ok) revert StepFailed(i);
        }
        emit Done(address(this), steps.length);
    }

    receive() external payable {}
}
