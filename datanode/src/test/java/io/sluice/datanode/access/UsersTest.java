package io.sluice.datanode.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.common.credential.PasswordKey;
import io.sluice.common.credential.Verifier;
import io.sluice.common.rpc.UserInfo;
import io.sluice.common.status.StatusException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UsersTest {
  private static final String HERE = "10.0.0.7";

  private final AtomicLong nowMs = new AtomicLong(1_000_000);
  private final FakeSource source = new FakeSource();
  private final Users users = new Users(source, nowMs::get);

  private static final class FakeSource implements Users.Source {
    final Map<String, UserInfo> known = new HashMap<>();
    final Map<String, UserInfo> elsewhere = new HashMap<>();
    long confirmedMsAgo;
    int refreshes;

    @Override
    public Optional<UserInfo> user(String name) {
      return Optional.ofNullable(known.get(name));
    }

    @Override
    public long confirmedMsAgo() {
      return confirmedMsAgo;
    }

    @Override
    public void refresh() {
      refreshes++;
      known.clear();
      known.putAll(elsewhere);
    }
  }

  private static UserInfo user(String name, String password) {
    Verifier verifier = Verifier.of(PasswordKey.of(name, password), new SecureRandom());
    return new UserInfo(
        name,
        ByteBuffer.wrap(verifier.salt().toArray()),
        verifier.iterations(),
        ByteBuffer.wrap(verifier.storedKey().toArray()),
        ByteBuffer.wrap(verifier.serverKey().toArray()));
  }

  private StatusException refusal(String user, String password) {
    return catchThrowableOfType(StatusException.class, () -> users.login(user, password, HERE));
  }

  @Test
  void rootHasItsFirstPasswordUntilItIsSet() {
    assertThat(refusal("root", "root")).isNull();
    assertThat(refusal("root", "other").code()).isEqualTo(801);
    source.known.put("root", user("root", "other"));
    source.elsewhere.putAll(source.known);
    assertThat(refusal("root", "root").code()).isEqualTo(801);
    assertThat(refusal("root", "other")).isNull();
  }

  @Test
  void aUserIsLetInWithItsPasswordOnly() {
    source.known.put("ann", user("ann", "x"));
    source.elsewhere.putAll(source.known);
    assertThat(refusal("ann", "x")).isNull();
    assertThat(refusal("ann", "x")).isNull();
    assertThat(refusal("ann", "y")).hasMessage("Wrong user name or password");
    assertThat(refusal("bob", "x")).hasMessage("Wrong user name or password");
    assertThat(refusal(null, "x").code()).isEqualTo(801);
    assertThat(refusal("ann", null).code()).isEqualTo(801);
  }

  /** A password that was found right is not asked for again, but goes with its verifier. */
  @Test
  void aChangedPasswordEndsTheOldOneThoughItIsRemembered() {
    source.known.put("ann", user("ann", "x"));
    assertThat(refusal("ann", "x")).isNull();
    source.known.put("ann", user("ann", "new"));
    source.elsewhere.putAll(source.known);
    assertThat(refusal("ann", "x").code()).isEqualTo(801);
    assertThat(refusal("ann", "new")).isNull();
  }

  @Test
  void aDroppedUserIsUnknownAtOnce() {
    source.known.put("ann", user("ann", "x"));
    assertThat(refusal("ann", "x")).isNull();
    assertThat(users.knows("ann")).isTrue();
    source.known.clear();
    assertThat(users.knows("ann")).isFalse();
    assertThat(refusal("ann", "x").code()).isEqualTo(801);
    assertThat(users.knows("root")).isTrue();
  }

  /** Made a moment ago through another DataNode. */
  @Test
  void aUserThatIsNotKnownHereYetIsLookedFor() {
    source.elsewhere.put("ann", user("ann", "x"));
    assertThat(refusal("ann", "x")).isNull();
    assertThat(source.refreshes).isEqualTo(1);
    assertThat(refusal("ann", "y").code()).isEqualTo(801);
    assertThat(source.refreshes).as("not at every wrong password").isEqualTo(1);
  }

  @Test
  void guessingIsSlowedButOnlyFromWhereItIsDone() {
    source.known.put("ann", user("ann", "x"));
    source.elsewhere.putAll(source.known);
    for (int i = 0; i <= LoginBrake.FREE_FAILURES; i++) {
      assertThat(refusal("ann", "guess")).hasMessage("Wrong user name or password");
    }
    assertThat(refusal("ann", "x"))
        .hasMessage("too many wrong passwords for this user from 10.0.0.7: try again in 1 s");
    assertThatCode(() -> users.login("ann", "x", "10.0.0.8")).doesNotThrowAnyException();
    nowMs.addAndGet(LoginBrake.WAIT_MS_FIRST);
    assertThat(refusal("ann", "guess")).hasMessage("Wrong user name or password");
    assertThat(refusal("ann", "x")).hasMessageEndingWith("try again in 2 s");
    nowMs.addAndGet(2 * LoginBrake.WAIT_MS_FIRST);
    assertThat(refusal("ann", "x")).isNull();
    assertThat(refusal("ann", "guess")).hasMessage("Wrong user name or password");
  }

  @Test
  void withoutAConfigNodeLoginsWorkForABoundedTime() {
    source.known.put("ann", user("ann", "x"));
    source.confirmedMsAgo = Users.UNCONFIRMED_MS_MAX;
    assertThat(refusal("ann", "x")).isNull();
    source.confirmedMsAgo = Users.UNCONFIRMED_MS_MAX + TimeUnit.HOURS.toMillis(1);
    assertThat(refusal("ann", "x"))
        .hasMessage(
            "no ConfigNode has answered this DataNode for 25 hours: who may log in is not known"
                + " any more");
  }

  @Test
  void theBrakeRemembersBoundedlyManyPairs() {
    LoginBrake brake = new LoginBrake(nowMs::get);
    for (int i = 0; i < LoginBrake.PAIRS_MAX + 5; i++) {
      for (int wrong = 0; wrong <= LoginBrake.FREE_FAILURES; wrong++) {
        brake.failed("u" + i, HERE);
      }
    }
    assertThat(brake.waitMs("u4", HERE)).isZero();
    assertThat(brake.waitMs("u5", HERE)).isPositive();
  }
}
