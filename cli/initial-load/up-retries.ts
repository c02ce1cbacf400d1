import type { Clock } from "../../provider/wait/clock";

/** Another command holds the stack's lock, or was killed while it did. */
export class StackLockedError extends Error {}

const FIRST_DELAY_MS = 10_000;
const MAX_DELAY_MS = 10 * 60_000;

/** An hour in all. Meanwhile the burst keeps costing. */
const MAX_TRIES = 12;

export interface UpFailure {
  readonly error: Error;
  /** Failures in a row, this one included. */
  readonly tries: number;
  /** Infinity after the last try. */
  readonly retryInMs: number;
}

/** Remembers for each resource when its next `up` may run, so that one that fails does not hold up the others. */
export class UpRetries {
  private readonly failures = new Map<string, UpFailure>();
  private readonly nextAtMs = new Map<string, number>();

  /** @param pauseMs - the pause after an `up` that succeeded but left the burst active, because it read another state of the pipes. */
  constructor(
    private readonly clock: Clock,
    private readonly pauseMs: number,
  ) {}

  /** How long the next `up` of a resource has to wait; 0 if it may run now. */
  delayMs(urn: string): number {
    return Math.max(0, (this.nextAtMs.get(urn) ?? 0) - this.clock.nowMs());
  }

  isExhausted(urn: string): boolean {
    return this.failures.get(urn)?.retryInMs === Infinity;
  }

  throwIfExhausted(): void {
    for (const { error, retryInMs } of this.failures.values()) if (retryInMs === Infinity) throw error;
  }

  /** Runs an `up` of these resources and returns its failure, if any. */
  async run(urns: readonly string[], up: () => Promise<void>): Promise<UpFailure | undefined> {
    const failure = await up().then(
      () => undefined,
      (error: unknown) => this.toFailure(urns, error as Error),
    );
    for (const urn of urns) {
      this.nextAtMs.set(urn, this.clock.nowMs() + (failure?.retryInMs ?? this.pauseMs));
      if (failure === undefined) this.failures.delete(urn);
      else this.failures.set(urn, failure);
    }
    return failure;
  }

  private toFailure(urns: readonly string[], error: Error): UpFailure {
    const tries = 1 + Math.max(...urns.map((urn) => this.failures.get(urn)?.tries ?? 0));
    return { error, tries, retryInMs: tries < MAX_TRIES ? computeBackoffMs(tries) : Infinity };
  }
}

/** Doubles with each failure in a row. */
function computeBackoffMs(failures: number): number {
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
}

export function describeFailure({ error, retryInMs }: UpFailure): string {
  const next = retryInMs === Infinity ? "Giving up." : `Retrying in ${retryInMs / 1_000} s.`;
  const isLocked = error instanceof StackLockedError;
  const hint = isLocked ? " If the other command was killed, run `pulumi cancel` in another terminal." : "";
  return `\`pulumi up\` failed: ${error.message}\n${next}${hint}`;
}
