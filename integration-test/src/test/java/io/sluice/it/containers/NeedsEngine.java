package io.sluice.it.containers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs in containers, so only where an engine answers. Elsewhere the class is skipped, with the
 * reason; under {@code CI=true} it fails, since nobody would read the reason there.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("containers")
@ExtendWith(EngineAnswers.class)
@interface NeedsEngine {}
