package io.sluice.datanode.pipe;

import io.sluice.sync.receiver.SyncReceiverOptions;
import io.sluice.sync.receiver.WhiteList;
import io.sluice.sync.sender.SyncSenderOptions;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What a node's pipes, outgoing and incoming, are made of.
 *
 * @param clusterId of this cluster
 * @param folder this service's own, on the regions' file system: {@code outgoing/}, {@code
 *     staging/}, {@code parts/}, {@code pipes}
 * @param whiteList who may send here
 */
public record PipeServiceOptions(
    UUID clusterId,
    Path folder,
    SyncSenderOptions sender,
    SyncReceiverOptions receiver,
    WhiteList whiteList) {}
