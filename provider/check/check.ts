import { isDeepStrictEqual } from "node:util";
import { toSize } from "../../sizing";
import { resolveSize } from "../initial-load/resolve-size";
import { warnAboutKeptBurst } from "../initial-load/warnings";
import { parseArguments } from "./parse-arguments";
import { ARGUMENT_NAMES } from "../state/argument-names";
import {
  type CheckedInputs,
  DECISION_NAMES,
  type InputFailure,
  type PreviewCheckedInputs,
} from "../state/inputs";
import { isUnknown, UNKNOWN } from "../state/unknown";
import { describeError } from "../remedies";
import type { ProviderContext } from "../operation/context";
import { getResourceName } from "../state/urn";
import { DERIVED_NAMES, deriveFromSize } from "../state/derived";

export interface CheckRequest {
  readonly urn: string;
  /** As the program wrote them; in a preview they may be unknown. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What an earlier check answered; empty for a new resource. */
  readonly oldInputs: Partial<CheckedInputs>;
  /** `customTimeouts`, as the program wrote them. */
  readonly timeouts: unknown;
  /**
   * The unknown arguments that the program itself wrote. Others come from a transformation for all resources, such as one that adds tags.
   * They are ignored: nobody meant this resource.
   *
   * @default all unknown arguments
   */
  readonly unknownArguments?: readonly string[] | undefined;
}

/** The inputs with all that follows from them, or what is wrong with them. */
export type CheckResult =
  | { readonly inputs: PreviewCheckedInputs; readonly failures?: never }
  | { readonly inputs?: never; readonly failures: InputFailure[] };

/**
 * Checks the inputs of a resource: every failure at once, or the inputs with all that a reviewer needs. Sends nothing, except the request
 * for the service's pipes if an initial load is declared.
 */
export async function check(request: CheckRequest, context: ProviderContext): Promise<CheckResult> {
  const { urn, inputs: news, oldInputs: olds, timeouts } = request;
  const configuration = context.listConfigurationErrors();
  const unitPrice = configuration.length === 0 ? context.getUnitPrice() : undefined;
  const kept = pickKeptAnswers(news, olds);
  const foreign = listForeignNames(request, kept);
  const isOwn = ([name]: [string, unknown]) => !(name in kept) && !foreign.includes(name);
  const values = Object.fromEntries(Object.entries(news).filter(isOwn));
  const { failures: argumentFailures, declared } = parseArguments(values, { timeouts, unitPrice });
  const failures = [
    ...argumentFailures,
    ...configuration.map((error) => ({ property: "", reason: describeError(error) })),
    ...listDoubleDeclarations(news.serviceId, urn, context),
  ];
  if (failures.length > 0 || declared === undefined) return { failures };
  const otherApi = context.settings.describeOtherApi();
  if (otherApi !== undefined) await context.createProgress(urn).info(otherApi);
  if (Object.keys(olds).length === 0) {
    context.run.expectOperation(urn);
    if (foreign.length > 0) {
      const names = foreign.join(", ");
      await context
        .createProgress(urn)
        .warn(`ignores ${names}, which a transformation added: it is no argument`);
    }
  }
  const resolved = await resolveSize({ urn, olds, news: declared, context, unitPrice });
  if ("failures" in resolved) return resolved;
  const { currentCores } = resolved.size;
  const derived = isUnknown(currentCores) ? UNKNOWN_DERIVED : deriveFromSize(toSize(currentCores), unitPrice);
  await warnAboutKeptBurst(context.createProgress(urn), { kept, declared, currentCores, unitPrice });
  return { inputs: { ...declared, ...derived, ...resolved.size, ...kept } };
}

const UNKNOWN_DERIVED = {
  currentCores: UNKNOWN,
  replicaCpuMillicores: UNKNOWN,
  replicaMemoryGb: UNKNOWN,
  computeUnits: UNKNOWN,
  usdPerHour: UNKNOWN,
  usdPerMonth: UNKNOWN,
} as const satisfies Record<(typeof DERIVED_NAMES)[number], unknown>;

function listForeignNames({ inputs, unknownArguments }: CheckRequest, kept: object): string[] {
  if (unknownArguments === undefined) return [];
  const known: readonly string[] = [...ARGUMENT_NAMES, ...unknownArguments, ...Object.keys(kept)];
  return Object.keys(inputs).filter((name) => !known.includes(name));
}

/**
 * What `ignoreChanges` with a wildcard copies from the old inputs: an earlier check's answers, not the program's arguments. This check
 * repeats them, because the engine won't call an update for them.
 */
function pickKeptAnswers(news: object, olds: Partial<CheckedInputs>): Partial<CheckedInputs> {
  const copied = new Map<string, unknown>(Object.entries(news));
  const isKept = ([name, value]: [string, unknown]) =>
    ANSWER_NAMES.includes(name) && copied.has(name) && isDeepStrictEqual(copied.get(name), value);
  return Object.fromEntries(Object.entries(olds).filter(isKept));
}

const ANSWER_NAMES: readonly string[] = [...DERIVED_NAMES, ...DECISION_NAMES, "pendingCores"];

/** Notes that this resource declares its service, and whether another one of this run does. */
function listDoubleDeclarations(serviceId: unknown, urn: string, { run }: ProviderContext): InputFailure[] {
  if (typeof serviceId !== "string" || isUnknown(serviceId)) return [];
  const other = run.declare(serviceId.toLowerCase(), urn);
  if (other === undefined) return [];
  const reason =
    `${getResourceName(other)} and ${getResourceName(urn)} both declare service ${serviceId}: a service has one size, ` +
    "so declare it once";
  return [{ property: "serviceId", reason }];
}
