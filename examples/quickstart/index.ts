import * as pulumi from "@pulumi/pulumi";
import { CdcCompute } from "pulumi-clickpipes";

const config = new pulumi.Config();

const compute = new CdcCompute("orders", {
  serviceId: config.require("serviceId"),
  cores: config.getNumber("cores") ?? 2,
  maxUsdPerHour: 1,
});

export const { cores, usdPerHour, usdPerMonth } = compute;
