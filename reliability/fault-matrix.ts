import { HARMLESS, MISFORTUNES } from "./faults";
import type { Operation, Trial } from "./fault-trial";
import type { Moment, Persistence } from "./fault-world";

const CHANGING = ["first read", "change", "poll", "last poll", "confirming read"] as const;
const WAKING = ["service", "wake"] as const;
const GONE = ["gone check's organization", "gone check's service", "gone check's pipes"] as const;

const MOMENTS: Readonly<Record<Operation, readonly Moment[]>> = {
  create: ["organization", "pipes", ...CHANGING, ...WAKING],
  update: [...CHANGING, ...WAKING],
  read: ["first read", ...GONE],
  delete: [...CHANGING, ...WAKING, ...GONE],
};

const PERSISTENCES: readonly Persistence[] = ["once", "for 30 s", "for ever"];

/** Every misfortune, at every request of every operation, once, for a while and for ever. */
export function faultMatrix(): Trial[] {
  return Object.entries(MOMENTS).flatMap(([operation, moments]) =>
    moments.flatMap((moment) =>
      [...MISFORTUNES, HARMLESS].flatMap((misfortune) =>
        PERSISTENCES.map((persistence) => ({
          operation: operation as Operation,
          moment,
          misfortune,
          persistence,
        })),
      ),
    ),
  );
}

export function nameOf({ operation, moment, misfortune, persistence }: Trial): string {
  return `${operation}, ${moment}: ${misfortune.name} ${persistence}`;
}
