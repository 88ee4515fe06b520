/**
 * A node's meters and the page Prometheus scrapes. Which meters there are is said in {@code
 * docs/operations.md}.
 */
package io.sluice.common.metrics;
