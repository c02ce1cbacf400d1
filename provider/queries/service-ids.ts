import { z } from "zod";
import { ArgumentsError } from "../errors";
import type { ServiceArgs } from "./arguments";

/** Parses the ids into the API's spelling. Reports all that is wrong with them at once. */
export function parseServiceIds(operation: string, { serviceId, organizationId }: ServiceArgs): ServiceArgs {
  const ids = { serviceId, ...(organizationId === undefined ? {} : { organizationId }) };
  const invalid = Object.entries<unknown>(ids).filter(([, value]) => !z.guid().safeParse(value).success);
  if (invalid.length > 0) {
    throw new ArgumentsError({
      operation,
      observed: invalid.map(([name, value]) => `${name} is ${formatValue(value)}`).join(", "),
    });
  }
  return { serviceId: serviceId.toLowerCase(), organizationId: organizationId?.toLowerCase() };
}

/** The value as the program wrote it, at most 60 characters. */
function formatValue(value: unknown): string {
  if (value === undefined) return "missing";
  if (isOutput(value)) return "an Output";
  const text = JSON.stringify(value) as string | undefined; // undefined for a function
  return text === undefined ? `a ${typeof value}` : text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Checks for the marker that the SDK uses, because a program may have several copies of the SDK. Source: `Output.isInstance`, read in 3.270. */
function isOutput(value: unknown): boolean {
  return typeof value === "object" && value !== null && "__pulumiOutput" in value;
}
