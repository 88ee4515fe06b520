/**
 * What holds the house in order: layers between modules, purity of cores, habits that bytecode
 * cannot show.
 */
package io.sluice.rules;
