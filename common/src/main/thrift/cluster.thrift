/*
 * Node to node: what the processes of one Sluice cluster say to each other.
 * ConfigNodeService listens on cn_internal_port (10710), DataNodeService on dn_internal_port (10730).
 * Strict TBinaryProtocol in TFramedTransport. Times are epoch milliseconds unless a name says otherwise.
 * New fields are optional and get new ids; an id is never reused.
 */
namespace java io.sluice.common.rpc

struct Endpoint {
  1: required string host
  2: required i32 port
}

/** code 200 is success; others are the client protocol's codes, so that a text reaches the client as it was made. */
struct Status {
  1: required i32 code
  2: required string message
  /** Set with code 1190 (NOT_LEADER): where the leader was last seen, absent when there is none. */
  3: optional Endpoint leader
  /** Set with code 1192 (REGION_NOT_HERE): the DataNode that leads the region, as far as this one has heard. */
  4: optional i32 regionLeader
  /** Of a LOAD CONFIGURATION that succeeded: what takes a restart all the same, one line each. */
  5: optional list<string> takeRestart
}

// ---------------------------------------------------------------- the cluster's shape

enum NodeStatus { RUNNING = 1, UNKNOWN = 2, REMOVING = 3, READ_ONLY = 4 }

struct DataNodeLocation {
  1: required i32 id
  2: required Endpoint client
  3: required Endpoint internal
  4: required Endpoint regionRaft
}

struct ConfigNodeLocation {
  1: required i32 id
  2: required Endpoint internal
  3: required Endpoint raft
}

struct DatabaseInfo {
  1: required string name
  2: required i64 generation
  3: required i32 dataReplicationFactor
  /** Region ids in dealing order: slot s of the database belongs to regionIds[s % size]. */
  4: required list<i32> regionIds
  5: optional i64 ttlMs
  6: required i64 createdAtMs
}

struct RegionInfo {
  1: required i32 id
  /** The Raft group's UUID, never used twice. */
  2: required string uuid
  3: required string database
  /** Ids of the DataNodes that hold a replica; the first is the preferred leader. */
  4: required list<i32> replicas
  5: required i64 createdAtMs
}

/** A user and what is kept of the password: see docs/formats/confignode-records.md. Never to be printed. */
struct UserInfo {
  1: required string name
  2: required binary salt
  3: required i32 iterations
  4: required binary storedKey
  5: required binary serverKey
}

/** A region of a dropped database, hidden from all but the pipes that have still to ship it. */
struct PartingRegion {
  1: required RegionInfo region
  2: required list<i64> pipeNumbers
  /** What the database had; absent: points never expire. */
  3: optional i64 ttlMs
}

/** What every DataNode caches: where everything is, and who may log in. Any change raises version. */
struct Catalog {
  1: required i64 version
  2: required string clusterId
  3: required string clusterName
  4: required i32 seriesSlotNum
  5: required list<DataNodeLocation> dataNodes
  6: required list<ConfigNodeLocation> configNodes
  7: required list<DatabaseInfo> databases
  8: required list<RegionInfo> regions
  /** Without root as long as its password is the one it has from the start. */
  9: optional list<UserInfo> users
  /** Not among the regions; absent: none. */
  10: optional list<PartingRegion> partings
}

struct CatalogResp {
  1: required Status status
  /** Absent when the caller's version is the current one. */
  2: optional Catalog catalog
}

// ---------------------------------------------------------------- pipes

enum PipeStatus { RUNNING = 1, STOP = 2, DROP = 3 }

struct PipeSinkInfo {
  1: required string name
  2: required string type
  3: required string host
  4: required i32 port
  5: required i64 createdAtMs
  /** As whom the receiver is asked to take data; absent: by its white list alone. */
  6: optional string user
  /** Goes with user; what its proof is made of. Never to be printed. */
  7: optional binary passwordKey
  /** All of a pipe's senders on one DataNode together; absent or 0: no limit. */
  8: optional i64 rateLimitBytesPerSecond
  /** "zstd" or "lz4"; absent: none. */
  9: optional string compression
}

