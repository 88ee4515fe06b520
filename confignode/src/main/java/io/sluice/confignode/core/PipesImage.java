package io.sluice.confignode.core;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Sinks by name, pipes by number, running pipe procedures by id.
 *
 * @param version of the pipe table: rises with every change of any pipe, and whenever DataNodes may
 *     have been told something that was not kept
 */
public record PipesImage(
    SortedMap<String, PipeSink> sinks,
    SortedMap<Long, Pipe> pipes,
    SortedMap<Long, PipeProcedure> procedures,
    long version,
    long nextPipeNumber,
    long nextProcedureId) {
  static final PipesImage EMPTY =
      new PipesImage(
          Collections.emptySortedMap(),
          Collections.emptySortedMap(),
          Collections.emptySortedMap(),
          0,
          1,
          1);

  public Optional<Pipe> pipe(String name) {
    return pipes.values().stream().filter(pipe -> pipe.name().equals(name)).findFirst();
  }

  /** The statement under way on a pipe of this name. */
  public Optional<PipeProcedure> procedureOn(String pipeName) {
    return procedures.values().stream().filter(p -> p.pipeName().equals(pipeName)).findFirst();
  }

  public List<PipeSink> sinksByCreation() {
    return sinks.values().stream()
        .sorted(Comparator.comparingLong(PipeSink::createdAtMs).thenComparing(PipeSink::name))
        .toList();
  }

  /** Pipes as SHOW PIPES lists them, by creation: one whose CREATE is still under way is not. */
  public List<Pipe> shownPipes() {
    Set<Long> begun =
        procedures.values().stream()
            .filter(procedure -> procedure.operation() == PipeProcedure.Operation.CREATE)
            .map(PipeProcedure::pipeNumber)
            .collect(Collectors.toSet());
    return pipes.values().stream().filter(pipe -> !begun.contains(pipe.number())).toList();
  }

  PipesImage with(PipeSink sink) {
    return withSinks(SortedMaps.with(sinks, sink.name(), sink));
  }

  PipesImage withoutSink(String name) {
    return withSinks(SortedMaps.without(sinks, name));
  }

  private PipesImage withSinks(SortedMap<String, PipeSink> newSinks) {
    return new PipesImage(newSinks, pipes, procedures, version, nextPipeNumber, nextProcedureId);
  }

  PipesImage with(Pipe pipe) {
    return new PipesImage(
        sinks,
        SortedMaps.with(pipes, pipe.number(), pipe),
        procedures,
        Math.max(version, pipe.changedAt()),
        Math.max(nextPipeNumber, pipe.number() + 1),
        nextProcedureId);
  }

  PipesImage withoutPipe(long number, long atVersion) {
    return new PipesImage(
        sinks,
        SortedMaps.without(pipes, number),
        procedures,
        Math.max(version, atVersion),
        nextPipeNumber,
        nextProcedureId);
  }

  PipesImage with(PipeProcedure procedure) {
    return new PipesImage(
        sinks,
        pipes,
        SortedMaps.with(procedures, procedure.id(), procedure),
        version,
        nextPipeNumber,
        Math.max(nextProcedureId, procedure.id() + 1));
  }

  PipesImage withoutProcedure(long id) {
    return new PipesImage(
        sinks, pipes, SortedMaps.without(procedures, id), version, nextPipeNumber, nextProcedureId);
  }

  PipesImage withCounters(long tableVersion, long pipeNumber, long procedureId) {
    return new PipesImage(sinks, pipes, procedures, tableVersion, pipeNumber, procedureId);
  }
}
