import * as pulumi from "@pulumi/pulumi";
import { CdcCompute } from "pulumi-clickpipes";

const config = new pulumi.Config();

// The first `pulumi up` looks before it changes anything. Declare the size that the service has now, and it sends nothing:
// the stack has taken it over. From then on a change of `cores` is an update like any other.
const compute = new CdcCompute(
  "warehouse",
  {
    serviceId: config.require("serviceId"),
    cores: config.requireNumber("cores"),
  },
  // The size was there before this stack: a destroy leaves it as it is.
  { retainOnDelete: true },
);

export const { cores, usdPerMonth } = compute;
