import { seededRandom } from "../../emulator";
import { SlidingWindows } from "../../emulator/rate-limit";
import { FakeClock } from "../../test/support/fake-clock";

export const LIMIT = { requests: 10, windowMs: 10_000 };

/** How long changes take: drawn evenly from 3 to 5 minutes as ClickHouse documents, or as a test says. */
export type Taking = (random: () => number) => number;

export const AS_DOCUMENTED: Taking = (random) => 180_000 + 120_000 * random();

interface Change {
  readonly arrivesAtMs: number;
  seenAtMs?: number;
}

export type Reply = { readonly status: 200; readonly hasArrived: boolean } | Refusal;

export interface Refusal {
  readonly status: 429;
  readonly resetSeconds: number;
}

/** Services that each take one change, behind one key's limit; a request takes no time. */
export class DetectionWorld {
  readonly clock: FakeClock;
  readonly takesMs: readonly number[];
  requests = 0;
  refused = 0;
  private readonly windows = new SlidingWindows(LIMIT, false);
  private readonly changes: (Change | undefined)[];

  constructor(
    readonly services: number,
    seed: number,
    taking: Taking,
  ) {
    this.clock = new FakeClock(seed);
    const random = seededRandom(seed * 7_919);
    this.takesMs = Array.from({ length: services }, () => taking(random));
    this.changes = Array.from({ length: services });
  }

  read(service: number): Reply {
    return this.counted(() => {
      const change = this.changes[service];
      return change !== undefined && change.arrivesAtMs <= this.clock.nowMs();
    });
  }

  change(service: number): Reply {
    return this.counted(() => {
      const arrivesAtMs = this.clock.nowMs() + (this.takesMs[service] ?? NaN);
      this.changes[service] ??= { arrivesAtMs };
      return false;
    });
  }

  /** The service's wait has ended, with the change seen. */
  seen(service: number): void {
    const change = this.changes[service];
    if (change !== undefined) change.seenAtMs = this.clock.nowMs();
  }

  /** How long after its arrival each change was seen, where it was. */
  get lagsMs(): number[] {
    return this.changes.flatMap((change) =>
      change?.seenAtMs === undefined ? [] : [change.seenAtMs - change.arrivesAtMs],
    );
  }

  /** When each wait ended that saw its change. */
  get endsMs(): number[] {
    return this.changes.flatMap((change) => change?.seenAtMs ?? []);
  }

  private counted(handle: () => boolean): Reply {
    this.requests += 1;
    const refusal = this.windows.count("key", this.clock.nowMs());
    if (refusal === undefined) return { status: 200, hasArrived: handle() };
    this.refused += 1;
    return { status: 429, ...refusal };
  }
}
