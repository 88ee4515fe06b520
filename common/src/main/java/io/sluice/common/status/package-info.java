/**
 * Status codes and the exception that carries one with its text from where it is decided to the
 * client.
 */
package io.sluice.common.status;