struct PipeInfo {
  1: required string name
  /** Counter in the ConfigNode's image: a re-created pipe has a higher one. */
  2: required i64 number
  3: required PipeSinkInfo sink
  4: required i64 createdAtMs
  /** Points before this time are not sent. */
  5: required i64 startTimeMs
  6: required bool syncDeletions
  7: required PipeStatus status
  /**
   * Version of the pipe table at which this pipe last changed. A DataNode takes a pipe over, from an operation or
   * from a table, only if this is higher than what it has of that pipe (from an operation: not lower); an operation
   * on a pipe it does not have only if this is higher than its table's version: anything else is late.
   */
  8: optional i64 changedAt
}

/** The whole table; version rises with every change of any pipe. A lower version than the one held is ignored. */
struct PipeTable {
  1: required i64 version
  2: required list<PipeInfo> pipes
}

enum PipeOperation { CREATE = 1, START = 2, STOP = 3, DROP = 4 }

enum PipeHealth { NORMAL = 1, WARN = 2, ERROR = 3 }

/** One pipe as one DataNode sees its own senders of it. */
struct PipeReport {
  1: required i64 number
  2: required PipeHealth health
  /** Cause of WARN or ERROR, for logs and SHOW PIPE ... DETAILS; empty when NORMAL. */
  3: required string cause
}

struct PipeView {
  1: required PipeInfo pipe
  2: required PipeHealth health
  3: required string cause
}

/**
 * One feed: a pipe and a region that the answering DataNode leads, as of the moment it was asked.
 * Indexes are of the region's log.
 */
struct FeedDetails {
  1: required string region      // UUID
  2: required string database
  3: required PipeHealth health
  4: required string cause
  /** The receiver's address in use, or tried. */
  5: required Endpoint receiver
  6: required bool connected
  /** All up to it is applied at the receiver, by its word since the feed began; 0 before. */
  7: required i64 position
  8: required i64 lastDataIndex
  /** Sealed and not applied at the receiver. */
  9: required i64 filesLeft
  10: required i64 bytesLeft
  /** Over the last minute. */
  11: required i64 bytesPerSecond
  /** Since the oldest of what is not at the receiver was written; 0 with nothing left, absent when not known. */
  12: optional i64 secondsBehind
  /** At the present rate; 0 with nothing left, absent when not known. */
  13: optional i64 secondsToGo
  /** Absent: never since the feed began. */
  14: optional i64 acknowledgedAtMs
  /** The last one, also when it is over; absent: none since the feed began. */
  15: optional string lastError
  16: optional i64 lastErrorAtMs
  /** In memory, and in no file yet; absent: not said. */
  17: optional i64 unsealedRows
  /** The receiver cannot make the database: nothing of the region is sent. */
  18: optional bool databaseRefused
}

/** One row of SHOW PIPE ... DETAILS: a region, and the DataNode that ships it or should. */
struct PipeDetail {
  1: required i32 region
  2: required string database
  3: required DataNodeLocation dataNode
  4: required PipeHealth health
  /** Of a row without feed: why there is none. */
  5: required string message
  6: optional FeedDetails feed
  /** The region is there for its pipes alone: its database was dropped. */
  7: optional bool dropped
}
struct PipeDetailsResp {
  1: required Status status
  2: optional PipeInfo pipe
  3: optional list<PipeDetail> details // by region
}

// ---------------------------------------------------------------- ConfigNodeService

struct RegisterConfigNodeReq {
  1: required string clusterName
  2: required ConfigNodeLocation location // id -1: not yet known
  3: optional string clusterId            // of a restarting node
  /** Drawn at each start of the process: tells a copied folder from the original. */
  4: optional i64 processId
}
struct RegisterConfigNodeResp {
  1: required Status status
  2: optional string clusterId
  3: optional i32 nodeId
  4: optional list<ConfigNodeLocation> configNodes
}

struct RegisterDataNodeReq {
  1: required string clusterName
  2: required DataNodeLocation location // id -1: not yet known
  3: optional string clusterId          // of a restarting node
  /** Drawn at each start of the process: tells a copied folder from the original. */
  4: optional i64 processId
}
struct RegisterDataNodeResp {
  1: required Status status
  2: optional string clusterId
  3: optional i32 nodeId
  4: optional Catalog catalog
  5: optional PipeTable pipes
}

