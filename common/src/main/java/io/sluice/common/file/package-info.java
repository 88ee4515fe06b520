/**
 * Files with a promise: whole replacement, fsync of content and of folders, checksums. No formats
 * of its own.
 */
package io.sluice.common.file;
