import type { Benchmark } from "../benchmark";
import { coldStart } from "./cold-start";
import { manyServices, sharedKey, shortConvergence } from "./fleets";
import { detection } from "./detection";
import { footprint } from "./footprint";
import { initialLoad } from "./initial-load";
import { previews } from "./previews";
import { waiting } from "./waiting";

/** Every measurement, in the document's order. */
export const BENCHMARKS = [
  manyServices,
  shortConvergence,
  sharedKey,
  detection,
  waiting,
  previews,
  initialLoad,
  footprint,
  coldStart,
] as readonly Benchmark<unknown>[];
