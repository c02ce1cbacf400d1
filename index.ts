/**
 * Declares the compute of ClickHouse Cloud's database ClickPipes in a Pulumi stack, and reads it in programs.
 *
 * @packageDocumentation
 */
export { CdcCompute, type CdcComputeArgs } from "./component";
export * from "./functions";
export {
  type AdviceName,
  CdcScaling,
  type CdcScalingArgs,
  type InitialLoadArgs,
} from "./provider/dynamic/resource";
export type { LastBurst, LoadStatus, Phase } from "./sizing";
