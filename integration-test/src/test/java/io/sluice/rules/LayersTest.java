package io.sluice.rules;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.SyncReceiverOptions;
import io.sluice.sync.receiver.port.LoadOutcome;
import io.sluice.sync.sender.SyncSenderOptions;
import java.util.Date;
import java.util.Random;
import java.util.Timer;
import java.util.UUID;
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

  /** What happened comes in as an event, the time with it; what is to be done goes out. */
  @Test
  void coresHaveNoClockNoThreadAndNoChance() {
    noClasses()
        .that()
        .resideInAPackage("io.sluice..core..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, Runtime.class, Timer.class, Random.class, Date.class)
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.concurrent..", "java.time..", "io.sluice.common.time..")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .orShould()
        .callMethod(Math.class, "random")
        .check(SLUICE);
  }

  /** A white list: whatever else a core of sender or receiver comes to need is looked at first. */
  @Test
  void theCoresOfSenderAndReceiverKnowWordsOnly() {
    classes()
        .that()
        .resideInAPackage("io.sluice.sync.*.core..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "io.sluice.sync.*.core..",
                    "io.sluice.common.collect",
                    "io.sluice.common.sync",
                    "java.lang",
                    "java.lang.invoke",
                    "java.lang.runtime",
                    "java.util",
                    "java.util.function",
                    "java.util.stream")
                .or(
                    belongToAnyOf(
                        Frame.class,
                        Refusal.class,
                        Opening.class,
                        LoadOutcome.class,
                        SyncReceiverOptions.class,
                        SyncSenderOptions.class)))
        .check(SLUICE);
  }
}
