export type { FunctionOptions, FunctionOutputOptions, ServiceOutputArgs } from "./arguments";
export type { ServiceArgs } from "../provider/queries/arguments";
export {
  getCdcScaling,
  type GetCdcScalingArgs,
  getCdcScalingOutput,
  type GetCdcScalingOutputArgs,
} from "./get-cdc-scaling";
export {
  getDbClickPipes,
  type GetDbClickPipesArgs,
  getDbClickPipesOutput,
  type GetDbClickPipesOutputArgs,
} from "./get-db-click-pipes";
export type { DbClickPipe, GetCdcScalingResult, GetDbClickPipesResult } from "../provider/queries/results";
