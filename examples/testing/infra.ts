import type { Output } from "@pulumi/pulumi";
import { CdcCompute } from "pulumi-clickpipes";

export interface Settings {
  serviceId: string;
  cores: number;
}

/** What the stack consists of. A function of its settings, so that each test declares it anew. */
export function declare({ serviceId, cores }: Settings): {
  currentCores: Output<number>;
  usdPerMonth: Output<number>;
} {
  const { currentCores, usdPerMonth } = new CdcCompute("orders", { serviceId, cores, maxUsdPerHour: 1 });
  return { currentCores, usdPerMonth };
}
