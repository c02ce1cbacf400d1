import * as pulumi from "@pulumi/pulumi";
import { CdcCompute } from "pulumi-clickpipes";

const config = new pulumi.Config();

const compute = new CdcCompute("orders", {
  serviceId: config.require("serviceId"),
  cores: 2, // what replication needs once everything is loaded
  initialLoad: {
    cores: 24,
    // The load may hang, and 24 cores would stay: from this time on an `up` goes to the steady size, whatever the pipes do.
    endBy: config.require("endBy"), // such as 2026-12-01T00:00:00Z
  },
  maxUsdPerHour: 2.4,
  // More than 4 TB: one of the reasons that ClickHouse names for another size than the default.
  suppressAdvice: ["rarelyNeeded"],
});

// Each `up` looks at the pipes and chooses the size. One has to come when the load is over: .github/workflows/scale-down.yml
export const { currentCores, usdPerHour, phase, phaseReason } = compute;
