import * as pulumi from "@pulumi/pulumi";
import { CdcCompute } from "pulumi-clickpipes";

const config = new pulumi.Config();

// A pull request that changes `cores` gets a comment with what that costs: .github/workflows/clickpipes.yml. What no pull
// request may exceed is in policy-pack/.
const compute = new CdcCompute("orders", {
  serviceId: config.require("serviceId"),
  cores: config.requireNumber("cores"),
});

export const { cores, usdPerMonth } = compute;
