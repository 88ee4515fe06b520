/** Paths of the tree model: splitting, quoting and matching. No I/O. */
package io.sluice.common.path;
