import * as pulumi from "@pulumi/pulumi";
import { CdcCompute } from "pulumi-clickpipes";

const config = new pulumi.Config();

// CLICKHOUSE_CLOUD_API_KEY and CLICKHOUSE_CLOUD_API_SECRET are the key: `pulumi up` needs them, a preview does not.
const compute = new CdcCompute("clickpipes", {
  serviceId: config.require("serviceId"),
  cores: config.requireNumber("cores"),
  maxUsdPerHour: 1, // the preview fails above it
});

export const { cores, usdPerHour, usdPerMonth } = compute;
