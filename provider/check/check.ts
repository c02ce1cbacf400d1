import { isDeepStrictEqual } from "node:util";
import type * as dynamic from "@pulumi/pulumi/dynamic";
import { toSize } from "../../sizing";
import { resolveSize } from "../initial-load/resolve-size";
import { getSteadyCores } from "../state/burst-args";
import { validate } from "./faults";
import {
  pickArguments,
  type CheckedInputs,
  DECISION_NAMES,
  type Inputs,
  isUnknown,
  UNKNOWN,
} from "../state/inputs";
import type { ProviderContext } from "../operation/context";
import { getResourceName } from "../state/urn";
import { DERIVED_NAMES, deriveKeepingPrice } from "../state/derived";
import type { InputFailure } from "../state/inputs";

/**
 * Every fault at once, or the inputs with all that a reviewer wants to see of them. Sends nothing but, where an initial load is
 * declared, the request for the service's pipes.
 */
export async function check(
  olds: Partial<CheckedInputs>,
  news: Inputs,
  session: ProviderContext,
): Promise<dynamic.CheckResult<CheckedInputs>> {
  const configuration = session.listConfigurationErrors();
  const unitPrice = configuration.length === 0 ? session.getUnitPrice() : undefined;
  const faults = [
    ...validate({ ...omitKeptAnswers(news, olds), cores: getSteadyCores(olds, news) }, unitPrice),
    ...configuration.map((reason) => ({ property: "", reason })),
    ...listDoubleDeclarations(news, session),
  ];
  if (faults.length > 0) return reject(news, faults);
  if (Object.keys(olds).length === 0) session.run.expectOperation(news.__urn);
  const given = pickArguments(news);
  const decision = await resolveSize({ olds, news: given, session, unitPrice });
  if ("faults" in decision) return reject(news, decision.faults);
  const { cores } = decision.inputs;
  const derived =
    typeof cores === "number"
      ? deriveKeepingPrice(toSize(cores), unitPrice, olds)
      : Object.fromEntries(DERIVED_NAMES.map((property) => [property, UNKNOWN]));
  return { inputs: { ...given, ...derived, ...decision.inputs } as CheckedInputs };
}

function reject(news: Inputs, failures: InputFailure[]): dynamic.CheckResult<CheckedInputs> {
  return { inputs: news as CheckedInputs, failures };
}

/** Without what `ignoreChanges` copies from the old inputs: an earlier check's answers, not the program's arguments. */
function omitKeptAnswers(news: Inputs, olds: object): Record<string, unknown> {
  const kept = new Map<string, unknown>(Object.entries(olds));
  const isKept = (name: string, value: unknown) =>
    KEPT.includes(name) && isDeepStrictEqual(kept.get(name), value);
  return Object.fromEntries(Object.entries(news).filter(([name, value]) => !isKept(name, value)));
}

const KEPT: readonly string[] = [...DERIVED_NAMES, ...DECISION_NAMES];

/** Notes that this resource declares its service, and whether another one of this run does. */
function listDoubleDeclarations({ serviceId, __urn }: Inputs, { run }: ProviderContext): InputFailure[] {
  if (typeof serviceId !== "string" || isUnknown(serviceId) || typeof __urn !== "string") return [];
  const other = run.declare(serviceId.toLowerCase(), __urn);
  if (other === undefined) return [];
  const reason =
    `${getResourceName(other)} and ${getResourceName(__urn)} both declare service ${serviceId}: a service has one size, ` +
    "so declare it once";
  return [{ property: "serviceId", reason }];
}
