import type { FaultPoint, FaultTrial, Operation, Persistence } from "./fault-world";
import { FAULT_KINDS, HARMLESS } from "./faults";

const CHANGING = ["first read", "change", "poll", "last poll", "confirming read"] as const;
const WAKING = ["service", "wake"] as const;
const DELETED = [
  "deletion check's organization",
  "deletion check's service",
  "deletion check's pipes",
] as const;

const POINTS: Readonly<Record<Operation, readonly FaultPoint[]>> = {
  create: ["organization", "pipes", ...CHANGING, ...WAKING],
  update: [...CHANGING, ...WAKING],
  read: ["first read", ...DELETED],
  delete: [...CHANGING, ...WAKING, ...DELETED],
};

const PERSISTENCES: readonly Persistence[] = ["once", "for 30 s", "permanently"];

/** Lists every fault, at every request of every operation, once, for 30 s and permanently. */
export function listFaultTrials(): FaultTrial[] {
  return Object.entries(POINTS).flatMap(([operation, points]) =>
    points.flatMap((point) =>
      [...FAULT_KINDS, HARMLESS].flatMap((fault) =>
        PERSISTENCES.map((persistence) => ({
          operation: operation as Operation,
          point,
          fault,
          persistence,
        })),
      ),
    ),
  );
}

export function describeTrial({ operation, point, fault, persistence }: FaultTrial): string {
  return `${operation}, ${point}: ${fault.name} ${persistence}`;
}
