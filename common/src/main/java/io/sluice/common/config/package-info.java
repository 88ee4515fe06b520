/**
 * The configuration files: which parameters there are ({@link io.sluice.common.config.Parameters}),
 * what each may be ({@link io.sluice.common.config.Parameter}), and what one reading of the files
 * found ({@link io.sluice.common.config.Settings}). Only composition roots use it: components are
 * handed small option records.
 *
 * <p>An unknown key warns; a value out of range is refused by name, and with it the whole reading.
 */
package io.sluice.common.config;
