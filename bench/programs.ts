import { DEFAULT_ORGANIZATION_ID } from "../emulator";

/** The variable with the number of resources that a program declares. */
export const COUNT = "BENCH_COUNT";

const HEAD = `
const pulumi = require("@pulumi/pulumi");
const count = Number(process.env.${COUNT});
const argsOf = (number) => ({
  serviceId: "00000000-0000-4000-8000-" + number.toString(16).padStart(12, "0"),
  organizationId: "${DEFAULT_ORGANIZATION_ID}",
  cores: 8,
});
const each = (declare) => {
  for (let number = 1; number <= count; number++) declare("r" + number, argsOf(number));
};
`;

/** The smallest dynamic resource: its provider does nothing. */
const TRIVIAL = `
const provider = { async create(inputs) { return { id: inputs.serviceId, outs: inputs }; } };
class Trivial extends pulumi.dynamic.Resource {
  constructor(name, args, opts) { super(provider, name, args, opts); }
}
`;

/** The same resource with the outputs of `CdcScaling`. */
const TRIVIAL_WITH_OUTPUTS = `
const derived = { replicaCpuMillicores: 8000, replicaMemoryGb: 32, computeUnits: 4, usdPerHour: 0.8, usdPerMonth: 584 };
const undeclared = ["replicaCpuMillicores", "replicaMemoryGb", "computeUnits", "usdPerHour", "usdPerMonth", "baselineCores",
  "pendingCores"];
const provider = { async create(inputs) { return { id: inputs.serviceId, outs: { ...inputs, ...derived } }; } };
class Trivial extends pulumi.dynamic.Resource {
  constructor(name, args, opts) {
    super(provider, name, { ...Object.fromEntries(undeclared.map((output) => [output, undefined])), ...args }, opts);
  }
}
`;

const COMPONENT = `
class Component extends pulumi.ComponentResource {
  constructor(name, args) {
    super("bench:index:Component", name, {}, {});
    const { cores } = new Trivial(name, args, { parent: this });
    this.registerOutputs({ cores });
  }
}
`;

const OURS = `const { CdcCompute, CdcScaling } = require("pulumi-clickpipes");`;

/** Programs that declare resources of one kind, for the same services. */
export const PROGRAMS = {
  scaling: `${HEAD}${OURS}\neach((name, args) => new CdcScaling(name, args));\n`,
  compute: `${HEAD}${OURS}\neach((name, args) => new CdcCompute(name, args));\n`,
  trivial: `${HEAD}${TRIVIAL}each((name, args) => new Trivial(name, args));\n`,
  trivialWithOutputs: `${HEAD}${TRIVIAL_WITH_OUTPUTS}each((name, args) => new Trivial(name, args));\n`,
  trivialInComponent: `${HEAD}${TRIVIAL}${COMPONENT}each((name, args) => new Component(name, args));\n`,
} as const;

export type ProgramName = keyof typeof PROGRAMS;