struct NodeState {
  1: required i32 id
  2: required NodeStatus status
  /** ConfigNodes: "Leader" or "Follower"; DataNodes: empty. */
  3: required string role
  4: optional i32 dataRegions
}
/** ADDING and REMOVING: a change of the region is under way there. */
enum ReplicaStatus { RUNNING = 1, UNKNOWN = 2, ADDING = 3, REMOVING = 4, READ_ONLY = 5 }

/** One replica as SHOW REGIONS prints it. */
struct ReplicaView {
  1: required i32 region
  2: required i32 node
  3: required ReplicaStatus status
  4: required bool leads
}
struct ClusterStateResp {
  1: required Status status
  2: optional Catalog catalog
  3: optional list<NodeState> configNodes
  4: optional list<NodeState> dataNodes
  /** Region id to the DataNode id that leads it, as of the last heartbeats. */
  5: optional map<i32, i32> regionLeaders
  /** By region, then by node. */
  6: optional list<ReplicaView> replicas
}

struct CreateDatabaseReq {
  1: required string name
  2: required bool ifNotExists
  3: optional i32 dataReplicationFactor
}
/** Options of a sink; what is absent stays as it is. */
struct PipeSinkChange {
  /** With passwordKey; empty takes both away. */
  1: optional string user
  2: optional binary passwordKey
  3: optional i64 rateLimitBytesPerSecond
  /** "zstd", "lz4" or "none". */
  4: optional string compression
}
struct CreatePipeSinkReq {
  1: required string name
  2: required string type
  3: required string host
  4: required i32 port
  5: optional PipeSinkChange options
}
struct CreatePipeReq {
  1: required string name
  2: required string sink
  3: required i64 startTimeMs
  4: required bool syncDeletions
}
struct PipeSinksResp {
  1: required Status status
  2: optional list<PipeSinkInfo> sinks // by creation time
}
struct PipesResp {
  1: required Status status
  2: optional list<PipeView> pipes // by creation time
}
struct VariablesResp {
  1: required Status status
  2: optional map<string, string> variables
}

struct IdentityResp {
  1: required Status status
  2: required string clusterId
  3: required i32 nodeId
  /** Drawn at each start of the process. */
  4: required i64 processId
}

service ConfigNodeService {
  /** Who listens here; every ConfigNode answers, leading or not. */
  IdentityResp identify()
  /** Success from the leader; the others say NOT_LEADER, like to everything below. */
  Status lead()
  RegisterConfigNodeResp registerConfigNode(1: RegisterConfigNodeReq req)
  RegisterDataNodeResp registerDataNode(1: RegisterDataNodeReq req)
  /** knownVersion -1 asks for the whole catalog. */
  CatalogResp getCatalog(1: i64 knownVersion)
  ClusterStateResp getClusterState()
  VariablesResp getVariables()

  Status createDatabase(1: CreateDatabaseReq req)
  Status deleteDatabases(1: list<string> names)
  /** Of the databases that match, at least one; 0: points never expire. */
  Status setTtl(1: string pattern, 2: i64 ttlMs)

  /** Answered once it is recorded; the regions are moved off in the background, then the node is gone. */
  Status removeDataNode(1: i32 id)
  /** Answered once it is no member of the metadata group any more. */
  Status removeConfigNode(1: i32 id)
  /** These three are answered once recorded, and carried out in the background, by whoever leads. */
  Status extendRegion(1: i32 region, 2: i32 toNode)
  Status removeRegionReplica(1: i32 region, 2: i32 fromNode)
  Status migrateRegion(1: i32 region, 2: i32 fromNode, 3: i32 toNode)

  Status createPipeSink(1: CreatePipeSinkReq req)
  Status dropPipeSink(1: string name)
  Status alterPipeSink(1: string name, 2: PipeSinkChange change)
  /** An empty name lists all. */
  PipeSinksResp getPipeSinks(1: string name)

  Status createPipe(1: CreatePipeReq req)
  Status startPipe(1: string name)
  Status stopPipe(1: string name)
  Status dropPipe(1: string name)
  /** An empty name lists all. */
  PipesResp getPipes(1: string name)
  /** Asks the DataNodes now, each for a bounded time. */
  PipeDetailsResp getPipeDetails(1: string name)

  /** Every node that is not Unknown re-reads its configuration; those that could not are named. */
  Status loadConfiguration()
  /** Only this ConfigNode does, whether it leads or not. */
  Status loadOwnConfiguration()
  /** The parameters this ConfigNode runs with, by key, whether it leads or not. */
  VariablesResp runningSettings()

  Status createUser(1: UserInfo user)
  Status dropUser(1: string name)
  Status setPassword(1: UserInfo user)
}

