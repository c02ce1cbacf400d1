/**
 * Declares the compute of ClickHouse Cloud's database ClickPipes in a Pulumi stack.
 *
 * @packageDocumentation
 */
export { CdcCompute, type CdcComputeArgs } from "./component";
export { CdcScaling, type CdcScalingArgs } from "./provider/resource";
