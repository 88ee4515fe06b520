package io.sluice.common.sync;

import java.util.UUID;

/** A device that senders of several clusters write. */
public record SharedDevice(String device, UUID otherClusterId) {}
