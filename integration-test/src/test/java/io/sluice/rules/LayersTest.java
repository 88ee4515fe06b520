package io.sluice.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class LayersTest {
  private static final JavaClasses SLUICE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.sluice");

  private static void never(String from, String... to) {
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(to)
        .allowEmptyShould(true)
        .check(SLUICE);
  }

  @Test
  void commonKnowsNoOtherModule() {
    never(
        "io.sluice.common..",
        "io.sluice.confignode..",
        "io.sluice.datanode..",
        "io.sluice.sync..",
        "io.sluice.sql..",
        "io.sluice.cli..");
  }

  @Test
  void senderAndReceiverKnowNeitherEachOtherNorTheirHost() {
    never("io.sluice.sync.sender..", "io.sluice.sync.receiver..", "io.sluice.datanode..");
    never("io.sluice.sync.receiver..", "io.sluice.sync.sender..", "io.sluice.datanode..");
  }

  @Test
  void theConfigNodeKnowsOnlyCommon() {
    never("io.sluice.confignode..", "io.sluice.datanode..", "io.sluice.sync..", "io.sluice.sql..");
  }

  @Test
  void theDataNodeReachesTheConfigNodeOverTheWireOnly() {
    never("io.sluice.datanode..", "io.sluice.confignode..", "io.sluice.cli..");
  }

  @Test
  void theGrammarKnowsOnlyItsParser() {
    classes()
        .that()
        .resideInAPackage("io.sluice.sql..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.sluice.sql..", "org.antlr..", "java..")
        .check(SLUICE);
  }

  @Test
  void theCommandLineKnowsNoServer() {
    never(
        "io.sluice.cli..",
        "io.sluice.common..",
        "io.sluice.confignode..",
        "io.sluice.datanode..",
        "io.sluice.sync..");
  }

  @Test
  void regionsKnowNoClientsAndNoPipes() {
    never(
        "io.sluice.datanode.region..",
        "io.sluice.datanode.rpc..",
        "io.sluice.datanode.statement..",
        "io.sluice.datanode.pipe..",
        "io.sluice.datanode.cluster..",
        "io.sluice.sync..",
        "org.apache.iotdb..");
  }

  @Test
  void theDataNodesPackagesHaveNoCycles() {
    slices().matching("io.sluice.datanode.(*)..").should().beFreeOfCycles().check(SLUICE);
  }

  @Test
  void coresDoNoInputOrOutput() {
    never(
        "io.sluice..core..",
        "java.io..",
        "java.net..",
        "java.nio.channels..",
        "java.nio.file..",
        "io.netty..",
        "org.apache.thrift..",
        "org.apache.ratis..",
        "org.slf4j..",
        "io.micrometer..");
  }
}
