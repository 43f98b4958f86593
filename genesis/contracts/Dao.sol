// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title An organisation that decides by vote
/// @notice Its members propose calls, vote for a period, and anybody executes what passed once its
///         timelock is over. Its treasury is this contract's balance; its rules, members included,
///         change only by its own decisions.
contract Dao {
    struct Proposal {
        address proposer;
        uint64 votesEnd;
        bool executed;
        uint32 yes;
        uint32 no;
        /// Members at the time of the proposal: what the quorum is a share of.
        uint32 electorate;
        /// Epoch of membership that may vote: whoever joined later may not.
        uint64 epoch;
        bytes32 callHash;
    }

    enum State {
        Voting,
        Failed,
        Queued,
        Ready,
        Executed
    }

    error NotMember();
    error NotSelf();
    error NoSuchProposal();
    error VotingOver();
    error AlreadyVoted();
    error NotReady(State state);
    error WrongCall();
    error BadRules();

    event Proposed(
        uint256 indexed id, address indexed proposer, address target, uint256 value, bytes data, string description
    );
    event Voted(uint256 indexed id, address indexed member, bool yes);
    event Executed(uint256 indexed id, bytes result);
    event MemberChanged(address indexed member, bool joined);
    event Received(address indexed from, uint256 amount);

    /// @notice When a member joined, as an epoch from 1 on; 0: no member.
    mapping(address member => uint64) public joinedAt;
    uint32 public memberCount;
    uint64 private epoch = 1;

    /// @notice Percent of the members that must vote for a decision to count.
    uint8 public immutable quorumPercent;
    /// @notice Seconds that a vote lasts.
    uint64 public immutable votingPeriod;
    /// @notice Seconds between the end of a vote that passed and its execution.
    uint64 public immutable timelock;

    Proposal[] private proposals;
    mapping(uint256 id => mapping(address member => bool)) public hasVoted;

    modifier onlyMember() {
        if (joinedAt[msg.sender] == 0) revert NotMember();
        _;
    }

    modifier onlySelf() {
        if (msg.sender != address(this)) revert NotSelf();
        _;
    }

    /// @param members founders; at least one, each once
    constructor(address[] memory members, uint8 quorumPercent_, uint64 votingPeriod_, uint64 timelock_) {
        if (members.length == 0 || quorumPercent_ == 0 || quorumPercent_ > 100 || votingPeriod_ == 0) revert BadRules();
        if (votingPeriod_ > 365 days || timelock_ > 365 days) revert BadRules();
        quorumPercent = quorumPercent_;
        votingPeriod = votingPeriod_;
        timelock = timelock_;
        for (uint256 i = 0; i < members.length; ++i) {
            join(members[i]);
        }
    }

    /// @notice Anybody may fund the treasury.
    receive() external payable {
        emit Received(msg.sender, msg.value);
    }

    /// @notice Proposes that the organisation calls `target` with `value` and `data`.
    /// @return id to vote by
    function propose(address target, uint256 value, bytes calldata data, string calldata description)
        external
        onlyMember
        returns (uint256 id)
    {
        id = proposals.length;
        proposals.push(
            Proposal({
                proposer: msg.sender,
                votesEnd: uint64(block.timestamp) + votingPeriod,
                executed: false,
                yes: 0,
                no: 0,
                electorate: memberCount,
                epoch: epoch,
                callHash: keccak256(abi.encode(target, value, data))
            })
        );
        emit Proposed(id, msg.sender, target, value, data, description);
    }

    /// @notice Votes once. Members that joined after the proposal have no vote on it.
    function vote(uint256 id, bool yes) external onlyMember {
        Proposal storage proposal = existing(id);
        if (block.timestamp >= proposal.votesEnd) revert VotingOver();
        if (joinedAt[msg.sender] > proposal.epoch) revert NotMember();
        if (hasVoted[id][msg.sender]) revert AlreadyVoted();
        hasVoted[id][msg.sender] = true;
        if (yes) ++proposal.yes;
        else ++proposal.no;
        emit Voted(id, msg.sender, yes);
    }

    /// @notice Does what was decided. Anybody may; the arguments must be those of the proposal.
    function execute(uint256 id, address target, uint256 value, bytes calldata data)
        external
        returns (bytes memory result)
    {
        Proposal storage proposal = existing(id);
        State current = stateOf(id);
        if (current != State.Ready) revert NotReady(current);
        if (keccak256(abi.encode(target, value, data)) != proposal.callHash) revert WrongCall();
        // Before the call, so that a callee that comes back finds the proposal done.
        proposal.executed = true;
        bool success;
        (success, result) = target.call{value: value}(data);
        if (!success) {
            assembly {
                revert(add(result, 32), mload(result))
            }
        }
        emit Executed(id, result);
    }

    /// @notice Where a proposal stands.
    function stateOf(uint256 id) public view returns (State) {
        Proposal storage proposal = existing(id);
        if (proposal.executed) return State.Executed;
        if (block.timestamp < proposal.votesEnd) return State.Voting;
        bool hasQuorum =
            (uint256(proposal.yes) + proposal.no) * 100 >= uint256(proposal.electorate) * quorumPercent;
        if (!hasQuorum || proposal.yes <= proposal.no) return State.Failed;
        return block.timestamp < uint256(proposal.votesEnd) + timelock ? State.Queued : State.Ready;
    }

    /// @notice The votes on a proposal, and when they end.
    function votesOf(uint256 id) external view returns (uint32 yes, uint32 no, uint32 electorate, uint64 votesEnd) {
        Proposal storage proposal = existing(id);
        return (proposal.yes, proposal.no, proposal.electorate, proposal.votesEnd);
    }

    function proposalCount() external view returns (uint256) {
        return proposals.length;
    }

    /// @notice Takes a member in, by decision.
    function addMember(address member) external onlySelf {
        ++epoch;
        join(member);
    }

    /// @notice Shows a member out, by decision; the last one stays.
    function removeMember(address member) external onlySelf {
        if (joinedAt[member] == 0) revert NotMember();
        if (memberCount == 1) revert BadRules();
        delete joinedAt[member];
        --memberCount;
        emit MemberChanged(member, false);
    }

    function join(address member) private {
        if (member == address(0) || joinedAt[member] != 0) revert BadRules();
        joinedAt[member] = epoch;
        ++memberCount;
        emit MemberChanged(member, true);
    }

    function existing(uint256 id) private view returns (Proposal storage) {
        if (id >= proposals.length) revert NoSuchProposal();
        return proposals[id];
    }
}

/// @title Founds organisations
/// @dev Has no constructor and no state, so that its code can stand in a genesis file.
contract DaoFactory {
    event Founded(address indexed dao, address indexed founder);

    /// @notice Founds one with the given members and rules; see Dao's constructor.
    function create(address[] calldata members, uint8 quorumPercent, uint64 votingPeriod, uint64 timelock)
        external
        returns (address dao)
    {
        dao = address(new Dao(members, quorumPercent, votingPeriod, timelock));
        emit Founded(dao, msg.sender);
    }
}