// ---------------------------------------------------------------- DataNodeService

struct HeartbeatReq {
  1: required string clusterId
  2: required i64 catalogVersion
  3: required i64 pipeTableVersion
  4: required list<ConfigNodeLocation> configNodes
  5: required i64 sentAtMs
}
/** A DataNode that takes part in a region, at the address of its Raft server. */
struct RegionPeer {
  1: required i32 node
  2: required Endpoint raft
}

/** One replica of a region, as the DataNode that holds it sees it. */
struct ReplicaState {
  1: required string region      // UUID
  2: required bool leads
  3: required i64 term
  /** False once its Raft server has ended: it takes part no more until it is started again. */
  4: required bool running
  /** Who takes part by its log, at the Raft addresses known there. */
  5: required list<RegionPeer> members
  6: required i64 appliedIndex
  7: required i64 durableIndex
}

struct HeartbeatResp {
  1: required Status status
  2: required i32 nodeId
  3: required i64 pipeTableVersion
  /** Ids of the regions this node leads. */
  4: required list<i32> ledRegions
  5: required list<PipeReport> pipes
  6: required bool readOnly
  /** Every replica on this node. */
  7: optional list<ReplicaState> replicas
  /** Drawn when the process started: tells a node from another one on a copy of its folder. */
  8: optional i64 processId
  /** On the disk of the data folder. */
  9: optional i64 diskFreeBytes
}

struct FeedDetailsResp {
  1: required Status status
  2: optional list<FeedDetails> feeds
}

struct PartRegionResp {
  1: required Status status
  /** Pipes whose receivers have all of the region and, where they take deletions, that it was dropped. */
  2: optional list<i64> passedPipes
}

struct CreateRegionReq {
  1: required RegionInfo region
  /** Where the replicas' Raft servers listen, in the order of region.replicas. */
  2: required list<DataNodeLocation> peers
  /** An empty member that waits for the region's leader to take it in; peers may be empty then. */
  3: optional bool joins
}

struct ChangeRegionMembersReq {
  1: required string region      // UUID
  2: required list<RegionPeer> members
}

struct PipeOperationReq {
  1: required PipeOperation operation
  2: required PipeInfo pipe
}

/** A series whose schema refuses a piece. */
struct RefusedSeries {
  1: required string device
  2: required string measurement
  3: required string reason
}

/** The outcome of one log entry. index is set with code 200, actualRecord may be with 1191. */
struct ProposeResp {
  1: required Status status
  /** The entry's log index. */
  2: optional i64 index
  /** Compare-and-set refused (code 1191): the record the region has, encoded; empty when it has none. */
  3: optional binary actualRecord
  /** With other codes than 200 and 1191: true when the log holds the entry, without effect; else it is not known to be there. */
  4: optional bool logged
  /** Set when the schema refuses a piece: every series it refuses. */
  5: optional list<RefusedSeries> conflicts
  /** With code 200, of a piece: a device that the pipe of another cluster (UUID) brought last. */
  6: optional string sharedDevice
  7: optional string sharedWith
}

struct SeriesQuery {
  1: required string region      // UUID
  2: required list<string> patterns
}
struct SeriesRow {
  1: required string device
  2: required string measurement
  3: required bool aligned
  4: required i32 dataType
  5: required i32 encoding
  6: required i32 compression
}
struct SeriesResp {
  1: required Status status
  2: optional list<SeriesRow> series
}

struct ScanReq {
  1: required string region      // UUID
  /** Parallel lists: column i is measurements[i] of devices[i]. */
  2: required list<string> devices
  3: required list<string> measurements
  4: required i64 startTimeMs    // inclusive
  5: required i64 endTimeMs      // inclusive
  6: required bool descending
  /** Rows wanted at most; 0 is no limit. */
  7: required i64 limit
  /** Data type of each column, as the TsFile library numbers them. */
  8: required list<i32> types
}
struct ScanResp {
  1: required Status status
  2: optional i64 scanId
  /** One TsBlock as TsBlockSerde writes it; absent at the end. */
  3: optional binary block
}
struct CountResp {
  1: required Status status
  /** One per column of the request. */
  2: optional list<i64> counts
}

