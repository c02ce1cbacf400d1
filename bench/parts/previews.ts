import { createSeed, startEmulator } from "../../emulator";
import { Stack } from "../../test/support/stack";
import { measured, type Measured } from "../measured";
import { Multiplied, type StateSize } from "../multiplied";
import type { Part } from "../part";
import { COUNT, PROGRAMS, type ProgramName } from "../programs";
import { ratios, type Spread, spread } from "../statistics";
import { kilobytes, percentOf, range, seconds, table, times } from "../text";

/** Ours, and what it is compared with. */
const PAIRS = [
  { ours: "scaling", other: "trivial", what: "`CdcScaling` and a trivial resource" },
  {
    ours: "scaling",
    other: "trivialWithOutputs",
    what: "`CdcScaling` and a trivial resource with its outputs",
  },
  {
    ours: "compute",
    other: "trivialInComponent",
    what: "`CdcCompute` and a component around a trivial resource",
  },
] as const satisfies readonly { ours: ProgramName; other: ProgramName; what: string }[];

const NAMES = ["scaling", "trivial", "trivialWithOutputs", "compute", "trivialInComponent"] as const;

/** Resources, and how often the previews of that many are run. */
const ROUNDS = new Map([
  [1, 7],
  [100, 5],
  [1_000, 3],
]);

interface Comparison {
  readonly what: string;
  readonly count: number;
  readonly rounds: number;
  readonly wallMs: readonly [ours: Spread, other: Spread];
  readonly wall: Spread;
  readonly programCpu: Spread;
  readonly programMemory: Spread;
  readonly providerCpu: Spread;
  readonly providerMemory: Spread;
}

export interface PreviewRows {
  readonly comparisons: readonly Comparison[];
  readonly state: Readonly<Record<string, StateSize>>;
}

async function measure(say: (line: string) => void): Promise<PreviewRows> {
  const emulator = await startEmulator({ convergenceMs: 0, rateLimit: "none", seed: createSeed(1, 8) });
  try {
    const stacks = new Map<ProgramName, { stack: Stack; state: Multiplied }>();
    for (const name of NAMES) {
      const stack = await Stack.of(emulator, PROGRAMS[name]);
      stack.variables[COUNT] = "1";
      stacks.set(name, { stack, state: await Multiplied.of(stack) });
    }
    const comparisons: Comparison[] = [];
    const state: Record<string, StateSize> = {};
    for (const [count, rounds] of ROUNDS) {
      const runs = new Map<ProgramName, Measured[]>(NAMES.map((name) => [name, []]));
      for (const [name, { stack, state: multiplied }] of stacks) {
        stack.variables[COUNT] = String(count);
        state[name] = await multiplied.to(count);
      }
      for (let round = 0; round < rounds; round++) {
        for (const [name, { stack }] of stacks) {
          const run = await measured(stack, "preview");
          if (!run.output.includes("unchanged") || / to (create|update|replace|delete)/.test(run.output))
            throw new Error(run.output);
          runs.get(name)?.push(run);
        }
        say(`previews of ${count}: round ${round + 1} of ${rounds}`);
      }
      comparisons.push(
        ...PAIRS.map(({ ours, other, what }) =>
          compared(what, count, runs.get(ours) ?? [], runs.get(other) ?? []),
        ),
      );
    }
    return { comparisons, state };
  } finally {
    await emulator.close();
  }
}

function compared(
  what: string,
  count: number,
  ours: readonly Measured[],
  others: readonly Measured[],
): Comparison {
  const ratio = (of: (run: Measured) => number) => ratios(ours.map(of), others.map(of));
  return {
    what,
    count,
    rounds: ours.length,
    wallMs: [spread(ours.map(({ wallMs }) => wallMs)), spread(others.map(({ wallMs }) => wallMs))],
    wall: ratio(({ wallMs }) => wallMs),
    programCpu: ratio(({ program }) => program.cpuMs),
    programMemory: ratio(({ program }) => program.peakMb),
    providerCpu: ratio(({ provider }) => provider.cpuMs),
    providerMemory: ratio(({ provider }) => provider.peakMb),
  };
}

