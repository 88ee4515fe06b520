package io.sluice.confignode.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class CoreArchitectureTest {
  private static final JavaClasses CONFIG_NODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.sluice.confignode");

  /** A white list: what is not named here is I/O, a clock, logging, or somebody's library. */
  @Test
  void theCoreIsPure() {
    classes()
        .that()
        .resideInAPackage("io.sluice.confignode.core..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.sluice.confignode.core..",
            "io.sluice.common.status..",
            "io.sluice.common.credential..",
            "io.sluice.common.path..",
            "io.sluice.common.sync",
            "java.lang",
            "java.lang.invoke",
            "java.lang.runtime",
            "java.nio.charset",
            "java.util",
            "java.util.function",
            "java.util.stream")
        .check(CONFIG_NODE);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.sluice.confignode.(*)..").should().beFreeOfCycles().check(CONFIG_NODE);
  }
}
