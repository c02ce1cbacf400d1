/**
 * Declares the compute of ClickHouse Cloud's database ClickPipes in a Pulumi stack, and tells programs what is there.
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
export type { LastBurst, Phase } from "./sizing";
