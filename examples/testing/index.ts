import * as pulumi from "@pulumi/pulumi";
import { declare } from "./infra";

const config = new pulumi.Config();

export const { currentCores, usdPerMonth } = declare({
  serviceId: config.require("serviceId"),
  cores: config.requireNumber("cores"),
});
