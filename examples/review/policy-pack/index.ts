import { PolicyPack, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";
import { checkBurstEnd, checkLargestSize, checkMonthlyCost, SCALING_TYPE } from "./rules";

/** Apply unless `pulumi preview --policy-pack policy-pack --policy-pack-config limits.json` sets others. */
const DEFAULTS = { maxCores: 16, maxDays: 30, maxUsdPerMonth: 2_000 };

type Limit = keyof typeof DEFAULTS;

const createConfigSchema = (limit: Limit) => ({
  properties: { [limit]: { type: "number" as const, default: DEFAULTS[limit] } },
});

const largestSize: ResourceValidationPolicy = {
  name: "largest-size",
  description: "A service's database ClickPipes have at most `maxCores` cores, including a burst.",
  enforcementLevel: "mandatory",
  configSchema: createConfigSchema("maxCores"),
  validateResource: (resource, reportViolation) => {
    if (resource.type !== SCALING_TYPE) return;
    const { maxCores } = { ...DEFAULTS, ...resource.getConfig<Partial<typeof DEFAULTS>>() };
    const violation = checkLargestSize(resource.props, maxCores);
    if (violation !== undefined) reportViolation(violation);
  },
};

const burstEnd: ResourceValidationPolicy = {
  name: "burst-ends",
  description: "An initial load has an `endBy`, at most `maxDays` days away.",
  enforcementLevel: "mandatory",
  configSchema: createConfigSchema("maxDays"),
  validateResource: (resource, reportViolation) => {
    if (resource.type !== SCALING_TYPE) return;
    const { maxDays } = { ...DEFAULTS, ...resource.getConfig<Partial<typeof DEFAULTS>>() };
    const violation = checkBurstEnd(resource.props, maxDays, new Date());
    if (violation !== undefined) reportViolation(violation);
  },
};

const monthlyCost: StackValidationPolicy = {
  name: "monthly-cost",
  description: "The database ClickPipes of all services of a stack cost at most `maxUsdPerMonth`.",
  enforcementLevel: "mandatory",
  configSchema: createConfigSchema("maxUsdPerMonth"),
  validateStack: (stack, reportViolation) => {
    const { maxUsdPerMonth } = { ...DEFAULTS, ...stack.getConfig<Partial<typeof DEFAULTS>>() };
    const services = stack.resources.filter(({ type }) => type === SCALING_TYPE).map(({ props }) => props);
    const violation = checkMonthlyCost(services, maxUsdPerMonth);
    if (violation !== undefined) reportViolation(violation);
  },
};

new PolicyPack("clickpipes", { policies: [largestSize, burstEnd, monthlyCost] });
