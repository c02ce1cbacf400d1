import { classifyPipes, type DbClickPipe } from "../../provider/cloud/pipes";
import { clickPipeSchema } from "../../provider/cloud/schemas";
import { classifyLoad, type Size, toCores } from "../../sizing";
import type { Findings } from "./findings";
import { describeOutcome, isDecided, type LoadHistory, type Observation } from "./load-outcome";
import type { ProbeClient } from "./probe-client";
import type { Print, ServiceSize } from "./service-size";

/** States last for seconds at least. */
const POLL_MS = 10_000;
/** ClickHouse refreshes its metrics every minute. Source: its page on the Prometheus endpoint, read 2026-11. */
const METRIC_EVERY_MS = 60_000;
/** A counter in bytes, of the initial loads and resyncs of one pipe. Source: the same page. */
const LOADED_BYTES = "ClickPipes_FetchedBytesInitialLoad_Total";

const HOW_TO_PREPARE =
  "Create a Postgres ClickPipe whose tables load for 20 minutes or more, or resync one, and run this again once its state is Snapshot. " +
  "Its load may be lost.";

export interface LoadProbeOptions {
  readonly before: Size;
  readonly to: Size;
  /** How long to watch the load after the new size has arrived. */
  readonly watchMs: number;
  /** How long the same load takes without a resize. Undefined if nobody knows. */
  readonly wholeLoadMs: number | undefined;
}

/** Tests what a resize does to the initial load of a Postgres pipe. The load may be lost. */
export class LoadProbe {
  private readonly observations: Observation[] = [];
  private nextMetricAtMs = 0;

  constructor(
    private readonly client: ProbeClient,
    private readonly servicePath: readonly string[],
    private readonly size: ServiceSize,
    private readonly print: Print,
  ) {}

  /** Finds the Postgres pipe in Snapshot. Fails if there is none, or if a resize would put the loads of others at risk. */
  async findLoadingPipe(): Promise<DbClickPipe> {
    const postgres = await readPostgresPipes(this.client, this.servicePath);
    const [pipe, ...others] = postgres.filter(isLoading);
    if (pipe !== undefined && others.length > 0)
      throw new Error(
        `A resize would risk the initial loads of ${others.length + 1} Postgres ClickPipes (${listPipes([pipe, ...others])}). Run this while one is loading.`,
      );
    if (pipe?.state === "Snapshot") return pipe;
    const found = postgres.length === 0 ? "" : ` (${listPipes(postgres)})`;
    throw new Error(`No Postgres ClickPipe of this service is in Snapshot${found}. ${HOW_TO_PREPARE}`);
  }

  /** Resizes once, watches the load, and restores the size. */
  run(pipe: DbClickPipe, { before, to, watchMs, wholeLoadMs }: LoadProbeOptions): Promise<Findings> {
    return this.size.restoreAfter(before, async () => {
      try {
        await this.observe(pipe);
        this.print(`changing to ${toCores(to)} cores`);
        const { status } = await this.size.patch(to);
        if (status !== 200) throw new Error(`The API answered the change of size with ${status}.`);
        let resizedAtMs: number | undefined;
        const tookMs = await this.size.waitUntilArrived(to, (isThere) => {
          resizedAtMs = isThere ? (resizedAtMs ?? this.client.clock.nowMs()) : undefined;
          return this.observe(pipe);
        });
        this.print("the new size has arrived");
        const history = { observations: this.observations, resizedAtMs, wholeLoadMs };
        await this.watch(pipe, history, watchMs);
        const convergence = `${Math.round(tookMs / 1_000)} s`;
        return { resizeDuringSnapshot: describeOutcome(history), convergence };
      } finally {
        this.describeDamage(pipe);
      }
    });
  }

  private async watch(pipe: DbClickPipe, history: LoadHistory, watchMs: number): Promise<void> {
    const { clock } = this.client;
    const endsAtMs = clock.nowMs() + watchMs;
    while (!isDecided(history) && clock.nowMs() < endsAtMs) {
      await this.size.sleep(POLL_MS);
      await this.observe(pipe);
    }
  }

  private async observe({ id, name }: DbClickPipe): Promise<void> {
    const { state } = await this.client.read(clickPipeSchema, ...this.servicePath, "clickpipes", id);
    const loadedBytes = await this.readLoadedBytes(id);
    if (state !== this.observations.at(-1)?.state) this.print(`${name} is in ${state}`);
    this.observations.push({ atMs: this.client.clock.nowMs(), state, loadedBytes });
  }

  private async readLoadedBytes(pipeId: string): Promise<number | undefined> {
    const nowMs = this.client.clock.nowMs();
    if (nowMs < this.nextMetricAtMs) return undefined;
    const response = await this.client.tryGet(...this.servicePath, "prometheus");
    const isReadable = response?.status === 200;
    if (!isReadable && this.nextMetricAtMs === 0)
      this.print("the service's metrics can't be read: only states and durations will tell");
    this.nextMetricAtMs = isReadable || this.nextMetricAtMs > 0 ? nowMs + METRIC_EVERY_MS : Infinity;
    return isReadable ? parseLoadedBytes(response.text, pipeId) : undefined;
  }

  /** Says what is left to do, also after an interruption. */
  private describeDamage({ name }: DbClickPipe): void {
    const state = this.observations.at(-1)?.state ?? "";
    if (state === "Failed") this.print(`the load of ${name} is lost: resync the pipe`);
    else if (classifyLoad(state) === "loading")
      this.print(`${name} is still loading: that the size is restored now is another resize during its load`);
  }
}

/** Adds up the bytes of a pipe. Undefined if the metrics have none: a pipe may get its first after a minute. */
export function parseLoadedBytes(metrics: string, pipeId: string): number | undefined {
  const values = metrics.split("\n").flatMap((line) => {
    const [, labels = "", value] = /^(?:\w+)\{(.*)\} (\S+)/.exec(line) ?? [];
    return line.startsWith(`${LOADED_BYTES}{`) && labels.includes(`clickpipe_id="${pipeId}"`)
      ? Number(value)
      : [];
  });
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}

/** Reads the Postgres pipes of a service. */
export async function readPostgresPipes(
  client: ProbeClient,
  servicePath: readonly string[],
): Promise<DbClickPipe[]> {
  const pipes = await client.read(clickPipeSchema.array(), ...servicePath, "clickpipes");
  return classifyPipes(pipes).db.filter(({ source }) => source === "postgres");
}

export function isLoading({ state, replicationMode }: DbClickPipe): boolean {
  return classifyLoad(state, replicationMode) === "loading";
}

export function listPipes(pipes: readonly DbClickPipe[]): string {
  return pipes.map(({ name, state }) => `${name}: ${state}`).join(", ");
}
