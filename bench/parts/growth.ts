import { join } from "node:path";
import { createSeed, startEmulator } from "../../emulator";
import { Stack } from "../../test/support/stack";
import type { Chart } from "../chart";
import { exponentOf } from "../exponent";
import { measured } from "../measured";
import type { Part } from "../part";
import { COUNT, PROGRAMS } from "../programs";
import { median } from "../statistics";
import { kilobytes, seconds, table } from "../text";

const COUNTS = [1, 10, 100, 1_000] as const;

/** Few take so little that one run says little; of a thousand one is enough. */
const ROUNDS = new Map<number, number>([[1_000, 1]]);
const ROUNDS_OF_FEW = 3;

/** Pulumi's own switch, an experiment: its state is written once, at the end. It shows what writing it after each step takes. */
const WRITTEN_ONCE = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

const KINDS = {
  ours: { program: "scaling", variables: {} },
  trivial: { program: "trivial", variables: {} },
  oursWrittenOnce: { program: "scaling", variables: WRITTEN_ONCE },
  trivialWrittenOnce: { program: "trivial", variables: WRITTEN_ONCE },
} as const;

type Kind = keyof typeof KINDS;
const UNLIMITED = join(__dirname, "..", "unlimited.cjs");

interface Up {
  readonly count: number;
  readonly wallMs: number;
  readonly requests: number;
  readonly stateBytes: number;
  readonly programCpuMs: number;
  readonly providerCpuMs: number;
  readonly programMb: number;
  readonly providerMb: number;
}

type Rows = Readonly<Record<Kind, readonly Up[]>>;

/** The first \`up\` of so many resources, where the API answers at once, converges at once, and nobody is limited. */
async function up(kind: Kind, count: number): Promise<Up> {
  const emulator = await startEmulator({ seed: createSeed(count), convergenceMs: 0, rateLimit: "none" });
  try {
    const { program: text, variables } = KINDS[kind];
    const stack = await Stack.of(emulator, PROGRAMS[text]);
    Object.assign(stack.variables, variables, {
      [COUNT]: String(count),
      PULUMI_PARALLEL: String(count),
      NODE_OPTIONS: `--require ${UNLIMITED}`,
    });
    const { wallMs, program, provider } = await measured(stack, "up");
    return {
      count,
      wallMs,
      requests: emulator.journal.count(),
      stateBytes: (await stack.exported()).text.length,
      programCpuMs: program.cpuMs,
      providerCpuMs: provider.cpuMs,
      programMb: program.peakMb,
      providerMb: provider.peakMb,
    };
  } finally {
    await emulator.close();
  }
}

async function measure(say: (line: string) => void): Promise<Rows> {
  const rows: Record<Kind, Up[]> = { ours: [], trivial: [], oursWrittenOnce: [], trivialWrittenOnce: [] };
  const kinds = Object.keys(KINDS) as Kind[];
  for (const count of COUNTS) {
    const rounds = new Map<Kind, Up[]>(kinds.map((kind) => [kind, []]));
    for (let round = 0; round < (ROUNDS.get(count) ?? ROUNDS_OF_FEW); round++) {
      for (const kind of kinds) {
        rounds.get(kind)?.push(await up(kind, count));
        say(`an up of ${count}: ${kind}`);
      }
    }
    for (const kind of kinds) rows[kind].push(medianOf(rounds.get(kind) ?? []));
  }
  return rows;
}

function medianOf(ups: readonly Up[]): Up {
  const of = (name: keyof Up) => median(ups.map((one) => one[name]));
  return Object.fromEntries(Object.keys(NEVER).map((name) => [name, of(name as keyof Up)])) as unknown as Up;
}

const QUANTITIES = [
  { name: "time", of: ({ wallMs }: Up) => wallMs, text: seconds },
  { name: "state", of: ({ stateBytes }: Up) => stateBytes, text: kilobytes },
  { name: "requests", of: ({ requests }: Up) => requests, text: String },
  { name: "processor time of the program", of: ({ programCpuMs }: Up) => programCpuMs, text: seconds },
  { name: "processor time of the provider", of: ({ providerCpuMs }: Up) => providerCpuMs, text: seconds },
  { name: "memory of the program, MB", of: ({ programMb }: Up) => programMb, text: whole },
  { name: "memory of the provider, MB", of: ({ providerMb }: Up) => providerMb, text: whole },
] as const;

function whole(value: number): string {
  return value.toFixed(0);
}

function exponent(ups: readonly Up[], of: (up: Up) => number): number | undefined {
  return exponentOf(ups.map((one) => ({ count: one.count, value: of(one) })));
}

