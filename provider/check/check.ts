import { isDeepStrictEqual } from "node:util";
import type * as dynamic from "@pulumi/pulumi/dynamic";
import { sizeOf } from "../../sizing";
import { decided } from "../initial-load/resolve-size";
import { steadyOf } from "../state/burst-args";
import { faultsOf } from "./faults";
import { argumentsOf, type CheckedInputs, DECIDED, type Inputs, isUnknown, UNKNOWN } from "../state/inputs";
import type { Session } from "../operation/context";
import { nameOf } from "../state/urn";
import { DERIVED, derivedKept } from "../state/derived";
import type { Fault } from "../state/inputs";

/**
 * Every fault at once, or the inputs with all that a reviewer wants to see of them. Sends nothing but, where an initial load is
 * declared, the request for the service's pipes.
 */
export async function checked(
  olds: Partial<CheckedInputs>,
  news: Inputs,
  session: Session,
): Promise<dynamic.CheckResult<CheckedInputs>> {
  const configuration = session.configurationFaults();
  const unitPrice = configuration.length === 0 ? session.unitPrice() : undefined;
  const faults = [
    ...faultsOf({ ...withoutKept(news, olds), cores: steadyOf(olds, news) }, unitPrice),
    ...configuration.map((reason) => ({ property: "", reason })),
    ...declaredTwice(news, session),
  ];
  if (faults.length > 0) return refused(news, faults);
  if (Object.keys(olds).length === 0) session.run.expect(news.__urn);
  const given = argumentsOf(news);
  const decision = await decided({ olds, news: given, session, unitPrice });
  if ("faults" in decision) return refused(news, decision.faults);
  const { cores } = decision.inputs;
  const derived =
    typeof cores === "number"
      ? derivedKept(sizeOf(cores), unitPrice, olds)
      : Object.fromEntries(DERIVED.map((property) => [property, UNKNOWN]));
  return { inputs: { ...given, ...derived, ...decision.inputs } as CheckedInputs };
}

function refused(news: Inputs, failures: Fault[]): dynamic.CheckResult<CheckedInputs> {
  return { inputs: news as CheckedInputs, failures };
}

/** Without what `ignoreChanges` copies from the old inputs: an earlier check's answers, not the program's arguments. */
function withoutKept(news: Inputs, olds: object): Record<string, unknown> {
  const kept = new Map<string, unknown>(Object.entries(olds));
  const isKept = (name: string, value: unknown) =>
    KEPT.includes(name) && isDeepStrictEqual(kept.get(name), value);
  return Object.fromEntries(Object.entries(news).filter(([name, value]) => !isKept(name, value)));
}

const KEPT: readonly string[] = [...DERIVED, ...DECIDED];

/** Notes that this resource declares its service, and whether another one of this run does. */
function declaredTwice({ serviceId, __urn }: Inputs, { run }: Session): Fault[] {
  if (typeof serviceId !== "string" || isUnknown(serviceId) || typeof __urn !== "string") return [];
  const other = run.declare(serviceId.toLowerCase(), __urn);
  if (other === undefined) return [];
  const reason =
    `${nameOf(other)} and ${nameOf(__urn)} both declare service ${serviceId}: a service has one size, ` +
    "so declare it once";
  return [{ property: "serviceId", reason }];
}
