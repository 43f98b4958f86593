// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Identities with owners, delegates and attestations
/// @notice Every address is an identity that owns itself until it says otherwise. Its owner names
///         delegates for a purpose and a time (a key on a phone that may sign in); anybody attests
///         something about anybody, and others decide whom they believe.
/// @dev Has no constructor and no owner, so that its code can stand in a genesis file.
contract IdentityRegistry {
    struct Attestation {
        bytes32 value;
        uint64 expires;
    }

    /// @notice The caller does not own the identity.
    error NotOwner(address owner);
    /// @notice A delegation or attestation that would end before it begins.
    error AlreadyExpired();

    event OwnerChanged(address indexed identity, address owner);
    event DelegateChanged(address indexed identity, bytes32 indexed kind, address delegate, uint64 expires);
    event Attested(address indexed issuer, address indexed subject, bytes32 indexed claim, bytes32 value, uint64 expires);

    mapping(address identity => address) private owners;
    mapping(address identity => mapping(bytes32 kind => mapping(address delegate => uint64))) private delegates;
    mapping(address issuer => mapping(address subject => mapping(bytes32 claim => Attestation))) private attestations;

    modifier onlyOwner(address identity) {
        address owner = ownerOf(identity);
        if (msg.sender != owner) revert NotOwner(owner);
        _;
    }

    /// @notice Who speaks for the identity: itself, unless it was handed over.
    function ownerOf(address identity) public view returns (address) {
        address owner = owners[identity];
        return owner == address(0) ? identity : owner;
    }

    /// @notice Hands the identity over; address 0 gives it back to itself.
    function changeOwner(address identity, address owner) external onlyOwner(identity) {
        owners[identity] = owner;
        emit OwnerChanged(identity, ownerOf(identity));
    }

    /// @notice Lets another account act for the identity.
    /// @param kind what for: "signin" in ASCII, padded with zeros, to sign in
    /// @param expires seconds since 1970
    function addDelegate(address identity, bytes32 kind, address delegate, uint64 expires)
        external
        onlyOwner(identity)
    {
        if (expires <= block.timestamp) revert AlreadyExpired();
        delegates[identity][kind][delegate] = expires;
        emit DelegateChanged(identity, kind, delegate, expires);
    }

    /// @notice Ends a delegation at once.
    function revokeDelegate(address identity, bytes32 kind, address delegate) external onlyOwner(identity) {
        delete delegates[identity][kind][delegate];
        emit DelegateChanged(identity, kind, delegate, 0);
    }

    /// @notice Whether the account may act for the identity: its owner always, a delegate in its time.
    function isDelegate(address identity, bytes32 kind, address delegate) external view returns (bool) {
        return delegate == ownerOf(identity) || delegates[identity][kind][delegate] > block.timestamp;
    }

    /// @notice States something about a subject in the caller's name.
    /// @param claim what it is about, "email" or "member" for instance
    /// @param value the hash of what is claimed, or the value itself where it fits
    /// @param expires seconds since 1970
    function attest(address subject, bytes32 claim, bytes32 value, uint64 expires) external {
        if (expires <= block.timestamp) revert AlreadyExpired();
        attestations[msg.sender][subject][claim] = Attestation(value, expires);
        emit Attested(msg.sender, subject, claim, value, expires);
    }

    /// @notice Takes an own attestation back.
    function revokeAttestation(address subject, bytes32 claim) external {
        delete attestations[msg.sender][subject][claim];
        emit Attested(msg.sender, subject, claim, 0, 0);
    }

    /// @notice What an issuer states about a subject; zeros where nothing, or where it has expired.
    function attestationOf(address issuer, address subject, bytes32 claim)
        external
        view
        returns (bytes32 value, uint64 expires)
    {
        Attestation storage found = attestations[issuer][subject][claim];
        if (found.expires <= block.timestamp) return (0, 0);
        return (found.value, found.expires);
    }
}
