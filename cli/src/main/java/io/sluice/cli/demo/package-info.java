/**
 * {@code ./sluice demo}: an edge and a cloud cluster as separate processes, the reference page's
 * usage example statement by statement, a CSV of real readings if one is given, and a comparison of
 * every row on both sides.
 *
 * <p>Nouns: {@link io.sluice.cli.demo.Demo} (the whole run), {@link io.sluice.cli.demo.Walkthrough}
 * (statements shown with their answers), {@link io.sluice.cli.demo.AllRows} (everything one cluster
 * holds, read through a published client), {@link io.sluice.cli.demo.CsvOracle} (what the CSV says
 * should be there, read apart from the importer).
 */
package io.sluice.cli.demo;
