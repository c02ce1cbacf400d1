const SCALING = "pulumi-nodejs:dynamic/clickpipes:CdcScaling";

/** A resource's address in Pulumi: `urn:pulumi:<stack>::<project>::<parents' types>$<type>::<name>`. */
interface Urn {
  readonly stack: string;
  readonly project: string;
  readonly types: readonly string[];
  readonly name: string;
}

export function urnOf(text: string): Urn | undefined {
  const match = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/s.exec(text);
  if (match === null) return undefined;
  const [, stack = "", project = "", types = "", name = ""] = match;
  return { stack, project, types: types.split("$"), name };
}

export function isScaling(text: string): boolean {
  return urnOf(text)?.types.at(-1) === SCALING;
}

export function nameOf(text: string): string {
  return urnOf(text)?.name ?? text;
}

/** The component around a resource of ours has its name and a type less: what is said of it is said of the resource. */
export function isAbout(urn: string, resource: string): boolean {
  return urn === resource || urn === resource.replace(`$${SCALING}::`, "::");
}
