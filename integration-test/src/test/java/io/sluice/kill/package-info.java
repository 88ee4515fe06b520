/**
 * Three real ConfigNode processes, halted at every milestone of every pipe statement, over
 * DataNodes that are the production pipe table behind real Thrift.
 */
package io.sluice.kill;
