/**
 * Whole clusters in containers, with the faults that only machines of their own have: a network
 * that is cut, loses or crawls, a disk that is full, a machine that freezes, an address that
 * changes. Linux, and an engine on this machine; {@code mvn verify -Pcontainers}.
 *
 * <p>Nouns: {@link io.sluice.it.containers.SluiceCluster} (the fixture: nodes of the image under
 * test on a network of the test's own, at fixed addresses), {@link
 * io.sluice.it.containers.SluiceNode} (one container, and what can be done to it), {@link
 * io.sluice.it.containers.NetworkFaults}, {@link io.sluice.it.containers.AcknowledgedRows} (a
 * writer that knows what it was promised, and the check with which every test ends: each
 * acknowledged point is on the cloud exactly as last written).
 *
 * <p>To use the fixture elsewhere, copy this package without its {@code *IT} classes, and {@code
 * Sql}, {@code Meters} and {@code Build} of the package above. Clusters are shared between the
 * tests of a class; each test uses databases, sinks and pipes of its own.
 * docs/suites-in-containers.md says which bugs put back made which of them fall.
 */
package io.sluice.it.containers;