/** The growth of the time that is not Pulumi's writing of its state. */
const PARTS = [
  { name: "`CdcScaling`", kind: "ours" },
  { name: "trivial resource", kind: "trivial" },
  { name: "`CdcScaling`, state written once", kind: "oursWrittenOnce" },
  { name: "trivial resource, state written once", kind: "trivialWrittenOnce" },
] as const satisfies readonly { name: string; kind: Kind }[];

function exponentText(value: number | undefined): string {
  return value === undefined ? "-" : value.toFixed(2);
}

/** What a measurement of memory and time may be off. */
const LINEAR = 1.1;

export const growth: Part<Rows> = {
  name: "growth",
  title: "Growth of an `up`",
  how:
    "The first `up` of the real CLI, three times for each number (of 1,000 once; medians), in turns with that of a trivial dynamic resource; the emulator answers and converges " +
    "at once, without a limit, and ours is lifted in the provider's process. The exponent is that of what each further resource adds, from " +
    "100 to 1,000, without what one alone takes: 1 is linear.",
  measure,
  aims: ({ ours, trivial, oursWrittenOnce, trivialWrittenOnce }) => {
    const aim = (what: string, of: (up: Up) => number, own: readonly Up[], other: readonly Up[]) => {
      const value = exponent(own, of);
      return {
        what: `growth of the ${what} with the number of resources`,
        aim: "linear",
        result: `exponent ${exponentText(value)}, a trivial resource's ${exponentText(exponent(other, of))}`,
        isMet: value !== undefined && value <= LINEAR,
      };
    };
    const [time, ...others] = QUANTITIES;
    return [
      aim("time of an `up` where Pulumi writes its state once", time.of, oursWrittenOnce, trivialWrittenOnce),
      {
        ...aim("time of an `up`", time.of, ours, trivial),
        aim: "as a trivial resource's, which is Pulumi's own: it writes the whole state after each step",
        isMet: (exponent(ours, time.of) ?? Infinity) <= (exponent(trivial, time.of) ?? 0) + LINEAR - 1,
      },
      ...others.map(({ name, of }) => aim(`${name} of an \`up\``, of, ours, trivial)),
    ];
  },
  section: (rows) => {
    const { ours, trivial } = rows;
    return [
      table(
        ["", ...COUNTS.map((count) => count.toLocaleString("en")), "exponent", "trivial, 1,000", "exponent"],
        QUANTITIES.map(({ name, of, text }) => [
          name,
          ...ours.map((one) => text(of(one))),
          exponentText(exponent(ours, of)),
          text(of(trivial.at(-1) ?? NEVER)),
          exponentText(exponent(trivial, of)),
        ]),
      ),
      "Each create has a fixed 3 s in it, after which the size is read for the first and for the second time. Pulumi writes the whole state, " +
        "which grows with each resource, before and after each of them. With its experimental switch that writes the state once:",
      table(
        ["time", ...COUNTS.map((count) => count.toLocaleString("en")), "exponent"],
        PARTS.map(({ name, kind }) => [
          name,
          ...rows[kind].map(({ wallMs }) => seconds(wallMs)),
          exponentText(exponent(rows[kind], ({ wallMs }) => wallMs)),
        ]),
      ),
    ].join("\n\n");
  },
  charts: ({ ours, trivial, oursWrittenOnce, trivialWrittenOnce }): Chart[] => {
    const line = (name: string, ups: readonly Up[], of: (up: Up) => number, isDashed = false) => ({
      name,
      points: ups.map((one) => [one.count, of(one)] as const),
      isDashed,
    });
    return [
      {
        file: "growth-time",
        title: "An up without limits: time",
        x: "resources",
        y: "seconds",
        lines: [
          line("CdcScaling", ours, ({ wallMs }) => wallMs / 1_000),
          line("trivial resource", trivial, ({ wallMs }) => wallMs / 1_000, true),
          line("CdcScaling, state written once", oursWrittenOnce, ({ wallMs }) => wallMs / 1_000),
          line("trivial, state written once", trivialWrittenOnce, ({ wallMs }) => wallMs / 1_000, true),
        ],
      },
      {
        file: "growth-memory",
        title: "An up without limits: peak memory",
        x: "resources",
        y: "MB",
        lines: [
          line("program, CdcScaling", ours, ({ programMb }) => programMb),
          line("program, trivial", trivial, ({ programMb }) => programMb, true),
          line("provider, CdcScaling", ours, ({ providerMb }) => providerMb),
          line("provider, trivial", trivial, ({ providerMb }) => providerMb, true),
        ],
      },
    ];
  },
};

const NEVER: Up = {
  count: 0,
  wallMs: NaN,
  requests: NaN,
  stateBytes: NaN,
  programCpuMs: NaN,
  providerCpuMs: NaN,
  programMb: NaN,
  providerMb: NaN,
};
