import { PolicyPack, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";
import { burstEnds, largestSize, monthlyCost, SCALING } from "./rules";

/** Where `pulumi preview --policy-pack policy-pack --policy-pack-config limits.json` says nothing else. */
const DEFAULTS = { maxCores: 16, maxDays: 30, maxUsdPerMonth: 2_000 };

type Limit = keyof typeof DEFAULTS;

const schemaOf = (limit: Limit) => ({
  properties: { [limit]: { type: "number" as const, default: DEFAULTS[limit] } },
});

const largest: ResourceValidationPolicy = {
  name: "largest-size",
  description: "A service's database ClickPipes have at most `maxCores` cores, bursts included.",
  enforcementLevel: "mandatory",
  configSchema: schemaOf("maxCores"),
  validateResource: (resource, reportViolation) => {
    if (resource.type !== SCALING) return;
    const { maxCores } = { ...DEFAULTS, ...resource.getConfig<Partial<typeof DEFAULTS>>() };
    const finding = largestSize(resource.props, maxCores);
    if (finding !== undefined) reportViolation(finding);
  },
};

const ends: ResourceValidationPolicy = {
  name: "burst-ends",
  description: "An initial load has an `endBy`, at most `maxDays` days away.",
  enforcementLevel: "mandatory",
  configSchema: schemaOf("maxDays"),
  validateResource: (resource, reportViolation) => {
    if (resource.type !== SCALING) return;
    const { maxDays } = { ...DEFAULTS, ...resource.getConfig<Partial<typeof DEFAULTS>>() };
    const finding = burstEnds(resource.props, maxDays, new Date());
    if (finding !== undefined) reportViolation(finding);
  },
};

const cost: StackValidationPolicy = {
  name: "monthly-cost",
  description: "The database ClickPipes of all services of a stack cost at most `maxUsdPerMonth`.",
  enforcementLevel: "mandatory",
  configSchema: schemaOf("maxUsdPerMonth"),
  validateStack: (stack, reportViolation) => {
    const { maxUsdPerMonth } = { ...DEFAULTS, ...stack.getConfig<Partial<typeof DEFAULTS>>() };
    const services = stack.resources.filter(({ type }) => type === SCALING).map(({ props }) => props);
    const finding = monthlyCost(services, maxUsdPerMonth);
    if (finding !== undefined) reportViolation(finding);
  },
};

new PolicyPack("clickpipes", { policies: [largest, ends, cost] });
