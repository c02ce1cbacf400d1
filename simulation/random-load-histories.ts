import fc from "fast-check";
import type { Guesses } from "../emulator";
import type { DynamicInputs } from "../provider/dynamic/provider";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The clock of a simulation starts here. */
const STARTED_AT_MS = Date.UTC(2026, 0, 1);

/** The pipes that may exist. */
export const PIPES = ["orders", "carts", "events"] as const;
export type PipeName = (typeof PIPES)[number];

/** What a program declares of one service. */
export interface Program {
  readonly cores: number;
  readonly inputs: Partial<DynamicInputs>;
}

export type LoadStep =
  | {
      readonly kind: "up";
      readonly program: Program;
      readonly killedAfterMs: number | undefined;
      /** What happens to a pipe between the preview and the update. */
      readonly meanwhile: PipeChange | undefined;
    }
  | { readonly kind: "refresh" | "destroy" }
  | ({ readonly kind: "pipe" } & PipeChange)
  | { readonly kind: "service"; readonly state: "idle" | "running" }
  | { readonly kind: "unreadablePipes"; readonly forMs: number }
  | { readonly kind: "wait"; readonly ms: number };

export interface PipeChange {
  readonly name: PipeName;
  readonly action: PipeStepAction;
}

export type PipeStepAction = "add" | "pause" | "start" | "fail" | "resync" | "remove";

const endBy = fc
  .constantFrom(2 * HOUR_MS, DAY_MS, 7 * DAY_MS)
  .map((afterMs) => new Date(STARTED_AT_MS + afterMs).toISOString());

const ahead = endBy.map((end) => ({ cores: 24, endBy: end, startAhead: true }));
const plain = fc
  .record({ endBy: fc.option(endBy, { nil: undefined }) })
  .map((load) => ({ cores: 24, ...(load.endBy === undefined ? {} : load) }));

export const program: fc.Arbitrary<Program> = fc
  .record({
    cores: fc.constantFrom(2, 4),
    initialLoad: fc.oneof(ahead, ahead, plain, plain, fc.constant(undefined)),
    wakeService: fc.boolean(),
  })
  .map(({ cores, initialLoad, wakeService }) => ({
    cores,
    inputs: { ...(initialLoad === undefined ? {} : { initialLoad }), wakeService },
  }));

const killedAfterMs = fc.oneof(
  { arbitrary: fc.constant(undefined), weight: 4 },
  { arbitrary: fc.integer({ min: 0, max: 400_000 }), weight: 1 },
);

const pipeChange: fc.Arbitrary<PipeChange> = fc.record({
  name: fc.constantFrom(...PIPES),
  action: fc.constantFrom<PipeStepAction>("add", "add", "pause", "start", "fail", "resync", "remove"),
});

export const loadStep: fc.Arbitrary<LoadStep> = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant("up" as const),
      program,
      killedAfterMs,
      meanwhile: fc.option(pipeChange, { nil: undefined }),
    }),
    weight: 4,
  },
  { arbitrary: fc.record({ kind: fc.constantFrom("refresh" as const, "destroy" as const) }), weight: 1 },
  {
    arbitrary: pipeChange.map((change) => ({ kind: "pipe" as const, ...change })),
    weight: 4,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant("service" as const),
      state: fc.constantFrom("idle" as const, "running" as const, "running" as const),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant("unreadablePipes" as const),
      forMs: fc.constantFrom(MINUTE_MS, 10 * MINUTE_MS),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      ms: fc.constantFrom(0, MINUTE_MS, 20 * MINUTE_MS, 3 * HOUR_MS, DAY_MS),
    }),
    weight: 3,
  },
);

export const resizeEffect = fc.constantFrom<Guesses["resizeDuringSnapshot"]>("keeps", "restarts", "fails");
