import type { Part } from "../part";
import { coldStart } from "./cold-start";
import { manyServices, sharedKey, shortConvergence } from "./fleets";
import { footprint } from "./footprint";
import { initialLoad } from "./initial-load";
import { previews } from "./previews";
import { waiting } from "./waiting";

/** Every measurement, in the document's order. */
export const PARTS = [
  manyServices,
  shortConvergence,
  sharedKey,
  waiting,
  previews,
  initialLoad,
  footprint,
  coldStart,
] as readonly Part<unknown>[];
