import type { Clock } from "../wait/clock";
import { type Neighbours, partOf } from "./neighbours";

/** Time after which neighbours are heard again. */
const HEARD_MS = 1_000;

/**
 * Windows that a larger part is left to those that had it: they hear of it later, and what they have sent still counts. Tried in
 * virtual time with 2 to 10 processes: one window has twice as many requests refused, three take longer.
 */
const WINDOWS_BEFORE_MORE = 2;

/** The part of a key's limit that neighbours leave to this process. */
export class OwnPart {
  private heardAtMs = -Infinity;
  private movedAtMs = -Infinity;
  private part: number;

  constructor(
    private readonly clock: Clock,
    private readonly neighbours: Neighbours,
    /** Of the whole limit. */
    private readonly places: number,
    private readonly windowMs: number,
  ) {
    this.part = places;
  }

  get size(): number {
    return this.part;
  }

  /** Says what waits and hears of the others, at most once a second. True where it has just come, and others were there already. */
  meet(waiting: number): boolean {
    const nowMs = this.clock.nowMs();
    if (nowMs < this.heardAtMs + HEARD_MS) return false;
    const isFirst = this.heardAtMs === -Infinity;
    this.heardAtMs = nowMs;
    const demands = this.neighbours.say(waiting);
    const part = partOf(this.places, this.neighbours.name, demands);
    if (part < this.part || (part > this.part && !this.movedOfLate)) {
      this.part = part;
      this.movedAtMs = nowMs;
    }
    return isFirst && demands.length > 1;
  }

  /** Whether a refusal now comes of parts that move, which not all have heard of at once, rather than of others elsewhere. */
  get movedOfLate(): boolean {
    return this.clock.nowMs() <= this.movedAtMs + WINDOWS_BEFORE_MORE * this.windowMs;
  }
}
