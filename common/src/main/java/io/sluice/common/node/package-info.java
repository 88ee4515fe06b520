/**
 * One process: {@link io.sluice.common.node.Main} reads the settings and starts the roles it is
 * asked for, each a {@link io.sluice.common.node.NodeRole} that a module offers as a service;
 * {@link io.sluice.common.node.Reconfiguration} serves LOAD CONFIGURATION. Roles start in order and
 * close in reverse.
 */
package io.sluice.common.node;
