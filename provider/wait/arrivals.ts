import { DOCUMENTED_CONVERGENCE_MS } from "./convergence";

/** How finely times are told apart; what comes later than the last step is taken to be as likely at any time. */
const STEP_MS = 10_000;
const STEPS = 90;

/** ClickHouse documents 3 to 5 minutes; nobody promises it. */
const DOCUMENTED_FROM_MS = 3 * 60_000;
const SHARE_BEFORE = 0.03;
const SHARE_AFTER = 0.07;
const MEAN_AFTER_MS = 60_000;

/** The documentation counts as much as so many changes that were seen. */
const DOCUMENTED_WEIGHT = 2;

/** As good as certain, as the logarithm of odds; beyond, only the time since the last look tells changes apart. */
const MOST = 50;

/** An arrival that is known less precisely than this teaches nothing: the wait was hardly looked at. */
const TOO_VAGUE_MS = 60_000;

/** The share of changes that take longer than that, as far as the documentation tells. */
export function documentedShareAfter(ageMs: number): number {
  if (ageMs <= DOCUMENTED_FROM_MS) return 1 - (SHARE_BEFORE * ageMs) / DOCUMENTED_FROM_MS;
  if (ageMs >= DOCUMENTED_CONVERGENCE_MS)
    return SHARE_AFTER * Math.exp((DOCUMENTED_CONVERGENCE_MS - ageMs) / MEAN_AFTER_MS);
  const passed = (ageMs - DOCUMENTED_FROM_MS) / (DOCUMENTED_CONVERGENCE_MS - DOCUMENTED_FROM_MS);
  return 1 - SHARE_BEFORE - (1 - SHARE_BEFORE - SHARE_AFTER) * passed;
}

/** Ages of a change from one time to the next step's. */
interface Step {
  readonly fromMs: number;
  readonly untilMs: number;
  arrived: number;
  /** For how long changes of this age were waited for, all together. */
  waitedMs: number;
  /** The rates of all younger ages, summed over time. */
  sumBefore: number;
}

/**
 * How long changes take to arrive: as documented, corrected by what the waits of this process have seen.
 *
 * For each step of a change's age it counts what arrived and how long changes of that age were waited for; the quotient is the rate
 * of arrivals at that age. Waits that still go on count with the time that they have waited: else the quick changes, which are
 * seen first, would make all look quick. The documentation always keeps its weight, so that no age is ever ruled out.
 */
export class Arrivals {
  private readonly steps: readonly Step[] = Array.from({ length: STEPS }, (_, index) =>
    documentedStep(index * STEP_MS, (index + 1) * STEP_MS),
  );
  private readonly rest: Step = {
    ...documentedStep(STEPS * STEP_MS, (STEPS + 1) * STEP_MS),
    untilMs: Infinity,
  };

  constructor() {
    this.sum();
  }

  /** A look at a change of that age found it arrived, or not; the look before it, at an earlier age, had not. */
  learn(fromMs: number, toMs: number, hasArrived: boolean): void {
    const lengthMs = toMs - fromMs;
    if (lengthMs <= 0 || (hasArrived && lengthMs > TOO_VAGUE_MS)) return;
    for (const step of [...this.steps, this.rest]) {
      const withinMs = Math.min(toMs, step.untilMs) - Math.max(fromMs, step.fromMs);
      if (withinMs <= 0) continue;
      // One that arrived was waited for until then, on average half of the time between the two looks.
      step.waitedMs += hasArrived ? withinMs / 2 : withinMs;
      if (hasArrived) step.arrived += withinMs / lengthMs;
    }
    this.sum();
  }

  /** How likely a change that had not arrived at one age has arrived at a later one, as odds: 1 is as likely as not. */
  odds(fromMs: number, toMs: number): number {
    return Math.expm1(Math.min(MOST, Math.max(0, this.sumUntil(toMs) - this.sumUntil(fromMs))));
  }

  private sumUntil(ageMs: number): number {
    const step = this.steps[Math.floor(Math.max(0, ageMs) / STEP_MS)] ?? this.rest;
    return step.sumBefore + rateOf(step) * (Math.max(0, ageMs) - step.fromMs);
  }

  private sum(): void {
    let sum = 0;
    for (const step of this.steps) {
      step.sumBefore = sum;
      sum += rateOf(step) * STEP_MS;
    }
    this.rest.sumBefore = sum;
  }
}

function documentedStep(fromMs: number, untilMs: number): Step {
  const [atFirst, atLast] = [documentedShareAfter(fromMs), documentedShareAfter(untilMs)];
  const arrived = DOCUMENTED_WEIGHT * (atFirst - atLast);
  const waitedMs = (DOCUMENTED_WEIGHT * (untilMs - fromMs) * (atFirst + atLast)) / 2;
  return { fromMs, untilMs, arrived, waitedMs, sumBefore: 0 };
}

function rateOf({ arrived, waitedMs }: Step): number {
  return arrived / waitedMs;
}

/** That urgent is a look at a change that has as likely as not arrived in the minute since the last one. */
const UNIT_MS = 60_000;

/**
 * How urgent a look is at a change of one age that was looked at before at an earlier one: by the odds that it has arrived since,
 * times the time since.
 *
 * By the odds alone, a change that is four times as likely to arrive in a second would be looked at four times as often; all together
 * are seen soonest when it is looked at twice as often.
 */
export function urgencyOf(arrivals: Arrivals, fromMs: number, toMs: number): number {
  return (arrivals.odds(fromMs, toMs) * (toMs - fromMs)) / UNIT_MS;
}