struct StageChunkReq {
  /** Name the staging node chose: letters, digits, '-' and '.', never a path. */
  1: required string name
  2: required i64 offset
  3: required binary data
  /** Of data. */
  4: required i32 crc32c
  /** The file is whole: answered once it is on disk. */
  5: required bool last
  6: required string region      // UUID: the file goes to its staging folder
}

struct RegionSyncStateReq {
  1: required string region      // UUID
  2: required string clusterId   // of the source
  3: required string sourceRegion
}
/** What a pipe holds back of a region, see HeldSeries of the DataNode. */
struct RegionQuarantineReq {
  1: required string region      // UUID
  2: required i64 pipeNumber
}
struct HeldSeriesRow {
  1: required string device
  2: required string measurement
  3: required i64 sinceIndex
  /** 0: nobody has asked for it to rejoin. */
  4: required i64 rejoinIndex
  5: required i64 sinceMs
  6: required string reason
  /** Time stamps of what is held back; absent: there is nothing, or no point left of it. */
  7: optional i64 firstTimeMs
  8: optional i64 lastTimeMs
}
struct RegionQuarantineResp {
  1: required Status status
  2: optional list<HeldSeriesRow> series // ordered by series
}

/** Hashes of what the region's leader holds, see DigestQuery of the DataNode. */
struct RegionDigestReq {
  1: required string region      // UUID
  2: required string device
  3: required list<string> measurements
  /** First and last time of each span, both inclusive. */
  4: required list<i64> spans
  5: required i32 cut            // 1 as asked, 2 every so many rows, 3 each row
  6: required i32 rowsPerCut
  /** Cluster whose pipes' rows are left out; absent: none. */
  7: optional string withoutOrigin
  /** Cluster of whose rows those are left out that stand in rotten files; absent: of none. */
  8: optional string withoutRottenOf
}
struct RegionDigestResp {
  1: required Status status
  /** Of each cut: first time, last time, rows (-1 too many), two halves of the hash. */
  2: optional list<i64> digests
  3: optional bool complete
}

/** A sealed file of the region's leader that is rotten, and that nobody else has. */
struct RottenFileInfo {
  1: required i64 end
  2: required i64 lengthBytes
  3: required i32 crc32c
  4: required i64 firstTime
  5: required i64 lastTime
}
struct RegionRottenResp {
  1: required Status status
  2: optional list<RottenFileInfo> files
}

/** Rows of one source for a rotten file, staged at the region's leader. */
struct RegionMendReq {
  1: required string region      // UUID
  2: required i64 end
  3: required i32 crc32c
  4: required string clusterId
  5: required string sourceRegion
  /** In the staging folder; absent: the source has none. */
  6: optional string stagedName
  7: required i64 sentFromMs
}
struct RegionMendResp {
  1: required Status status
  2: optional i32 state          // 2 waits for other sources, 3 done, 4 not, 5 ask again
  3: optional string text
}

struct RegionSyncStateResp {
  1: required Status status
  2: optional binary record      // encoded; absent: none
  3: optional binary ledger      // encoded; absent: none
}

/** One row of SHOW PIPES on the receiver's side, from one ledger. */
struct ReceivedPipe {
  1: required string name
  2: required i64 createdAtMs
  3: required string senderAddress
  4: required PipeStatus status
  5: required string database
  6: required PipeHealth health
}
struct ReceivedPipesResp {
  1: required Status status
  2: optional list<ReceivedPipe> pipes
}

/** One file of a region as of its last durable range. */
struct RegionFile {
  /** Relative to the region's folder; the parts are letters, digits, '-' and '.', joined by '/'. */
  1: required string name
  2: required i64 lengthBytes
  3: required i32 crc32c
}
struct RegionImageResp {
  1: required Status status
  /** Names the image in this process until it is closed, or nobody has read it for a while. */
  2: optional i64 imageId
  3: optional list<RegionFile> files
}
struct FileChunkResp {
  1: required Status status
  /** Empty at and beyond the end of the file. */
  2: optional binary data
  /** Of data. */
  3: optional i32 crc32c
}
/** The file of a LoadFile entry. */
struct LoadFileRef {
  1: required string region      // UUID
  2: required string stagedName  // letters, digits, '-' and '.', never a path
  3: required i64 lengthBytes
  4: required i32 crc32c
}

