import { type Patient, unlocked } from "./stack-lock";

/** After an `up` that failed while a burst runs: the bill runs on, so it is tried again and again. */
const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 10 * 60_000;
const MOST_TRIES = 12;

interface Attempt {
  readonly tries: number;
  readonly notBeforeMs: number;
  readonly failure: string;
}

/** The `up`s that were tried for each resource: one that fails is tried again later, and keeps no other one waiting. */
export class Attempts {
  private readonly byUrn = new Map<string, Attempt>();

  constructor(
    private readonly on: Patient,
    /** The pause after an `up` that succeeded and yet left the burst, as where the pipes were seen otherwise by then. */
    private readonly everyMs: number,
  ) {}

  mayTry(urn: string): boolean {
    const attempt = this.byUrn.get(urn);
    return (
      attempt === undefined || (attempt.tries < MOST_TRIES && this.on.clock.nowMs() >= attempt.notBeforeMs)
    );
  }

  /** What failed for good, by its resource. */
  get givenUp(): ReadonlyMap<string, string> {
    return new Map(
      [...this.byUrn].flatMap(([urn, { tries, failure }]) => (tries >= MOST_TRIES ? [[urn, failure]] : [])),
    );
  }

  async make(urns: readonly string[], up: () => Promise<void>): Promise<void> {
    const { clock, signal } = this.on;
    try {
      await unlocked(this.on, up);
      for (const urn of urns) {
        this.byUrn.set(urn, { tries: 0, notBeforeMs: clock.nowMs() + this.everyMs, failure: "" });
      }
    } catch (error) {
      if (signal.aborted) throw error;
      const { message } = error as Error;
      const tries = 1 + Math.max(...urns.map((urn) => this.byUrn.get(urn)?.tries ?? 0));
      const pauseMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (tries - 1));
      const next = tries < MOST_TRIES ? `Trying again in ${pauseMs / 1_000} s.` : "It is not tried again.";
      this.on.say(`\`pulumi up\` failed: ${message}\n${next}`);
      for (const urn of urns) {
        this.byUrn.set(urn, { tries, notBeforeMs: clock.nowMs() + pauseMs, failure: message });
      }
    }
  }
}
