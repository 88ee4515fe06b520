package io.sluice.cli.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CsvReaderTest {
  /** Each record as {@code line[field|field]}; missing fields as -, bad lines as {@code line!}. */
  private static List<String> read(String text) throws IOException {
    List<String> all = new ArrayList<>();
    try (CsvReader reader = new CsvReader(new StringReader(text), ',')) {
      for (CsvRecord record = reader.next(); record != null; record = reader.next()) {
        all.add(shown(record));
      }
    }
    return all;
  }

  private static String shown(CsvRecord record) {
    if (record instanceof CsvRecord.Fields data) {
      return record.line()
          + data.fields().stream().map(f -> f.isMissing() ? "-" : f.text()).toList().toString();
    }
    return record.line() + "!" + ((CsvRecord.Bad) record).reason();
  }

  @Test
  void readsFieldsWithAndWithoutQuotes() throws IOException {
    assertThat(read("a,b\n1,\"x,y\"\n2,\"he said \"\"no\"\"\"\n"))
        .containsExactly("1[a, b]", "2[1, x,y]", "3[2, he said \"no\"]");
  }

  @Test
  void anEmptyFieldIsMissingUnlessItIsQuoted() throws IOException {
    assertThat(read("1,,\"\",\n")).containsExactly("1[1, -, , -]");
  }

  @Test
  void takesEveryLineEndAndAByteOrderMark() throws IOException {
    assertThat(read("\ufeffa,b\r\n1,2\r3,4\n\n  \n5,6"))
        .containsExactly("1[a, b]", "2[1, 2]", "3[3, 4]", "6[5, 6]");
  }

  @Test
  void aQuotedFieldMaySpanLines() throws IOException {
    assertThat(read("1,\"a\r\nb\n\nc\"\n2,d\n")).containsExactly("1[1, a\r\nb\n\nc]", "5[2, d]");
  }

  @Test
  void aStrayQuoteCostsItsOwnLineOnly() throws IOException {
    assertThat(read("1,a\n2,\"b\n3,c\n4,d\n"))
        .containsExactly("1[1, a]", "2!a quote that is never closed", "3[3, c]", "4[4, d]");
    assertThat(read("1,\"b\n2,\"c\"\n3,d\n"))
        .containsExactly("1!text after a closing quote", "2[2, c]", "3[3, d]");
    assertThat(read("1,\"b\"x\n2,c\n")).containsExactly("1!text after a closing quote", "2[2, c]");
  }

  @Test
  void aQuoteInsideAFieldIsACharacter() throws IOException {
    assertThat(read("1,5\" pipe\n")).containsExactly("1[1, 5\" pipe]");
  }

  @Test
  void linesAndRecordsHaveALimit() throws IOException {
    String huge = "x".repeat(CsvReader.RECORD_CHARS_MAX + 1);
    assertThat(read("1," + huge + "\n2,b\n")).hasSize(2).last().isEqualTo("2[2, b]");
    String manyLines = "\n".repeat(CsvReader.RECORD_LINES_MAX);
    assertThat(read("1,\"a" + manyLines + "\"\n2,b\n").get(0)).startsWith("1!a quote");
  }

  @Test
  void bytesThatAreNoTextAreReported() throws IOException {
    assertThat(read("1,\ufffd\n2,b\n")).containsExactly("1!bytes that are not UTF-8", "2[2, b]");
  }

  @Test
  void readsBackWhatTheWriterWrites() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    String letters = "ab,\"\n\r \t\u00e9;'";
    for (int i = 0; i < 2_000; i++) {
      List<String> fields = new ArrayList<>(List.of("t"));
      for (int f = random.nextInt(1, 5); f > 0; f--) {
        StringBuilder text = new StringBuilder();
        for (int c = random.nextInt(6); c > 0; c--) {
          text.append(letters.charAt(random.nextInt(letters.length())));
        }
        fields.add(random.nextInt(4) == 0 ? null : text.toString());
      }
      StringWriter written = new StringWriter();
      try (CsvWriter writer = new CsvWriter(written)) {
        writer.write(fields);
        writer.write(Arrays.asList("end", null));
      }
      try (CsvReader reader = new CsvReader(new StringReader(written.toString()), ',')) {
        CsvRecord.Fields first = (CsvRecord.Fields) reader.next();
        assertThat(first.fields().stream().map(f -> f.isMissing() ? null : f.text()))
            .as(written.toString())
            .containsExactlyElementsOf(fields);
        assertThat(shown(reader.next())).endsWith("[end, -]");
      }
    }
  }
}
