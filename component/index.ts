export { CdcCompute, type CdcComputeArgs } from "./cdc-compute";