/** A sealed file that is not what its manifest says. */
struct DamagedFile {
  1: required string path
  2: required i64 lengthBytes
  3: required bool repaired
  /** What is wrong, and from where it was repaired or why not. */
  4: required string what
}
/** One replica whose sealed files were looked at. */
struct ScrubbedReplica {
  1: required string region      // UUID
  2: required i32 files
  3: required i64 bytes
  4: required list<DamagedFile> damaged // not more than 1,000
  5: required i32 damagedCount
}
struct ScrubResp {
  1: required Status status
  /** Of a scrub that was begun. */
  2: optional i64 scrubId
  3: optional bool done
  /** Of the replicas that are done. */
  4: optional list<ScrubbedReplica> replicas
}

service DataNodeService {
  HeartbeatResp heartbeat(1: HeartbeatReq req)
  Status createRegion(1: CreateRegionReq req)
  Status deleteRegion(1: string regionUuid)
  /**
   * At the region's leader (elsewhere code 1192): its database is dropped, and pipes have still to ship it. Answered
   * once the region's log says so. Repeatable; says which pipes are through.
   */
  PartRegionResp partRegion(1: string regionUuid)
  /**
   * At the region's leader (elsewhere code 1192): answered once exactly these take part, new ones having caught up.
   * Repeatable; a list equal to the present one is success at once. A member with another address than known moves there.
   */
  Status changeRegionMembers(1: ChangeRegionMembersReq req)
  /** At the region's leader (elsewhere code 1192): answered once the other member leads. */
  Status transferRegionLeader(1: string regionUuid, 2: i32 toNode)
  Status operatePipe(1: PipeOperationReq req)
  Status replacePipeTable(1: PipeTable table)
  /** Every feed of this pipe here. */
  FeedDetailsResp pipeDetails(1: i64 number)
  Status loadConfiguration()
  /** The parameters this DataNode runs with, by key. */
  VariablesResp runningSettings()

  /** entry is a log entry as docs/formats/log-entry.md writes it. */
  ProposeResp propose(1: string regionUuid, 2: binary entry)
  /** Answered once all that was written before is in durable files. */
  ProposeResp flush(1: string regionUuid)
  SeriesResp findSeries(1: SeriesQuery query)
  ScanResp openScan(1: ScanReq req)
  ScanResp nextBlock(1: i64 scanId)
  Status closeScan(1: i64 scanId)
  CountResp count(1: ScanReq req)

  Status stageChunk(1: StageChunkReq req)
  RegionSyncStateResp regionSyncState(1: RegionSyncStateReq req)
  /** Answered by the region's leader. */
  RegionQuarantineResp regionQuarantine(1: RegionQuarantineReq req)
  /** Answered by the region's leader. */
  RegionDigestResp regionDigest(1: RegionDigestReq req)
  /** Rotten files that hold nothing but what that cluster's pipes brought. Answered by the region's leader. */
  RegionRottenResp regionRotten(1: string regionUuid, 2: string clusterId)
  /** Answered by the region's leader. */
  RegionMendResp mendRegion(1: RegionMendReq req)
  ReceivedPipesResp receivedPipes()

  /** Begins to look at the sealed files of these regions' replicas here; those that are not here are passed over. */
  ScrubResp beginScrub(1: list<string> regionUuids)
  /** Answered when it is done, or after a moment; a scrub nobody asks for in two minutes is dropped. */
  ScrubResp awaitScrub(1: i64 scrubId)

  // The replicas of one region, to each other.
  RegionImageResp openRegionImage(1: string regionUuid)
  FileChunkResp readRegionImage(1: i64 imageId, 2: string name, 3: i64 offset, 4: i32 lengthMax)
  Status closeRegionImage(1: i64 imageId)
  FileChunkResp readLoadFile(1: LoadFileRef file, 2: i64 offset, 3: i32 lengthMax)
  /** Fetches the staged file from that node, unless it is here whole; durable on return. */
  Status stageFrom(1: LoadFileRef file, 2: DataNodeLocation node)
}
