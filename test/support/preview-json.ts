import { readFileSync } from "node:fs";
import { join } from "node:path";
import { computeCost, toSize } from "../../sizing";
import { REPOSITORY } from "./project";

/** Reads a preview that the real CLI printed. Its positions in source files are removed. */
export function readFixture(fixture: string): string {
  return readFileSync(join(REPOSITORY, "test", "fixtures", "preview", fixture), "utf8");
}

type Properties = Readonly<Record<string, unknown>>;

export const SERVICE = "00000000-0000-4000-8000-000000000001";
export const OTHER_SERVICE = "00000000-0000-4000-8000-000000000002";

export function createUrn(name: string): string {
  return `urn:pulumi:dev::shop::clickpipes:index:CdcCompute$pulumi-nodejs:dynamic/clickpipes:CdcScaling::${name}`;
}

/** Creates the properties of a resource of this size, as the provider computes them. */
export function createProperties(cores: number, overrides: Properties = {}): Properties {
  return {
    serviceId: SERVICE,
    cores,
    currentCores: cores,
    ...toSize(cores),
    ...computeCost(cores),
    ...overrides,
  };
}

export interface StepOptions {
  readonly name?: string;
  readonly old?: Properties;
  readonly new?: Properties;
  readonly options?: Properties;
}

/** Creates a step on a scaling resource, in the shape of the fixtures. */
export function createStep(
  op: string,
  { name = "orders", old, new: news, options = {} }: StepOptions,
): Properties {
  const urn = createUrn(name);
  return {
    op,
    urn,
    ...(old === undefined ? {} : { oldState: { urn, custom: true, inputs: {}, outputs: old, ...options } }),
    ...(news === undefined ? {} : { newState: { urn, custom: true, inputs: news, ...options } }),
    detailedDiff: null,
  };
}

export function createMessage(
  severity: string,
  text: string,
  urn: string | undefined = createUrn("orders"),
): Properties {
  return { ...(urn === "" ? {} : { urn }), message: `${text}\n`, severity };
}

/** Creates the JSON of a preview. */
export function createPreview(
  steps: readonly Properties[],
  diagnostics: readonly Properties[] = [],
  unchangedCount = 0,
): string {
  return JSON.stringify({ steps, diagnostics, duration: 1, changeSummary: { same: unchangedCount } });
}
