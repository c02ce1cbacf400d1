import { readFileSync } from "node:fs";
import { join } from "node:path";
import { costOf, sizeOf } from "../../sizing";
import { REPOSITORY } from "./project";

/** What the real CLI printed, without its positions in source files. */
export function printed(fixture: string): string {
  return readFileSync(join(REPOSITORY, "test", "fixtures", "preview", fixture), "utf8");
}

type Properties = Readonly<Record<string, unknown>>;

export const SERVICE = "00000000-0000-4000-8000-000000000001";
export const OTHER_SERVICE = "00000000-0000-4000-8000-000000000002";

export function urnOf(name: string): string {
  return `urn:pulumi:dev::shop::clickpipes:index:CdcCompute$pulumi-nodejs:dynamic/clickpipes:CdcScaling::${name}`;
}

/** The properties of a resource of that size, as check and the provider give them. */
export function sized(cores: number, others: Properties = {}): Properties {
  return { serviceId: SERVICE, cores, ...sizeOf(cores), ...costOf(cores), ...others };
}

export interface StepOf {
  readonly name?: string;
  readonly old?: Properties;
  readonly new?: Properties;
  readonly options?: Properties;
}

/** A step on a resource of ours, in the shape of the fixtures. */
export function step(op: string, { name = "orders", old, new: news, options = {} }: StepOf): Properties {
  const urn = urnOf(name);
  return {
    op,
    urn,
    ...(old === undefined ? {} : { oldState: { urn, custom: true, inputs: {}, outputs: old, ...options } }),
    ...(news === undefined ? {} : { newState: { urn, custom: true, inputs: news, ...options } }),
    detailedDiff: null,
  };
}

export function message(
  severity: string,
  text: string,
  urn: string | undefined = urnOf("orders"),
): Properties {
  return { ...(urn === "" ? {} : { urn }), message: `${text}\n`, severity };
}

/** A whole preview with these steps. */
export function preview(
  steps: readonly Properties[],
  diagnostics: readonly Properties[] = [],
  same = 0,
): string {
  return JSON.stringify({ steps, diagnostics, duration: 1, changeSummary: { same } });
}
