package io.sluice.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a node tells Prometheus, at one moment. */
public record Meters(List<Sample> samples) {
  private static final Pattern LINE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? (\\S+)");

  /**
   * @param labels as in the text, without the braces; empty for none
   */
  public record Sample(String name, String labels, double value) {}

  /** Scrapes the node whose metrics are on {@code port}. */
  static Meters at(int port) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
                HttpResponse.BodyHandlers.ofString());
    return parse(answer.body());
  }

  /** What a scrape has answered. */
  public static Meters parse(String text) {
    List<Sample> samples = new ArrayList<>();
    for (String line : text.lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        String labels = matcher.group(2) == null ? "" : matcher.group(2);
        samples.add(new Sample(matcher.group(1), labels, Double.parseDouble(matcher.group(3))));
      }
    }
    return new Meters(samples);
  }

  /** Every sample of a meter whose labels contain all of {@code labels}. */
  public List<Double> of(String name, String... labels) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name))
        .filter(sample -> List.of(labels).stream().allMatch(sample.labels()::contains))
        .map(Sample::value)
        .toList();
  }

  public double sum(String name, String... labels) {
    return of(name, labels).stream().mapToDouble(Double::doubleValue).sum();
  }
}
