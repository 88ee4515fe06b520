/**
 * Thrift between the processes of one cluster: a bounded server and pooled clients. What is said is
 * in {@code cluster.thrift}; nothing here knows a service's methods.
 */
package io.sluice.common.net;
