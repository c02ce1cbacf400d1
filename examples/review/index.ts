import * as pulumi from "@pulumi/pulumi";
import { CdcCompute } from "pulumi-clickpipes";

const config = new pulumi.Config();

// A pull request that changes `cores` gets a comment with what that costs: .github/workflows/clickpipes.yml. What no pull
// request may exceed is in policy-pack/.
// A temporary size, too: pulumi config set --path initialLoad.cores 24, and initialLoad.endBy 2026-12-01T00:00:00Z.
const initialLoad = config.getObject<{ cores: number; endBy?: string }>("initialLoad");

const compute = new CdcCompute("orders", {
  serviceId: config.require("serviceId"),
  cores: config.requireNumber("cores"),
  ...(initialLoad === undefined ? {} : { initialLoad }),
});

export const { cores, usdPerMonth } = compute;
