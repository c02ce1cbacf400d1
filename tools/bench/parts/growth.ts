import { join } from "node:path";
import { seedOf, startEmulator } from "../../../emulator";
import { Stack } from "../../../test/support/stack";
import type { Chart } from "../chart";
import { exponentOf } from "../exponent";
import { measured } from "../measured";
import type { Part } from "../part";
import { COUNT, PROGRAMS } from "../programs";
import { seconds, table } from "../text";

const COUNTS = [1, 10, 100, 1_000] as const;
const KINDS = { ours: "scaling", trivial: "trivial" } as const;
const UNLIMITED = join(__dirname, "..", "unlimited.cjs");

interface Up {
  readonly count: number;
  readonly wallMs: number;
  readonly requests: number;
  readonly programCpuMs: number;
  readonly providerCpuMs: number;
  readonly programMb: number;
  readonly providerMb: number;
}

interface Rows {
  readonly ours: readonly Up[];
  readonly trivial: readonly Up[];
}

/** The first \`up\` of so many resources, where the API answers at once, converges at once, and nobody is limited. */
async function up(kind: keyof typeof KINDS, count: number): Promise<Up> {
  const emulator = await startEmulator({ seed: seedOf(count), convergenceMs: 0, limit: "none" });
  try {
    const stack = await Stack.of(emulator, PROGRAMS[KINDS[kind]]);
    stack.variables[COUNT] = String(count);
    stack.variables.PULUMI_PARALLEL = String(count);
    stack.variables.NODE_OPTIONS = `--require ${UNLIMITED}`;
    const { wallMs, program, provider } = await measured(stack, "up");
    return {
      count,
      wallMs,
      requests: emulator.journal.count(),
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
  const rows = { ours: [] as Up[], trivial: [] as Up[] };
  for (const count of COUNTS) {
    for (const kind of ["ours", "trivial"] as const) {
      rows[kind].push(await up(kind, count));
      say(`an up of ${count}: ${kind}`);
    }
  }
  return rows;
}

const QUANTITIES = [
  { name: "time", of: ({ wallMs }: Up) => wallMs, text: seconds },
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

function exponentText(value: number | undefined): string {
  return value === undefined ? "none" : value.toFixed(2);
}

/** What a measurement of memory and time may be off. */
const LINEAR = 1.1;

export const growth: Part<Rows> = {
  name: "growth",
  title: "Growth of an `up`",
  how:
    "The first `up` of the real CLI, once for each number, each beside that of a trivial dynamic resource; the emulator answers and converges " +
    "at once, without a limit, and ours is lifted in the provider's process. The exponent is that of what each further resource adds, from " +
    "100 to 1,000, without what one alone takes: 1 is linear.",
  measure,
  aims: ({ ours, trivial }) =>
    QUANTITIES.map(({ name, of }) => {
      const own = exponent(ours, of) ?? 0;
      const pulumi = exponent(trivial, of) ?? 0;
      return {
        what: `growth of the ${name} with the number of resources`,
        aim: "linear",
        result: `exponent ${own.toFixed(2)}, of a trivial resource ${pulumi.toFixed(2)}`,
        isMet: own <= LINEAR,
        reason: pulumi > LINEAR ? "Pulumi's own part: it writes the whole state after each step" : undefined,
      };
    }),
  section: ({ ours, trivial }) =>
    [
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
        "which grows with each resource, before and after each of them: that is the part that is not linear, and a trivial resource has it too.",
    ].join("\n\n"),
  charts: ({ ours, trivial }): Chart[] => {
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
          line("CdcScaling: provider's processor", ours, ({ providerCpuMs }) => providerCpuMs / 1_000),
          line("trivial: provider's processor", trivial, ({ providerCpuMs }) => providerCpuMs / 1_000, true),
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
  programCpuMs: NaN,
  providerCpuMs: NaN,
  programMb: NaN,
  providerMb: NaN,
};
