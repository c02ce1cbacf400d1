const SCALING_TYPE = "pulumi-nodejs:dynamic/clickpipes:CdcScaling";

/** The parts of `urn:pulumi:<stack>::<project>::<parents' types>$<type>::<name>`. */
export interface Urn {
  readonly stack: string;
  readonly project: string;
  /** The types of the parents, and last that of the resource. */
  readonly types: readonly string[];
  readonly name: string;
}

export function parseUrn(text: string): Urn | undefined {
  const match = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/s.exec(text);
  if (match === null) return undefined;
  const [, stack = "", project = "", types = "", name = ""] = match;
  return { stack, project, types: types.split("$"), name };
}

export function isScalingResource(urn: string): boolean {
  return parseUrn(urn)?.types.at(-1) === SCALING_TYPE;
}

export function getResourceName(urn: string): string {
  return parseUrn(urn)?.name ?? urn;
}

/** Tells whether a URN is that of a scaling resource or of the component around it, which has the same name and one type less. */
export function isResourceOrItsComponent(urn: string, resource: string): boolean {
  return urn === resource || urn === resource.replace(`$${SCALING_TYPE}::`, "::");
}
