// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Proof of existence
/// @notice Records when a digest was first shown to the ledger, and by whom. Whoever holds the file
///         can prove later that it existed by then; nobody learns its content.
/// @dev Has no constructor and no owner, so that its code can stand in a genesis file.
contract ExistenceRegistry {
    struct Record {
        address by;
        uint64 time;
        uint64 number;
    }

    /// @notice The caller notarised this digest before.
    error AlreadyNotarized(uint64 time);

    event Notarized(bytes32 indexed digest, address indexed by, uint64 time);

    mapping(bytes32 digest => Record) private first;
    mapping(bytes32 digest => mapping(address by => uint64)) private times;

    /// @notice Records the digest under the caller's name with this block's time.
    /// @dev Each account has a record of its own, so that copying another's pending transaction takes
    ///      nothing from them.
    /// @param digest SHA-256 of the file
    function notarize(bytes32 digest) external {
        uint64 earlier = times[digest][msg.sender];
        if (earlier != 0) revert AlreadyNotarized(earlier);
        uint64 time = uint64(block.timestamp);
        times[digest][msg.sender] = time;
        if (first[digest].time == 0) first[digest] = Record(msg.sender, time, uint64(block.number));
        emit Notarized(digest, msg.sender, time);
    }

    /// @notice The earliest record of a digest; all zero where there is none.
    function firstRecord(bytes32 digest) external view returns (address by, uint64 time, uint64 number) {
        Record storage record = first[digest];
        return (record.by, record.time, record.number);
    }

    /// @notice When an account notarised a digest, in seconds since 1970; 0 where it did not.
    function timeOf(bytes32 digest, address by) external view returns (uint64) {
        return times[digest][by];
    }
}
