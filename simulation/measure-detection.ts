import { DEFAULT_SERVICE_ID } from "../emulator";
import type { DynamicInputs } from "../provider/dynamic/provider";
import { createSimulation } from "./simulation";

const INPUTS: DynamicInputs = {
  serviceId: DEFAULT_SERVICE_ID,
  cores: 8,
  __urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders",
};

/** Milliseconds, from and to. */
export type Band = readonly [number, number];

/** The ranges of convergence times that detection is measured in. ClickHouse documents 180 to 300 s, without a guarantee. */
export const BANDS: readonly Band[] = [
  [5_000, 30_000],
  [30_000, 180_000],
  [180_000, 300_000],
  [300_000, 600_000],
];

/** How soon one change was noticed. */
export interface Detection {
  /** From the arrival of the change to the read that shows it. */
  readonly noticedAfterMs: number;
  /** From the arrival of the change to the end of the operation. */
  readonly returnedAfterMs: number;
  readonly readsInFiveMinutes: number;
}

/** Creates one resource in virtual time. Its change takes a random time out of the band. */
export async function measureDetection(randomSeed: number, convergenceMs: Band): Promise<Detection> {
  const { provider, cloud, journal, clock } = createSimulation({ randomSeed, convergenceMs });
  let drawnMs = 0;
  const draw = cloud.drawConvergenceMs.bind(cloud);
  cloud.drawConvergenceMs = () => (drawnMs = draw());
  const { inputs } = await provider.check({}, INPUTS);
  if (inputs === undefined) throw new Error("the inputs are invalid");
  await clock.run(provider.create(inputs));
  const [patch] = journal.filter("PATCH");
  const reads = journal.filter("GET", "clickpipesCdcScaling");
  const arrivedAtMs = (patch?.atMs ?? NaN) + drawnMs;
  const noticed = reads.find(({ atMs }) => atMs >= arrivedAtMs);
  if (patch === undefined || noticed === undefined) throw new Error("the change was not sent or not noticed");
  return {
    noticedAfterMs: noticed.atMs - arrivedAtMs,
    returnedAfterMs: clock.now() - arrivedAtMs,
    readsInFiveMinutes: reads.filter(({ atMs }) => atMs <= patch.atMs + 300_000).length,
  };
}
