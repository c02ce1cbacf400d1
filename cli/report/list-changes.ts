import { type PricingOptions, readBurst } from "./burst";
import { predictDestroy } from "./destroy";
import { mergeHandovers } from "./handover";
import type { Message, Preview, Properties, Step } from "./preview";
import { findOtherPrice, readPricedSize } from "./priced-size";
import type { ServiceChange } from "./service-change";
import { getResourceName, isResourceOrItsComponent, isScalingResource } from "./urn";

interface PlannedStep {
  readonly step: Step;
  readonly messages: readonly Message[];
  readonly deletedUrns: ReadonlySet<string>;
  readonly pricing: PricingOptions;
}

/** Lists what the update does to each service, sorted by name, because the order of the engine's steps varies. */
export function listChanges({ steps, messages }: Preview, pricing: PricingOptions): ServiceChange[] {
  const stepsByUrn = groupScalingSteps(steps);
  const deletedUrns = new Set(steps.filter(({ op }) => op === "delete").map(({ urn }) => urn));
  const selectMessages = (resource: string) =>
    messages.filter(({ urn }) => isResourceOrItsComponent(urn ?? "", resource));
  const planned = [...stepsByUrn].flatMap(([urn, all]) =>
    describeStep({
      step: chooseStep(urn, all),
      messages: selectMessages(urn),
      deletedUrns,
      pricing,
    }),
  );
  const urnsWithoutStep = new Set(
    messages
      .filter(({ severity }) => severity === "error")
      .map(({ urn }) => urn ?? "")
      .filter((urn) => isScalingResource(urn) && !stepsByUrn.has(urn)),
  );
  const failed = [...urnsWithoutStep].map((urn) => describeFailure(urn, selectMessages(urn)));
  return mergeHandovers([...planned, ...failed]).sort(compareChanges);
}

function groupScalingSteps(steps: readonly Step[]): Map<string, Step[]> {
  const stepsByUrn = new Map<string, Step[]>();
  for (const step of steps) {
    if (!isScalingStep(step)) continue;
    stepsByUrn.set(step.urn, [...(stepsByUrn.get(step.urn) ?? []), step]);
  }
  return stepsByUrn;
}

function isScalingStep({ urn, oldState, newState }: Step): boolean {
  const states = [oldState?.inputs, oldState?.outputs, newState?.inputs];
  return isScalingResource(urn) || states.some((state) => state?.__provider?.includes(PROVIDER_MODULE));
}

/** The module that the code of our dynamic resource requires. */
const PROVIDER_MODULE = "pulumi-clickpipes/provider";

/** Of several steps on a resource, chooses the one with the goal. A refresh alone has only the current state. */
function chooseStep(urn: string, steps: readonly Step[]): Step {
  return (
    steps.findLast(({ op, newState }) => op !== "refresh" && newState) ??
    steps.findLast(({ op }) => op === "delete") ?? { ...steps.at(-1), op: "same", urn }
  );
}

/** Operations that create or update. Any other one that a later Pulumi may add counts as unknown cost. */
const CHANGES = ["create", "update", "refresh", "import", "import-replacement", "delete-replaced"];

/** Describes a step as one change, or as two if a replacement moves the resource to another service. */
function describeStep(planned: PlannedStep): ServiceChange[] {
  const { op, oldState } = planned.step;
  const goal = describeGoal(planned);
  const serviceId = getOldProperties(planned.step).serviceId;
  const deletion = {
    ...goal,
    action: "delete",
    serviceId,
    burst: undefined,
    pendingCores: undefined,
  } as const;
  const predicted = () => predictDestroy(planned.step, planned);
  switch (op) {
    case "same":
    case "read":
      // A new resource that --target or --exclude leaves out: Pulumi reports it as unchanged, without an old state.
      if (!oldState) return [{ ...goal, action: "skipped", after: "unknown" }];
      return [{ ...goal, action: "unchanged", serviceId, after: goal.before }];
    case "delete":
      return [{ ...deletion, ...predicted() }];
    case "replace":
    case "create-replacement":
      if (serviceId === goal.serviceId) return [{ ...goal, action: "replace" }];
      return [
        { ...deletion, ...predicted(), messages: [] },
        { ...goal, action: "replace", before: undefined, pendingCores: undefined },
      ];
    default:
      if (!CHANGES.includes(op)) return [{ ...goal, action: "skipped", after: "unknown" }];
      return [{ ...goal, action: goal.before === undefined ? "create" : "update" }];
  }
}

/** The size before and the one that the program declares, whatever the step does. */
function describeGoal({ step, messages, pricing }: PlannedStep): Omit<ServiceChange, "action"> {
  const { urn, oldState } = step;
  const price = pricing.usdPerComputeUnitHour;
  const oldProperties = getOldProperties(step);
  const newProperties = step.newState?.inputs ?? {};
  return {
    urn,
    name: getResourceName(urn),
    messages,
    serviceId: newProperties.serviceId,
    before: oldState ? readPricedSize(oldProperties, price) : undefined,
    after: readPricedSize(newProperties, price),
    // The new inputs have the current phase, the old outputs that of the last update.
    burst:
      readBurst(newProperties, pricing) ??
      (["same", "read"].includes(step.op) ? readBurst(oldProperties, pricing) : undefined),
    pendingCores: oldProperties.pendingCores,
    stackPrice: findOtherPrice(step.newState?.inputs ?? oldProperties, price),
  };
}

function getOldProperties({ oldState }: Step): Properties {
  return oldState?.outputs ?? oldState?.inputs ?? {};
}

/** Describes a resource that has an error but no step, because Pulumi rejected it. */
function describeFailure(urn: string, messages: readonly Message[]): ServiceChange {
  return {
    action: "failed",
    urn,
    name: getResourceName(urn),
    serviceId: undefined,
    before: undefined,
    after: "unknown",
    messages,
  };
}

function compareChanges(a: ServiceChange, b: ServiceChange): number {
  return (
    compareCodeUnits(a.name, b.name) || compareCodeUnits(a.urn, b.urn) || compareCodeUnits(a.action, b.action)
  );
}

/** Does not depend on the locale of the machine, unlike `localeCompare`. */
function compareCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
