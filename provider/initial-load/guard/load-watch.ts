import { classifyLoad, selectFragile } from "../../../sizing";
import type { ServiceRef } from "../../cloud/client";
import { type DbClickPipe, WARNING_TURN_TIMEOUT_MS } from "../../cloud/pipes";
import type { ProviderContext } from "../../operation/context";
import type { Operation } from "../../operation/operation";
import { omitUndefined } from "../../state/omit-undefined";
import type { ResizedLoad } from "../../state/resized-load";
import { readLoadedBytes } from "./loaded-bytes";
import { describeFragileLoads, describeLostLoad } from "./fragile-loads";

export interface LoadWatchOptions {
  readonly context: ProviderContext;
  readonly operation: Operation;
  readonly target: ServiceRef;
  /** Whether the program declares an initial load. */
  readonly hasInitialLoad: boolean;
  readonly isWarningSuppressed: boolean;
}

/**
 * Watches the Postgres pipes of a service while its size changes, because a resize may break their initial load. What counts is the moment
 * when the change arrives, minutes after it was sent.
 */
export class LoadWatch {
  private sentAt: Date | undefined;
  private pipesAtSend: Promise<readonly DbClickPipe[] | undefined> = Promise.resolve(undefined);

  constructor(private readonly options: LoadWatchOptions) {}

  /** The loads that were under way when the change arrived. */
  met: readonly ResizedLoad[] = [];

  /** What to call while the service is scaled. */
  readonly hooks = {
    onSend: () => this.onSend(),
    onWay: () => this.onWay(),
    onArrival: async () => {
      this.met = await this.listMet();
    },
  };

  /** Reads the pipes while the change is on its way, unless check has read them in this run. Nothing waits for it. */
  private onSend(): void {
    if (this.sentAt !== undefined) return;
    const { context, target } = this.options;
    this.sentAt = this.options.operation.clock.date();
    const known = context.run.getPipes(target.serviceId);
    this.pipesAtSend = known === undefined ? this.readAndWarn() : Promise.resolve(known);
  }

  /**
   * Watches a change of an earlier command, too. This reads the pipes even if check has: check doesn't warn of such a change, because the
   * declared size stays the same.
   */
  private onWay(): void {
    if (this.sentAt !== undefined) return;
    this.sentAt = this.options.operation.clock.date();
    this.pipesAtSend = this.readAndWarn();
  }

  /** The loads that a change met that may still arrive. */
  async listThreatened(): Promise<readonly ResizedLoad[]> {
    if (this.sentAt === undefined) return [];
    return this.record(selectLoading((await this.pipesAtSend) ?? []), this.sentAt);
  }

  /** Names the loads that the change met, unless a warning before did. */
  private async listMet(): Promise<readonly ResizedLoad[]> {
    if (this.sentAt === undefined) return [];
    const before = await this.pipesAtSend;
    const loading = selectLoading(before ?? []);
    if (before !== undefined && loading.length === 0 && !this.options.hasInitialLoad) return [];
    const after = await this.read();
    if (after === undefined) return this.listThreatened();
    const fragile = selectFragile(after);
    const known = selectFragile(before ?? []);
    await this.warn(fragile.filter(({ id }) => !known.some((pipe) => pipe.id === id)));
    const at = this.options.operation.clock.date();
    // A pipe that is new since the change was sent has failed in its initial load.
    const isOld = (id: string) => before === undefined || before.some((pipe) => pipe.id === id);
    const failed = after.filter(
      ({ id, source, state }) =>
        source === "postgres" && state === "Failed" && (!isOld(id) || loading.some((pipe) => pipe.id === id)),
    );
    const { progress } = this.options.operation;
    for (const pipe of failed) await progress.warn(describeLostLoad(pipe.name, at));
    const loadedBytes = fragile.length === 0 ? undefined : await this.readLoadedBytes();
    return this.record([...fragile, ...failed], at, loadedBytes);
  }

  private record(
    pipes: readonly DbClickPipe[],
    at: Date,
    loadedBytes?: ReadonlyMap<string, number>,
  ): ResizedLoad[] {
    return pipes.map(({ id, name }) =>
      omitUndefined({ id, name, at: at.toISOString(), loadedBytes: loadedBytes?.get(id) }),
    );
  }

  private readLoadedBytes(): Promise<ReadonlyMap<string, number> | undefined> {
    const { context, operation, target } = this.options;
    return readLoadedBytes(context, operation.client, target).catch(() => undefined);
  }

  private async readAndWarn(): Promise<readonly DbClickPipe[] | undefined> {
    const pipes = await this.read();
    await this.warn(selectFragile(pipes ?? []));
    return pipes;
  }

  private async warn(pipes: readonly DbClickPipe[]): Promise<void> {
    if (pipes.length === 0 || this.options.isWarningSuppressed) return;
    await this.options.operation.progress.warn(describeFragileLoads(pipes));
  }

  /** Never fails: a warning must not fail a change that has arrived. */
  private async read(): Promise<readonly DbClickPipe[] | undefined> {
    const { context, operation, target } = this.options;
    const resolve = () => Promise.resolve({ client: operation.client, target });
    try {
      const reading = await context.pipes.read(resolve, { turnTimeoutMs: WARNING_TURN_TIMEOUT_MS });
      return "db" in reading ? reading.db : undefined;
    } catch {
      return undefined;
    }
  }
}

function selectLoading(pipes: readonly DbClickPipe[]): DbClickPipe[] {
  return pipes.filter(
    ({ source, state, replicationMode }) =>
      source === "postgres" && classifyLoad(state, replicationMode) === "loading",
  );
}
