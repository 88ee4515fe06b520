package io.sluice.datanode.region.host;

import io.sluice.datanode.region.ApplyResult;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/** What became of an entry, handed to its proposer in this process; it never travels as bytes. */
record ResultMessage(ApplyResult result) implements Message {
  @Override
  public ByteString getContent() {
    return ByteString.EMPTY;
  }
}
