import { DEFAULT_ORGANIZATION_ID, DEFAULT_SERVICE_ID } from "../../emulator";
import {
  createInputs,
  type ProviderHarness,
  startProviderHarness,
} from "../../test/support/provider-harness";
import type { Properties } from "../../test/support/provider-process";
import type { Benchmark } from "../benchmark";
import { formatMilliseconds, formatSummary, formatTable } from "../format";
import { compareRuns, summarize, type Summary } from "../statistics";
import { serializeTrivialProvider } from "../trivial-provider";

const ROUNDS = 11;

interface Rows {
  readonly rounds: number;
  readonly oursMs: Summary;
  readonly trivialMs: Summary;
  readonly ratio: Summary;
}

/** From the start of Pulumi's dynamic-provider process to its first response. */
async function measureStartMs(harness: ProviderHarness, inputs: Properties): Promise<number> {
  const beganAtMs = performance.now();
  const provider = await harness.start();
  await provider.check({}, inputs);
  const tookMs = performance.now() - beganAtMs;
  await provider.end();
  return tookMs;
}

async function measure(): Promise<Rows> {
  const harness = await startProviderHarness();
  try {
    const trivial = {
      __provider: await serializeTrivialProvider(),
      serviceId: DEFAULT_SERVICE_ID,
      organizationId: DEFAULT_ORGANIZATION_ID,
      cores: 8,
    };
    const ours: number[] = [];
    const others: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await measureStartMs(harness, createInputs()));
      others.push(await measureStartMs(harness, trivial));
    }
    return {
      rounds: ROUNDS,
      oursMs: summarize(ours),
      trivialMs: summarize(others),
      ratio: compareRuns(ours, others),
    };
  } finally {
    await harness.close();
  }
}

export const coldStart: Benchmark<Rows> = {
  name: "cold-start",
  title: "Cold start of the provider",
  method:
    `The time from the start of Pulumi's dynamic-provider process to its first response to \`check\`. It ran ${ROUNDS} times, in turns with a ` +
    "trivial provider. Each ratio compares neighboring runs.",
  measure,
  listTargets: () => [],
  render: ({ oursMs, trivialMs, ratio }) =>
    formatTable(
      ["ours", "trivial", "ratio"],
      [[formatMilliseconds(oursMs.median), formatMilliseconds(trivialMs.median), formatSummary(ratio)]],
    ),
};
