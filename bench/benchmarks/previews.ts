import { createSeed, startEmulator } from "../../emulator";
import { Stack } from "../../test/support/stack";
import { type CommandUsage, measureCommand } from "../measure-command";
import { CopiedResources, type StateSize } from "../copied-resources";
import type { Benchmark, Target } from "../benchmark";
import { COUNT, PROGRAMS, type ProgramName } from "../programs";
import { compareRuns, type Summary, summarize } from "../statistics";
import {
  formatKilobytes,
  formatPercent,
  formatSummary,
  formatSeconds,
  formatTable,
  formatRatio,
} from "../format";

/** Our resources, and what they are compared with. */
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

/** Number of resources, and number of previews of each program. */
const ROUNDS = new Map([
  [1, 7],
  [100, 5],
  [1_000, 3],
]);

interface Comparison {
  readonly what: string;
  readonly count: number;
  readonly rounds: number;
  readonly wallMs: readonly [ours: Summary, other: Summary];
  readonly wall: Summary;
  readonly programCpu: Summary;
  readonly programMemory: Summary;
  readonly providerCpu: Summary;
  readonly providerMemory: Summary;
}

export interface PreviewRows {
  readonly comparisons: readonly Comparison[];
  readonly state: Readonly<Record<string, StateSize>>;
}

interface ProgramStack {
  readonly stack: Stack;
  readonly resources: CopiedResources;
}

async function measure(print: (line: string) => void): Promise<PreviewRows> {
  const emulator = await startEmulator({ convergenceMs: 0, rateLimit: "none", seed: createSeed(1, 8) });
  try {
    const stacks = new Map<ProgramName, ProgramStack>();
    for (const name of NAMES) {
      const stack = await Stack.create(emulator, PROGRAMS[name]);
      stack.variables[COUNT] = "1";
      stacks.set(name, { stack, resources: await CopiedResources.create(stack) });
    }
    const comparisons: Comparison[] = [];
    const state: Record<string, StateSize> = {};
    for (const [count, rounds] of ROUNDS) {
      for (const [name, { stack, resources }] of stacks) {
        stack.variables[COUNT] = String(count);
        state[name] = await resources.setCount(count);
      }
      const runs = await preview(stacks, rounds, (round) =>
        print(`previews of ${count} resources: round ${round} of ${rounds}`),
      );
      comparisons.push(...PAIRS.map((pair) => compare(pair, count, runs)));
    }
    return { comparisons, state };
  } finally {
    await emulator.close();
  }
}

type Runs = ReadonlyMap<ProgramName, readonly CommandUsage[]>;

/** Previews each program once per round, in turns. */
async function preview(
  stacks: ReadonlyMap<ProgramName, ProgramStack>,
  rounds: number,
  onRound: (round: number) => void,
): Promise<Runs> {
  const runs = new Map<ProgramName, CommandUsage[]>(NAMES.map((name) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const [name, { stack }] of stacks) {
      const usage = await measureCommand(stack, "preview");
      if (!usage.output.includes("unchanged") || / to (create|update|replace|delete)/.test(usage.output))
        throw new Error(`the preview shows changes: ${usage.output}`);
      runs.get(name)?.push(usage);
    }
    onRound(round);
  }
  return runs;
}

function compare({ ours, other, what }: (typeof PAIRS)[number], count: number, runs: Runs): Comparison {
  const own = runs.get(ours) ?? [];
  const others = runs.get(other) ?? [];
  const compareBy = (pick: (usage: CommandUsage) => number) => compareRuns(own.map(pick), others.map(pick));
  return {
    what,
    count,
    rounds: own.length,
    wallMs: [summarize(own.map(({ wallMs }) => wallMs)), summarize(others.map(({ wallMs }) => wallMs))],
    wall: compareBy(({ wallMs }) => wallMs),
    programCpu: compareBy(({ program }) => program.cpuMs),
    programMemory: compareBy(({ program }) => program.peakMb),
    providerCpu: compareBy(({ provider }) => provider.cpuMs),
    providerMemory: compareBy(({ provider }) => provider.peakMb),
  };
}

