/** The image in the words of the cluster's Thrift interface, and back. No state, no calls. */
package io.sluice.confignode.view;
