package io.sluice.sync.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WhiteListTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "127.0.0.1/32 | 127.0.0.1 | true",
        "127.0.0.1/32 | 127.0.0.2 | false",
        "127.0.0.1 | 127.0.0.1 | true",
        "192.168.0.0/16 | 192.168.255.3 | true",
        "192.168.0.0/16 | 192.169.0.1 | false",
        "10.0.0.0/9 | 10.127.0.1 | true",
        "10.0.0.0/9 | 10.128.0.1 | false",
        "0.0.0.0/0 | 8.8.8.8 | true",
        "0.0.0.0/0 | ::1 | false",
        "10.0.0.0/8, 127.0.0.1/32 | 127.0.0.1 | true",
        "2001:db8::/32 | 2001:db8:1::5 | true",
        "2001:db8::/32 | 2001:db9::5 | false",
        "::1 | ::1 | true",
        "::/0 | 127.0.0.1 | false",
        "10.0.0.0/8 | ::ffff:10.1.2.3 | true",
        "::ffff:10.0.0.0/104 | 10.1.2.3 | true",
        "::ffff:10.0.0.0/104 | 11.1.2.3 | false",
        "::ffff:10.0.0.7 | 10.0.0.7 | true",
        "::ffff:0:0/96 | 8.8.8.8 | true",
        "' ' | 127.0.0.1 | false"
      })
  void anAddressIsInOrOut(String list, String address, boolean allowed) throws Exception {
    WhiteList whiteList = WhiteList.parse(list);
    assertThat(whiteList.allows(InetAddress.getByName(address))).isEqualTo(allowed);
    assertThat(whiteList.allows(address)).isEqualTo(allowed);
    assertThat(whiteList.allows(address + "%eth0")).isEqualTo(allowed);
    assertThat(whiteList.allows("localhost")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1/33",
        "127.0.0.1/-1",
        "127.0.0.1/",
        "127.0.0/8",
        "256.0.0.1/32",
        "localhost",
        "10.0.0.0/8,,",
        "::1/129",
        ":::/8",
        "1.2.3.4/8/8",
        "127.0.0.1/999999999999",
        "::ffff:10.0.0.0/95",
        "::ffff:10.0.0.0/129"
      })
  void aMalformedEntryIsNamed(String list) {
    assertThatThrownBy(() -> WhiteList.parse(list))
        .isInstanceOf(MalformedWhiteListException.class)
        .hasMessageContaining(list.endsWith(",,") ? "''" : list);
  }

  @Test
  void theEntryAtFaultIsNamedAmongOthers() {
    assertThatThrownBy(() -> WhiteList.parse("10.0.0.0/8, nonsense/8 ,127.0.0.1"))
        .isInstanceOfSatisfying(
            MalformedWhiteListException.class, e -> assertThat(e.entry()).isEqualTo("nonsense/8"));
  }
}
