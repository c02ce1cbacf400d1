import { z } from "zod";
import { ArgumentsError } from "../errors";
import type { ServiceArgs } from "./arguments";

/** Parses the ids into the API's spelling. Reports all that is wrong with them at once. */
export function parseServiceIds(operation: string, { serviceId, organizationId }: ServiceArgs): ServiceArgs {
  const ids = { serviceId, ...(organizationId === undefined ? {} : { organizationId }) };
  const faults = Object.entries<unknown>(ids).filter(([, value]) => !z.guid().safeParse(value).success);
  if (faults.length > 0) {
    throw new ArgumentsError({
      operation,
      observed: faults.map(([name, value]) => `${name} is ${formatValue(value)}`).join(", "),
    });
  }
  return { serviceId: serviceId.toLowerCase(), organizationId: organizationId?.toLowerCase() };
}

/** A value as the program wrote it, cut where it is long. */
function formatValue(value: unknown): string {
  if (value === undefined) return "missing";
  if (isOutput(value)) return "an Output";
  const text = JSON.stringify(value) as string | undefined; // undefined for a function
  return text === undefined ? `a ${typeof value}` : text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** As the SDK itself tells: by a mark, since there may be several copies of it. Source: `Output.isInstance`, read in 3.270. */
function isOutput(value: unknown): boolean {
  return typeof value === "object" && value !== null && "__pulumiOutput" in value;
}
