package io.sluice.common.status;

/**
 * Status codes of the client protocol, as published clients understand them, and the few of our own
 * that never leave the cluster (1190 and up).
 */
public final class StatusCode {
  public static final int SUCCESS = 200;
  public static final int INCOMPATIBLE_VERSION = 201;
  public static final int UNSUPPORTED = 300;
  public static final int EXECUTE_ERROR = 301;
  public static final int MULTIPLE_ERROR = 302;
  public static final int ILLEGAL_PARAMETER = 303;
  public static final int INTERNAL_ERROR = 305;
  public static final int DISPATCH_ERROR = 306;
  public static final int REDIRECTION_RECOMMEND = 400;
  public static final int DATABASE_NOT_EXIST = 500;
  public static final int DATABASE_ALREADY_EXISTS = 501;
  public static final int METADATA_ERROR = 507;
  public static final int PATH_NOT_EXIST = 508;
  public static final int ILLEGAL_PATH = 509;
  public static final int SERIES_ALREADY_EXISTS = 503;
  public static final int READ_ONLY = 600;
  public static final int WRITE_REJECTED = 606;
  public static final int SQL_PARSE_ERROR = 700;
  public static final int SEMANTIC_ERROR = 701;
  public static final int NO_SUCH_QUERY = 714;
  public static final int WRONG_PASSWORD = 801;
  public static final int NOT_LOGGED_IN = 802;
  public static final int NO_PERMISSION = 803;
  public static final int USER_NOT_EXIST = 804;
  public static final int USER_ALREADY_EXISTS = 805;
  public static final int PIPESINK_ERROR = 1106;
  public static final int PIPE_ERROR = 1107;
  public static final int PIPESERVER_ERROR = 1108;

  /** Internal: this ConfigNode does not lead; the status names who does. */
  public static final int NOT_LEADER = 1190;

  /** Internal: a piece's expected record is not the one the region has. */
  public static final int RECORD_MISMATCH = 1191;

  /** Internal: the region is not (yet, any more) on this node; the caller refreshes its catalog. */
  public static final int REGION_NOT_HERE = 1192;

  /** Internal: begun and not done yet; the caller asks again, which does not begin it anew. */
  public static final int STILL_WORKING = 1193;

  private StatusCode() {}
}
