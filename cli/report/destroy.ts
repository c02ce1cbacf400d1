import { findNearestLegalCores, OPENAPI_MAX_CORES } from "../../sizing";
import type { PricingOptions } from "./burst";
import type { Step } from "./preview";
import { isKnownSize, type MaybeKnownSize, priceSize, readPricedSize } from "./priced-size";
import type { DestroyEffect } from "./service-change";

interface DestroyResult {
  readonly destroyEffect: DestroyEffect;
  readonly after: MaybeKnownSize | undefined;
}

interface DestroyContext {
  /** The resources that the same update deletes. */
  readonly deletedUrns: ReadonlySet<string>;
  readonly pricing: PricingOptions;
}

/** Predicts the size that a destroy leaves behind. */
export function predictDestroy(
  { oldState }: Pick<Step, "oldState">,
  { deletedUrns, pricing: { usdPerComputeUnitHour } }: DestroyContext,
): DestroyResult {
  const properties = oldState?.outputs ?? oldState?.inputs ?? {};
  const before = oldState ? readPricedSize(properties, usdPerComputeUnitHour) : undefined;
  if (oldState?.retainOnDelete === true) return { destroyEffect: "retainSize", after: before };
  if (deletedUrns.has(oldState?.deletedWith ?? "")) return { destroyEffect: "rely", after: before };
  const cores = properties.coresAfterDestroy ?? properties.baselineCores;
  if (cores === undefined) return { destroyEffect: "keepSize", after: before };
  if (cores === "unknown") return { destroyEffect: "resetSize", after: "unknown" };
  const restored = priceSize(findNearestLegalCores(cores, OPENAPI_MAX_CORES), usdPerComputeUnitHour);
  // A destroy never scales up.
  const isSmaller = isKnownSize(before) && before.cores < restored.cores;
  return { destroyEffect: "resetSize", after: isSmaller ? before : restored };
}