export const previews: Part<PreviewRows> = {
  name: "previews",
  title: "Previews in which nothing changes",
  how:
    "The real CLI previews the same program with each kind of resource, in turns; ratios are of neighbouring runs, median (least to " +
    "most). The state of many is the state of one, copied. Processor time and peak memory are those of Node's processes at their end.",
  measure,
  aims({ comparisons, state }) {
    const like = comparisons.filter(({ what }) => what === PAIRS[0].what);
    const worst = (of: (comparison: Comparison) => Spread) => Math.max(...like.map((one) => of(one).median));
    const each = (of: (comparison: Comparison) => Spread) =>
      like.map((one) => `${times(of(one).median)} at ${one.count}`).join(", ");
    const wholeShare = shareOf(state, "scaling", "trivial", ({ wholeBytes }) => wholeBytes);
    return [
      {
        what: "time of a preview that changes nothing, to a trivial dynamic resource",
        aim: "at most 1.0 x",
        result: each(({ wall }) => wall),
        isMet: worst(({ wall }) => wall) <= 1,
        reason:
          "the provider's process loads zod, of which all languages of its messages are nearly half, and checks each resource; a trivial one does " +
          "neither",
      },
      {
        what: "memory of the program there",
        aim: "at most 1.0 x",
        result: each(({ programMemory }) => programMemory),
        isMet: worst(({ programMemory }) => programMemory) <= 1,
        reason: OUTPUTS_COST,
      },
      {
        what: "memory of the provider's process there",
        aim: "at most 1.0 x",
        result: each(({ providerMemory }) => providerMemory),
        isMet: worst(({ providerMemory }) => providerMemory) <= 1,
        reason: "zod and node-fetch, which a provider that checks nothing and asks nobody does not load",
      },
      {
        what: "state of a resource, to a trivial one",
        aim: "at most half",
        result: percentOf(wholeShare),
        isMet: wholeShare <= 0.5,
        reason:
          "what Pulumi itself keeps of any resource is nearly half of a trivial one's state, and ours shows sizes and costs",
      },
    ];
  },
  section: ({ comparisons, state }) =>
    [
      table(
        [
          "ours and the other",
          "resources",
          "time, ours",
          "the other's",
          "ratio",
          "program: processor",
          "memory",
          "provider: processor",
          "memory",
        ],
        comparisons.map((one) => [
          one.what,
          one.count,
          seconds(one.wallMs[0].median),
          seconds(one.wallMs[1].median),
          range(one.wall),
          times(one.programCpu.median),
          times(one.programMemory.median),
          times(one.providerCpu.median),
          times(one.providerMemory.median),
        ]),
      ),
      `The SDK makes four promises for each output of a resource, and takes a stack trace for each of them: ${OUTPUTS_COST}. It takes no ` +
        "traces for ours, which nobody would read. Against a trivial resource with the same outputs the rest of the difference shows.",
      "What one resource has in Pulumi's state:",
      table(
        ["resource", "in all", "its inputs and outputs"],
        Object.entries(state).map(([name, size]) => [
          LABELS[name as ProgramName],
          kilobytes(size.wholeBytes),
          kilobytes(size.propertiesBytes),
        ]),
      ),
    ].join("\n\n"),
};

const OUTPUTS_COST = "`CdcScaling` has seven outputs beside its arguments, a trivial resource none";

const LABELS: Readonly<Record<ProgramName, string>> = {
  scaling: "`CdcScaling`",
  compute: "`CdcCompute`, with its child",
  trivial: "trivial resource",
  trivialWithOutputs: "trivial resource with the same outputs",
  trivialInComponent: "component around a trivial resource",
};

function shareOf(
  state: PreviewRows["state"],
  ours: ProgramName,
  other: ProgramName,
  of: (size: StateSize) => number,
): number {
  const [mine, others] = [state[ours], state[other]];
  return mine === undefined || others === undefined ? NaN : of(mine) / of(others);
}