export const previews: Benchmark<PreviewRows> = {
  name: "previews",
  title: "Previews without changes",
  method:
    "The real CLI previews the same program with each kind of resource, in turns. Ratios compare neighboring runs: median (minimum to " +
    "maximum). The state of many resources is the state of one, copied. Processor time and peak memory are those of the Node.js processes.",
  measure,
  listTargets,
  render: ({ comparisons, state }) =>
    [
      renderComparisons(comparisons),
      `The SDK creates four promises for each output of a resource, and records a stack trace for each. ${OUTPUTS_COST} For \`CdcScaling\` it ` +
        "records no traces. The comparison with a trivial resource that has the same outputs shows the rest of the difference.",
      "The size of one resource in Pulumi's state:",
      renderState(state),
    ].join("\n\n"),
};

const OUTPUTS_COST =
  "`CdcScaling` has seven outputs in addition to its arguments; a trivial resource has none.";

function listTargets({ comparisons, state }: PreviewRows): Target[] {
  const own = comparisons.filter(({ what }) => what === PAIRS[0].what);
  const createRatioTarget = (
    what: string,
    pick: (comparison: Comparison) => Summary,
    reason: string,
  ): Target => ({
    what,
    target: "at most 1.0 x",
    result: own.map((one) => `${formatRatio(pick(one).median)} at ${one.count}`).join(", "),
    isMet: Math.max(...own.map((one) => pick(one).median)) <= 1,
    reason,
  });
  const stateShare = compareState(state, "scaling", "trivial");
  return [
    createRatioTarget(
      "time of a preview without changes, relative to a trivial dynamic resource",
      ({ wall }) => wall,
      "The provider process loads zod and validates each resource; a trivial provider does neither. Nearly half of zod are its messages in all languages.",
    ),
    createRatioTarget(
      "memory of the program in that preview",
      ({ programMemory }) => programMemory,
      OUTPUTS_COST,
    ),
    createRatioTarget(
      "memory of the provider process in that preview",
      ({ providerMemory }) => providerMemory,
      "It loads zod and node-fetch. A provider that validates nothing and sends nothing loads neither.",
    ),
    {
      what: "state of a resource, relative to a trivial one",
      target: "at most half",
      result: formatPercent(stateShare),
      isMet: stateShare <= 0.5,
      reason:
        "Nearly half of a trivial resource's state is what Pulumi stores of any resource, and ours shows sizes and costs.",
    },
  ];
}

function renderComparisons(comparisons: readonly Comparison[]): string {
  const head = [
    "ours and the other",
    "resources",
    "time, ours",
    "time, the other",
    "ratio",
    "program: processor",
    "program: memory",
    "provider: processor",
    "provider: memory",
  ];
  const rows = comparisons.map((one) => [
    one.what,
    one.count,
    formatSeconds(one.wallMs[0].median),
    formatSeconds(one.wallMs[1].median),
    formatSummary(one.wall),
    formatRatio(one.programCpu.median),
    formatRatio(one.programMemory.median),
    formatRatio(one.providerCpu.median),
    formatRatio(one.providerMemory.median),
  ]);
  return formatTable(head, rows);
}

function renderState(state: PreviewRows["state"]): string {
  return formatTable(
    ["resource", "total", "inputs and outputs"],
    Object.entries(state).map(([name, size]) => [
      LABELS[name as ProgramName],
      formatKilobytes(size.wholeBytes),
      formatKilobytes(size.propertiesBytes),
    ]),
  );
}

const LABELS: Readonly<Record<ProgramName, string>> = {
  scaling: "`CdcScaling`",
  compute: "`CdcCompute`, with its child",
  trivial: "trivial resource",
  trivialWithOutputs: "trivial resource with the same outputs",
  trivialInComponent: "component around a trivial resource",
};

function compareState(state: PreviewRows["state"], ours: ProgramName, other: ProgramName): number {
  return (state[ours]?.wholeBytes ?? NaN) / (state[other]?.wholeBytes ?? NaN);
}
