import {
  PolicyPack,
  type ResourceValidation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import {
  checkBurstEnd,
  checkLargestSize,
  checkMonthlyCost,
  checkStackPrice,
  checkType,
  isScaling,
  LIST_PRICE_USD,
} from "./rules";

/** Apply unless the file after `--policy-pack-config` sets others. */
const DEFAULTS = { maxCores: 16, maxDays: 30, maxUsdPerMonth: 2_000, usdPerComputeUnitHour: LIST_PRICE_USD };

type Settings = typeof DEFAULTS & { readonly excludeLaterBursts?: boolean };

const createConfigSchema = (...settings: readonly (keyof typeof DEFAULTS)[]) => ({
  properties: Object.fromEntries(
    settings.map((name) => [name, { type: "number" as const, exclusiveMinimum: 0, default: DEFAULTS[name] }]),
  ),
});

const addDefaults = (settings: Partial<Settings>): Settings => ({ ...DEFAULTS, ...settings });

/** Applies a rule to the resources of pulumi-clickpipes, and to no others. */
const createValidation =
  (check: (resource: ResourceValidationArgs, settings: Settings) => string | undefined): ResourceValidation =>
  (resource, reportViolation) => {
    if (!isScaling(resource)) return;
    const violation = check(resource, addDefaults(resource.getConfig()));
    if (violation !== undefined) reportViolation(violation);
  };

/** A remediation, because only those see the code of a dynamic resource. It changes nothing: an error stops the update. */
const ownType: ResourceValidationPolicy = {
  name: "own-type",
  description: "Only a CdcScaling resource uses the provider of pulumi-clickpipes.",
  enforcementLevel: "remediate",
  remediateResource: (resource) => {
    const violation = checkType(resource);
    if (violation === undefined) return undefined;
    throw Object.assign(new Error(violation), { stack: violation });
  },
};

const largestSize: ResourceValidationPolicy = {
  name: "largest-size",
  description: "A service's database ClickPipes have at most `maxCores` cores, including a burst.",
  enforcementLevel: "mandatory",
  configSchema: createConfigSchema("maxCores"),
  validateResource: createValidation((resource, { maxCores }) =>
    checkLargestSize(resource, maxCores, new Date()),
  ),
};

const burstEnd: ResourceValidationPolicy = {
  name: "burst-ends",
  description: "An initial load has an `endBy`, at most `maxDays` days away.",
  enforcementLevel: "mandatory",
  configSchema: createConfigSchema("maxDays"),
  validateResource: createValidation((resource, { maxDays }) => checkBurstEnd(resource, maxDays, new Date())),
};

const monthlyCost: StackValidationPolicy = {
  name: "monthly-cost",
  description:
    "The database ClickPipes of all services of a stack cost at most `maxUsdPerMonth`, at `usdPerComputeUnitHour`.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      ...createConfigSchema("maxUsdPerMonth", "usdPerComputeUnitHour").properties,
      excludeLaterBursts: { type: "boolean", default: false },
    },
  },
  validateStack: (stack, reportViolation) => {
    const violation = checkMonthlyCost(
      stack.resources.filter(isScaling),
      addDefaults(stack.getConfig()),
      new Date(),
    );
    if (violation !== undefined) reportViolation(violation);
  },
};

const stackPrice: ResourceValidationPolicy = {
  name: "stack-price",
  description: "The stack shows the same price as the policies count with.",
  enforcementLevel: "advisory",
  configSchema: createConfigSchema("usdPerComputeUnitHour"),
  validateResource: createValidation((resource, { usdPerComputeUnitHour }) =>
    checkStackPrice(resource, usdPerComputeUnitHour),
  ),
};

new PolicyPack("clickpipes", { policies: [ownType, largestSize, burstEnd, monthlyCost, stackPrice] });
