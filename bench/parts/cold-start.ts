import { DEFAULT_ORGANIZATION_ID, DEFAULT_SERVICE_ID } from "../../emulator";
import type { Properties } from "../../test/support/provider-process";
import { declared, startProviderHarness, type ProviderHarness } from "../../test/support/provider-harness";
import type { Part } from "../part";
import { ratios, type Spread, spread } from "../statistics";
import { milliseconds, range, table } from "../text";
import { trivialProvider } from "../trivial-provider";

const ROUNDS = 11;

interface Rows {
  readonly rounds: number;
  readonly oursMs: Spread;
  readonly trivialMs: Spread;
  readonly ratio: Spread;
}

/** From the start of Pulumi's dynamic-provider process to the first answer of its provider. */
async function startedMs(on: ProviderHarness, inputs: Properties): Promise<number> {
  const beganAtMs = performance.now();
  const provider = await on.start();
  await provider.check({}, inputs);
  const tookMs = performance.now() - beganAtMs;
  await provider.end();
  return tookMs;
}

export const coldStart: Part<Rows> = {
  name: "cold-start",
  title: "The provider's process",
  how:
    `Pulumi's dynamic-provider process from its start to the first answered check, ${ROUNDS} times in turns with a trivial provider; ` +
    "ratios are of neighbouring runs.",
  async measure() {
    const on = await startProviderHarness();
    try {
      const trivial = {
        __provider: await trivialProvider(),
        serviceId: DEFAULT_SERVICE_ID,
        organizationId: DEFAULT_ORGANIZATION_ID,
        cores: 8,
      };
      const ours: number[] = [];
      const others: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        ours.push(await startedMs(on, declared()));
        others.push(await startedMs(on, trivial));
      }
      return { rounds: ROUNDS, oursMs: spread(ours), trivialMs: spread(others), ratio: ratios(ours, others) };
    } finally {
      await on.close();
    }
  },
  aims: () => [],
  section: ({ oursMs, trivialMs, ratio }) =>
    table(
      ["ours", "trivial", "ratio"],
      [[milliseconds(oursMs.median), milliseconds(trivialMs.median), range(ratio)]],
    ),
};
