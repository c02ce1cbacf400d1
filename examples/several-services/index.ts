import * as pulumi from "@pulumi/pulumi";
import { CdcCompute } from "pulumi-clickpipes";

interface Service {
  name: string;
  serviceId: string;
  cores: number;
}

// Pulumi works on 4 resources for each core of this machine at once, and holds that slot while one waits. With more services
// than that, `PULUMI_PARALLEL=100 pulumi up` lets them wait together: the requests stay within the API's limit by themselves.
const services = new pulumi.Config().requireObject<Service[]>("services");

const computes = services.map(({ name, serviceId, cores }) => new CdcCompute(name, { serviceId, cores }));

export const usdPerMonth = pulumi
  .all(computes.map((compute) => compute.usdPerMonth))
  .apply((each) => each.reduce((sum, usd) => sum + usd, 0));
