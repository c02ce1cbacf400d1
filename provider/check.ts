import type * as dynamic from "@pulumi/pulumi/dynamic";
import { sizeOf } from "../sizing";
import {
  argumentsOf,
  type CheckedInputs,
  type Fault,
  faultsOf,
  type Inputs,
  isUnknown,
  UNKNOWN,
} from "./inputs";
import { nameOf } from "./run";
import type { Session } from "./session";
import { DERIVED, derivedKept } from "./state";

/** Every fault at once, or the inputs with all that a reviewer wants to see of them. Sends nothing. */
export function checked(
  olds: Partial<CheckedInputs>,
  news: Inputs,
  session: Session,
): dynamic.CheckResult<CheckedInputs> {
  const configuration = session.configurationFaults();
  const unitPrice = configuration.length === 0 ? session.unitPrice() : undefined;
  const failures = [
    ...faultsOf(withoutKept(news, olds), unitPrice),
    ...configuration.map((reason) => ({ property: "", reason })),
    ...declaredTwice(news, session),
  ];
  if (failures.length > 0) return { inputs: news as CheckedInputs, failures };
  if (Object.keys(olds).length === 0) session.run.expect(news.__urn);
  const derived =
    typeof news.cores === "number"
      ? derivedKept(sizeOf(news.cores), unitPrice, olds)
      : Object.fromEntries(DERIVED.map((property) => [property, UNKNOWN]));
  return { inputs: { ...argumentsOf(news), ...derived } as CheckedInputs };
}

/** Without what `ignoreChanges` copies from the old inputs: an earlier check's answers, not the program's arguments. */
function withoutKept(news: Inputs, olds: object): Record<string, unknown> {
  const kept = new Map<string, unknown>(Object.entries(olds));
  const isKept = (name: string, value: unknown) =>
    (DERIVED as readonly string[]).includes(name) && kept.get(name) === value;
  return Object.fromEntries(Object.entries(news).filter(([name, value]) => !isKept(name, value)));
}

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
